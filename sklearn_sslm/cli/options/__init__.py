"""What the command line accepts: subcommands, options and help.

Nothing here imports more than the standard library, so that help and mistakes in options
are answered at once. What the subcommands do is in the folder above.
"""

from ._parser import command_line
from ._types import STDIN, UsageError

__all__ = [
    "STDIN",
    "UsageError",
    "command_line",
]
