"""The escape probability of each level of a memory, learned online."""

from __future__ import annotations

from bisect import bisect_right

import numpy as np
from numpy.typing import NDArray

from ._memory_rules import MemoryRules

BLOCK = 64
"""Tokens between two updates of the escape probabilities."""

# Edges that no sum of a few powers of 2 is equal to, where rounding would decide.
_COUNT_EDGES = [2 ** (k + 0.3719) for k in range(-3, 4)]
_REPEAT_EDGES = [0.2371, 0.4913, 0.7459]
N_BUCKETS = (len(_COUNT_EDGES) + 1) * (len(_REPEAT_EDGES) + 1)
"""Number of buckets of contexts of a level; each has its own escape probability."""

_LEAST, _MOST = 0.001, 0.999
"""Bounds of escape probabilities, so that no word becomes impossible."""


class Escapes:
    """The escape probability of each memory level and bucket of contexts.

    A level has counts of few words only. Its escape probability e, a term of PPM [1]_, is
    the weight of the distribution of the level below in the mixture. It is estimated as
    the expected share of escapes, draws of the word from the distribution below, among
    the earlier uses of the level. The weight of uses decays.

    Parameters
    ----------
    rules : MemoryRules

    Attributes
    ----------
    probability : ndarray of shape (n_levels * N_BUCKETS + 1,), float64
        The escape probability of each bucket, level by level. The last one is 1, for
        contexts without counts.
    learned : ndarray of shape (2, n_levels * N_BUCKETS), float64
        The expected numbers of escapes and of uses of each bucket.

    References
    ----------
    .. [1] J. G. Cleary and I. H. Witten, "Data Compression Using Adaptive Coding and
       Partial String Matching", IEEE Transactions on Communications 32(4), 1984.

    Examples
    --------
    >>> escapes = Escapes(MemoryRules((100,), n=1, start=0.5, strength=2))
    >>> used = np.array([[0, 0]])  # two uses of the first bucket, one of them an escape
    >>> escapes.learn(used, escaped=np.array([[1.0, 0.0]]), reached=np.ones((1, 2)))
    >>> float(escapes.probability[0])  # (0.99² · 1 + 1) / (0.99² · 2 + 2)
    0.5
    """

    def __init__(self, rules: MemoryRules) -> None:
        size = len(rules.levels) * N_BUCKETS
        self.probability = np.ones(size + 1)
        max_uses = BLOCK * len(rules.levels)
        self._decay = rules.forgetting ** np.arange(max_uses + 1.0)  # by number of uses
        uses = np.full(size, float(rules.strength))
        self.learned = np.stack([rules.start * uses, uses])
        self.estimate()

    @property
    def unused(self) -> int:
        """The bucket of contexts without counts, whose escape probability is 1."""
        return len(self.probability) - 1

    def learn(self, bucket: NDArray, escaped: NDArray, reached: NDArray) -> None:
        """Update the probabilities by the uses of a block.

        The posterior probabilities of the uses were computed with the probabilities
        before the update, as in an online EM algorithm.

        Parameters
        ----------
        bucket : ndarray of int
            The bucket of each use; the `unused` bucket is not updated.
        escaped : ndarray of float64, shaped as `bucket`
            Posterior probability that the word came from a distribution below the level.
        reached : ndarray of float64, shaped as `bucket`
            Posterior probability that the word came from the level or from below.
        """
        bucket, size = bucket.ravel(), len(self.probability)
        learned = self.learned * self._decay.take(
            np.bincount(bucket, minlength=size)[:-1]
        )
        learned[0] += np.bincount(bucket, escaped.ravel(), size)[:-1]
        learned[1] += np.bincount(bucket, reached.ravel(), size)[:-1]
        self.learned = learned
        self.estimate()

    def estimate(self) -> None:
        """Set the probabilities to escapes divided by uses, within their bounds."""
        escaped, uses = self.learned
        probability = self.probability[:-1]
        np.divide(escaped, uses, out=probability)
        np.maximum(probability, _LEAST, out=probability)
        np.minimum(probability, _MOST, out=probability)


def bucket_of(total: float, repeats: float) -> int:
    """The bucket of a context, 0 to `N_BUCKETS` − 1, by its counts.

    Parameters
    ----------
    total : float
        Decayed count of all words after the context.
    repeats : float
        The part of it by words that had occurred after the context before.

    >>> bucket_of(1.0, 0.0), bucket_of(1.0, 0.5), bucket_of(100.0, 90.0)
    (12, 14, 31)
    """
    count = bisect_right(_COUNT_EDGES, total)
    return 4 * count + (bisect_right(_REPEAT_EDGES, repeats / total) if repeats else 0)


def buckets_of(total: NDArray, repeats: NDArray) -> NDArray[np.int16]:
    """The `bucket_of` each context of an array; totals must not be 0."""
    # With so few edges, comparisons take half the time of a binary search.
    bucket = np.zeros(len(total), dtype=np.int16)
    for edge in _COUNT_EDGES:
        bucket += total >= edge
    bucket *= len(_REPEAT_EDGES) + 1
    share = repeats / total
    for edge in _REPEAT_EDGES:
        bucket += share >= edge
    return bucket
