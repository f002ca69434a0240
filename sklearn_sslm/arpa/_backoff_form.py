"""Conversion of models to probabilities and backoff weights, for ARPA files."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from ..ngrams import LanguageModel


class BackoffForm(NamedTuple):
    """The n-grams h w of one order, by the rows of the model's level.

    Attributes
    ----------
    context, word : ndarray of shape (n_ngrams,), int32
        The row of h in the level below, and the id of w.
    p : ndarray of shape (n_ngrams,), float64
        p(w | h), with the part of shorter contexts.
    backoff_weight : ndarray of shape (n_ngrams,), float64
        The backoff weight of h w as a context.
    """

    context: np.ndarray
    word: np.ndarray
    p: np.ndarray
    backoff_weight: np.ndarray


def backoff_forms(model: LanguageModel) -> Iterator[BackoffForm]:
    """Yield each order of a model as probabilities and backoff weights.

    For a smoothing that interpolates, the probability of an n-gram is the whole sum,
    discounted(h, w) + backoff_weight(h) · p(w | h'). A word never seen after h has the
    second term only, so that the interpolation weight of h is its backoff weight.

    Parameters
    ----------
    model : LanguageModel
        Its `lower_order` is not "uniform".

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
    """The backoff weights of n-grams of order k as contexts; 1 without children."""
    weights = np.ones(len(model.counts.levels[k - 1]))
    if k < len(model.counts.levels):
        seen = np.flatnonzero(np.diff(model.counts.levels[k].first_child))
        backs_off = model.smoothing.lower_order != "none"
        weights[seen] = model.backoff_weight(k + 1, seen) if backs_off else 0
    return weights


def unknown_probability(model: LanguageModel) -> float:
    """The unigram probability of an unknown word."""
    root, row = np.zeros(1, dtype=np.int64), np.array([model.counts.unknown_id])
    discounted, weight = model.discounted(1, root, row), model.backoff_weight(1, root)
    return model.combine(discounted, weight, np.full(1, 1 / len(model.events))).item()
