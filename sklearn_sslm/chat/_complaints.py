"""Lines on the terminal about odd requests, however many visitors send."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

MAX_LINES = 10
"""Lines in a period; of what else happens in it only the number is told, later."""

PERIOD = 60.0
"""Seconds."""

_WIDTH = 200  # characters of a line


class Complaints:
    r"""What is told of odd requests, a line each, up to a number of lines a minute.

    Parameters
    ----------
    warn : callable
        Takes a line of text.
    clock : callable, default=time.monotonic
        Returns the time in seconds.

    Examples
    --------
    >>> complain = Complaints(print)
    >>> for event in ["a\n\x1b[2J", *range(20)]:
    ...     complain("event", event)
    event 'a\n\x1b[2J'
    event 0
    event 1
    event 2
    event 3
    event 4
    event 5
    event 6
    event 7
    event 8
    """

    def __init__(
        self,
        warn: Callable[[str], object],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.warn = warn
        self.clock = clock
        self._lock = threading.Lock()
        self._since = -PERIOD
        self._n_lines = 0
        self._n_left_out = 0

    def __call__(self, what: str, value: object = None) -> None:
        """Tell a line, if there were few.

        Parameters
        ----------
        what : str
            What happened.
        value : object, default=None
            What it happened with, of which a visitor may have chosen every character.
        """
        if value is not None:
            what = f"{what} {value!a}"
        with self._lock:
            for line in self._lines(what):
                self.warn(line if len(line) <= _WIDTH else f"{line[: _WIDTH - 1]}…")

    def _lines(self, line):
        """The lines to be told now."""
        now = self.clock()
        if now - self._since >= PERIOD:
            if self._n_left_out:
                yield f"{self._n_left_out} more requests were odd"
            self._since, self._n_lines, self._n_left_out = now, 0, 0
        if self._n_lines < MAX_LINES:
            self._n_lines += 1
            yield line
        else:
            self._n_left_out += 1
