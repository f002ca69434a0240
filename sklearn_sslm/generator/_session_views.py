"""What pages and pictures show of a session."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..base import Batch
from ..ngrams import BOUNDARY, NO_WORD, likeliest_heard, next_heard, order_shares
from ..words import UNKNOWN, Samples
from ._completions import ids_starting, likeliest_of
from ._nothing_to_say import NOTHING
from ._session import Session


class NextWordShares(NamedTuple):
    """The likeliest next words in a session, and what adds to their probabilities.

    Attributes
    ----------
    words : list of str, or of int
        The words, likeliest first; where there are only ids, these.
    shares : ndarray of shape (n_words, n_orders + 1), float64
        What each order of the model adds, as `order_shares` has it.
    memory : ndarray of shape (n_words,), float64
        What the memory adds. The sum of all is the probability of the word.
    """

    words: list[Any]
    shares: np.ndarray
    memory: np.ndarray


def next_word_shares(session: Session, sample: Samples, k: int) -> NextWordShares:
    """The likeliest next words in a session, and what adds to their probabilities.

    Parameters
    ----------
    session : Session
    sample : texts or integer rows
        A single one.
    k : int
        How many words, at most.

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
    model = session._fitted.language_model
    for recall, (length, row) in session._next(sample):
        ids, _ = likeliest_heard(model, recall, (length, row), k)
        is_new = ids >= recall.n_ids
        shares = order_shares(model, length, row, np.where(is_new, UNKNOWN, ids))
        shares[is_new] /= recall.n_sharing
        words = list(session._spelled(ids.tolist()))
    added: NDArray = np.array([recall.share(word) for word in ids.tolist()])
    return NextWordShares(words, recall.kept * shares, added)


def first_words_heard(
    session: Session, message: str, k: int, prefix: str = ""
) -> list[tuple[str, float]]:
    """The likeliest first words of a reply in a session, under all controls.

    Parameters
    ----------
    session : Session
        One of a model that knows words.
    message : str
    k : int
        How many, at most.
    prefix : str, default=""
        How the word begins; it leaves the other words out.

    Returns
    -------
    list of (str, float)
        As `first_words` gives them for a model.

    Raises
    ------
    ValueError
        If the controls contradict each other, or leave no word.

    Examples
    --------
    >>> from sklearn_sslm import NGramTextGenerator
    >>> model = NGramTextGenerator(bad_words=["b"]).fit(["a b", "a c", "a"])
    >>> first_words_heard(model.session().observe("a c"), "a", k=2)
    [('c', 0.59...), ('', 0.35...)]
    """
    with session._new_words.trial():
        resolved = session._resolve([message], "message", unknown="backoff")
        messages, (heard,), _ = resolved
        continuation = messages.continuations
        if not continuation.max_new.item():
            return [("", 1.0)]
        may_end = not continuation.min_new.item()
        text: list[int] = next(messages.echo_ids(), [])
        controls = session._writer().controls  # which know the words of the message
        with session._memory.trial():
            context = session._hear_message(heard)
            if messages.is_begun.item():
                context = continuation.length.item(), continuation.row.item()
                session._memory.start_text()
            words, weights = next_heard(
                session._fitted.language_model,
                session._memory.recall(),
                context,
                controls,
                may_end,
                text,
            )
        if words[0] == NO_WORD:
            return [("", 1.0)]
        some = words
        if prefix:
            some = ids_starting(session._model, prefix, session._generator.match)
        words, p = likeliest_of(words, weights / weights.sum(), some, k)
        return list(zip(session._spelled(words.tolist()), p.tolist(), strict=True))


def surprises_heard(
    session: Session, words: list[str], message: str | None = None
) -> list[tuple[str, float]]:
    """The surprise of each word of a text, after what a session has heard.

    Parameters
    ----------
    session : Session
        One of a model that knows words.
    words : list of str
        The words of the text, which need not be those that its text is split into.
    message : str, default=None
        What the text replies to.

    Returns
    -------
    list of (str, float)
        Each word with −log2 of its probability, in bits, and the end, ``""``.

    Examples
    --------
    >>> from sklearn_sslm import NGramTextGenerator
    >>> session = NGramTextGenerator().fit(["a b", "a c"]).session()
    >>> surprises_heard(session, ["a", "b"])
    [('a', 0.0), ('b', 1.14...), ('', 0.14...)]
    """
    vocabulary = session._fitted.vocabulary
    assert vocabulary is not None
    known = [vocabulary.get(word, UNKNOWN) for word in words]
    unknown = [w for w, number in zip(words, known, strict=True) if number == UNKNOWN]
    batch = Batch(np.array(known, np.int64), np.array([len(known)]), unknown=unknown)
    with session._new_words.trial(), session._memory.trial():
        text: list[int] = []
        if message is not None:
            _, said = session._read([message], "message")
            text = [*said.ids.tolist(), BOUNDARY]
        numbered = session._new_words.number(batch)
        heard = [*text, *numbered.ids.tolist(), BOUNDARY]
        p, _ = session._hear(heard, len(text))
    with np.errstate(divide="ignore"):
        bits = (0 - np.log2(p)).tolist()  # no -0.0
    return list(zip([*words, ""], bits, strict=True))


def reply_heard(session: Session, message: str) -> tuple[str, list[str] | None]:
    """The reply to a message in a session, and its words; both are heard.

    Parameters
    ----------
    session : Session
        One of a model that knows words.
    message : str

    Returns
    -------
    text : str
        What ``predict`` would give.
    words : list of str, or None
        None where it is the fallback.

    Raises
    ------
    ValueError
        As `Session.predict`.
    """
    writer, messages, said = session._reply_to(message)
    ids = said()
    if ids == NOTHING:
        return writer.fallback, None
    words = list(writer.words_of(messages, ids))
    return writer.join(words), words
