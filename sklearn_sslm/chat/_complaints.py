"""A log of odd requests with a limited number of lines per minute."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

MAX_LINES = 10
"""Maximum number of lines in a period; further requests are counted only."""

PERIOD = 60.0
"""Length of a period in seconds."""

_WIDTH = 200  # characters of a line


class Complaints:
    r"""A rate-limited log of odd requests, one line each.

    If there were more requests than lines in a period, the next period begins with a line
    that has their number.

    Parameters
    ----------
    warn : callable
        Is called with each line of text.
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
        self._n_omitted = 0

    def __call__(self, what: str, value: object = None) -> None:
        """Log an odd request, unless there were too many in this period.

        Parameters
        ----------
        what : str
            What happened.
        value : object, default=None
            Untrusted data of the request; characters other than printable ASCII are
            escaped.
        """
        if value is not None:
            what = f"{what} {value!a}"
        with self._lock:
            for line in self._lines(what):
                self.warn(line if len(line) <= _WIDTH else f"{line[: _WIDTH - 1]}…")

    def _lines(self, line):
        """The lines to be logged now: those of the limit, and a new one if it is in it."""
        now = self.clock()
        if now - self._since >= PERIOD:
            if self._n_omitted:
                yield f"{self._n_omitted} more requests were odd"
            self._since, self._n_lines, self._n_omitted = now, 0, 0
        if self._n_lines < MAX_LINES:
            self._n_lines += 1
            yield line
        else:
            self._n_omitted += 1
