"""The choice of the words that are shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..base import fitted_model
from ..generator import NGramTextGenerator
from ..ngrams import BOUNDARY, LanguageModel, next_word_probabilities
from ..words import WordIndexTransformer


def frequencies(
    estimator: NGramTextGenerator,
) -> NDArray[np.integer] | NDArray[np.float64]:
    """The count of each word, or for models without counts, its unigram probability.

    Parameters
    ----------
    estimator : NGramTextGenerator

    Returns
    -------
    ndarray of shape (n_words,), int or float64
        By id − 1.
    """
    model = fitted_model(estimator).language_model
    if model.knows_all_counts:
        count: NDArray[np.integer] = estimator.counts_.levels[0].count[1:]
        return count
    return next_word_probabilities(model, length=0, row=0)[1:]


def after(model: LanguageModel, word: int) -> NDArray[np.float64]:
    """p(· | word), where 0 is the start of a text; the row of a unigram is its id."""
    return next_word_probabilities(model, *model.counts.back_off(1, word))


def ids_of(
    words: Sequence[Any],
    index: WordIndexTransformer | None,
    n_ids: int,
    owner: str,
) -> list[int]:
    """The ids of words given by the user.

    Parameters
    ----------
    words : sequence of str, or of int for models of ids
    index : WordIndexTransformer or None
        The vocabulary; None for models of plain integer rows.
    n_ids : int
        Number of ids of the model, with the boundary.
    owner : str
        The method with this argument, for messages.

    Returns
    -------
    list of int

    Raises
    ------
    ValueError
        If there is no word, or one is unknown.
    """
    words = [words] if isinstance(words, (str, int)) else list(words)
    known: Any = range(n_ids) if index is None else index.vocabulary_
    if not words:
        raise ValueError(f"The 'words' parameter of {owner} must hold words. Got none.")
    for word in words:
        if word not in known or word == BOUNDARY:
            msg = (
                f"The 'words' parameter of {owner} must hold words that the model "
                f"knows. Got {word!r}."
            )
            raise ValueError(msg)
    return words if index is None else [known[word] for word in words]


def likely_steps(
    p: NDArray[np.float64], min_probability: float | None, max_edges: int
) -> NDArray[np.bool_]:
    """Select the likeliest transitions from each word.

    Parameters
    ----------
    p : ndarray of shape (n_words, n_next_words), float64
    min_probability : float or None
        The minimal probability; None is a tenth of that of the likeliest transition.
    max_edges : int
        Maximal number of transitions from a word.

    Returns
    -------
    ndarray of shape (n_words, n_next_words), bool

    Examples
    --------
    >>> p = np.array([[0.6, 0.3, 0.1, 0.0], [0.03, 0.02, 0.002, 0.01]])
    >>> likely_steps(p, None, 2)
    array([[ True,  True, False, False],
           [ True,  True, False, False]])
    >>> likely_steps(p, 0.1, 3)
    array([[ True,  True,  True, False],
           [False, False, False, False]])
    """
    least = p.max(axis=1, keepdims=True) / 10
    if min_probability is not None:
        least[:] = min_probability
    order = np.argsort(-p, axis=1, kind="stable")[:, :max_edges]
    is_likely = np.zeros(p.shape, dtype=bool)
    np.put_along_axis(is_likely, order, True, axis=1)
    return is_likely & (p >= least) & (p > 0)


def frequent_words(
    model: LanguageModel,
    frequency: NDArray,
    k: int,
    min_probability: float | None,
    max_edges: int,
) -> list[int]:
    """Choose frequent words that are connected by likely transitions.

    Each word follows the start, or a word chosen before, by one of its `likely_steps`, as
    long as there is such a word.

    Parameters
    ----------
    model : LanguageModel
    frequency : ndarray of shape (n_words,)
        The frequency of each word, by id − 1.
    k : int
        Maximal number of words.
    min_probability : float or None
    max_edges : int
        As of `likely_steps`.

    Returns
    -------
    list of int
    """
    left = np.concatenate([[0], frequency])
    follows = np.zeros(len(left), dtype=bool)
    ids = [BOUNDARY]
    while len(ids) <= k and left.any():
        p = after(model, ids[-1])
        follows |= likely_steps(p[None], min_probability, max_edges)[0]
        of_followers = left * follows
        word = int(np.argmax(of_followers if of_followers.any() else left))
        left[word] = 0
        ids.append(word)
    return ids[1:]
