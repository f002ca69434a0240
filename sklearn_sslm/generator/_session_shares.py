"""What a session's probabilities of next words consist of."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..ngrams import likeliest_heard, order_shares
from ..words import UNKNOWN, Samples
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
    (['b'], array([[0.03, 0.04, 0.2 ]]), array([0.2]))
    """
    model, memory = session._fitted.language_model, session._memory
    for length, row in session._contexts(sample):
        ids, _ = likeliest_heard(model, memory, (length, row), k)
        is_new = ids >= memory.n_ids
        shares = order_shares(model, length, row, np.where(is_new, UNKNOWN, ids))
        shares[is_new] /= len(memory.new_words) + 1
        kept, of_memory, _ = memory.recall(ids.tolist())
        words = list(session._spelled(ids.tolist()))
    added: NDArray = np.array([of_memory[word] for word in ids.tolist()])
    return NextWordShares(words, kept * shares, added)
