"""The words that can come next after texts, with their probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..base import Batch, FittedModel
from ..ngrams import likeliest_words, next_word_probabilities
from ._completions import ids_starting, likeliest_of
from ._messages import contexts


def distributions_after(fitted: FittedModel, batch: Batch) -> NDArray[np.float64]:
    """The distribution of the next word after each text.

    Parameters
    ----------
    fitted : FittedModel
    batch : Batch
        Texts, or messages to a model of replies.

    Returns
    -------
    ndarray of shape (n_samples, n_ids), float64
    """
    model = fitted.language_model
    return np.stack(
        [next_word_probabilities(model, *c) for c in _contexts(fitted, batch)]
    )


def words_after(
    fitted: FittedModel, batch: Batch, k: int, prefixes: list[str], match: str
) -> list[list[tuple[Any, float]]]:
    """The likeliest next words after each text.

    Parameters
    ----------
    fitted : FittedModel
    batch : Batch
        Texts, or messages to a model of replies.
    k : int
        Maximum number of words for each.
    prefixes : list of str, of length n_samples
        How the next word of each text begins; "" is any word.
    match : {"exact", "loose"}
        How prefixes are looked up.

    Returns
    -------
    list of list of (str or int, float)
        Words, or ids if the model has no words, with their probabilities, likeliest first.

    Examples
    --------
    >>> from sklearn_sslm import NGramTextGenerator
    >>> from sklearn_sslm.base import read
    >>> model = NGramTextGenerator(n=2).fit(["a b", "a c", "a c"])
    >>> words_after(*read(model, ["a", "b"]), 1, ["", ""], "exact")
    [[('c', 0.66...)], [('', 1.0)]]
    """
    index = fitted.word_index
    words: Sequence[Any] = range(fitted.n_ids) if index is None else index.words_
    after = zip(_contexts(fitted, batch), prefixes, strict=True)
    found = (_likeliest(fitted, *each, k, match) for each in after)
    return [
        [(words[j], p_) for j, p_ in zip(ids.tolist(), p.tolist(), strict=True)]
        for ids, p in found
    ]


def _likeliest(fitted, context, prefix, k, match):
    """Ids of the likeliest next words that begin with a prefix, and probabilities."""
    model, (length, row) = fitted.language_model, context
    if not prefix:
        return likeliest_words(model, length, row, k)
    p = next_word_probabilities(model, length, row)
    return likeliest_of(np.arange(len(p)), p, ids_starting(fitted, prefix, match), k)


def _contexts(fitted, batch):
    """The longest known context at the end of each text, as pairs of int."""
    counts = fitted.language_model.counts
    return np.stack(contexts(batch, counts, fitted.has_replies), axis=1).tolist()
