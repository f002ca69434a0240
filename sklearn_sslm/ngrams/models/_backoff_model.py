"""A language model of probabilities that are stored, not worked out from counts."""

from functools import cached_property

import numpy as np

from ..counting import NGramCounts
from ._count_model import NO_IDS
from ._smoothed_counts import SmoothedLevel

_SHARES = 40
"""Bits of the whole numbers that stand for probabilities when words are drawn."""

HIGHEST_SUM = 1.01
"""What the probabilities after a context may add up to: they come rounded."""


class StoredProbabilities:
    """Takes the place of a smoothing in a model that stores its probabilities."""

    continuation_counts = False
    lower_order = "backoff"


class BackoffLevel(SmoothedLevel):
    """The n-grams of one order with their probabilities.

    Parameters
    ----------
    level : Level
    p : ndarray of shape (n_ngrams,), float64
        p(last word | the words before).

    Attributes
    ----------
    cumulative : ndarray of shape (n_ngrams + 1,), int64
        Sum of the counts before each row, as in `SmoothedLevel`. The counts are the
        probabilities in whole numbers, rounded up: sampling draws by them, and what
        it draws too often it rejects.
    total : ndarray of shape (n_contexts,), int64
        Sum of the counts of each context's n-grams.
    """

    def __init__(self, level, p):
        self.level = level
        self.p = p
        self.first_child = level.first_child

    def __len__(self):
        return len(self.level)

    @cached_property
    def cumulative(self):
        """Made when first asked for."""
        n_contexts = len(self.level.first_child) - 1
        one = 2.0 ** min(_SHARES, 61 - n_contexts.bit_length())
        sums = np.zeros(len(self.p) + 1, dtype=np.int64)
        shares = np.ceil(self.p * one)
        np.cumsum(np.maximum(shares, 1, out=shares).astype(np.int64), out=sums[1:])
        return sums

    @cached_property
    def total(self):
        """Made when first asked for."""
        return np.diff(self.cumulative[self.level.first_child])

    def owner_of(self, number):
        """The rows that own some of these numbers, int64."""
        return np.searchsorted(self.cumulative, number, side="right") - 1

    @cached_property
    def keep(self):
        """How much of its count each n-gram keeps, which makes up for the rounding."""
        return self.p * self.total[self.level.context]

    @property
    def count(self):
        """The whole numbers that stand for the probabilities."""
        return np.diff(self.cumulative)


class BackoffModel:
    """Stored probabilities and backoff weights: a language model over ids.

    It has the face of `SmoothedCounts`, so that all that scores and samples works on it.

    Parameters
    ----------
    n : int
        The highest order.
    levels : tuple of Level
        The n-grams of each order.
    p : list of ndarray of shape (n_ngrams,), float64
        p(last word | the words before) of the n-grams of each order, −0.0 where that
        is 0, which tells it from the 0 of an n-gram that was never seen.
    backoff_weight : list of ndarray of shape (n_contexts,), float64
        For each order the backoff weights of the contexts of its n-grams. That of the
        empty context goes to the uniform distribution over all outcomes.
    """

    def __init__(self, n, levels, p, backoff_weight):
        self.n = n
        self.last_sampler = None
        self.holes = NO_IDS
        self.counts = NGramCounts(n, levels, n_texts=0)
        self.n_outcomes = self.counts.n_ids + 1
        self.smoothing = StoredProbabilities()
        self.discounts = [None] * len(levels)
        self.levels = list(map(BackoffLevel, levels, p))
        self.weights = backoff_weight

    knows_all_counts = False

    def settled(self):
        """The model itself; nothing of it is left to be worked out."""
        return self

    def discounted(self, k, context, row):
        """Probability of n-grams, 0 for those never seen; as `SmoothedCounts.kept`."""
        return np.where(row >= 0, self.levels[k - 1].p[row], 0)

    def left_out(self, k, row):
        """Whether n-grams are left out: none is that has a stored probability."""
        return np.zeros(len(row), dtype=bool)

    def stays(self, k, context, child, offset):
        """Whether draws fell on what n-grams keep of their counts."""
        return offset < self.levels[k - 1].keep[child]

    def backoff_weight(self, k, context):
        """Backoff weight of a context of k − 1 words."""
        return self.weights[k - 1][context]

    def combine(self, kept, backoff_weight, shorter):
        """p(w | h): what is stored, or else the backoff."""
        stored = (kept > 0) | np.signbit(kept)
        return np.where(stored, kept, backoff_weight * shorter)
