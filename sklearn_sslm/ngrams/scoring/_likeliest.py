"""The likeliest next words, without the probabilities of all others."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..models import LanguageModel

_HEAD, _MAX_HEAD = 4096, 1 << 17
"""Number of likeliest unigrams that are cached in order, and of those once asked for."""

_FEW = 32
"""Minimal number of likeliest words after a context that are cached."""

_MANY = 8
"""With more than this many times k words, the k largest are selected before sorting."""

_MAX_CACHED = 1 << 20
"""Words after contexts that are kept for the next question."""

_NEAR = 1 - 1e-9
"""Ratio of probabilities that may be equal after multiplications by weights."""


def likeliest_words(
    model: LanguageModel, length: int, row: int, k: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The k likeliest words after a context; of equally likely words, the lowest ids.

    Candidates are words seen after the context or one of its suffixes, and the likeliest
    unigrams: backing off does not change the order of all other words.

    Parameters
    ----------
    model : LanguageModel
    length, row : int
        A context, as returned by `NGramCounts.longest_context`.
    k : int

    Returns
    -------
    words : ndarray of shape (n_words,), int64
        Ids, likeliest first; 0 is the end. Words of probability 0 are left out, so that
        there may be fewer than k.
    p : ndarray of shape (n_words,), float64
    """
    if model.smoothing.lower_order == "interpolate":
        words, p = _likeliest_of_chain(model, model.counts.suffixes(length, row)[1:], k)
    else:
        words, p = _likeliest_of_all(model, length, row, k)
    p[words == model.counts.unknown_id] = 0
    best = np.lexsort([words, -p])[:k]
    best = best[p[best] > 0]
    return words[best], p[best]


def unigram_probabilities(model: LanguageModel) -> NDArray[np.float64]:
    """p(w) of all words by id, cached; 0 for ids of no word."""
    return _without_context(model).p


class _Followers(NamedTuple):
    """The likeliest words after a context.

    Attributes
    ----------
    seen : ndarray of int
        The words seen after the context, in rising order.
    p : ndarray of float64
        p(w | h) of the words seen.
    best, best_p : ndarray
        The `size` likeliest words, seen or not, and all words that are about as likely as
        the last one; likeliest first. And their probabilities.
    size : int
    """

    seen: np.ndarray
    p: np.ndarray
    best: np.ndarray
    best_p: np.ndarray
    size: int


def _likeliest_of_chain(model, contexts, k):
    """At least the k likeliest words after the longest context, given its suffixes.

    For smoothings that interpolate: a word that was not seen after a context is among the
    k likeliest words only if it is so after the shorter context.
    """
    if model.computed.followers is None:
        model.computed.followers = _FollowersCache()
    kept, followers = model.computed.followers, None
    for order, context in contexts:
        found = kept.get((order, context))
        if found is None or found.size <= k:
            size = max(k + 1, _FEW)
            found = _followers(model, order, context, followers, size)
            kept.keep((order, context), found)
        followers = found
    if followers is None:
        best, best_p = _head(model, k + 1)
    else:
        best, best_p = followers.best, followers.best_p
    return best, best_p.copy()


class _FollowersCache(dict):
    """A cache of the likeliest words after contexts, by order and row."""

    n_words = 0

    def keep(self, context, followers):
        n_words = len(followers.seen) + len(followers.best)
        if self.n_words + n_words > _MAX_CACHED:
            self.clear()
            self.n_words = 0
        self.n_words += n_words
        self[context] = followers


def _followers(model, order, context, shorter, size):
    """The likeliest words after a context, given those after the shorter context."""
    level, one = model.counts.levels[order], np.array([context])
    children = level.children(context)
    seen = level.word_at(children)
    if shorter is None:
        p = _without_context(model).p[seen]
        best, best_p = _head(model, size)
    else:
        p = shorter.p[shorter.seen.searchsorted(seen)]
        best, best_p = shorter.best, shorter.best_p
    weight = model.backoff_weight(order + 1, one)
    p = model.combine(model.discounted(order + 1, one, children), weight, p)
    others = _are_not_among(best, seen)
    words = np.concatenate([seen, best[others]])
    all_p = np.concatenate([p, model.combine(0.0, weight, best_p[others])])
    best, best_p = _likeliest(words, all_p, size)
    return _Followers(seen, p, best, best_p, size)


def _are_not_among(words, seen):
    """Whether words are not among others, which are in rising order.

    `numpy.isin` would sort them.

    >>> _are_not_among(np.array([9, 2, 5]), seen=np.array([2, 7]))
    array([ True, False,  True])
    """
    if not len(seen):
        return np.ones(len(words), dtype=bool)
    return seen.take(seen.searchsorted(words), mode="clip") != words


def _likeliest(words, p, size):
    """The `size` likeliest words, and all about as likely as the last one, in order."""
    if len(p) > _MANY * size:  # selection first, as most words need not be sorted
        least = np.partition(p, len(p) - size)[len(p) - size] * _NEAR
        some = np.flatnonzero(p >= least)
        words, p = words[some], p[some]
    best = np.lexsort([words, -p])
    best = best[: _n_tied(p[best], size)]
    return words[best].astype(np.int64), p[best]


def _head(model, size):
    """The `size` likeliest unigrams, and all about as likely as the last one, in order."""
    p, head, head_p = _without_context(model)
    while len(head) < len(p) and not (
        len(head) > size and head_p[-1] < head_p[size - 1] * _NEAR
    ):
        head = _in_order(p, 8 * len(head))
        head_p = p[head]
        if len(head) <= _MAX_HEAD:
            model.computed.unigrams = _Unigrams(p, head, head_p)
    n_tied = _n_tied(head_p, size)
    return head[:n_tied], head_p[:n_tied]


def _likeliest_of_all(model, length, row, k):
    """The words seen after a context or its suffixes, and the k likeliest of the others."""
    counts, contexts = model.counts, model.counts.suffixes(length, row)[1:]
    if model.smoothing.lower_order in ("none", "uniform"):
        contexts = contexts[-1:]  # no other context matters
    followers = [
        counts.levels[order].word_at(counts.levels[order].children(context))
        for order, context in contexts
    ]
    seen = np.unique(np.concatenate([np.zeros(0, np.int32), *followers]))
    n_others = k + (counts.unknown_id >= 0)  # as the unknown word may be among them
    others = _others(model, seen, n_others, contexts)
    words = np.concatenate([seen.astype(np.int64), others])
    p = _without_context(model).p[words]
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
    return words, p


def _others(model, seen, k, contexts):
    """The k likeliest words not in `seen`, and all about as likely as the last one."""
    if contexts and model.smoothing.lower_order == "none":
        return np.zeros(0, np.int64)
    p, head, _ = _without_context(model)
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
    """The number of values, in falling order, up to about the k-th one."""
    if len(p) <= k:
        return len(p)
    return int(np.searchsorted(-p, -p[k - 1] * _NEAR, side="right"))


class _Unigrams(NamedTuple):
    """The probabilities of all unigrams, and the likeliest ones in order with theirs."""

    p: np.ndarray
    head: np.ndarray
    head_p: np.ndarray


def _without_context(model):
    """The `_Unigrams` of a model, cached in `model.computed`."""
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
        head = _in_order(p, _HEAD)
        unigrams = model.computed.unigrams = _Unigrams(p, head, p[head])
    return unigrams


def _in_order(p, size):
    """The `size` likeliest words in order; of equally likely words, the lowest ids."""
    some = np.arange(len(p))
    if size < len(p):
        some = np.flatnonzero(p >= np.partition(p, len(p) - size)[len(p) - size])
    return some[np.argsort(-p[some], kind="stable")]
