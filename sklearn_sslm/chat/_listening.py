"""The exchanges that a page remembers, and a session that has observed them."""

from __future__ import annotations

from typing import NamedTuple

from ..base import fitted_model
from ..generator import NGramTextGenerator, Session

MAX_REMEMBERED = 20
"""Maximum number of exchanges that are remembered, the last ones."""


class Exchange(NamedTuple):
    """A message, and the words of its reply; these are None if it was the fallback."""

    message: str
    words: tuple[str, ...] | None


def session_after(
    model: NGramTextGenerator, exchanges: tuple[Exchange, ...]
) -> Session:
    """Make a session of a model that has observed some exchanges.

    A page keeps exchanges, and no session: they are words, which fit a model that has
    learned more, or that has another order.

    Parameters
    ----------
    model : NGramTextGenerator
    exchanges : tuple of Exchange

    Returns
    -------
    Session
    """
    session = model.session()
    join = fitted_model(model).join
    for message, words in exchanges:
        if model.has_replies_:
            session.observe(message, None if words is None else join(words))
        elif model.reply == "keyword" and words is not None:
            session.observe([message, join(words)])  # the reply does not continue it
        else:
            said = model.word_index_.tokenize(message)
            new = [] if words is None else words[overlap(said, words) :]
            session.observe(join([*said, *new]))
    return session


def overlap(said: list[str], words: tuple[str, ...] | list[str]) -> int:
    """The number of echoed words: last words of a message with which its reply begins.

    >>> overlap(["a", "b"], ["b", "c"]), overlap(["a"], ["b"])
    (1, 0)
    """
    longest = min(len(said), len(words))
    return next((k for k in range(longest, 0, -1) if said[-k:] == list(words[:k])), 0)
