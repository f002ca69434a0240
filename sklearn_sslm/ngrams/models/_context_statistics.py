"""Statistics of the children of contexts, from which a smoothing computes its weights."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray


class ContextStatistics:
    """What a smoothing is given of the contexts that it discounts.

    Each attribute but `discounts` and `n_events` has one entry a context.

    Attributes
    ----------
    total : ndarray of int
        Sum of the counts of the words that followed; never 0.
    types : ndarray of int
        Number of different words that followed.
    ones, twos : ndarray of int
        How many of these followed once, and twice.
    discounts : ndarray of shape (4,), float, or None
        What is subtracted from a count of 0, 1, 2, and 3 or more, in this order.
    n_events : int
        Words that could follow at all: those known, the end of the text, and one
        unknown word.
    """

    def __init__(
        self, children: Any, context: NDArray, discounts: Any, n_events: int
    ) -> None:
        self._children = children
        self._context = context
        self.discounts = discounts
        self.n_events = n_events

    @property
    def total(self) -> NDArray[np.int64]:
        total = self._children.total.take(self._context).astype(np.int64, copy=False)
        return np.maximum(total, 1)  # 0 only for contexts within messages

    @property
    def types(self) -> NDArray[np.int64]:
        return self._children.types.take(self._context).astype(np.int64)

    @property
    def ones(self) -> NDArray[np.int64]:
        return self._children.ones.take(self._context).astype(np.int64)

    @property
    def twos(self) -> NDArray[np.int64]:
        return self._children.twos.take(self._context).astype(np.int64)


class StatisticsOfOne(NamedTuple):
    """`ContextStatistics` of a single context, as Python numbers."""

    total: int
    types: int
    ones: int
    twos: int
    discounts: Any
    n_events: int


class StatisticsOfMany(NamedTuple):
    """Statistics of several contexts; see `ContextStatistics`."""

    total: NDArray[np.int64]
    types: NDArray[np.int64]
    ones: NDArray[np.int64]
    twos: NDArray[np.int64]


def statistics_of_counts(counts: list[int]) -> tuple[int, int, int, int]:
    """Total, types, ones and twos of the counts of the children of a context.

    >>> statistics_of_counts([1, 4, 1, 0])
    (6, 3, 2, 0)
    """
    if len(counts) == 1:  # as most contexts have
        (count,) = counts
        return count, int(count > 0), int(count == 1), int(count == 2)
    types = len(counts) - counts.count(0)
    return sum(counts), types, counts.count(1), counts.count(2)
