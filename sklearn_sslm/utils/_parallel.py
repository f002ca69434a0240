"""Work that is shared by processes or threads."""

from collections.abc import Iterable
from typing import Any

from joblib import Parallel


def in_parallel(tasks: Iterable[Any], n_jobs: int | None, **options: Any) -> list[Any]:
    """Do tasks by `joblib.Parallel`; an interrupt ends them as an interrupt.

    Joblib cannot end workers that are just being started, and raises an error of its own
    in place of the `KeyboardInterrupt` because of which it should have ended them.

    Parameters
    ----------
    tasks : iterable
        Calls of functions that `joblib.delayed` made.

    n_jobs : int or None

    **options
        The other arguments of `joblib.Parallel`.

    Returns
    -------
    list
        What each call returned, in their order.

    Raises
    ------
    KeyboardInterrupt
        If the work was interrupted, whatever joblib raised then.
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
