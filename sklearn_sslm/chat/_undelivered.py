"""Answers that wait until a page fetches them, which it may never do."""

from __future__ import annotations

from typing import Any

MAX_OF_PAGE = 100
"""Answers that may wait for one page; one that fetches them leaves a few."""

MAX_OF_ALL = 1000
"""Answers that may wait for all pages together."""


class Undelivered:
    """Tells whether there is room for the answer to one more event of a page.

    Gradio keeps answers, each as large as what it shows, until the page fetches them, and
    sets no limit to their number.

    Parameters
    ----------
    queue : gradio.queueing.Queue
        The queue of the page's events.
    """

    def __init__(self, queue: Any) -> None:
        self._queue = queue

    def has_room(self, page: str) -> bool:
        """Whether a page has fetched enough of its answers.

        Where too many wait for all pages, those for the first pages are dropped.

        Parameters
        ----------
        page : str
            The name of its session.

        Returns
        -------
        bool
        """
        waiting = self._queue.pending_event_ids_session
        if len(waiting.get(page, ())) >= MAX_OF_PAGE:
            return False
        surplus = sum(map(len, waiting.values())) - MAX_OF_ALL
        for first in list(waiting):
            if surplus < 0:
                break
            surplus -= len(waiting[first])
            self._drop(first)
        return True

    def _drop(self, page):
        """Drop the answers that wait for a page, which may fetch later ones."""
        answers = self._queue.pending_messages_per_session.get(page)
        if answers is None:  # it is forgotten already
            del self._queue.pending_event_ids_session[page]
            return
        self._queue.pending_event_ids_session[page].clear()
        while not answers.empty():
            answers.get_nowait()
