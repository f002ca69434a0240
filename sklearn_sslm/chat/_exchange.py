"""A message and its reply: their words, with the surprise and the source of each."""

from __future__ import annotations

import copy
from numbers import Integral
from typing import NamedTuple

from ..generator import (
    NGramTextGenerator,
    Session,
    explain_words,
    reply_and_words,
    reply_in_session,
    surprises_in_session,
)
from ._listening import overlap
from ._visit import Visit

_TRIES = 20
"""Number of replies that are drawn to find another one."""


class Reply(NamedTuple):
    """A reply, and its words; these are None if it is the fallback."""

    text: str
    words: list[str] | None


class Source(NamedTuple):
    """The n-gram that the probability of a word of a reply comes from.

    Attributes
    ----------
    word : str
        The word; "" is the end.
    before : tuple of str, or None
        The context of the n-gram; None if there is no n-gram, as the word was not learned
        after any context that the model uses.
    is_first : bool
        Whether the context begins with the start of the text, or of the reply.
    message : tuple of str
        The part of the context before the start of the reply, in models of replies.
    p : float
        The probability of the word.
    """

    word: str
    before: tuple[str, ...] | None
    is_first: bool
    message: tuple[str, ...]
    p: float


def reply_to(
    model: NGramTextGenerator, message: str, session: Session | None = None
) -> Reply:
    """Reply to a message as ``model.predict([message])`` does, with the words of the reply.

    Parameters
    ----------
    model : NGramTextGenerator
    message : str
    session : Session, default=None
        A session of the model; it replies, and observes the message and the reply.

    Returns
    -------
    Reply
    """
    if session is not None:
        return Reply(*reply_in_session(session, message))
    return Reply(*reply_and_words(model, message))


def other_reply(model: NGramTextGenerator, visit: Visit) -> Reply | None:
    """Another reply to the last message of a visit.

    Parameters
    ----------
    model : NGramTextGenerator
    visit : Visit

    Returns
    -------
    Reply or None
        A reply that was not shown before, or else one that differs from the last reply.
        None if only the last one is drawn, as with ``temperature=0``.
    """
    found = None
    for nth in range(1, _TRIES + 1):
        twin = copy.copy(model)
        if isinstance(model.random_state, Integral):  # an int draws the same every time
            seed = (int(model.random_state) + nth + len(visit.replies)) % (1 << 32)
            twin.set_params(random_state=seed)
        reply = reply_to(twin, visit.message, visit.session(twin, before_last=True))
        if reply.text not in visit.replies:
            return reply
        if reply.text != visit.history[-1]:
            found = reply
    return found


def surprises_of_exchange(
    model: NGramTextGenerator,
    message: str,
    reply_words: list[str] | tuple[str, ...] | None,
    session: Session | None = None,
) -> tuple[list[tuple[str, float]], list[tuple[str, float]]]:
    """The surprise of each word of a message and of its reply.

    Parameters
    ----------
    model : NGramTextGenerator
    message : str
    reply_words : sequence of str, or None
        The words of the reply; None if it is the fallback.
    session : Session, default=None
        A session of the model, as it was before the message.

    Returns
    -------
    said, replied : list of (str, float)
        The words of the message and of the reply, each with −log2 p(word | the words
        before), in bits. Echoed words have their surprise in the message. ``""`` is the
        end of the reply. `replied` is empty if the reply is the fallback; `said` is empty
        for models of messages and replies, which do not predict messages.
    """
    if model.has_replies_:
        replied = []
        if reply_words is not None:
            replied = _bits(model, session, list(reply_words), message)
        return [], replied
    said = model.word_index_.tokenize(message)
    if reply_words is None:
        return _bits(model, session, said)[:-1], []
    if model.reply == "keyword":  # it does not continue the message
        replied = _bits(model, session, list(reply_words))
        return _bits(model, session, said)[:-1], replied
    repeated = overlap(said, reply_words)
    scored = _bits(model, session, [*said, *reply_words[repeated:]])
    return scored[: len(said)], scored[len(said) - repeated :]


def _bits(model, session, words, message=None):
    if session is not None:
        return surprises_in_session(session, words, message)
    return explain_words(model, words, message)[["word", "surprise"]].tolist()


def sources_of_reply(
    model: NGramTextGenerator,
    message: str,
    reply_words: list[str] | tuple[str, ...] | None,
    session: Session | None = None,
) -> list[Source]:
    """The source of each word of a reply, its end included.

    Parameters
    ----------
    model, message, reply_words, session
        Those of `surprises_of_exchange`.

    Returns
    -------
    list of Source
        It is empty if the reply is the fallback.

    Examples
    --------
    >>> model = NGramTextGenerator(n=3).fit(["a b c", "a c"])
    >>> for source in sources_of_reply(model, "a b", ["b", "c"]):
    ...     print(*source)
    b ('a',) True () 0.5
    c ('a', 'b') False () 1.0
     ('b', 'c') False () 1.0
    """
    if reply_words is None:
        return []
    said = model.word_index_.tokenize(message)
    if model.has_replies_:
        first, text = 0, list(reply_words)
        orders = explain_words(model, text, message)["order"].tolist()
    else:
        said = (
            [] if model.reply == "keyword" else said
        )  # it does not continue the message
        repeated = overlap(said, reply_words)
        first, text = len(said) - repeated, [*said, *reply_words[repeated:]]
        orders, said = explain_words(model, text)["order"].tolist(), []
    _, replied = surprises_of_exchange(model, message, reply_words, session)
    return [
        _source(word, said, text[:place], order, 2.0**-bits)
        for place, (order, (word, bits)) in enumerate(
            zip(orders[first:], replied, strict=True), start=first
        )
    ]


def _source(word, message, before, order, p):
    """The source of a word, from the order of the n-gram that its probability comes from."""
    if not order:
        return Source(word, None, False, (), p)
    # The start of a text, or of a reply, counts as a word of the n-gram.
    n_of_message = max(0, order - 1 - len(before) - 1)
    seen = before[max(0, len(before) - (order - 1)) :]
    is_first = order - 1 > len(before)
    return Source(
        word,
        tuple(seen),
        is_first,
        tuple(message[-n_of_message:] if n_of_message else ()),
        p,
    )
