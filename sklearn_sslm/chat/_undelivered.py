"""A limit of the answers that wait until a page fetches them."""

from __future__ import annotations

from typing import Any

MAX_OF_PAGE = 100
"""Maximum number of answers that wait for one page; a page in use has only a few."""

MAX_OF_ALL = 1000
"""Maximum number of answers that wait for all pages together."""


class Undelivered:
    """The answers that pages have not fetched yet, with a limit of their number.

    Gradio keeps every answer until its page fetches it, without a limit.

    Parameters
    ----------
    queue : gradio.queueing.Queue
        The queue of the page's events.
    """

    def __init__(self, queue: Any) -> None:
        self._queue = queue

    def has_room(self, page: str) -> bool:
        """Whether one more answer may wait for a page.

        If too many answers wait for all pages, those of the oldest pages are dropped.

        Parameters
        ----------
        page : str
            The session of the page.

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
        """Drop the answers that wait for a page; it can still fetch later ones."""
        answers = self._queue.pending_messages_per_session.get(page)
        if answers is None:  # Gradio has dropped them
            del self._queue.pending_event_ids_session[page]
            return
        self._queue.pending_event_ids_session[page].clear()
        while not answers.empty():
            answers.get_nowait()
