"""The statistics of all contexts of an order, of which most are equal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..counting import blocks
from ._children import Children, sums_before

_SMALL = 32
"""Contexts with a smaller total are told apart by a code, others are kept each."""

_BLOCK = 1 << 16


def _codes_of_counts():
    """What a child with a count below `_SMALL` adds to the code of its context."""
    count = np.arange(_SMALL)
    digits = count, count > 0, count == 1, count == 2
    code = np.ravel_multi_index(digits, (_SMALL,) * 4)
    return np.append(code, 0).astype(np.int32)


_CODES = _codes_of_counts()


class DistinctStatistics(NamedTuple):
    """Total, types, ones and twos of contexts, each different combination kept once.

    Few contexts are followed by many words: 2.5 million n-grams of English have 8,000
    combinations. Where discounts change, backoff weights are computed for these only.

    Attributes
    ----------
    place : ndarray of shape (n_contexts,), int32
        Where those of each context are.
    total, types, ones, twos : ndarray of shape (n_distinct,), int64
        See `ContextStatistics`. Those at 0 are of contexts without children.

    Examples
    --------
    >>> first, count = np.array([0, 2, 4, 4, 5]), np.array([1, 7, 7, 1, 90])
    >>> found = DistinctStatistics.of(Children(first, count))
    >>> found.place, found.total, found.ones
    (array([1, 1, 0, 2], dtype=int32), array([ 0,  8, 90]), array([0, 1, 0]))
    """

    place: NDArray[np.int32]
    total: NDArray[np.int64]
    types: NDArray[np.int64]
    ones: NDArray[np.int64]
    twos: NDArray[np.int64]

    @classmethod
    def of(cls, table: Any) -> DistinctStatistics:
        """Those of `Children`."""
        code = _codes(table)
        large = np.flatnonzero(code < 0)
        code[large] = 0
        is_used = np.zeros(_SMALL**4, dtype=bool)
        is_used[0] = is_used[code] = True
        used = np.flatnonzero(is_used)
        place_of = np.empty(_SMALL**4, dtype=np.int32)
        place_of[used] = np.arange(len(used))
        place = place_of.take(code)
        place[large] = np.arange(len(used), len(used) + len(large))
        small = np.unravel_index(used, (_SMALL,) * 4)
        distinct = zip(small, _each(table, large), strict=True)
        return cls(place, *map(np.concatenate, distinct))

    def look_up(self) -> Callable[[int], tuple[int, int, int, int]]:
        """A function that returns total, types, ones and twos of a context, as numbers."""
        place, total, types, ones, twos = (column.data for column in self)

        def statistics(context):
            at = place[context]
            return total[at], types[at], ones[at], twos[at]

        return statistics

    def with_more(self, more: NDArray[np.int64]) -> DistinctStatistics:
        """With others after these, an array of shape (4, n_more)."""
        both = zip(self[1:], more, strict=True)
        return DistinctStatistics(self.place, *map(np.concatenate, both))


def _codes(table):
    """Codes of contexts that have a small total, −1 for others.

    Total, types, ones and twos are the digits of a number; that of a context is the sum
    of those of its children.
    """
    code = np.empty(len(table.first) - 1, dtype=np.int32)
    for contexts in blocks(len(code), _BLOCK):
        ends = table.first[contexts.start : contexts.stop + 1]
        count = table.count[ends[0] : ends[-1]]
        ends = ends - ends[0]
        total = np.diff(sums_before(count, np.int64)[ends])
        of_each = _CODES.take(np.minimum(count, _SMALL))
        of_all = np.diff(sums_before(of_each, np.int64)[ends])
        code[contexts] = np.where(total < _SMALL, of_all, -1)
    return code


def _each(table, contexts):
    """Total, types, ones and twos of each of some contexts."""
    first = table.first
    begins, sizes = first[contexts], first[contexts + 1] - first[contexts]
    ends = np.append(0, np.cumsum(sizes, dtype=np.int64))
    row = np.arange(ends[-1]) + np.repeat(begins - ends[:-1], sizes)
    few = Children(ends, table.count[row])
    return few.total, few.types, few.ones, few.twos
