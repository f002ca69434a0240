"""The children of some contexts: how one is drawn, and the statistics of all."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

_TABLE_SIZE, _MEAN_COUNT = 1 << 24, 16
"""Limit of the size of the inverse of the cumulative counts as a table: the larger of
this number of entries, and of so many for each child."""


class Children:
    """The children of several contexts, all those of an order or some, with their counts.

    Parameters
    ----------
    first : ndarray of shape (n_contexts + 1,), int
        The index of the first child of each context.
    count : ndarray of shape (n_children,), int
        Counts or continuation counts.
    row : ndarray of shape (n_children,), int64, default=None
        Rows of the children in their level; None means 0, 1, 2, ….

    Attributes
    ----------
    cumulative : ndarray of shape (n_children + 1,), int
        Sum of the counts before each child. The children of a context cover a
        contiguous range; a child with count c covers c integers, so that a uniform
        integer selects children in proportion to their counts.
    total, types, ones, twos : ndarray of shape (n_contexts,), int
        See `ContextStatistics`.

    Examples
    --------
    >>> import numpy as np
    >>> children = Children(np.array([0, 2, 3]), np.array([1, 4, 2]))
    >>> children.total.tolist(), children.types.tolist(), children.ones.tolist()
    ([5, 2], [2, 1], [1, 0])
    >>> children.draw(np.array([0, 0]), np.array([0.1, 0.9]))  # 0.5 of 1, 4.5 of 1 + 4
    (array([0, 1]), array([0.5, 3.5]))
    """

    def __init__(self, first: Any, count: Any, row: Any = None) -> None:
        self.first = first
        self.count = count
        self.row = row

    @cached_property
    def cumulative(self):
        return sums_before(self.count)

    @cached_property
    def total(self):
        return np.diff(self.cumulative[self.first])

    @cached_property
    def types(self):
        return self._how_many(self.count > 0)

    @cached_property
    def ones(self):
        return self._how_many(self.count == 1)

    @cached_property
    def twos(self):
        return self._how_many(self.count == 2)

    def _how_many(self, condition):
        """The number of children of each context that fulfil a condition."""
        return np.diff(sums_before(condition)[self.first])

    def draw(
        self, context: NDArray, chance: NDArray
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Draw a child of each context by its count.

        Parameters
        ----------
        context : ndarray of shape (n_draws,), int
            Indices of contexts that have children.
        chance : ndarray of shape (n_draws,), float64
            Uniform random numbers from [0, 1).

        Returns
        -------
        row : ndarray of int64
            Rows of the n-grams drawn.
        offset : ndarray of float64
            Uniform random numbers from 0 to the count of each n-gram drawn.
        """
        start = self.cumulative[self.first[context]]
        total = self.total[context]
        place = chance * total
        child = self._child_at(start + np.minimum(place.astype(np.int64), total - 1))
        offset = place + (start - self.cumulative[child])
        return child if self.row is None else self.row[child], offset

    @cached_property
    def _inverse(self):
        """The child that covers each integer; None if a binary search is better.

        Counts [1, 0, 2] -> [0, 2, 2].
        """
        if self.row is not None:
            return None  # for draws of a few contexts, once
        if self.cumulative[-1] > max(_TABLE_SIZE, _MEAN_COUNT * len(self.count)):
            return None  # counts of an untrusted file may be of any size
        return np.repeat(np.arange(len(self.count), dtype=np.int32), self.count)

    def _child_at(self, number):
        if self._inverse is None:
            return np.searchsorted(self.cumulative, number, side="right") - 1
        return self._inverse[number].astype(np.int64)


def sums_before(values, dtype=None):
    """Cumulative sums of values, beginning with 0.

    By default their dtype is the smallest signed integer that holds the largest.

    >>> import numpy as np
    >>> sums_before(np.array([2, 0, 3])).tolist()
    [0, 2, 2, 5]
    """
    if dtype is None:
        dtype = np.min_scalar_type(-values.sum(dtype=np.int64) - 1)
    sums = np.zeros(len(values) + 1, dtype)
    np.cumsum(values, out=sums[1:])
    return sums
