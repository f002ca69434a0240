"""The escape probability of each memory: how often it did not give the next word."""

from __future__ import annotations

from bisect import bisect_right

import numpy as np
from numpy.typing import NDArray

from ._memory_rules import MemoryRules

BLOCK = 64
"""Tokens after which what was learned of escapes comes into use."""

# No sum of a few powers of 2 falls on an edge, where rounding would decide.
_COUNT_EDGES = [2 ** (k + 0.3719) for k in range(-3, 4)]
_REPEAT_EDGES = [0.2371, 0.4913, 0.7459]
N_BUCKETS = (len(_COUNT_EDGES) + 1) * (len(_REPEAT_EDGES) + 1)
"""Buckets of the contexts of a memory, each with an escape probability of its own."""

_LEAST, _MOST = 0.001, 0.999
"""Escape probabilities stay within these, so that nothing becomes impossible."""


class Escapes:
    """The escape probability of each memory, by the kind of its context.

    A memory does not know all words that can come. Its escape probability e, as Cleary
    and Witten call it for PPM [1]_, is what it leaves to the distribution below it. It
    is the expected share of earlier uses in which that distribution gave the word, and
    uses count the less the longer ago they are.

    Parameters
    ----------
    rules : MemoryRules

    Attributes
    ----------
    probability : ndarray of shape (n_levels * N_BUCKETS + 1,), float64
        The escape probabilities, those of a level side by side. The last one is 1, for
        contexts without a memory.
    learned : ndarray of shape (2, n_levels * N_BUCKETS), float64
        The expected number of escapes, and of uses.

    References
    ----------
    .. [1] J. G. Cleary and I. H. Witten, "Data Compression Using Adaptive Coding and
       Partial String Matching", IEEE Transactions on Communications 32(4), 1984.

    Examples
    --------
    >>> escapes = Escapes(MemoryRules((100,), n=1, start=0.5, strength=2))
    >>> used = np.array([[0, 0]])  # twice the first bucket; once it was left
    >>> escapes.learn(used, escaped=np.array([[1.0, 0.0]]), reached=np.ones((1, 2)))
    >>> float(escapes.probability[0])  # (0.99² · 1 + 1) / (0.99² · 2 + 2)
    0.5
    """

    def __init__(self, rules: MemoryRules) -> None:
        size = len(rules.levels) * N_BUCKETS
        self.probability = np.ones(size + 1)
        most_uses = BLOCK * len(rules.levels)
        self._kept = rules.forgetting ** np.arange(
            most_uses + 1.0
        )  # after so many uses
        uses = np.full(size, float(rules.strength))
        self.learned = np.stack([rules.start * uses, uses])
        self.estimate()

    @property
    def unused(self) -> int:
        """The bucket of contexts without a memory, whose escape probability is 1."""
        return len(self.probability) - 1

    def learn(self, bucket: NDArray, escaped: NDArray, reached: NDArray) -> None:
        """Learn from some uses, all of which were made with the present probabilities.

        Parameters
        ----------
        bucket : ndarray of int
            Of each use; that of contexts without a memory learns nothing.
        escaped, reached : ndarray of float64, shaped as `bucket`
            The probabilities that the word was given by what is below the memory, and
            that it was given by the memory or by what is below.
        """
        bucket, size = bucket.ravel(), len(self.probability)
        learned = self.learned * self._kept.take(
            np.bincount(bucket, minlength=size)[:-1]
        )
        learned[0] += np.bincount(bucket, escaped.ravel(), size)[:-1]
        learned[1] += np.bincount(bucket, reached.ravel(), size)[:-1]
        self.learned = learned
        self.estimate()

    def estimate(self) -> None:
        """Take the probabilities from what was learned."""
        escaped, uses = self.learned
        probability = self.probability[:-1]
        np.divide(escaped, uses, out=probability)
        np.maximum(probability, _LEAST, out=probability)
        np.minimum(probability, _MOST, out=probability)


def bucket_of(total: float, repeats: float) -> int:
    """The bucket of a context within its level.

    Parameters
    ----------
    total : float
        Decayed count of all words that were heard after it.
    repeats : float
        The part of it that were words heard there before.

    >>> bucket_of(1.0, 0.0), bucket_of(1.0, 0.5), bucket_of(100.0, 90.0)
    (12, 14, 31)
    """
    count = bisect_right(_COUNT_EDGES, total)
    return 4 * count + (bisect_right(_REPEAT_EDGES, repeats / total) if repeats else 0)


def buckets_of(total: NDArray, repeats: NDArray) -> NDArray[np.int16]:
    """`bucket_of` many contexts, none of them with a total of 0."""
    # With so few edges comparing takes half the time of searching.
    bucket = np.zeros(len(total), dtype=np.int16)
    for edge in _COUNT_EDGES:
        bucket += total >= edge
    bucket *= len(_REPEAT_EDGES) + 1
    share = repeats / total
    for edge in _REPEAT_EDGES:
        bucket += share >= edge
    return bucket
