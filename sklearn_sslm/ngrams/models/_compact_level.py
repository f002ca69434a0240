"""The n-grams of one order in integers of few bits."""

from __future__ import annotations

from bisect import bisect_left
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..counting import Level, LevelBase, LookUps, pack
from ._columns import PackedIntegers, RisingIntegers

_MANY = 32
"""The words after a context with more children are unpacked, and cached."""

_MAX_UNPACKED = 1 << 20
"""Limit of the cache of unpacked words."""


class CompactLevel(LevelBase):
    """A read-only `Level` in packed columns, without keys.

    N-grams are sorted by context, then word. Only last words are stored: the context of
    an n-gram follows from `first_child`.

    Parameters
    ----------
    word : PackedIntegers of shape (n_ngrams,), or None
        Ids of the last words; None where the row of a word is its id.
    count : PackedIntegers of shape (n_ngrams,)
        Adjusted counts.
    suffix : PackedIntegers of shape (n_ngrams,)
        The row of the last k − 1 words in the level below.
    first_child : RisingIntegers of shape (n_contexts + 1,)
        The row of the first child of each context.
    followed : PackedIntegers of shape (n_contexts,), default=None
        1 if a predicted word follows the context; see `LevelBase`.
    """

    def __init__(
        self,
        word: PackedIntegers | None,
        count: PackedIntegers,
        suffix: PackedIntegers,
        first_child: RisingIntegers,
        followed: PackedIntegers | None = None,
    ) -> None:
        self.words = word
        self.count = count
        self.suffix = suffix
        self.first_child = first_child
        self.followed = followed

    @classmethod
    def of(cls, level: Any, count: Any, is_of_words: bool) -> CompactLevel:
        """The compact form of a level.

        Parameters
        ----------
        level : Level
        count : ndarray of shape (n_ngrams,), int
            Adjusted counts.
        is_of_words : bool
            Whether the order is 1, so that the row of a word is its id.

        Returns
        -------
        CompactLevel
        """
        return cls(
            word=None if is_of_words else PackedIntegers.of(level.word),
            count=PackedIntegers.of(count),
            suffix=PackedIntegers.of(level.suffix),
            first_child=RisingIntegers.of(level.first_child),
            followed=level.followed
            if level.followed is None
            else PackedIntegers.of(level.followed),
        )

    is_plain = False
    given = None

    def __len__(self) -> int:
        return len(self.count)

    def plain(self) -> Level:
        """The same n-grams as a `Level`, with adjusted counts."""
        first_child = np.asarray(self.first_child, dtype=np.int32)
        sizes = np.diff(first_child)
        context = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
        word = self.word_at(np.arange(len(self)))
        return Level(
            key=pack(context, word),
            count=np.asarray(self.count, dtype=np.int32),
            suffix=np.asarray(self.suffix, dtype=np.int32),
            first_child=first_child,
            given=None if self.followed is None else np.zeros(len(self), np.int32),
        )

    def word_at(self, row: NDArray) -> NDArray[np.int32]:
        """Ids of the last words of some rows, int32."""
        word = row if self.words is None else self.words[row]
        return word.astype(np.int32)

    def word_at_one(self, row: int) -> int:
        """`word_at` for a Python number."""
        return row if self.words is None else self.words.item(row)

    def context_at(self, row: NDArray) -> NDArray[np.int64]:
        """Rows, in the level below, of the first k − 1 words of some n-grams, int64."""
        # The last context whose first child is not after the n-gram, by binary search.
        low = np.zeros(len(row), dtype=np.int64)
        high = np.full(len(row), len(self.first_child) - 1)
        while (high - low > 1).any():
            middle = (low + high) >> 1
            before = self.first_child[middle] <= row
            low, high = np.where(before, middle, low), np.where(before, high, middle)
        return low

    def child_range(self, context: int) -> range:
        """See `LevelBase.child_range`."""
        return range(*self.first_child.two(context))

    def find(self, context: NDArray, word: NDArray) -> NDArray[np.int64]:
        """See `LevelBase.find`."""
        context, word = np.broadcast_arrays(context, word)
        if self.words is None:
            return np.where((context == 0) & (word < len(self)), word, -1)
        known = np.maximum(context, 0)
        row, end = self.first_child[known], self.first_child[known + 1]
        end[context < 0] = row[context < 0]
        beyond = end.copy()
        going = np.flatnonzero(row < end)
        while len(going):
            low, high = row[going], end[going]
            middle = (low + high) >> 1
            below = self.words[middle] < word[going]
            row[going] = np.where(below, middle + 1, low)
            end[going] = np.where(below, high, middle)
            going = going[row[going] < end[going]]
        within = np.flatnonzero(row < beyond)
        hit = within[self.words[row[within]] == word[within]]
        found = np.full(len(row), -1)
        found[hit] = row[hit]
        return found

    def find_one(self, context: int, word: int) -> int:
        """`find` for Python numbers."""
        if self.words is None:
            return word if context == 0 and word < len(self) else -1
        first, last = self.first_child.two(context)
        return self.words.index(word, first, last)

    def look_ups(self) -> LookUps:
        if self.words is None:
            return super().look_ups()
        span, words, index = self.first_child.two, self.words, self.words.index
        unpacked: dict[int, Any] = {}  # by context with many children
        n_unpacked = 0

        def find(context, word):
            nonlocal n_unpacked
            known = unpacked.get(context)
            if known is not None:
                first, after = known
                row = bisect_left(after, word)
                return first + row if row < len(after) and after[row] == word else -1
            first, last = span(context)
            if last - first > _MANY:
                if n_unpacked > _MAX_UNPACKED:
                    unpacked.clear()
                    n_unpacked = 0
                n_unpacked += last - first
                after = words[np.arange(first, last)].astype(np.int32)
                unpacked[context] = first, after.data
            return index(word, first, last)

        def has_child(context):
            first, last = span(context)
            return first < last

        if self.followed is not None:
            has_child = self.has_child
        return find, has_child, self.suffix.item
