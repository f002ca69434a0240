"""What a visitor's page remembers between two events."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..generator import NGramTextGenerator
from ._listening import MAX_HEARD, Exchange, session_after
from ._room import Changes

MAX_MESSAGES = 100
"""Messages and replies that are shown, the last ones of a conversation."""


class Visit(NamedTuple):
    """The state of one visitor's page.

    Attributes
    ----------
    language : str
        Of what the page says.
    changes : Changes
        What was taught, and forgotten.
    history : tuple of str
        Messages and replies in turn.
    words : tuple of str, or None
        Those of the last reply; None if it was the fallback.
    replies : tuple of str
        Replies to the last message that were shown already.
    listens : bool
        Whether what is said is remembered.
    heard : tuple of Exchange
        What was said while it listened.
    last_was_heard : bool
        Whether the last exchange is the last of these.
    """

    language: str = "en"
    changes: Changes = Changes()
    history: tuple[str, ...] = ()
    words: tuple[str, ...] | None = None
    replies: tuple[str, ...] = ()
    listens: bool = False
    heard: tuple[Exchange, ...] = ()
    last_was_heard: bool = False

    @property
    def message(self) -> str:
        """The last message; "" before the first."""
        return "".join(self.history[-2:-1])

    def session(self, model: NGramTextGenerator, before_last: bool = False) -> Any:
        """A session of a model that has heard all; None where the page does not listen.

        Parameters
        ----------
        model : NGramTextGenerator
        before_last : bool, default=False
            Whether the last exchange of the conversation is left out.

        Returns
        -------
        Session or None
        """
        if not self.listens:
            return None
        return session_after(model, self._before_last() if before_last else self.heard)

    def replied(self, message: str, text: str, words: list[str] | None) -> Visit:
        """The visit after a message and the reply to it."""
        spoken = None if words is None else tuple(words)
        heard = self.heard
        if self.listens:
            heard = (*heard, Exchange(message, spoken))[-MAX_HEARD:]
        return self._replace(
            history=(*self.history, message, text)[-MAX_MESSAGES:],
            words=spoken,
            replies=(text,),
            heard=heard,
            last_was_heard=self.listens,
        )

    def replied_otherwise(self, text: str, words: list[str] | None) -> Visit:
        """The visit when another reply takes the place of the last one."""
        before = self._replace(history=self.history[:-2], heard=self._before_last())
        after = before.replied(self.message, text, words)
        return after._replace(replies=(*self.replies, text))

    def cleared(self) -> Visit:
        """The visit when a new conversation begins."""
        return self.unheard()._replace(history=(), words=None, replies=())

    def unheard(self) -> Visit:
        """The visit when what was said is forgotten."""
        return self._replace(heard=(), last_was_heard=False)

    def _before_last(self):
        return self.heard[:-1] if self.last_was_heard else self.heard
