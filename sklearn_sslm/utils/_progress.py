"""Progress bars at a terminal, for work that takes a while."""

import contextlib
import sys

_DELAY = 1
"""Seconds that work takes before its bar appears."""


class Progress:
    """Shows how far work has come, how fast it goes and how long it will still take.

    A bar appears when its work has taken a second, and only at a terminal.

    Parameters
    ----------
    verbose : int
        0 shows nothing.
    owner : str
        What the message of an error names.

    Raises
    ------
    ImportError
        If there would be bars to show but tqdm, which draws them, is not installed.

    Examples
    --------
    >>> progress = Progress(0, "Model")
    >>> list(progress.each("abc", "reading", " letters"))
    ['a', 'b', 'c']
    """

    def __init__(self, verbose, owner):
        self._draw = None
        if verbose and at_terminal():
            self._draw = _tqdm(owner)

    def each(self, items, description, unit, total=None):
        """The same items, few of them; the bar moves on as the next is asked for.

        Parameters
        ----------
        items : iterable
        description, unit : str
            What is done, and with what.
        total : int, default=None
            How many there are; None asks for their length, if they have one.

        Returns
        -------
        iterable
        """
        if self._draw is None:
            return items
        return self._bar(description, unit, total, iterable=items)

    @contextlib.contextmanager
    def bar(self, description, unit, total):
        """A bar for many small steps; yields a callback, called with how many more are done.

        Parameters
        ----------
        description, unit : str
            What is done, and with what.
        total : int, or None
            How much there is to do, if that is known.
        """
        if self._draw is None:
            yield no_progress
            return
        with self._bar(description, unit, total, unit_scale=True) as bar:
            yield bar.update

    def _bar(self, description, unit, total, **options):
        return self._draw(
            desc=description, unit=unit, total=total, delay=_DELAY, **options
        )


def at_terminal():
    """Whether someone may be watching what is written to standard error."""
    return sys.stderr is not None and sys.stderr.isatty()


def _tqdm(owner):
    try:
        from tqdm import tqdm
    except ImportError:
        msg = (
            f"The 'verbose' parameter of {owner} must be 0 where the package tqdm, "
            "which draws the progress bars, is not installed. Install it with "
            "pip install 'sklearn-sslm[progress]'."
        )
        raise ImportError(msg) from None
    return tqdm


def no_progress(n_done):
    """A progress callback that does nothing."""


SILENT = Progress(0, "")
