"""The n-grams of one order, as sorted arrays."""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ._sorting import WORD_BITS, first_children

_WORD_MASK = (1 << WORD_BITS) - 1

LookUps: TypeAlias = tuple[
    Callable[[int, int], int], Callable[[int], bool], Callable[[int], int]
]
"""Functions that return a child of a context, whether it has children, and its suffix."""


def pack(context: NDArray, word: NDArray) -> NDArray[np.int64]:
    """The sort key of an n-gram: the row of its context, then its word.

    >>> import numpy as np
    >>> pack(np.array([0, 1]), np.array([7, 2])).tolist()
    [7, 4294967298]
    """
    key = np.left_shift(context, WORD_BITS, dtype=np.int64)
    key |= word
    return key


class LevelBase(ABC):
    """Base class of levels, with the methods that depend on `first_child` only.

    Subclasses provide the columns ``first_child``, ``suffix`` and ``count``, the method
    `find_one`, and ``followed``: whether a predicted word follows each context, or None
    if this is so for all contexts with children. N-grams within messages are contexts of
    replies only, with a count of 0. Stored n-grams may be blank.
    """

    first_child: Any
    suffix: Any
    count: Any
    find_one: Any
    followed: Any

    @property
    def has_messages(self) -> bool:
        """Whether there are n-grams of messages, which are contexts of replies only."""
        return self.followed is not None

    def children(self, context: int) -> NDArray:
        """The rows of the children of a context, sorted by word."""
        rows = self.child_range(context)
        return np.arange(rows.start, rows.stop)

    def child_range(self, context: int) -> range:
        """`children` as Python numbers."""
        return range(self.first_child.item(context), self.first_child.item(context + 1))

    def n_children(self, contexts: NDArray) -> NDArray[np.int64]:
        """The number of children of each context."""
        return self.first_child[contexts + 1] - self.first_child[contexts]

    def rows_of(self, contexts: NDArray) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The rows of the children of several contexts, concatenated.

        Parameters
        ----------
        contexts : ndarray of shape (n_contexts,), int

        Returns
        -------
        rows : ndarray of shape (n_children,), int64
        first : ndarray of shape (n_contexts + 1,), int64
            The index in `rows` of the first child of each context.
        """
        begins = self.first_child[contexts].astype(np.int64)
        sizes = self.first_child[contexts + 1] - begins
        first = np.zeros(len(sizes) + 1, dtype=np.int64)
        np.cumsum(sizes, out=first[1:])
        # begins [5, 0] and sizes [2, 3] -> [5, 6, 0, 1, 2]
        rows = np.arange(first[-1])
        rows += np.repeat(begins - first[:-1], sizes)
        return rows, first

    def has_children(self, context: NDArray) -> NDArray[np.bool_]:
        """Whether a predicted word follows each context."""
        if self.followed is not None:
            return self.followed[context].astype(bool)
        return self.first_child[context] < self.first_child[context + 1]

    def look_ups(self) -> LookUps:
        """Faster versions of `find_one`, `has_child` and ``suffix.item``, for many calls."""
        return self.find_one, self.has_child, self.suffix.item

    def has_child(self, context: int) -> bool:
        """`has_children` for a Python number."""
        if self.followed is not None:
            return bool(self.followed.item(context))
        return self.first_child.item(context) < self.first_child.item(context + 1)

    @abstractmethod
    def find(self, context: NDArray, word: NDArray) -> NDArray[np.int64]:
        """The rows of the n-grams (context, word); −1 for n-grams that do not exist.

        Parameters
        ----------
        context : ndarray of int
            Rows of the level below; −1 is a context that was never seen.
        word : ndarray of int
            Word ids, not negative.

        Returns
        -------
        ndarray of int64
        """


@dataclass(frozen=True)
class Level(LevelBase):
    """All n-grams of one order k, sorted by context, then word.

    The children of a context, a row of the level below, are the contiguous rows
    ``first_child[row]`` to ``first_child[row + 1]``.

    Attributes
    ----------
    key : ndarray of shape (n_ngrams,), int64
        Row of the first k − 1 words in the level below and, in the low 32 bits,
        the id of the last word.
    count : ndarray of shape (n_ngrams,), int
        The count of the n-gram, where its last word is predicted.
    suffix : ndarray of shape (n_ngrams,), int32
        The row of the last k − 1 words in the level below.
    first_child : ndarray of shape (n_contexts + 1,), int
        The row of the first child of each context.
    given : ndarray of shape (n_ngrams,), int, or None
        The count of the n-gram as a context only: within messages, the start of the reply
        included. None without messages.
    is_context : ndarray of shape (n_contexts,), bool, or None
        For stored n-grams, which contexts with children `has_children` is True for; None
        for all of them.
    """

    key: np.ndarray
    count: np.ndarray
    suffix: np.ndarray
    first_child: np.ndarray
    given: np.ndarray | None = None
    is_context: np.ndarray | None = None

    @classmethod
    def of_words(cls, count: NDArray, given: NDArray | None = None) -> Level:
        """The lowest level, where the row of a word is its id."""
        return cls(
            key=np.arange(len(count), dtype=np.int64),
            count=count,
            suffix=np.zeros(len(count), dtype=np.int32),
            first_child=np.array([0, len(count)], dtype=np.int32),
            given=given,
        )

    def __len__(self) -> int:
        return len(self.key)

    def __repr__(self):
        return f"Level(n_ngrams={len(self)})"

    @cached_property
    def followed(self) -> NDArray[np.bool_] | None:
        """See `LevelBase`."""
        if self.given is None:
            return self.is_context
        n_counted = np.zeros(len(self) + 1, dtype=np.int32)
        np.cumsum(self.count != 0, out=n_counted[1:])
        return np.diff(n_counted[self.first_child]) > 0

    @property
    def has_messages(self) -> bool:
        """See `LevelBase`."""
        return self.given is not None

    @property
    def occurrences(self) -> NDArray:
        """The count of each n-gram, in messages and elsewhere."""
        return self.count if self.given is None else self.count + self.given

    @property
    def word(self) -> NDArray[np.int32]:
        """The id of the last word of each n-gram, int32."""
        return self.key.astype(np.int32)

    def word_at(self, row: NDArray) -> NDArray[np.int32]:
        """Ids of the last words of some rows, int32."""
        return self.key[row].astype(np.int32)

    @property
    def context(self) -> NDArray[np.int32]:
        """Rows of the first k − 1 words in the level below, int32."""
        return (self.key >> WORD_BITS).astype(np.int32)

    def context_at(self, row: NDArray) -> NDArray[np.int64]:
        """Rows, in the level below, of the first k − 1 words of some n-grams, int64."""
        return self.key[row] >> WORD_BITS

    @property
    def is_plain(self) -> bool:
        """Whether the columns are in plain arrays in memory."""
        return all(
            column is None or column.dtype == np.int32
            for column in (self.count, self.given)
        )

    def plain(self) -> Level:
        """The same n-grams with columns in plain arrays in memory; counts in int32."""
        given = self.given
        return replace(
            self,
            count=np.asarray(self.count, dtype=np.int32),
            given=None if given is None else np.asarray(given, dtype=np.int32),
        )

    def context_and_word(self, row: int) -> tuple[int, int]:
        """Its context's row and its last word, for one n-gram, as Python numbers."""
        key = self.key.item(row)
        return key >> WORD_BITS, key & _WORD_MASK

    def find(self, context: NDArray, word: NDArray) -> NDArray[np.int64]:
        """See `LevelBase.find`."""
        needle = pack(context, word)
        row = np.searchsorted(self.key, needle)
        row[row == len(self.key)] = 0
        missing = self.key[row] != needle if len(self.key) else True
        row[missing] = -1
        return row

    def find_among_children(self, context: NDArray, word: NDArray) -> NDArray[np.int64]:
        """`find` for n-grams in any order, whose contexts have few children.

        Parameters
        ----------
        context : ndarray of int
            None is negative; what is behind the last row has no children.
        word : ndarray of int

        Returns
        -------
        ndarray of int64
        """
        needle = pack(context, word)
        if not len(self):
            return np.full(len(needle), -1)
        first = self.first_child.take(context, mode="clip").astype(np.int64)
        size = self.first_child.take(context + 1, mode="clip") - first
        # Half of the children are left in each step, until one is.
        at = np.flatnonzero(size > 1)
        left = at, first.take(at), size.take(at), needle.take(at)
        while len(left[0]):
            at, low, size, sought = left
            half = size >> 1
            middle = low + half
            low = np.where(self.key.take(middle) <= sought, middle, low)
            first[at] = low
            size -= half
            on = np.flatnonzero(size > 1)
            left = at.take(on), low.take(on), size.take(on), sought.take(on)
        found = self.key.take(first, mode="clip") == needle
        return np.where(found, first, -1)

    def word_at_one(self, row: int) -> int:
        """`word_at` for a Python number."""
        return self.key.item(row) & _WORD_MASK

    def find_one(self, context: int, word: int) -> int:
        """`find` for Python numbers."""
        first = self.first_child
        if self._is_of_words:
            return word if word < len(self) else -1
        # For few children, a binary search in Python is faster than a call of NumPy.
        end, needle = first.item(context + 1), context << WORD_BITS | word
        row = bisect_left(self.key.data, needle, first.item(context), end)
        return row if row < end and self.key.item(row) == needle else -1

    @cached_property
    def _is_of_words(self) -> bool:
        """Whether a word has the row of its id, after the only context."""
        # So it is in the lowest level, but not wherever one n-gram is the only context.
        is_only = len(self.first_child) == 2
        return is_only and self.key[-1:].tolist() == [len(self) - 1]

    def look_ups(self) -> LookUps:
        # As `find_one` and `has_child`, without what they ask of the arrays each time.
        key, first = self.key.data, self.first_child.data

        def find(context, word):
            end, needle = first[context + 1], context << WORD_BITS | word
            row = bisect_left(key, needle, first[context], end)
            return row if row < end and key[row] == needle else -1

        def find_word(_, word):
            return word if word < len(key) else -1

        def has_child(context):
            return first[context] < first[context + 1]

        if self.followed is not None:
            has_child = self.followed.data.__getitem__
        suffix = self.suffix.data.__getitem__
        return find_word if self._is_of_words else find, has_child, suffix


def keep_rows(
    level: Level, rows: NDArray | slice, contexts: NDArray, n_contexts: int
) -> tuple[Level, NDArray[np.int32]]:
    """A level with some of its rows, given the new row of each context.

    Returns
    -------
    kept : Level
    places : ndarray of int32
        The new row of each row; undefined for the rows left out.
    """
    key = pack(contexts[level.context[rows]], level.word[rows])
    kept = Level(
        key=key,
        count=level.count[rows],
        suffix=contexts[level.suffix[rows]],
        first_child=first_children(key, n_contexts),
        given=None if level.given is None else level.given[rows],
    )
    places = np.zeros(len(level), dtype=np.int32)
    places[rows] = np.arange(len(kept))
    return kept, places
