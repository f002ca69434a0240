"""Interrupts: Ctrl-C, and SIGTERM, which is handled as Ctrl-C is."""

import contextlib
import functools
import os
import signal
import sys
import threading
from collections.abc import Iterator

from ._output import warn

_DELAY = 0.05
"""Seconds after which an interrupt that Python ignored is sent again."""


class Terminated(KeyboardInterrupt):
    """SIGTERM was received."""


@contextlib.contextmanager
def interrupts_told(outcome: str) -> Iterator[None]:
    """Warn of the outcome if Ctrl-C or SIGTERM ends the ``with`` block."""
    try:
        yield
    except KeyboardInterrupt:
        warn(f"interrupted; {outcome}")
        raise


def unwritten(path: str) -> str:
    """The outcome for a file that is replaced in one step, after an interrupt."""
    return f"{path} was not {'changed' if os.path.exists(path) else 'written'}"


@contextlib.contextmanager
def ended_by_ctrl_c() -> Iterator[None]:
    """End a ``with`` block by Ctrl-C, without an error; SIGTERM still is one."""
    try:
        yield
    except Terminated:
        raise
    except KeyboardInterrupt:
        pass


@contextlib.contextmanager
def termination_is_an_interrupt() -> Iterator[None]:
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
def no_interrupt_is_lost() -> Iterator[None]:
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
    is_terminated = isinstance(ignored.exc_value, Terminated)
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
    raise Terminated
