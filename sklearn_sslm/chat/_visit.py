"""The state of a visitor's page between two events."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..generator import NGramTextGenerator
from ._listening import MAX_REMEMBERED, Exchange, session_after
from ._room import Changes

MAX_MESSAGES = 100
"""Maximum number of messages and replies that are shown, the last ones."""


class Visit(NamedTuple):
    """The state of one visitor's page.

    Attributes
    ----------
    language : str
        The language of the page.
    changes : Changes
        The texts that the visitor's model has learned and forgotten.
    history : tuple of str
        Messages and replies in turn.
    words : tuple of str, or None
        The words of the last reply; None if it was the fallback.
    replies : tuple of str
        The replies to the last message that were shown so far.
    listens : bool
        Whether exchanges are remembered.
    remembered : tuple of Exchange
        The remembered exchanges.
    remembers_last : bool
        Whether the last exchange of the conversation is the last remembered one.
    """

    language: str = "en"
    changes: Changes = Changes()
    history: tuple[str, ...] = ()
    words: tuple[str, ...] | None = None
    replies: tuple[str, ...] = ()
    listens: bool = False
    remembered: tuple[Exchange, ...] = ()
    remembers_last: bool = False

    @property
    def message(self) -> str:
        """The last message; "" before the first."""
        return "".join(self.history[-2:-1])

    def session(self, model: NGramTextGenerator, before_last: bool = False) -> Any:
        """A session of a model that has observed the remembered exchanges.

        Parameters
        ----------
        model : NGramTextGenerator
        before_last : bool, default=False
            Whether to omit the last exchange of the conversation.

        Returns
        -------
        Session or None
            None if the page does not remember exchanges.
        """
        if not self.listens:
            return None
        exchanges = self._before_last() if before_last else self.remembered
        return session_after(model, exchanges)

    def replied(self, message: str, text: str, words: list[str] | None) -> Visit:
        """The visit after a message and the reply to it."""
        reply_words = None if words is None else tuple(words)
        remembered = self.remembered
        if self.listens:
            exchange = Exchange(message, reply_words)
            remembered = (*remembered, exchange)[-MAX_REMEMBERED:]
        return self._replace(
            history=(*self.history, message, text)[-MAX_MESSAGES:],
            words=reply_words,
            replies=(text,),
            remembered=remembered,
            remembers_last=self.listens,
        )

    def replied_otherwise(self, text: str, words: list[str] | None) -> Visit:
        """The visit after the last reply was replaced by another one."""
        history, remembered = self.history[:-2], self._before_last()
        before = self._replace(history=history, remembered=remembered)
        after = before.replied(self.message, text, words)
        return after._replace(replies=(*self.replies, text))

    def cleared(self) -> Visit:
        """The visit at the beginning of a new conversation."""
        return self.without_memory()._replace(history=(), words=None, replies=())

    def without_memory(self) -> Visit:
        """The visit without remembered exchanges."""
        return self._replace(remembered=(), remembers_last=False)

    def _before_last(self):
        """The remembered exchanges before the last exchange of the conversation."""
        return self.remembered[:-1] if self.remembers_last else self.remembered
