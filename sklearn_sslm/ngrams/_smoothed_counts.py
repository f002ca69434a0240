"""Counts seen through a smoothing: what scoring and sampling start from."""

from functools import cached_property
from typing import NamedTuple

import numpy as np


class ContextStatistics(NamedTuple):
    """What a smoothing is told about the contexts it shares out.

    Each field but `discounts` and `n_outcomes` has one entry per context asked for.

    Attributes
    ----------
    total : ndarray of int
        Sum of the counts of the words that followed; never 0.
    types : ndarray of int
        Number of different words that followed.
    ones, twos : ndarray of int
        How many of these followed once, and twice.
    discounts : ndarray of shape (4,), float, or None
        What is taken off a count of 0, 1, 2, and 3 or more, in this order.
    n_outcomes : int
        Words that could follow at all: those known, the end of the text, and one
        unknown word.
    """

    total: np.ndarray
    types: np.ndarray
    ones: np.ndarray
    twos: np.ndarray
    discounts: np.ndarray
    n_outcomes: int


class SmoothedLevel:
    """The n-grams of one order with the counts that a smoothing works on.

    Parameters
    ----------
    level : Level
    count : ndarray of shape (n_ngrams,), int
        Counts or continuation counts of the level's n-grams.

    Attributes
    ----------
    cumulative : ndarray of shape (n_ngrams + 1,), int64
        Sum of the counts before each row. A context's children own a stretch of it,
        each child as many numbers as it has counts.
    total, types, ones, twos : ndarray of shape (n_contexts,), int
        See `ContextStatistics`.
    counts_of_counts : ndarray of shape (5,), int
        How many n-grams have count 0, 1, 2, 3 and 4.
    """

    def __init__(self, level, count):
        self.level = level
        self.count = count
        self.total = self._over_children(count)
        self.ones = self._over_children((count == 1).astype(np.int32))
        self.twos = self._over_children((count == 2).astype(np.int32))
        self.types = self._over_children((count > 0).astype(np.int32))
        self.counts_of_counts = np.array(
            [np.count_nonzero(count == c) for c in range(5)]
        )

    @cached_property
    def cumulative(self):
        """Made when first drawn from; scoring does without."""
        return _cumulative(self.count.astype(np.int64))

    def _over_children(self, values):
        """The sum over the children of each context."""
        return np.diff(_cumulative(values)[self.level.first_child])

    def __len__(self):
        return len(self.level)


def _cumulative(values):
    """Sums of all values before each place, and of all at the end."""
    sums = np.zeros(len(values) + 1, dtype=values.dtype)
    np.cumsum(values, out=sums[1:])
    return sums


class SmoothedCounts:
    """N-gram counts and a smoothing: together a language model over ids.

    Parameters
    ----------
    counts : NGramCounts
    smoothing : object
        Answers ``continuation_counts`` (bool), ``lower`` (str),
        ``estimate_discounts(k, counts_of_counts)``, ``kept(count, context)`` and
        ``handed_on(context)``, as `sklearn_sslm.smoothing.Smoothing` documents.
    n_words : int
        Number of words known, which share in what is kept for words not seen.

    Attributes
    ----------
    levels : list of SmoothedLevel
        ``levels[k - 1]`` holds order k.
    discounts : list of ndarray of shape (4,), or of None
        What is taken off counts of 0, 1, 2 and 3 or more, per order.
    """

    def __init__(self, counts, smoothing, n_words):
        self.counts = counts
        self.n = counts.n
        self.smoothing = smoothing
        self.n_outcomes = n_words + 2
        self.levels = [
            SmoothedLevel(level, self._count(k))
            for k, level in enumerate(counts.levels, start=1)
        ]
        self.discounts = [
            smoothing.estimate_discounts(k, level.counts_of_counts)
            for k, level in enumerate(self.levels, start=1)
        ]

    def _count(self, k):
        """The counts of order k that the smoothing works on."""
        level = self.counts.levels[k - 1]
        if k == self.n or not self.smoothing.continuation_counts:
            return level.count
        if k == len(self.counts.levels):  # only whole texts are this long
            return level.count
        above = self.counts.levels[k]
        count = np.bincount(above.suffix, minlength=len(level)).astype(np.int32)
        # Nothing stands before the start of a text, so its n-grams keep their counts.
        opening = self.counts.opening(k)
        count[:opening] = level.count[:opening]
        return count

    def kept(self, k, context, row):
        """Probability that a context keeps for one of its n-grams.

        Parameters
        ----------
        k : int
            Order of the n-grams.
        context : ndarray of int
            Rows of contexts with ``total > 0`` in level k − 1.
        row : ndarray of int
            Rows of the n-grams in level k; −1 is an n-gram never seen.

        Returns
        -------
        ndarray of float64
        """
        count = np.where(row >= 0, self.levels[k - 1].count[row], 0)
        return self.smoothing.kept(count, self._statistics(k, context))

    def handed_on(self, k, context):
        """Weight that a context of k − 1 words hands to what is below it."""
        return self.smoothing.handed_on(self._statistics(k, context))

    def _statistics(self, k, context):
        level = self.levels[k - 1]
        return ContextStatistics(
            total=level.total[context],
            types=level.types[context],
            ones=level.ones[context],
            twos=level.twos[context],
            discounts=self.discounts[k - 1],
            n_outcomes=self.n_outcomes,
        )

    def combine(self, kept, handed_on, shorter):
        """p(w | h) from the two numbers of its context and p(w | shorter context)."""
        match self.smoothing.lower:
            case "none":
                return kept
            case "interpolate":
                return kept + handed_on * shorter
            case "uniform":
                return kept + handed_on / self.n_outcomes
            case _:  # backoff
                return np.where(kept > 0, kept, handed_on * shorter)
