"""The likeliest next words, without the probabilities of all others."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..models import LanguageModel

_HEAD = 4096
"""Likeliest words without context that are kept in order."""

_NEAR = 1 - 1e-9
"""Words this close may be equally likely once they are multiplied by weights."""


def likeliest_words(
    model: LanguageModel, length: int, row: int, k: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The k likeliest words after a context, of equally likely ones those of lower ids.

    Only words that were seen after the context or after one of its suffixes can be among
    them, and words that are likeliest without any context: backing off does not change
    the order of the others.

    Parameters
    ----------
    model : LanguageModel
    length, row : int
        A context, as `NGramCounts.longest_context` finds it.
    k : int

    Returns
    -------
    words : ndarray of shape (n_words,), int64
        Ids, likeliest first; 0 is the end. Words of probability 0 are left out, so that
        there may be fewer than k.
    p : ndarray of shape (n_words,), float64
    """
    counts, contexts = model.counts, model.counts.endings(length, row)[1:]
    if model.smoothing.lower_order in ("none", "uniform"):
        contexts = contexts[-1:]  # no other context has a say
    followers = [
        counts.levels[order].word_at(counts.levels[order].children(context))
        for order, context in contexts
    ]
    seen = np.unique(np.concatenate([np.zeros(0, np.int32), *followers]))
    others = _others(model, seen, k, contexts)
    words = np.concatenate([seen.astype(np.int64), others])
    p = _without_context(model)[0][words]
    if contexts and model.smoothing.lower_order == "uniform":
        p = np.full(len(words), 1 / len(model.events))
    for (order, context), following in zip(contexts, followers, strict=True):
        if len(following):
            one = np.array([context])
            children = counts.levels[order].children(context)
            discounted = np.zeros(len(words))
            place = np.searchsorted(seen, following)  # these come first
            discounted[place] = model.discounted(order + 1, one, children)
            p = model.combine(discounted, model.backoff_weight(order + 1, one), p)
    p[words == counts.unknown_id] = 0
    best = np.lexsort([words, -p])[:k]
    best = best[p[best] > 0]
    return words[best], p[best]


def _others(model, seen, k, contexts):
    """The first k words, and all as likely as the last one, that are not among some."""
    if contexts and model.smoothing.lower_order == "none":
        return np.zeros(0, np.int64)
    p, head = _without_context(model)
    if contexts and model.smoothing.lower_order == "uniform":
        # All of them are equally likely.
        used = np.setdiff1d(
            np.arange(len(seen) + k + len(model.events.unused_ids)), seen
        )
        used = np.setdiff1d(used[used < len(p)], model.events.unused_ids)
        return used[:k].astype(np.int64)
    while True:
        left = head[~np.isin(head, seen)]
        if len(head) == len(p) or (
            len(left) > k and p[left[k]] < p[left[k - 1]] * _NEAR
        ):
            return left[: _n_tied(p[left], k)]
        head = _in_order(p, 8 * len(head))


def _n_tied(p, k):
    """How many of falling values are among the first k, or about as large as the last."""
    if len(p) <= k:
        return len(p)
    return int(np.searchsorted(-p, -p[k - 1] * _NEAR, side="right"))


def _without_context(model):
    """The probabilities of all words without context, and the likeliest in order."""
    unigrams = model.computed.unigrams
    if unigrams is None:
        root = np.zeros(1, dtype=np.int64)
        rows = np.arange(model.counts.n_ids)
        p = model.combine(
            model.discounted(1, root, rows),
            model.backoff_weight(1, root),
            1 / len(model.events),
        )
        p[model.events.unused_ids] = 0
        unigrams = model.computed.unigrams = p, _in_order(p, _HEAD)
    return unigrams


def _in_order(p, size):
    """The words of the `size` largest probabilities, of equal ones the lower ids first."""
    some = np.arange(len(p))
    if size < len(p):
        some = np.flatnonzero(p >= np.partition(p, len(p) - size)[len(p) - size])
    return some[np.argsort(-p[some], kind="stable")]
