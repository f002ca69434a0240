"""What the chat page and displays show of a session."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..base import Batch
from ..ngrams import (
    BOUNDARY,
    NO_WORD,
    likeliest_with_memory,
    next_distribution_with_memory,
    order_shares,
)
from ..words import UNKNOWN, Samples
from ._completions import ids_starting, likeliest_of
from ._nothing_to_say import NOTHING
from ._session import Session
from ._session_replies import SessionReplies, writer_in


class NextWordShares(NamedTuple):
    """The likeliest next words in a session, with the summands of their probabilities.

    Attributes
    ----------
    words : list of str, or of int
        The words, likeliest first; ids if the model has no words.
    shares : ndarray of shape (n_words, n_orders + 1), float64
        The summand of each order of the model, as `order_shares` returns it.
    memory : ndarray of shape (n_words,), float64
        The summand of the memory. The probability of a word is the sum of all.
    """

    words: list[Any]
    shares: np.ndarray
    memory: np.ndarray


def next_word_shares(session: Session, sample: Samples, k: int) -> NextWordShares:
    """The likeliest next words in a session, with the summands of their probabilities.

    Parameters
    ----------
    session : Session
    sample : iterable of str, or array-like of int
        A single text or integer row.
    k : int
        Maximum number of words.

    Returns
    -------
    NextWordShares

    Examples
    --------
    >>> from sklearn_sslm import NGramTextGenerator
    >>> model = NGramTextGenerator(n=2, smoothing="witten_bell").fit(["a b", "a c"])
    >>> found = next_word_shares(model.session().observe("a b"), ["a"], k=1)
    >>> found.words, found.shares.round(2), found.memory.round(2)
    (['b'], array([[0.03, 0.04, 0.18]]), array([0.21]))
    """
    state = session._state
    model = state.fitted.language_model
    with (
        state.beginnings(sample) as [(text, (length, row))],
        state.mixture_after(text) as mixture,
    ):
        ids, _ = likeliest_with_memory(model, mixture, (length, row), k)
        is_new = ids >= mixture.n_ids
        shares = order_shares(model, length, row, np.where(is_new, UNKNOWN, ids))
        shares[is_new] /= mixture.n_sharing
        words = list(state.words_of(ids.tolist()))
    of_memory: NDArray = np.array([mixture.share(word) for word in ids.tolist()])
    return NextWordShares(words, mixture.model_weight * shares, of_memory)


def first_words_in_session(
    session: Session, message: str, k: int, prefix: str = ""
) -> list[tuple[str, float]]:
    """The likeliest first words of a reply in a session, under all controls.

    Parameters
    ----------
    session : Session
        One of a model that knows words.
    message : str
    k : int
        Maximum number of words.
    prefix : str, default=""
        The first letters of the word; words without them are omitted.

    Returns
    -------
    list of (str, float)
        As `first_words` returns them for a model.

    Raises
    ------
    ValueError
        If the controls contradict each other, or exclude every word.

    Examples
    --------
    >>> from sklearn_sslm import NGramTextGenerator
    >>> model = NGramTextGenerator(bad_words=["b"]).fit(["a b", "a c", "a"])
    >>> first_words_in_session(model.session().observe("a c"), "a", k=2)
    [('c', 0.59...), ('', 0.35...)]
    """
    state = session._state
    with state.new_words.trial():
        known, (ids,) = state.read_messages([message], "message")
        messages = state.resolve(known, unknown="backoff")
        continuation = messages.continuations
        if not continuation.max_new.item():
            return [("", 1.0)]
        may_end = not continuation.min_new.item()
        text: list[int] = next(messages.echo_ids(), [])
        controls = writer_in(state).controls  # with the new words of the message
        with state.memory.trial():
            context = state.observe_message(ids)
            if messages.is_begun.item():
                context = continuation.length.item(), continuation.row.item()
                state.memory.start_text()
            words, weights = next_distribution_with_memory(
                state.fitted.language_model,
                state.memory.mixture(),
                context,
                controls,
                may_end,
                text,
            )
        if words[0] == NO_WORD:
            return [("", 1.0)]
        some = words
        if prefix:
            some = ids_starting(state.model, prefix, state.generator.match)
        words, p = likeliest_of(words, weights / weights.sum(), some, k)
        return list(zip(state.words_of(words.tolist()), p.tolist(), strict=True))


def surprises_in_session(
    session: Session, words: list[str], message: str | None = None
) -> list[tuple[str, float]]:
    """The surprise of each word of a text, given what a session has observed.

    Parameters
    ----------
    session : Session
        One of a model that knows words.
    words : list of str
        The words of the text, however its text is split.
    message : str, default=None
        The message that the text replies to.

    Returns
    -------
    list of (str, float)
        Each word with −log2 of its probability, in bits, and the end, ``""``.

    Examples
    --------
    >>> from sklearn_sslm import NGramTextGenerator
    >>> session = NGramTextGenerator().fit(["a b", "a c"]).session()
    >>> surprises_in_session(session, ["a", "b"])
    [('a', 0.0), ('b', 1.14...), ('', 0.14...)]
    """
    state = session._state
    vocabulary = state.fitted.vocabulary
    assert vocabulary is not None
    known = [vocabulary.get(word, UNKNOWN) for word in words]
    unknown = [w for w, number in zip(words, known, strict=True) if number == UNKNOWN]
    batch = Batch(np.array(known, np.int64), np.array([len(known)]), unknown=unknown)
    with state.trial():
        given: list[int] = []
        if message is not None:
            _, numbered = state.read([message], "message")
            given = [*numbered.ids.tolist(), BOUNDARY]
        ids = state.new_words.number(batch).ids.tolist()
        p, _ = state.observe([*given, *ids, BOUNDARY], len(given))
    with np.errstate(divide="ignore"):
        bits = (0 - np.log2(p)).tolist()  # no -0.0
    return list(zip([*words, ""], bits, strict=True))


def reply_in_session(session: Session, message: str) -> tuple[str, list[str] | None]:
    """The reply to a message in a session, and its words; both texts are observed.

    Parameters
    ----------
    session : Session
        One of a model that knows words.
    message : str

    Returns
    -------
    text : str
        What `Session.predict` would return.
    words : list of str, or None
        None if the reply is the fallback.

    Raises
    ------
    ValueError
        As `Session.predict`.
    """
    replies = SessionReplies.to(session._state, [message], "message", n_replies=1)
    writer = replies.writer
    ids = replies.only_words(replies.observe_message(0))
    if ids == NOTHING:
        return writer.fallback, None
    words = list(writer.words_of(replies.messages, ids))
    return writer.join(words), words
