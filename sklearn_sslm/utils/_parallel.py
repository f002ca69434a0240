"""Parallel work in processes or threads."""

import contextlib
import signal
import threading
from collections.abc import Iterable, Iterator
from multiprocessing import resource_tracker
from typing import Any

from joblib import Parallel, delayed

_HAS_MASK = hasattr(signal, "pthread_sigmask")
"""Whether signals can be blocked, as on all systems but Windows."""


def in_parallel(
    tasks: Iterable[Any], n_jobs: int | None, prefer: str | None = None
) -> list[Any]:
    """Run tasks by `joblib.Parallel`; an interrupt raises a `KeyboardInterrupt`.

    Joblib cannot end workers that are just being started: interrupted at that moment, it
    may raise an error of its own in place of the `KeyboardInterrupt`, and the workers print
    tracebacks. So interrupts are handled after processes were started.

    Parameters
    ----------
    tasks : iterable
        Calls made by `joblib.delayed`.

    n_jobs : int or None

    prefer : {"threads", "processes"}, default=None
        As `joblib.Parallel` takes it: None is processes, too.

    Returns
    -------
    list
        The results of the calls, in order.

    Raises
    ------
    KeyboardInterrupt
        If the work was interrupted, whichever error joblib raised.
    """
    try:
        if prefer != "threads":
            _start_processes(n_jobs)
        return Parallel(n_jobs=n_jobs, prefer=prefer)(tasks)
    except Exception as error:
        interrupt = _interrupt_behind(error)
        if interrupt is None:
            raise
        raise interrupt from None


def _start_processes(n_jobs):
    """Start the processes that joblib keeps for later work, if it has not yet."""
    with Parallel(n_jobs=n_jobs) as workers, _interrupts_waiting():
        workers([delayed(int)()])


@contextlib.contextmanager
def _interrupts_waiting() -> Iterator[None]:
    """Handle interrupts afterwards; processes that are started never notice Ctrl-C.

    A terminal sends it to all its processes, but it is for the first to end the others.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # no signal interrupts this thread
        return
    waiting: list[int] = []
    handlers = {
        number: handler
        for number in (signal.SIGTERM, signal.SIGINT)
        if callable(handler := signal.getsignal(number))
    }
    for number in handlers:
        signal.signal(number, lambda number, _: waiting.append(number))
    if _HAS_MASK:
        # Else joblib starts it, which unblocks signals in Python 3.11.
        resource_tracker.ensure_running()
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        if _HAS_MASK:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        for number, handler in handlers.items():
            signal.signal(number, handler)
        for came in waiting:
            signal.raise_signal(came)


def _interrupt_behind(error: BaseException | None) -> KeyboardInterrupt | None:
    """The interrupt that was being handled when an error was raised, if there was one."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__context__
    return error
