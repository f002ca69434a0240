"""The children of contexts: what a smoothing knows of them, and how one is drawn."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ._columns import listed

_TABLE_SIZE, _MEAN_COUNT = 1 << 24, 16
"""The inverse of the cumulative counts is a table up to this many entries, or up to
this many for each child."""

_MAX_AT_HAND = 1 << 20
"""Children of single contexts that are kept."""

_FEW = 256
_NONE = None, None


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
        total = self._children.total[self._context].astype(np.int64)
        return np.maximum(total, 1)  # 0 only where there are messages alone

    @property
    def types(self) -> NDArray[np.int64]:
        return self._children.types[self._context].astype(np.int64)

    @property
    def ones(self) -> NDArray[np.int64]:
        return self._children.ones[self._context].astype(np.int64)

    @property
    def twos(self) -> NDArray[np.int64]:
        return self._children.twos[self._context].astype(np.int64)


class StatisticsOfOne(NamedTuple):
    """`ContextStatistics` of a single context, as Python numbers."""

    total: int
    types: int
    ones: int
    twos: int
    discounts: Any
    n_events: int


class Children:
    """The children of some contexts, side by side, with their counts.

    They are those of all contexts of an order, or of the few that were asked about.

    Parameters
    ----------
    first : ndarray of shape (n_contexts + 1,), int
        Where the children of each context begin.
    count : ndarray of shape (n_children,), int
        Counts or continuation counts.
    row : ndarray of shape (n_children,), int64, default=None
        Rows of the children in their level; None where the first is row 0, and so on.

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
        """How many children of each context fulfil a condition."""
        return np.diff(sums_before(condition)[self.first])

    def draw(
        self, context: NDArray, chance: NDArray
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Draw a child of each context by its count.

        Parameters
        ----------
        context : ndarray of int
            Contexts that were seen with a word after them.
        chance : ndarray of float64
            A random number from [0, 1) for each.

        Returns
        -------
        row : ndarray of int64
            Rows of the n-grams drawn.
        offset : ndarray of float64
            Where among the n-gram's counts the draw fell, from 0 to its count.
        """
        start = self.cumulative[self.first[context]]
        total = self.total[context]
        place = chance * total
        child = self._child_at(start + np.minimum(place.astype(np.int64), total - 1))
        offset = place + (start - self.cumulative[child])
        return child if self.row is None else self.row[child], offset

    @cached_property
    def _inverse(self):
        """The child that covers each integer; None where a search takes less time."""
        if self.row is not None:
            return None  # of a few contexts, asked about once
        if self.cumulative[-1] > max(_TABLE_SIZE, _MEAN_COUNT * len(self.count)):
            return None  # a count in a file of a stranger may be of any size
        return np.repeat(np.arange(len(self.count), dtype=np.int32), self.count)

    def _child_at(self, number):
        if self._inverse is None:
            return np.searchsorted(self.cumulative, number, side="right") - 1
        return self._inverse[number].astype(np.int64)


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


def statistics_of_counts(counts: list[int]) -> tuple[int, int, int, int]:
    """Total, types, ones and twos of the children of a context.

    >>> statistics_of_counts([1, 4, 1, 0])
    (6, 3, 2, 0)
    """
    if len(counts) == 1:  # as most contexts have
        (count,) = counts
        return count, int(count > 0), int(count == 1), int(count == 2)
    types = len(counts) - counts.count(0)
    return sum(counts), types, counts.count(1), counts.count(2)


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


def sums_before(values, dtype=None):
    """Sums of all values before each place, and of all at the end.

    None is the smallest type that holds them.

    >>> import numpy as np
    >>> sums_before(np.array([2, 0, 3])).tolist()
    [0, 2, 2, 5]
    """
    if dtype is None:
        dtype = np.min_scalar_type(-values.sum(dtype=np.int64) - 1)
    sums = np.zeros(len(values) + 1, dtype)
    np.cumsum(values, out=sums[1:])
    return sums
