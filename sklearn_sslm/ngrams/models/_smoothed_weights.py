"""The weights of one order that a smoothing computes from counts."""

from functools import cached_property
from typing import Any

import numpy as np

from ..counting import BOUNDARY, WORD_BITS, blocks
from ._children import Children
from ._children_of_one import ChildrenCache, ChildrenOfOne, are_few
from ._columns import listed
from ._context_statistics import (
    ContextStatistics,
    StatisticsOfMany,
    StatisticsOfOne,
    statistics_of_counts,
)
from ._distinct_statistics import DistinctStatistics
from ._weights import Weights

_FEW = 16
"""Up to so many draws are made one by one, from cached children."""

_SOME_CHILDREN = 8
"""Statistics of contexts with more children are cached; others are counted again."""

_MANY_CHILDREN = 64
"""Contexts with more children are counted one by one, each with its own array."""

_MAX_CACHED = 1 << 17
"""Limit of each cache of results for single n-grams and contexts."""

_BLOCK = 1 << 18  # contexts or n-grams in temporary arrays


class SmoothedWeights(Weights):
    """The weights of one order that a smoothing computes from counts.

    They are computed on demand from the children of the contexts, or, after
    `precompute`, the backoff weights of all contexts are in memory.

    Parameters
    ----------
    ngrams : Level, CompactLevel or OnlineLevel
    count : ndarray, PackedIntegers or LazyArray of shape (n_ngrams,)
        Adjusted counts.
    smoothing : Smoothing
    order : int
        The order k.
    counts_of_counts : ndarray of shape (5,), int
        The number of n-grams with count 0, 1, 2, 3 and 4.
    n_events : int
        As of `ContextStatistics`.
    min_count : int, default=1
        N-grams with a smaller count are pruned.

    Attributes
    ----------
    distinct : DistinctStatistics or None
        The statistics of all contexts, after `precompute`.
    """

    def __init__(
        self, ngrams, count, smoothing, order, counts_of_counts, n_events, min_count=1
    ):
        super().__init__(ngrams)
        self.order = order
        self.counts_of_counts = counts_of_counts
        self.count = count
        self.smoothing = smoothing
        self._takes_numbers = getattr(smoothing, "takes_numbers", False)
        self.n_events = n_events
        self.min_count = min_count
        self.prunes = min_count > 1
        self.table = None
        self.backoff_weights: Any = None
        self.distinct: Any = None
        self._children_cache = ChildrenCache()
        # Caches: by row, by counts and statistics, by statistics, and by context.
        self._accepted, self._discounted, self._weight_of = {}, {}, {}
        self._statistics_of_many = {}
        self._latest_statistics: Any = None, None  # a context and its statistics

    @cached_property
    def discounts(self):
        """The discounts of counts 0, 1, 2 and 3 or more; None without discounts."""
        return self.smoothing.estimate_discounts(self.order, self.counts_of_counts)

    @cached_property
    def _discounts_as_numbers(self):
        return None if self.discounts is None else self.discounts.tolist()

    @property
    def is_precomputed(self):
        """Whether the backoff weights of all contexts are in memory."""
        return self.table is not None

    # The two weights.

    def discounted(self, context, row):
        counted, place = self._counted(context)
        return self._discounted_of(counted, place, row)

    def backoff_weight(self, context):
        if self.backoff_weights is not None:
            return self.backoff_weights[context]
        counted, place = self._counted(context)
        return self._weight_of_counted(counted, place, context)

    def both(self, context, row):
        if self.backoff_weights is not None:
            return super().both(context, row)
        counted, place = self._counted(context)
        discounted = self._discounted_of(counted, place, row)
        return discounted, self._weight_of_counted(counted, place, context)

    def _discounted_of(self, counted, place, row):
        """`discounted`, given the statistics of contexts, and the index of each in them."""
        count = np.where(row >= 0, self.count[row], 0)
        statistics = self._statistics(counted, place)
        discounted = self.smoothing.discounted(count, statistics)
        return (
            np.where(self.left_out(row), 0, discounted) if self.prunes else discounted
        )

    def _weight_of_counted(self, counted, place, context):
        """`backoff_weight`, given the statistics of contexts, and the index of each."""
        seen = np.flatnonzero(counted.total[place])
        weight = np.ones(len(place))
        weight[seen] = self.smoothing.backoff_weight(
            self._statistics(counted, place[seen])
        )
        if self.prunes:
            weight += self._mass_left_out(context)
        return weight

    def statistics(self, context):
        """The `ContextStatistics` of contexts, as smoothings take them."""
        return self._statistics(*self._counted(context))

    def _statistics(self, children, context):
        return ContextStatistics(children, context, self.discounts, self.n_events)

    def precompute(self):
        """Compute the backoff weights of all contexts."""
        if self.table is not None:
            return
        table = Children(self.ngrams.first_child, self.count)
        distinct = DistinctStatistics.of(table)
        seen = np.flatnonzero(distinct.total)
        weights = np.ones(len(distinct.total))
        weights[seen] = self.smoothing.backoff_weight(self._statistics(distinct, seen))
        weights = weights.take(distinct.place)
        table.total = distinct.total.astype(np.int32).take(distinct.place)
        if self.prunes:
            self._add_left_out(weights, table)
        self.backoff_weights = weights
        self.distinct = distinct
        self.table = table  # last: for other threads it marks the end

    def discounted_one(self, context, row):
        if self.prunes and self.left_out(np.array([row]))[0]:
            return 0.0
        if not self._takes_numbers:
            return self._discounted_by_arrays(context, row)
        if self._is_online:
            return self._look_ups_online[0](context, row)
        key = self.count.item(row), self._total_of(context)
        discounted = self._discounted.get(key)
        return self._discounted_in(context, key) if discounted is None else discounted

    def _discounted_in(self, context, key):
        """The discounted probability after a context, given the count and the total."""
        statistics: Any = _StatisticsInTable(self, context, key[1])
        discounted = float(self.smoothing.discounted(key[0], statistics))
        if not statistics.are_counted:  # it depends on the key alone
            _store(self._discounted, key, discounted)
        return discounted

    def backoff_weight_one(self, context):
        if self.backoff_weights is not None:
            return self.backoff_weights.item(context)
        if self._is_online and self._takes_numbers:
            return self._look_ups_online[1](context)
        statistics = self.statistics_of(context)
        weight = self._weight_of.get(statistics)
        return self._weight_by(statistics, context) if weight is None else weight

    def look_ups(self):
        if self.prunes or not self._takes_numbers:
            return super().look_ups()
        if self._is_online:
            return self._look_ups_online
        count, total, cache = self.count.item, self._total_of, self._discounted
        if self.table is not None:  # a memoryview is faster
            count = self.count.data.__getitem__
            total = self.table.total.data.__getitem__

        def discounted(context, row):
            key = count(row), total(context)
            found = cache.get(key)
            return self._discounted_in(context, key) if found is None else found

        return discounted, self.backoff_weight_one

    @cached_property
    def _look_ups_online(self):
        """`look_ups` of a model that changes: what it computes is not cached here."""
        count, statistics = self.ngrams.adjusted.item, self.ngrams.statistics_look_up()
        constants = self._discounts_as_numbers, self.n_events
        smoothing = self.smoothing
        latest: Any = None, None

        def given(context):  # asked for by both, one after the other
            nonlocal latest
            before, found = latest
            if before != context:
                found = StatisticsOfOne._make(statistics(context) + constants)
                latest = context, found
            return found

        def discounted(context, row):
            return float(smoothing.discounted(count(row), given(context)))

        def backoff_weight(context):
            found = given(context)
            return float(smoothing.backoff_weight(found)) if found.total else 1.0

        return discounted, backoff_weight

    def _total_of(self, context):
        """The sum of the counts of the children of one context."""
        if self.table is not None:
            return self.table.total.item(context)
        return self.statistics_of(context)[0]

    def _discounted_by_arrays(self, context, row):
        """The discounted probability of an n-gram, of a smoothing that takes arrays."""
        statistics = self.statistics_of(context)
        key = self.count.item(row), *statistics
        discounted = self._discounted.get(key)
        if discounted is None:
            discounted = self._call_for_one(
                self.smoothing.discounted, statistics, key[0]
            )
            _store(self._discounted, key, discounted)
        return discounted

    def _weight_by(self, statistics, context):
        """The backoff weight of a context, given its statistics."""
        if self.prunes or not statistics[0]:
            return super().backoff_weight_one(context)
        weight = self._call_for_one(self.smoothing.backoff_weight, statistics)
        _store(self._weight_of, statistics, weight)
        return weight

    def _call_for_one(self, method, statistics, *count):
        """Call a method of the smoothing for a single context or n-gram.

        With Python numbers if the smoothing takes them, else with arrays of size 1.
        """
        if self._takes_numbers:
            given: Any = StatisticsOfOne._make(
                (*statistics, self._discounts_as_numbers, self.n_events)
            )
            return float(method(*count, given))
        counted = StatisticsOfMany(*np.array(statistics)[:, None])
        given = self._statistics(counted, np.zeros(1, dtype=np.int64))
        return method(*map(np.atleast_1d, count), given).item()

    # Draws.

    def draw(self, context, chance):
        if self.table is None and len(context) <= _FEW:
            draws = zip(context.tolist(), chance.tolist(), strict=True)
            drawn = [self.children_of(c).draw(number) for c, number in draws]
            row, offset = zip(*drawn, strict=True) if drawn else ((), ())
            return np.array(row, dtype=np.int64), np.array(offset, dtype=float)
        return super().draw(context, chance)

    def accepts(self, context, row, offset):
        if self.table is not None:
            return offset < self.accepted_mass[row]
        if len(context) <= _FEW:
            draws = zip(context.tolist(), row.tolist(), offset.tolist(), strict=True)
            return np.array([self.accepts_one(*draw) for draw in draws], dtype=bool)
        statistics = self.statistics(context)
        discounted = self.smoothing.discounted(self.count[row], statistics)
        return (offset < discounted * statistics.total) & ~self.left_out(row)

    def accepts_one(self, context, row, offset):
        """`accepts` for Python numbers."""
        mass = self._accepted.get(row)
        if mass is None:
            total = self.statistics_of(context)[0]
            mass = self.discounted_one(context, row) * total
            _store(self._accepted, row, mass)
        return offset < mass

    @cached_property
    def accepted_mass(self):
        """Bounds of the offsets accepted, discounted · total, of all n-grams, float64."""
        mass = np.empty(len(self.ngrams))
        for rows in blocks(len(mass), _BLOCK):
            context = self.ngrams.key[rows] >> WORD_BITS
            statistics = self.statistics(context)
            mass[rows] = self.smoothing.discounted(self.count[rows], statistics)
            mass[rows] *= statistics.total
            mass[rows][self.left_out(np.arange(rows.start, rows.stop))] = 0
        return mass

    # Children of contexts.

    def children_of(self, context):
        """The children of one context, as `ChildrenOfOne`."""
        if self._is_online:
            return self.ngrams.children_of(context)
        return self._children_cache.of(context, self._find_children)

    def uncached_children_of(self, context):
        """`children_of`, not cached if they are few, for callers with their own cache."""
        if self._is_online:
            return self.ngrams.children_of(context)
        rows = self.ngrams.child_range(context)
        if are_few(len(rows)):
            return ChildrenOfOne(rows, listed(self.count, rows))
        return self._children_cache.of(context, self._find_children)

    def statistics_look_up(self):
        """A faster version of `statistics_of`, for many calls."""
        return self.statistics_of if self.distinct is None else self.distinct.look_up()

    def statistics_of(self, context):
        """Total, types, ones and twos of the children of one context."""
        latest, statistics = self._latest_statistics
        if latest != context:
            if self._is_online:
                statistics = self.ngrams.statistics(context)
            else:
                statistics = self._statistics_of_many.get(context)
                statistics = statistics or self._count_children(context)
            self._latest_statistics = context, statistics
        return statistics

    def _count_children(self, context):
        """`statistics_of`, counted; those of contexts with some children are cached."""
        rows = self.ngrams.child_range(context)
        if len(rows) > _MANY_CHILDREN:
            statistics = self.children_of(context).statistics
        else:
            statistics = statistics_of_counts(listed(self.count, rows))
        if len(rows) > _SOME_CHILDREN:
            _store(self._statistics_of_many, context, statistics)
        return statistics

    def _find_children(self, context):
        return ChildrenOfOne.of(self.ngrams.child_range(context), self.count)

    def _children(self, context):
        if self.table is not None:
            return self.table, context
        unique, place = np.unique(context, return_inverse=True)
        return self._children_of_each(unique), place

    def _children_of_each(self, contexts):
        row, first = self.ngrams.rows_of(contexts)
        return Children(first, self.count[row].astype(np.int64), row)

    def _counted(self, context):
        """The statistics of the different contexts, and the index of each context in them.

        Contexts of many children are looked up one by one, as their statistics are cached.
        """
        if self.table is not None:
            return self.table, context
        unique, place = np.unique(context, return_inverse=True)
        one_by_one = np.ones(len(unique), dtype=bool)
        if len(unique) > _FEW:
            one_by_one = self.ngrams.n_children(unique) > _MANY_CHILDREN
            if self._is_online:
                one_by_one |= self.ngrams.changed_among(unique)
        each = [self.statistics_of(c) for c in unique[one_by_one].tolist()]
        of_many = np.array(each, dtype=np.int64).reshape(-1, 4).T
        if len(each) == len(unique):
            return StatisticsOfMany(*of_many), place
        statistics = np.empty((4, len(unique)), dtype=np.int64)
        statistics[:, one_by_one] = of_many
        few = self._children_of_each(unique[~one_by_one])
        statistics[:, ~one_by_one] = few.total, few.types, few.ones, few.twos
        return StatisticsOfMany(*statistics), place

    # Pruned n-grams.

    def left_out(self, row):
        if not self.prunes:
            return super().left_out(row)
        rare = self.ngrams.count[row] < self.min_count
        if self.order == 1:  # the end of texts is never pruned
            rare &= row != BOUNDARY
        return rare

    def _mass_left_out(self, context):
        """The sum of the discounted probabilities of the pruned children of contexts."""
        unique, place = np.unique(context, return_inverse=True)
        rows, first = self.ngrams.rows_of(unique)
        parent = np.repeat(np.arange(len(unique)), np.diff(first))
        rare = self.left_out(rows) & (self.count[rows] > 0)
        rows, parent = rows[rare], parent[rare]
        statistics = self.statistics(unique[parent])
        discounted = self.smoothing.discounted(self.count[rows], statistics)
        return np.bincount(parent, discounted, len(unique))[place]

    def _add_left_out(self, weights, table):
        """Add the discounted probabilities of pruned n-grams to backoff weights."""
        for rows in blocks(len(self.ngrams), _BLOCK):
            row = np.arange(rows.start, rows.stop)
            row = row[self.left_out(row) & (self.count[rows] > 0)]
            if len(row):
                context = self.ngrams.key[row] >> WORD_BITS  # in rising order
                statistics = self._statistics(table, context)
                discounted = self.smoothing.discounted(self.count[row], statistics)
                mass = np.bincount(context - context[0], discounted)
                weights[context[0] : context[-1] + 1] += mass


def _store(cache, key, value):
    """Add a result to a cache, which is emptied first if it is full."""
    if len(cache) >= _MAX_CACHED:
        cache.clear()
    cache[key] = value


class _StatisticsInTable:
    """`StatisticsOfOne` with a precomputed total; the others are counted on demand.

    Parameters
    ----------
    weights : SmoothedWeights
        Precomputed.
    context, total : int

    Attributes
    ----------
    are_counted : bool
        Whether another statistic than the total was asked for.
    """

    __slots__ = ("_context", "_weights", "are_counted", "total")

    def __init__(self, weights, context, total):
        self._weights = weights
        self._context = context
        self.total = total
        self.are_counted = False

    @property
    def discounts(self):
        return self._weights._discounts_as_numbers

    @property
    def n_events(self):
        return self._weights.n_events

    @property
    def types(self):
        return self._counted()[1]

    @property
    def ones(self):
        return self._counted()[2]

    @property
    def twos(self):
        return self._counted()[3]

    def _counted(self):
        self.are_counted = True
        return self._weights.statistics_of(self._context)


def smoothed_weights(
    levels, adjusted, counts_of_counts, smoothing, events, min_count=(1,)
):
    """The `SmoothedWeights` of each order; nothing is computed yet."""
    columns = zip(levels, adjusted, counts_of_counts, strict=True)
    return [
        SmoothedWeights(
            level, count, smoothing, k, of_order, len(events), _of_order(min_count, k)
        )
        for k, (level, count, of_order) in enumerate(columns, start=1)
    ]


def _of_order(min_count, k):
    """The minimum count of order k; the last one holds for all higher orders."""
    return min_count[min(k, len(min_count)) - 1]
