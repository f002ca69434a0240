"""The children of a single context, and a cache of these."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ._children import sums_before
from ._columns import listed
from ._context_statistics import statistics_of_counts

_MAX_CACHED = 1 << 20
"""Limit of the size of a `ChildrenCache`, in children."""

_FEW = 256
_NONE = None, None


def are_few(n_children: int) -> bool:
    """Whether so many children are few enough for lists, rather than arrays."""
    return n_children <= _FEW


class ChildrenOfOne:
    """The children of a single context, sorted by word, for draws of a single child.

    Parameters
    ----------
    row, count : list of int or ndarray of int
        Row and count of each child, in lists if they `are_few`. A child with count 0 was
        forgotten.
    word : ndarray of int64, default=None
        The last word of each child; `with_counts` needs it.

    Examples
    --------
    >>> children = ChildrenOfOne(range(7, 9), [1, 4])
    >>> children.draw(0.1), children.draw(0.9)  # 0.5 of 1, 4.5 of 1 + 4
    ((7, 0.5), (8, 3.5))
    >>> children.statistics
    (5, 2, 1, 0)
    """

    __slots__ = ("_cumulative", "_statistics", "count", "row", "word")

    def __init__(self, row: Any, count: Any, word: NDArray | None = None) -> None:
        self.row = row
        self.count = count
        self.word = word
        self._cumulative: Any = None
        self._statistics: Any = None

    @classmethod
    def of(cls, rows: range, counts: Any) -> ChildrenOfOne:
        """The children in some rows of their level, given the column of its counts."""
        if are_few(len(rows)):
            return cls(rows, listed(counts, rows))
        return cls(rows, counts[rows.start : rows.stop].astype(np.int64))

    @property
    def cumulative(self) -> Any:
        """Cumulative sums of the counts, from 0, as Python numbers."""
        if self._cumulative is None:
            self._cumulative = (
                [0, *accumulate(self.count)]
                if isinstance(self.count, list)
                else sums_before(self.count, np.int64).data
            )
        return self._cumulative

    def draw(self, chance: float) -> tuple[int, float]:
        """Draw a child by its count, given a uniform number in [0, 1).

        Returns its row and an offset, as of `Children.draw`.
        """
        cumulative = self.cumulative
        place = chance * cumulative[-1]
        child = bisect_right(cumulative, int(place)) - 1
        return int(self.row[child]), place - cumulative[child]

    @property
    def statistics(self) -> tuple[int, int, int, int]:
        """`total`, `types`, `ones` and `twos`, as Python numbers."""
        if self._statistics is None:
            count = self.count
            if isinstance(count, list):
                self._statistics = statistics_of_counts(count)
            else:
                kinds = count != 0, count == 1, count == 2
                how_many = map(int, map(np.count_nonzero, kinds))
                self._statistics = int(count.sum()), *how_many
        return self._statistics

    @property
    def seen(self) -> NDArray[np.int64]:
        """Rows of the children with a count above 0."""
        return np.asarray(self.row, np.int64)[np.asarray(self.count, np.int64) > 0]

    def with_counts(self, changed: dict[int, tuple[int, int]]) -> ChildrenOfOne:
        """The children with some counts changed, and children added.

        Parameters
        ----------
        changed : dict of int to (int, int)
            For each word, the row of the child and its count.

        Returns
        -------
        ChildrenOfOne
            In arrays.
        """
        word, count = self.word, self.count.copy()
        assert word is not None
        new_word = np.array(sorted(changed))
        new_row, new_count = np.array([changed[w] for w in new_word.tolist()]).T
        place = word.searchsorted(new_word)
        is_known = place < len(word)
        is_known[is_known] = word[place[is_known]] == new_word[is_known]
        count[place[is_known]] = new_count[is_known]
        if is_known.all():
            return ChildrenOfOne(self.row, count, word)
        is_new = ~is_known
        columns = (self.row, new_row), (count, new_count), (word, new_word)
        return ChildrenOfOne(
            *(_inserted(old, place[is_new], new[is_new]) for old, new in columns)
        )


def _inserted(values, place, new):
    """Insert new values before some places, as `numpy.insert`.

    Values before the first place are copied at once, which is faster.

    >>> _inserted(np.array([1, 2, 4]), np.array([2, 3]), np.array([3, 5]))
    array([1, 2, 3, 4, 5])
    """
    first = place[0]
    return np.concatenate(
        [values[:first], np.insert(values[first:], place - first, new)]
    )


class ChildrenCache:
    """A cache of the children of single contexts.

    Several threads may read at a time; `set_count` must not run beside other threads.
    """

    def __init__(self):
        self._children = {}  # by context: the children, and counts set since, by word
        self._size = 0

    def copy(self):
        """An independent copy."""
        other = object.__new__(ChildrenCache)
        other._size = self._size
        other._children = {
            context: (children, counts and counts.copy())
            for context, (children, counts) in list(self._children.items())
        }
        return other

    def of(self, context, find):
        """The children of a context; calls ``find(context)`` if they are not cached.

        The cache is emptied when it would exceed its size.
        """
        children, counts = self._children.get(context, _NONE)
        if children is None:
            children = find(context)
            size = len(children.row) + 1
            if self._size + size > _MAX_CACHED:
                self._children = {}
                self._size = 0
            self._children[context] = children, None
            self._size += size
        elif counts:
            children = children.with_counts(counts)
            self._children[context] = children, None
        return children

    def set_count(self, context, row, word, count):
        """Change the count of a child, if the children of its context are cached.

        Few children are removed from the cache instead: they are found again quickly.
        """
        children, counts = self._children.get(context, _NONE)
        if children is None:
            return
        if are_few(len(children.row)):
            del self._children[context]
            self._size -= len(children.row) + 1
            return
        if counts is None:
            counts = {}
            self._children[context] = children, counts
        counts[word] = row, count
