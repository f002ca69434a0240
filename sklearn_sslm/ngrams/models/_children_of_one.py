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

_MAX_AT_HAND = 1 << 20
"""Children of single contexts that are kept."""

_FEW = 256
_NONE = None, None


def are_few(n_children: int) -> bool:
    """Whether so many children of a context are kept in lists, as arrays take longer."""
    return n_children <= _FEW


class ChildrenOfOne:
    """The children of a single context, in the order of their words.

    Words are drawn from them one by one. Few are in lists, many in arrays.

    Parameters
    ----------
    row, count : sequence of int
        Row and count of each. A child with count 0 was forgotten.
    word : ndarray of int64, default=None
        The last word of each, if other counts may be set.

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
        """The children in some rows, of which some column holds the counts."""
        if are_few(len(rows)):
            return cls(rows, listed(counts, rows))
        return cls(rows, counts[rows.start : rows.stop].astype(np.int64))

    @property
    def cumulative(self) -> Any:
        """The sum of the counts before each child, and of all, as Python numbers."""
        if self._cumulative is None:
            self._cumulative = (
                [0, *accumulate(self.count)]
                if isinstance(self.count, list)
                else sums_before(self.count, np.int64).data
            )
        return self._cumulative

    def draw(self, chance: float) -> tuple[int, float]:
        """Draw a child by its count, with a number from [0, 1); see `Children.draw`."""
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
        """Rows of the children that were not forgotten."""
        return np.asarray(self.row, np.int64)[np.asarray(self.count, np.int64) > 0]

    def with_counts(self, changed: dict[int, tuple[int, int]]) -> ChildrenOfOne:
        """The same, in arrays, with other counts of some, of which some may be new.

        Parameters
        ----------
        changed : dict of int to (int, int)
            By word, the row of the child and its count.
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
    """Values with new ones before some places; what is before all of these is copied.

    >>> _inserted(np.array([1, 2, 4]), np.array([2, 3]), np.array([3, 5]))
    array([1, 2, 3, 4, 5])
    """
    first = place[0]
    return np.concatenate(
        [values[:first], np.insert(values[first:], place - first, new)]
    )


class ChildrenCache:
    """The children of single contexts, kept for the next question about them.

    Several threads may ask at a time; one that sets counts has to be alone.
    """

    def __init__(self):
        self._children = {}  # by context, and the counts that were set since, by word
        self._size = 0

    def copy(self):
        """The same, of which either can be changed."""
        other = object.__new__(ChildrenCache)
        other._size = self._size
        other._children = {
            context: (children, counts and counts.copy())
            for context, (children, counts) in list(self._children.items())
        }
        return other

    def of(self, context, find):
        """The children of a context, which `find` returns if they are not at hand.

        Where there are too many children then, the others are forgotten.
        """
        children, counts = self._children.get(context, _NONE)
        if children is None:
            children = find(context)
            size = len(children.row) + 1
            if self._size + size > _MAX_AT_HAND:
                self._children = {}
                self._size = 0
            self._children[context] = children, None
            self._size += size
        elif counts:
            children = children.with_counts(counts)
            self._children[context] = children, None
        return children

    def set_count(self, context, row, word, count):
        """Keep another count of a child, if the children of its context are at hand.

        Few children are soon found again.
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
