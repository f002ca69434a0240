"""Parallel work in processes or threads."""

from collections.abc import Iterable
from typing import Any

from joblib import Parallel


def in_parallel(tasks: Iterable[Any], n_jobs: int | None, **options: Any) -> list[Any]:
    """Run tasks by `joblib.Parallel`; an interrupt raises a `KeyboardInterrupt`.

    Joblib cannot end workers that are just being started: interrupted at that moment, it
    raises an error of its own in place of the `KeyboardInterrupt`.

    Parameters
    ----------
    tasks : iterable
        Calls made by `joblib.delayed`.

    n_jobs : int or None

    **options
        The other arguments of `joblib.Parallel`.

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
        return Parallel(n_jobs=n_jobs, **options)(tasks)
    except Exception as error:
        interrupt = _interrupt_behind(error)
        if interrupt is None:
            raise
        raise interrupt from None


def _interrupt_behind(error: BaseException | None) -> KeyboardInterrupt | None:
    """The interrupt that was being handled when an error was raised, if there was one."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__context__
    return error
