"""The parser of the command line: subcommands, options and help.

Only the standard library is imported here, so that help and usage errors come at once.
The folder above has the functions that run the subcommands.
"""

from ._parser import command_line
from ._types import STDIN, UsageError

__all__ = [
    "STDIN",
    "UsageError",
    "command_line",
]
