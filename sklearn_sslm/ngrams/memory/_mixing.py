"""Probabilities of a language model, mixed with those of a memory of recent words."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..counting import TokenStream
from ._decayed_counts import heard_before
from ._escapes import BLOCK, N_BUCKETS, Escapes, buckets_of
from ._memory_rules import MemoryRules

TINY = 1e-100
"""Stands for a probability of 0, which has no ratio to others."""


def mix_with_memory(
    rules: MemoryRules,
    stream: TokenStream,
    log_p: NDArray,
    n_ids: int,
    only_heard: NDArray | None = None,
) -> NDArray[np.float64]:
    """Log probabilities of tokens, given what was heard before each of them.

    The memory is empty at first. Each level i mixes the relative frequencies of what it
    remembers with the distribution below it, that of level 0 being the language model:

        q_i(w) = (1 − e_i) c_i(h, w) / c_i(h) + e_i q_{i−1}(w)

    Parameters
    ----------
    rules : MemoryRules
    stream : TokenStream
        Texts in the order in which they are heard. Ids from `n_ids` on are words that the
        language model does not know; −1 stands for all such words together.
    log_p : ndarray of shape (n_positions,), float64
        Log probabilities by the language model, those of its unknown word for ids from
        `n_ids` on; 0 at opening boundaries.
    n_ids : int
        Number of ids that the language model knows.
    only_heard : ndarray of shape (n_positions,), bool, default=None
        Tokens that are remembered but not predicted, as those of messages; nothing is
        learned of escapes there.

    Returns
    -------
    ndarray of shape (n_positions,), float64
        0 at opening boundaries; where tokens are only heard it has no meaning.
    """
    predicted = np.ones(len(stream.ids), dtype=bool)
    predicted[stream.starts] = False
    p = np.exp(log_p[predicted])
    p /= _shares_of_new_words(stream.ids[predicted], n_ids, rules.span)
    scored = None if only_heard is None else ~only_heard[predicted]
    mixed = np.zeros(len(stream.ids))
    with np.errstate(divide="ignore"):
        mixed[predicted] = np.log(_mixed(rules, stream, p, scored))
    return mixed


def _mixed(rules, stream, p, scored):
    """p(w) of every token, block by block, as each block uses what the last one learned."""
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
    """p(w) of a block of tokens; the escapes learn from it."""
    bucket = bucket.astype(np.intp)  # once, for all that follows
    e = escapes.probability.take(bucket)
    above = np.empty((len(e) + 1, len(p)))  # products of the e above each level
    above[-1] = 1
    np.cumprod(e[::-1], axis=0, out=above[-2::-1])
    # q_L is the sum of p and of what each level gives itself, times the e above. The sum
    # up to level i, as a part of it, is the probability that the word came from there.
    above[0] *= p
    above[1:] *= 1 - e
    above[1:] *= share
    reached = np.cumsum(above, axis=0)
    mixed = reached[-1].copy()
    reached /= mixed
    escapes.learn(bucket, reached[:-1], reached[1:])
    return mixed


def _memories(rules, stream, n_tokens, unused):
    """Of each level, the relative frequency of every token, and its bucket of escapes."""
    levels = rules.levels
    share = np.empty((len(levels), n_tokens))
    bucket = np.empty((len(levels), n_tokens), dtype=np.int16)
    for level, heard in heard_before(stream, rules):
        i = levels.index(level)
        nothing = heard.total <= 0
        total = heard.total + nothing  # 1 in place of 0, of which there is no ratio
        np.divide(heard.word, total, out=share[i])
        of_level = 0 if level.order == 1 else buckets_of(total, heard.repeats)
        np.add(of_level, i * N_BUCKETS, out=bucket[i], casting="same_kind")
        bucket[i, nothing] = unused
    return share, bucket


def _shares_of_new_words(ids, n_ids, span):
    """What the unknown word's probability is divided by: new words remembered, and 1.

    >>> _shares_of_new_words(np.array([9, 8, 9, 1, 9]), n_ids=8, span=3)
    array([1., 2., 3., 1., 3.])
    """
    shares = np.ones(len(ids))
    new = np.flatnonzero(ids >= n_ids)
    if not len(new):
        return shares
    # Each occurrence is remembered until the word comes again, or its span has passed.
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
