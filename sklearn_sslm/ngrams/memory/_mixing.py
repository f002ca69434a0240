"""Probabilities of the tokens of a stream by a language model mixed with a memory."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..counting import TokenStream
from ._decayed_counts import decayed_counts
from ._escapes import BLOCK, N_BUCKETS, Escapes, buckets_of
from ._memory_rules import MemoryRules

TINY = 1e-100
"""Replaces a probability of 0, so that ratios are defined."""


def mix_with_memory(
    rules: MemoryRules,
    stream: TokenStream,
    log_p: NDArray,
    n_ids: int,
    only_observed: NDArray | None = None,
) -> NDArray[np.float64]:
    """Log probabilities of tokens, each given all tokens before it.

    The memory is empty at first. Level i = 1, 2, … interpolates the relative frequencies
    of its decayed counts with the distribution below, which for level 1 is the language
    model q_0, with the escape probability e_i as the weight:

        q_i(w) = (1 − e_i) c_i(h, w) / c_i(h) + e_i q_(i−1)(w)

    Parameters
    ----------
    rules : MemoryRules
    stream : TokenStream
        Texts in order. Ids from `n_ids` on are words that the language model does not
        know; −1 stands for all other such words together.
    log_p : ndarray of shape (n_positions,), float64
        Log probabilities by the language model; for ids from `n_ids` on, that of the
        unknown word; 0 at opening boundaries.
    n_ids : int
        Number of ids of the language model.
    only_observed : ndarray of shape (n_positions,), bool, default=None
        Tokens that are counted, but not predicted, such as those of messages; they do
        not update the escape probabilities.

    Returns
    -------
    ndarray of shape (n_positions,), float64
        Natural logarithms; 0 at opening boundaries, undefined for tokens only observed.
    """
    predicted = np.ones(len(stream.ids), dtype=bool)
    predicted[stream.starts] = False
    p = np.exp(log_p[predicted])
    p /= _shares_of_new_words(stream.ids[predicted], n_ids, rules.span)
    scored = None if only_observed is None else ~only_observed[predicted]
    mixed = np.zeros(len(stream.ids))
    with np.errstate(divide="ignore"):
        mixed[predicted] = np.log(_mixed(rules, stream, p, scored))
    return mixed


def _mixed(rules, stream, p, scored):
    """p(w) of each token, block by block: each block updates the escape probabilities."""
    escapes = Escapes(rules)
    share, bucket = _memories(rules, stream, len(p), escapes.unused)
    if scored is not None:
        share[:, ~scored], bucket[:, ~scored] = 0, escapes.unused
    impossible = np.flatnonzero(p == 0)
    if len(impossible):
        p[impossible] = TINY
        impossible = impossible[~share[:, impossible].any(axis=0)]
    mixed = np.empty_like(p)
    for start in range(0, len(p), BLOCK):
        part = slice(start, start + BLOCK)
        mixed[part] = _mix_block(escapes, p[part], share[:, part], bucket[:, part])
    mixed[impossible] = 0
    return mixed


def _mix_block(escapes, p, share, bucket):
    """p(w) of the tokens of a block; updates the escape probabilities by them.

    One token with p 0.2, two levels of shares [0, 1] and escape probabilities [.5, .9]:
    weights [.45, .45, .1], parts [.09, 0, .1] -> p(w) 0.19; posteriors that the word
    came from level i or below [.09, .09, .19] / .19.
    """
    bucket = bucket.astype(np.intp)  # once, rather than in each of the calls below
    e = escapes.probability.take(bucket)
    parts = np.empty((len(e) + 1, len(p)))  # products of all e from each level on …
    parts[-1] = 1
    np.cumprod(e[::-1], axis=0, out=parts[-2::-1])
    parts[0] *= p  # … and then the terms of the mixture
    parts[1:] *= 1 - e
    parts[1:] *= share
    reached = np.cumsum(parts, axis=0)
    mixed = reached[-1].copy()
    reached /= mixed
    escapes.learn(bucket, reached[:-1], reached[1:])
    return mixed


def _memories(rules, stream, n_tokens, unused):
    """The relative frequency and the escape bucket of each token in each level.

    Returns
    -------
    share, bucket : ndarray of shape (n_levels, n_tokens)
    """
    levels = rules.levels
    share = np.empty((len(levels), n_tokens))
    bucket = np.empty((len(levels), n_tokens), dtype=np.int16)
    for level, counts in decayed_counts(stream, rules):
        i = levels.index(level)
        nothing = counts.total <= 0
        total = counts.total + nothing  # 1 instead of 0, as a divisor
        np.divide(counts.word, total, out=share[i])
        of_level = 0 if level.order == 1 else buckets_of(total, counts.repeats)
        np.add(of_level, i * N_BUCKETS, out=bucket[i], casting="same_kind")
        bucket[i, nothing] = unused
    return share, bucket


def _shares_of_new_words(ids, n_ids, span):
    """The divisor of the unknown word's probability at each token.

    At a new word, 1 plus the number of new words remembered; at a known one, 1.

    >>> _shares_of_new_words(np.array([9, 8, 9, 1, 9]), n_ids=8, span=3)
    array([1., 2., 3., 1., 3.])
    """
    shares = np.ones(len(ids))
    new = np.flatnonzero(ids >= n_ids)
    if not len(new):
        return shares
    # An occurrence counts from the next token on, until the word occurs again or the span
    # has passed. Words [9, 8, 9] at times 0, 1, 2 with span 3: intervals 1–2, 2–4, 3–5.
    order = np.lexsort([new, ids[new]])
    time, word = new[order], ids[new[order]]
    until = time + span
    again = word[1:] == word[:-1]
    until[:-1][again] = np.minimum(until[:-1], time[1:])[again]
    change = np.zeros(len(ids) + 2, dtype=np.int64)
    np.add.at(change, time + 1, 1)
    np.add.at(change, np.minimum(until, len(ids)) + 1, -1)
    shares[new] += np.cumsum(change)[new]
    return shares
