"""The command ``sslm``, the same as ``python -m sklearn_sslm``.

The package's other wings are imported once the arguments are known to be right: help,
the version and mistakes in options need not wait for scikit-learn.
"""

import io
import sys

from ._output import OutputError, complain, flush, silence
from ._parser import UsageError, command_line

_INTERRUPTED = 130


def main(argv: list[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    argv : list of str, default=None
        The arguments; None takes those of the process.

    Returns
    -------
    code : int
        The exit code: 0, 2 for a user's mistake or a message that could not be answered
        or saved, which is reported in one line on standard error, or 130 when
        interrupted.
    """
    try:
        return _run(argv)
    except BrokenPipeError:
        silence()
        return 0
    except (UsageError, OutputError, OSError) as error:
        return complain(error)
    except KeyboardInterrupt:
        return _INTERRUPTED


def _run(argv):
    if isinstance(sys.stdout, io.TextIOWrapper):  # it may have been replaced
        sys.stdout.reconfigure(encoding="utf-8")
    try:
        args = command_line().parse_args(argv)
    except SystemExit as end:  # after --help or --version
        code = end.code
    else:
        from ._commands import run

        code = run(args)
    flush()
    return code or 0
