"""What a visitor said while the page listened, and a session that has heard it."""

from __future__ import annotations

from typing import NamedTuple

from ..base import fitted_model
from ..generator import NGramTextGenerator, Session

MAX_HEARD = 20
"""Exchanges that are remembered; others were said too long ago."""


class Exchange(NamedTuple):
    """A message, and the words of its reply; None where that was the fallback."""

    message: str
    words: tuple[str, ...] | None


def session_after(model: NGramTextGenerator, heard: tuple[Exchange, ...]) -> Session:
    """A session of a model that has heard some exchanges.

    It is made anew each time, so that what the model learns, or which order it has, never
    matters to what is remembered: that are the words.

    Parameters
    ----------
    model : NGramTextGenerator
    heard : tuple of Exchange

    Returns
    -------
    Session
    """
    session = model.session()
    join = fitted_model(model).join
    if model.has_replies_:
        for message, words in heard:
            if words is None:
                session.observe(message)
            else:
                session.observe(message, join(words))
        return session
    for message, words in heard:
        said = model.word_index_.tokenize(message)
        if model.reply == "keyword" and words is not None:  # a text of its own
            session.observe([message, join(words)])
            continue
        new = [] if words is None else words[overlap(said, words) :]
        session.observe(join([*said, *new]))
    return session


def overlap(said: list[str], words: tuple[str, ...] | list[str]) -> int:
    """How many of the last words of a message its reply begins with.

    >>> overlap(["a", "b"], ["b", "c"]), overlap(["a"], ["b"])
    (1, 0)
    """
    longest = min(len(said), len(words))
    return next((k for k in range(longest, 0, -1) if said[-k:] == list(words[:k])), 0)
