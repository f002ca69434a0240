"""A cache of the ids of words, by their bytes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ._byte_words import MAX_LENGTH, ByteWords, differ_behind

NOT_CACHED = np.iinfo(np.int32).min
"""Stands for the id of a word that is not in the cache."""

_FIRST_BITS, _MAX_LOAD = 12, 4
"""The initial number of slots, as a power of two; the minimal number of slots a word."""

_MAX_WORDS = 1 << 18
"""Limit of the number of words; words that occur early are the most frequent ones."""


class WordCache:
    """A hash table without probing: a word whose slot is taken is not stored.

    As it is a cache, words that are not in it are looked up elsewhere.

    Examples
    --------
    >>> cache, words = WordCache(), ByteWords.of(b"a b a")
    >>> cache.add(words, np.array([0]), np.array([7]))
    >>> cache.find(words).tolist() == [7, NOT_CACHED, 7]
    True
    """

    def __init__(self) -> None:
        self._n_bits = _FIRST_BITS
        self._slots = np.zeros(1 << _FIRST_BITS, dtype=np.int32)
        # The words; the first one, of free slots, is equal to no word.
        self._size, self._n_bytes = 1, 0
        self._head = np.zeros(1, dtype=np.uint64)
        self._length = np.zeros(1, dtype=np.int64)
        self._start = np.zeros(1, dtype=np.int64)
        self._hash = np.zeros(1, dtype=np.uint64)
        self._id = np.full(1, NOT_CACHED, dtype=np.int32)
        self._bytes = np.zeros(MAX_LENGTH, dtype=np.uint8)

    def find(self, words: ByteWords) -> NDArray[np.int32]:
        """The ids of words; `NOT_CACHED` for words that are not in the cache."""
        entry = self._slots.take(self._slot(words.hashes))
        same = self._head.take(entry) == words.heads
        same &= self._length.take(entry) == words.lengths
        ids = np.where(same, self._id.take(entry), NOT_CACHED)
        start = self._start.take(entry)
        ids[differ_behind(words, self._bytes, start, same)] = NOT_CACHED
        return ids

    def __len__(self) -> int:
        return self._size - 1

    def __reduce__(self):
        return WordCache, ()  # files and other processes get an empty one

    @property
    def words(self) -> ByteWords:
        """The words in the cache."""
        columns = self._start, self._length, self._head, self._hash
        words = slice(1, self._size)
        return ByteWords(self._bytes.tobytes(), *(column[words] for column in columns))

    @property
    def ids(self) -> NDArray[np.int32]:
        """Their ids."""
        return self._id[1 : self._size]

    def with_more(self, words: ByteWords, nth: NDArray, ids: NDArray) -> WordCache:
        """A cache with other words, too, which `add` describes; this one is not changed."""
        more = WordCache()
        vars(more).update(vars(self))
        more._slots = self._slots.copy()
        # Columns without room, so that they are copied before anything is appended.
        for name in ("_head", "_length", "_start", "_hash", "_id"):
            setattr(more, name, getattr(self, name)[: self._size])
        more._bytes = self._bytes[: self._n_bytes + MAX_LENGTH]
        more.add(words, nth, ids)
        return more

    def add(self, words: ByteWords, nth: NDArray, ids: NDArray) -> None:
        """Add the words with the given indices, of at most `MAX_LENGTH` bytes, and ids.

        Words whose slot is taken, or beyond `_MAX_WORDS`, are left out.
        """
        nth, ids = (values[: _MAX_WORDS - self._size] for values in (nth, ids))
        self._make_room(self._size + len(nth))
        slot, first = np.unique(self._slot(words.hashes[nth]), return_index=True)
        is_free = self._slots[slot] == 0
        slot, first = slot[is_free], first[is_free]
        nth, ids = nth[first], ids[first]
        before, self._size = self._size, self._size + len(nth)
        self._head = _with(self._head, before, words.heads[nth])
        self._length = _with(self._length, before, words.lengths[nth])
        spelled, offsets = words.gathered(nth)
        self._start = _with(self._start, before, self._n_bytes + offsets)
        self._hash = _with(self._hash, before, words.hashes[nth])
        self._id = _with(self._id, before, ids)
        padded = np.append(spelled, np.zeros(MAX_LENGTH, dtype=np.uint8))
        self._bytes = _with(self._bytes, self._n_bytes, padded)
        self._n_bytes += len(spelled)
        self._slots[slot] = np.arange(before, self._size)

    def _make_room(self, size):
        """Increase the number of slots for `size` words; stored words do not collide."""
        if size * _MAX_LOAD <= len(self._slots):
            return
        while size * _MAX_LOAD > 1 << self._n_bits:
            self._n_bits += 2
        self._slots = np.zeros(1 << self._n_bits, dtype=np.int32)
        slot = self._slot(self._hash[1 : self._size])
        self._slots[slot] = np.arange(1, self._size)

    def _slot(self, hashes):
        return (hashes >> np.uint64(64 - self._n_bits)).view(np.int64)


def _with(values, size, more):
    """Append values to the first ones of an array, in place if it is long enough."""
    if size + len(more) > len(values):
        longer = np.zeros(2 * (size + len(more)), dtype=values.dtype)
        longer[:size] = values[:size]
        values = longer
    values[size : size + len(more)] = more
    return values
