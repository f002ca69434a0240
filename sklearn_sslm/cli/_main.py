"""The command ``sslm``, which is also ``python -m sklearn_sslm``.

The other wings are imported after the arguments are parsed: help, the version and usage
errors do not need scikit-learn, whose import takes a second.
"""

import contextlib
import functools
import importlib
import io
import os
import signal
import sys
import threading

from ._output import (
    OutputError,
    complain,
    flush,
    interrupts_told,
    silence,
    writing,
)
from .options import UsageError, command_line

_INTERRUPTED = 130
_TERMINATED = 143

_DELAY = 0.05
"""Seconds after which an interrupt that Python ignored is sent again."""


class _Terminated(KeyboardInterrupt):
    """SIGTERM was received; it is handled as Ctrl-C is."""


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
        with _termination_is_an_interrupt(), _no_interrupt_is_lost():
            return _run(argv)
    except BrokenPipeError:
        silence()
        return 0
    except (UsageError, OutputError, OSError) as error:
        return complain(error)
    except _Terminated:
        return _TERMINATED
    except KeyboardInterrupt:
        return _INTERRUPTED


@contextlib.contextmanager
def _termination_is_an_interrupt():
    """Handle SIGTERM as SIGINT, so that temporary files and processes are removed."""
    if _is_handled():
        yield
        return
    signal.signal(signal.SIGTERM, _terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


@contextlib.contextmanager
def _no_interrupt_is_lost():
    """Send interrupts again that Python ignores, as in finalizers and after a fork."""
    if _is_elsewhere() or not hasattr(signal, "pthread_kill"):
        yield
        return
    before, timers = sys.unraisablehook, list[threading.Timer]()
    sys.unraisablehook = functools.partial(_send_again, before, timers)
    try:
        yield
    finally:
        sys.unraisablehook = before
        for timer in timers:
            timer.cancel()


def _send_again(otherwise, timers, ignored):
    """A `sys.unraisablehook`: sends an ignored interrupt again after a delay.

    Other exceptions are passed to the hook `otherwise`; timers are added to `timers`.
    """
    if not isinstance(ignored.exc_value, KeyboardInterrupt):
        otherwise(ignored)
        return
    is_terminated = isinstance(ignored.exc_value, _Terminated)
    number = signal.SIGTERM if is_terminated else signal.SIGINT
    main_thread = threading.main_thread().ident
    again = threading.Timer(_DELAY, signal.pthread_kill, (main_thread, number))
    again.daemon = True
    again.start()
    timers.append(again)


def _is_handled():
    """Whether SIGTERM has a handler, or this thread cannot set one."""
    return _is_elsewhere() or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL


def _is_elsewhere():
    """Whether this is not the main thread, the only one that handles signals."""
    return threading.current_thread() is not threading.main_thread()


def _terminate(*_):
    raise _Terminated


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
