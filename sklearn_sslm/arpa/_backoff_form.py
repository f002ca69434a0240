"""Any model as probabilities and backoff weights, which is what ARPA files store."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from ..ngrams import LanguageModel


class BackoffForm(NamedTuple):
    """The n-grams of one order, row by row as in the model's levels.

    Attributes
    ----------
    context, word : ndarray of shape (n_ngrams,), int32
        Rows of their first words one level below, and ids of their last words.
    p : ndarray of shape (n_ngrams,), float64
        p(last word | the words before), what shorter contexts add included.
    backoff_weight : ndarray of shape (n_ngrams,), float64
        Weight of the shorter context for what was not seen after the n-gram.
    """

    context: np.ndarray
    word: np.ndarray
    p: np.ndarray
    backoff_weight: np.ndarray


def backoff_forms(model: LanguageModel) -> Iterator[BackoffForm]:
    """Each order of a model as probabilities and backoff weights.

    Where a smoothing interpolates, the probability of an n-gram becomes the sum,
    discounted(h, w) + backoff_weight(h) · p(w | h'). A word never seen after h has the
    second part alone, so that the interpolation weight of h is its backoff weight.

    Parameters
    ----------
    model : LanguageModel
        Its smoothing backs off to shorter contexts, or not at all.

    Yields
    ------
    BackoffForm
    """
    p = np.full(1, 1 / len(model.events))
    for k, level in enumerate(model.counts.levels, start=1):
        context, row = level.context, np.arange(len(level))
        backoff_weight = model.backoff_weight(k, context)
        p = model.combine(
            model.discounted(k, context, row), backoff_weight, p[level.suffix]
        )
        yield BackoffForm(context, level.word, p, _backoff_weights(model, k))


def _backoff_weights(model, k):
    """The backoff weights of n-grams of order k as contexts; 1 where nothing follows."""
    weights = np.ones(len(model.counts.levels[k - 1]))
    if k < len(model.counts.levels):
        seen = np.flatnonzero(np.diff(model.counts.levels[k].first_child))
        backs_off = model.smoothing.lower_order != "none"
        weights[seen] = model.backoff_weight(k + 1, seen) if backs_off else 0
    return weights


def unknown_probability(model: LanguageModel) -> float:
    """Probability of an unknown word without context."""
    root, row = np.zeros(1, dtype=np.int64), np.array([model.counts.unknown_id])
    discounted, weight = model.discounted(1, root, row), model.backoff_weight(1, root)
    return model.combine(discounted, weight, np.full(1, 1 / len(model.events))).item()
