"""Progress bars at a terminal or in a notebook, for work that takes long."""

import contextlib
import sys
import warnings
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import Any, TypeVar

from ._platform import starts_threads

T = TypeVar("T")

_DELAY = 1
"""Seconds that work takes before its bar appears."""


class Progress:
    """Progress bars with the share of the work done, its speed and the time left.

    A bar appears after a second, and only at a terminal or in a notebook.

    Parameters
    ----------
    verbose : int
        0 shows no bars.
    owner : str
        The class whose parameter `verbose` is, for the message of an error.

    Raises
    ------
    ImportError
        If bars are to be shown and tqdm, which draws them, is not installed.

    Examples
    --------
    >>> progress = Progress(0, "Model")
    >>> list(progress.each("abc", "reading", " letters"))
    ['a', 'b', 'c']
    """

    def __init__(self, verbose: int, owner: str) -> None:
        self._draw: Callable[..., Any] | None = None
        if verbose and (at_terminal() or _in_notebook()):
            self._draw = _tqdm(owner)

    def each(
        self,
        items: Iterable[T],
        description: str,
        unit: str,
        total: int | None = None,
    ) -> Iterable[T]:
        """Yield the items, with a bar that counts them.

        Parameters
        ----------
        items : iterable
            At most some thousands, since each updates the bar.
        description, unit : str
            The name of the work, and that of one item.
        total : int, default=None
            Number of items; None takes ``len(items)``, if possible.

        Returns
        -------
        iterable
        """
        if self._draw is None:
            return items
        return _bar(self._draw, description, unit, total, iterable=items)

    def bar(
        self, description: str, unit: str, total: int | None
    ) -> AbstractContextManager[Callable[[int], object]]:
        """A context manager with a bar for many small steps.

        It yields a callback, which takes the number of further steps that were done.

        Parameters
        ----------
        description, unit : str
            The name of the work, and that of one step.
        total : int or None
            Number of steps, if that is known.
        """
        return (
            _NO_BAR if self._draw is None else self._counted(description, unit, total)
        )

    @contextlib.contextmanager
    def _counted(self, description, unit, total):
        with _bar(self._draw, description, unit, total, unit_scale=True) as bar:
            yield bar.update


def _bar(draw, description, unit, total, **options):
    return draw(desc=description, unit=unit, total=total, delay=_DELAY, **options)


def at_terminal() -> bool:
    """Whether standard error is a terminal."""
    return sys.stderr is not None and sys.stderr.isatty()


def _in_notebook():
    """Whether a Jupyter kernel runs the program."""
    ipython = sys.modules.get("IPython")
    shell = None if ipython is None else ipython.get_ipython()
    return shell is not None and hasattr(shell, "kernel")


def _tqdm(owner):
    try:
        import tqdm

        with warnings.catch_warnings():
            # Without ipywidgets a notebook has bars of text, and needs no warning.
            warnings.simplefilter("ignore", tqdm.TqdmWarning)
            from tqdm.auto import tqdm as bar
    except ImportError:
        msg = (
            f"The 'verbose' parameter of {owner} must be 0 where the package tqdm, "
            "which draws the progress bars, is not installed. Install it with "
            "pip install 'sklearn-sslm[progress]'."
        )
        raise ImportError(msg) from None
    if not starts_threads():
        bar.monitor_interval = 0  # a thread would watch the bars
    return bar


def no_progress(n_done: int) -> None:
    """A progress callback that does nothing."""


_NO_BAR = contextlib.nullcontext(no_progress)
SILENT = Progress(0, "")
