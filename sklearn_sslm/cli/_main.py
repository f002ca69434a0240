"""The command ``sslm``, which is also ``python -m sklearn_sslm``.

The other wings are imported after the arguments are parsed: help, the version and usage
errors do not need scikit-learn, whose import takes a second.
"""

import contextlib
import importlib
import io
import os
import sys

from ._interrupts import (
    Terminated,
    interrupts_told,
    no_interrupt_is_lost,
    termination_is_an_interrupt,
)
from ._output import OutputError, complain, flush, silence, writing
from .options import UsageError, command_line

_INTERRUPTED = 130
_TERMINATED = 143


def main(argv: list[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    argv : list of str, default=None
        The arguments; None takes those of the process.

    Returns
    -------
    code : int
        The exit code: 0; 2 for a mistake of the user, or a message that could not be
        answered or saved, with one line on standard error; 130 after Ctrl-C; 143 after
        SIGTERM.
    """
    try:
        with termination_is_an_interrupt(), no_interrupt_is_lost():
            return _run(argv)
    except BrokenPipeError:
        silence()
        return 0
    except (UsageError, OutputError, OSError) as error:
        return complain(error)
    except Terminated:
        return _TERMINATED
    except KeyboardInterrupt:
        return _INTERRUPTED


def _run(argv):
    """Parse the arguments and run the subcommand; returns the exit code."""
    if isinstance(sys.stdout, io.TextIOWrapper):  # not if a program has replaced it
        # Words of a model made in Python may have surrogates, which UTF-8 lacks.
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    parser = command_line()
    if "_ARGCOMPLETE" in os.environ:  # a shell completes the command line
        with contextlib.suppress(ImportError):
            importlib.import_module("argcomplete").autocomplete(parser)
    try:
        with writing():
            args = parser.parse_args(argv)
    except SystemExit as end:  # after --help or --version
        code = end.code
    else:
        with interrupts_told("nothing was done"):
            from ._commands import run
        code = run(args)
    flush()
    return code or 0
