"""Tables of bigram probabilities, in which all other words are one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..ngrams import BOUNDARY, LanguageModel, next_word_probabilities, scorer_of
from ._shown_words import after


def bigram_table(
    model: LanguageModel, ids: list[int], frequency: NDArray | None = None
) -> NDArray[np.float64]:
    """p(next word | word) for the start, some words, all other words together, and the end.

    Parameters
    ----------
    model : LanguageModel
    ids : list of int
        The words.
    frequency : ndarray of shape (n_words,), default=None
        The frequency of each word, by id − 1. None leaves out all other words.

    Returns
    -------
    ndarray of shape (n_rows, n_rows), float64
        Rows are the start, the words, and the others; columns are the words, the others,
        and the end. The column of the others includes unknown words; their row is that of
        an unknown word if all known words are shown. Without other words, both are left
        out.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_sslm import NGramTextGenerator
    >>> model = NGramTextGenerator(n=2).fit(["a b", "a c"])._fitted.language_model
    >>> bigram_table(model, [1], np.array([2, 1, 1]))  # "a", and "b" and "c" as others
    array([[1., 0., 0.],
           [0., 1., 0.],
           [0., 0., 1.]])
    """
    columns = [*ids, BOUNDARY]
    rows = [after(model, word) for word in [BOUNDARY, *ids]]
    table = np.array([p[columns] for p in rows])
    if frequency is None:
        return table
    others = np.setdiff1d(np.flatnonzero(frequency) + 1, ids)
    # Scores of stupid backoff may sum to more than 1; a remainder is of unknown words.
    total = np.maximum([p.sum() for p in rows], 1)
    if not len(others) and np.allclose(table.sum(axis=1), total):
        return table
    mean = _mean_after(model, others, frequency[others - 1], columns)
    table = np.vstack([table, mean])
    total = np.append(total, max(1, mean.sum()))
    return np.insert(table, -1, total - table.sum(axis=1), axis=1).clip(0)


def _mean_after(model, words, frequency, columns):
    """The mean of p(next word | word) over words, weighted by frequency.

    Without words, p(next word | an unknown word).
    """
    if not len(words):
        return next_word_probabilities(model, 0, 0)[columns]
    scorer = scorer_of(model)
    length = model.counts.has_children(1, words).astype(np.int64)
    row = np.where(length, words, 0)
    share = frequency / frequency.sum()
    p = [
        share @ scorer.score_many(length, row, np.full(len(words), word))[0]
        for word in columns
    ]
    return np.array(p)
