"""The command ``sslm``, the same as ``python -m sklearn_sslm``.

The package's other wings are imported once the arguments are known to be right: help,
the version and mistakes in options need not wait for scikit-learn.
"""

import contextlib
import functools
import importlib
import io
import os
import signal
import sys
import threading

from ._output import OutputError, complain, flush, silence, writing
from .options import UsageError, command_line

_INTERRUPTED = 130
_TERMINATED = 143

_SOON = 0.05
"""Seconds until an interrupt that got lost comes again."""


class _Terminated(KeyboardInterrupt):
    """The process is to end: what was begun is undone as after Ctrl-C."""


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
        or saved, which is reported in one line on standard error, 130 when interrupted,
        or 143 when terminated.
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
    """End by SIGTERM as by SIGINT: else files and other processes would be left behind."""
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
    """Let interrupts come again that Python ignores: in finalizers, and after a fork."""
    if _is_elsewhere() or not hasattr(signal, "pthread_kill"):
        yield
        return
    before, timers = sys.unraisablehook, list[threading.Timer]()
    sys.unraisablehook = functools.partial(_come_again, before, timers)
    try:
        yield
    finally:
        sys.unraisablehook = before
        for timer in timers:
            timer.cancel()


def _come_again(otherwise, timers, ignored):
    if not isinstance(ignored.exc_value, KeyboardInterrupt):
        otherwise(ignored)
        return
    is_end = isinstance(ignored.exc_value, _Terminated)
    number = signal.SIGTERM if is_end else signal.SIGINT
    main_thread = threading.main_thread().ident
    again = threading.Timer(_SOON, signal.pthread_kill, (main_thread, number))
    again.daemon = True
    again.start()
    timers.append(again)


def _is_handled():
    """Whether another program runs this one, and handles the signal or ignores it."""
    return _is_elsewhere() or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL


def _is_elsewhere():
    """Whether this is not the thread that signals interrupt."""
    return threading.current_thread() is not threading.main_thread()


def _terminate(*_):
    raise _Terminated


def _run(argv):
    if isinstance(sys.stdout, io.TextIOWrapper):  # it may have been replaced
        # A model made in Python may know half a character, which no file can hold.
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    parser = command_line()
    if "_ARGCOMPLETE" in os.environ:  # a shell asks how the line may go on
        with contextlib.suppress(ImportError):
            importlib.import_module("argcomplete").autocomplete(parser)
    try:
        with writing():
            args = parser.parse_args(argv)
    except SystemExit as end:  # after --help or --version
        code = end.code
    else:
        from ._commands import run

        code = run(args)
    flush()
    return code or 0
