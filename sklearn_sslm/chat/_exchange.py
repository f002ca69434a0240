"""A message and its reply: the words, how surprising they are, and where they came from."""

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
"""Replies that are drawn to find another one."""


class Reply(NamedTuple):
    """A reply, and its words; None where it is the fallback."""

    text: str
    words: list[str] | None


class Source(NamedTuple):
    """Where a word of a reply came from.

    Attributes
    ----------
    word : str
        "" is the end.
    before : tuple of str, or None
        The longest run of words after which the word was learned; None if it was never
        learned after any that the model looks at.
    is_first : bool
        Whether the text, or the reply, starts before these words.
    message : tuple of str
        Words at the end of the message that were before the reply when it was learned.
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
    """Reply to a message as ``model.predict([message])`` does.

    The words come with it, as a detokenizer may have joined them beyond recognition.

    Parameters
    ----------
    model : NGramTextGenerator
    message : str
    session : Session, default=None
        One of the model, which hears both; its memory counts then.

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
        One that was not shown yet, or else one that is not the last; None if only that
        one is drawn, as from a model that always takes the likeliest word.
    """
    found = None
    for nth in range(1, _TRIES + 1):
        twin = copy.copy(model)
        if isinstance(model.random_state, Integral):  # it would draw the same again
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
        Those of `reply_to`.
    session : Session, default=None
        One of the model, as it was before the message.

    Returns
    -------
    said, replied : list of (str, float)
        The words, each with −log2 p(word | the words before), in bits. Words of the
        message that the reply repeats have the surprise they had there. ``""`` is the
        end of the reply. A fallback has no words, and neither have messages for models
        of messages and replies, which do not predict them.
    """
    if model.has_replies_:
        replied = []
        if reply_words is not None:
            replied = _bits(model, session, list(reply_words), message)
        return [], replied
    said = model.word_index_.tokenize(message)
    if reply_words is None:
        return _bits(model, session, said)[:-1], []
    if model.reply == "keyword":  # a text of its own
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
    """Where each word of a reply came from, its end included.

    Parameters
    ----------
    model, message, reply_words, session
        As `surprises_of_exchange` takes them.

    Returns
    -------
    list of Source
        Empty for the fallback.

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
        said = [] if model.reply == "keyword" else said  # a text of its own
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
    """The source of a word by the length of the n-gram that its probability is of."""
    if not order:
        return Source(word, None, False, (), p)
    # The start of a text counts as a word, and so does that of a reply.
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
