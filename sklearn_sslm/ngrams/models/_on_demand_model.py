"""A model that works out what it is asked for, when it is asked."""

from functools import cached_property
from typing import NamedTuple

import numpy as np

from ._count_model import NO_IDS, CountModel
from ._smoothed_counts import discounts_of

_FEW = 16
"""Draws about which is asked one by one, of answers at hand, and not all at once."""

_MOST_KEPT = 1 << 16
"""Answers about counts that are kept for the next time."""


class Statistics(NamedTuple):
    """What a smoothing is told about contexts; see `ContextStatistics`."""

    total: np.ndarray
    types: np.ndarray
    ones: np.ndarray
    twos: np.ndarray
    discounts: np.ndarray | None
    n_outcomes: int


class OnDemandModel(CountModel):
    """Counts of which no more is read than a question needs.

    Those that derive from it have `counts`, and `levels` that are like
    `OnDemandLevel`, and know `counts_of_counts`.

    Parameters
    ----------
    n, smoothing, n_words, holes, min_count
        As `CountModel` takes them.
    """

    def __init__(self, n, smoothing, n_words, holes=NO_IDS, min_count=(1,)):
        super().__init__(n, smoothing, n_words, holes, min_count)
        self._kept = {}

    @cached_property
    def discounts(self):
        """What is taken off counts of 0, 1, 2 and 3 or more, per order."""
        return discounts_of(self.smoothing, self.counts_of_counts)

    def backoff_weight(self, k, context):
        """Weight that a context of k − 1 words hands to what is below it."""
        statistics = self._statistics(k, context)
        seen = np.flatnonzero(statistics.total)
        weight = np.ones(len(context))
        parts = Statistics(*(part[seen] for part in statistics[:4]), *statistics[4:])
        weight[seen] = self.smoothing.backoff_weight(parts)
        if self._prunes(k):
            weight += self._of_left_out(k, context)
        return weight

    def _of_left_out(self, k, context):
        """What contexts would keep for n-grams that are left out."""
        unique, place = np.unique(context, return_inverse=True)
        level = self.levels[k - 1]
        rows, bounds = level.sorted_rows(unique)
        parent = np.repeat(np.arange(len(unique)), np.diff(bounds))
        rare = self.left_out(k, rows) & (level.count[rows] > 0)
        rows, parent = rows[rare], parent[rare]
        statistics = self._statistics(k, unique[parent])
        kept = self.smoothing.discounted(level.count[rows], statistics)
        return np.bincount(parent, kept, len(unique))[place]

    def stays(self, k, context, child, offset):
        """Whether draws fell on what n-grams keep of their counts."""
        if len(context) <= _FEW:
            draws = zip(context.tolist(), child.tolist(), offset.tolist(), strict=True)
            return np.array([self.stays_one(k, *draw) for draw in draws], dtype=bool)
        statistics = self._statistics(k, context)
        kept = self.smoothing.discounted(self.levels[k - 1].count[child], statistics)
        return (offset < kept * statistics.total) & ~self.left_out(k, child)

    def stays_one(self, k, context, child, offset):
        """`stays` for Python numbers."""
        if self._prunes(k) and self.left_out(k, np.array([child]))[0]:
            return False
        level = self.levels[k - 1]
        asked = k, level.count_of(child), *level.family(context).statistics
        keep = self._kept.get(asked)
        if keep is None:
            if len(self._kept) > _MOST_KEPT:
                self._kept.clear()
            keep = self._kept[asked] = self._keep(*asked)
        return offset < keep

    def _keep(self, k, count, *statistics):
        """How much a count keeps of itself, in a context of such statistics."""
        parts = [np.array([part]) for part in statistics]
        context = Statistics(*parts, self.discounts[k - 1], self.n_outcomes)
        return (self.smoothing.discounted(np.array([count]), context) * parts[0]).item()

    def _statistics(self, k, context):
        parts = self.levels[k - 1].statistics(context)
        return Statistics(*parts, self.discounts[k - 1], self.n_outcomes)
