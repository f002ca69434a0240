"""N-gram counts as a trie of sorted arrays."""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ._sorting import WORD_BITS, NGramSorter, first_children
from ._token_stream import BOUNDARY, TokenStream

_WORD_MASK = (1 << WORD_BITS) - 1

LookUps: TypeAlias = tuple[
    Callable[[int, int], int], Callable[[int], bool], Callable[[int], int]
]
"""The child of a context, whether it has any, and its suffix."""


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
    """What levels of n-grams answer by where the children of each context begin.

    Subclasses have the columns ``first_child``, ``suffix`` and ``count``, `find_one`, and
    ``followed``: whether each context is followed by a word that was predicted, or None
    if all those with children are. N-grams in messages are only contexts of replies:
    their count is 0.
    """

    first_child: Any
    suffix: Any
    count: Any
    find_one: Any
    followed: Any

    @property
    def has_messages(self) -> bool:
        """Whether there are messages, which are only contexts of replies."""
        return self.followed is not None

    def children(self, context: int) -> NDArray:
        """Rows of the n-grams that go on from one context, in the order of words."""
        first = self.first_child
        return np.arange(first.item(context), first.item(context + 1))

    def rows_of(self, contexts: NDArray) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Rows of the children of some contexts, one context after the other.

        Parameters
        ----------
        contexts : ndarray of shape (n_contexts,), int

        Returns
        -------
        rows : ndarray of shape (n_children,), int64
        first : ndarray of shape (n_contexts + 1,), int64
            Where the children of each context begin among them.
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
        """Whether some contexts were seen with a word after them that was predicted."""
        if self.followed is not None:
            return self.followed[context].astype(bool)
        return self.first_child[context] < self.first_child[context + 1]

    def look_ups(self) -> LookUps:
        """`find_one`, `has_child` and ``suffix.item``, for who calls them often."""
        return self.find_one, self.has_child, self.suffix.item

    def has_child(self, context: int) -> bool:
        """`has_children` for a Python number."""
        if self.followed is not None:
            return bool(self.followed.item(context))
        return self.first_child.item(context) < self.first_child.item(context + 1)

    @abstractmethod
    def find(self, context: NDArray, word: NDArray) -> NDArray[np.int64]:
        """Rows of the n-grams (context, word), −1 where there is none."""

    def find_counted(self, context: NDArray, word: NDArray) -> NDArray[np.int64]:
        """As `find`, and −1 for n-grams that are in messages only."""
        row = self.find(context, word)
        if self.has_messages and len(row):
            row[self.count[row] == 0] = -1
        return row


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
        How often the n-gram occurs, with a last word that is predicted.
    suffix : ndarray of shape (n_ngrams,), int32
        Row of the last k − 1 words in the level below.
    first_child : ndarray of shape (n_contexts + 1,), int
        Where the children of each context begin.
    given : ndarray of shape (n_ngrams,), int, or None
        How often the n-gram occurs as a context only: in messages, of which the start
        of the reply is the last word. None where there are no messages.
    """

    key: np.ndarray
    count: np.ndarray
    suffix: np.ndarray
    first_child: np.ndarray
    given: np.ndarray | None = None

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

    @cached_property
    def followed(self) -> NDArray[np.bool_] | None:
        """See `LevelBase`."""
        if self.given is None:
            return None
        n_counted = np.zeros(len(self) + 1, dtype=np.int32)
        np.cumsum(self.count != 0, out=n_counted[1:])
        return np.diff(n_counted[self.first_child]) > 0

    @property
    def occurrences(self) -> NDArray:
        """How often each n-gram occurs, in messages too."""
        return self.count if self.given is None else self.count + self.given

    @property
    def word(self) -> NDArray[np.int32]:
        """Ids of the last words, int32."""
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
        """Whether others can be added to the counts."""
        return all(
            column is None or column.dtype == np.int32
            for column in (self.count, self.given)
        )

    def plain(self) -> Level:
        """The same n-grams with counts that others can be added to, int32."""
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
        """Rows of the n-grams (context, word), −1 where there is none.

        Parameters
        ----------
        context : ndarray of int
            Rows of the level below; −1 is a context that was never seen.
        word : ndarray of int
            Word ids, not negative.
        """
        needle = pack(context, word)
        row = np.searchsorted(self.key, needle)
        row[row == len(self.key)] = 0
        missing = self.key[row] != needle if len(self.key) else True
        row[missing] = -1
        return row

    def word_at_one(self, row: int) -> int:
        """`word_at` for a Python number."""
        return self.key.item(row) & _WORD_MASK

    def find_one(self, context: int, word: int) -> int:
        """`find` for Python numbers."""
        needle = context << WORD_BITS | word
        row = int(self.key.searchsorted(needle))
        return row if row < len(self.key) and self.key.item(row) == needle else -1

    def look_ups(self) -> LookUps:
        # The few children of a context are searched sooner than NumPy is called.
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
        is_of_words = len(first) == 2  # the root is its only context
        suffix = self.suffix.data.__getitem__
        return find_word if is_of_words else find, has_child, suffix


def _unigrams(stream, n_ids):
    """The lowest level."""
    weights, given = stream.position_weights, None
    count = np.bincount(stream.ids, weights, minlength=n_ids)
    count[BOUNDARY] -= stream.n_texts  # an opening boundary is not predicted
    if stream.n_given is not None:
        is_given = stream.is_given()
        if weights is not None:
            weights = weights[is_given]
        given = np.bincount(stream.ids[is_given], weights, minlength=n_ids)
        given[BOUNDARY] -= stream.n_texts
        count -= given
        given = given.astype(np.int32)
    return Level.of_words(count.astype(np.int32), given)


@dataclass(frozen=True)
class NGramCounts:
    """How often every n-gram of orders 1 to n occurs in a set of texts.

    Of messages with replies, what counts are the words and ends of replies. The words
    of messages are contexts: the n − 2 last ones, and the start of the reply, are the
    beginnings of n-grams that end in the reply. The n-grams that lead there have a row
    too, with a count of 0 unless they also occur in replies.

    Attributes
    ----------
    n : int
        The highest order.
    levels : tuple of Level
        ``levels[k - 1]`` holds order k. Orders that no text is long enough for are
        left out, so there may be fewer than `n`.
    n_texts : int
        Number of texts counted.
    unknown_id : int, default=-1
        Id that stands for all unknown words, if n-grams hold these; −1 if none does.
    most : int
        Words and ends of texts that can be counted in all.
    """

    n: int
    levels: tuple
    n_texts: int
    unknown_id: int = -1
    most: ClassVar[int] = np.iinfo(np.int32).max

    @classmethod
    def from_stream(
        cls,
        stream: TokenStream,
        n: int,
        n_ids: int,
        n_threads: int = 1,
        track: Callable[..., Iterable] = iter,
    ) -> NGramCounts:
        """Count the n-grams of a stream.

        Parameters
        ----------
        stream : TokenStream
        n : int
            The highest order.
        n_ids : int
            Ids in use, the boundary included; the unigrams have one row for each.
        n_threads : int, default=1
            Threads that share the work.
        track : callable, default=iter
            Takes the orders and gives them as they are worked on, for a progress bar.

        Returns
        -------
        NGramCounts

        Examples
        --------
        >>> import numpy as np
        >>> from sklearn_sslm.ngrams import NGramCounts, TokenStream
        >>> stream = TokenStream.from_texts(np.array([1, 2, 1, 3]), np.array([2, 2]))
        >>> counts = NGramCounts.from_stream(stream, 2, n_ids=4)
        >>> counts.levels[0].count  # two ends, word 1 twice, words 2 and 3 once
        array([2, 2, 1, 1], dtype=int32)
        >>> bigrams = counts.levels[1]
        >>> list(zip(bigrams.context.tolist(), bigrams.word.tolist()))
        [(0, 1), (1, 2), (1, 3), (2, 0), (3, 0)]
        >>> bigrams.count
        array([2, 1, 1, 1, 1], dtype=int32)
        """
        windows = index_stream(stream, n, n_ids, n_threads, track)
        return cls(n, tuple(level for level, _ in windows), stream.n_texts)

    def starts_text(self, k: int) -> NDArray[np.intp]:
        """Rows of the n-grams of order k that are seen at the start of texts only.

        Of messages with replies those begin with 0 and have the start of the reply
        inside: what begins with 0 otherwise is the beginning of a reply.
        """
        if k == 1:
            return np.zeros(0, dtype=np.intp)
        rows = np.arange(self.opening(k))
        if not self.has_messages:
            return rows
        inside = np.zeros(1, dtype=bool)
        for order in range(2, k + 1):
            below = self.levels[order - 2]
            context = self.levels[order - 1].context[: self.opening(order)]
            inside = inside[context]
            if order > 2:
                inside |= below.word_at(context) == BOUNDARY
        return rows[inside]

    @property
    def n_ids(self) -> int:
        """Number of ids, the boundary included."""
        return len(self.levels[0])

    @property
    def n_tokens(self) -> int:
        """Number of words and ends of texts and messages."""
        return int(self.levels[0].occurrences.sum(dtype=np.int64))

    @property
    def has_messages(self) -> bool:
        """Whether there are messages, which are contexts of replies only."""
        return self.levels[0].has_messages

    def n_ngrams(self) -> list[int]:
        """Number of different n-grams of each order, as a list of int."""
        return [int(np.count_nonzero(level.count)) for level in self.levels]

    def level(self, k: int) -> Any:
        """The n-grams of order k, none where no text is long enough."""
        if k <= len(self.levels):
            return self.levels[k - 1]
        nothing = np.zeros(0, dtype=np.int32)
        n_contexts = len(self.levels[k - 2]) if k - 2 < len(self.levels) else 0
        first = np.zeros(n_contexts + 1, dtype=np.int32)
        given = nothing if self.has_messages else None
        return Level(nothing.astype(np.int64), nothing, nothing, first, given)

    def with_ids(self, n_ids: int) -> NGramCounts:
        """The same counts with so many ids in use; those left out do not occur."""
        if n_ids == self.n_ids:
            return self
        known = min(n_ids, self.n_ids)

        def resized(column):
            longer = np.zeros(n_ids, dtype=np.int32)
            longer[:known] = column[:known]
            return longer

        lowest = self.levels[0]
        given = None if lowest.given is None else resized(lowest.given)
        levels = [Level.of_words(resized(lowest.count), given), *self.levels[1:]]
        if len(levels) > 1:
            first = self.levels[1].first_child
            ends = np.full(n_ids + 1, first[-1], dtype=first.dtype)
            ends[: known + 1] = first[: known + 1]
            levels[1] = replace(levels[1], first_child=ends)
        return NGramCounts(self.n, tuple(levels), self.n_texts)

    @property
    def is_plain(self) -> bool:
        """Whether the counts are in plain arrays, to which others can be added."""
        return all(level.is_plain for level in self.levels)

    def plain(self) -> NGramCounts:
        """The same counts in plain arrays, which others can be added to."""
        levels = tuple(level.plain() for level in self.levels)
        return NGramCounts(self.n, levels, self.n_texts)

    def up_to(self, n: int) -> NGramCounts:
        """The counts of the orders up to n alone, as if no higher one was counted."""
        shorter = NGramCounts(n, self.levels[:n], self.n_texts)
        return without_far_words(shorter) if self.has_messages else shorter

    def opening(self, k: int) -> int:
        """Number of n-grams of order k that begin with 0; they are the first rows.

        These start a text or a reply. The boundary on its own is no such n-gram: there
        it is a prediction.
        """
        end = 0 if k == 1 else 1
        for level in self.levels[1:k]:
            end = int(level.first_child[end])
        return end

    def with_unknown(self, unknown_id: int) -> NGramCounts:
        """The same counts, in which an id, if it is not −1, stands for unknown words."""
        if unknown_id in (-1, self.unknown_id):
            return self
        return replace(self, unknown_id=unknown_id)

    def as_in_ngrams(self, words: NDArray) -> NDArray:
        """Ids of words as the n-grams hold them: −1 is an unknown word no longer."""
        if self.unknown_id < 0:
            return words
        return np.where(words < 0, self.unknown_id, words)

    def longest_context(
        self, words: NDArray
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The longest ending of a text that was seen with a word after it.

        Parameters
        ----------
        words : ndarray of shape (n_texts, n - 1), int
            The last words of each text; −1 is an unknown word.

        Returns
        -------
        length : ndarray of shape (n_texts,), int
            Words of that context, 0 where nothing fits.
        row : ndarray of shape (n_texts,), int
            Its row in ``levels[length - 1]``; 0, the root, for length 0.
        """
        if len(words) == 1:
            context = self.longest_context_of(words[0].tolist())
            return np.array(context[:1]), np.array(context[1:])
        length = np.zeros(len(words), dtype=np.int64)
        row = np.zeros(len(words), dtype=np.int64)
        for k in range(1, min(words.shape[1], len(self.levels) - 1) + 1):
            found = np.zeros(len(words), dtype=np.int64)
            last = self.as_in_ngrams(words[:, -k:]).T
            for level, word in zip(self.levels[:k], last, strict=True):
                found = level.find(found, word)
            seen = (found >= 0) & self.has_children(k, found)
            length[seen] = k
            row[seen] = found[seen]
        return length, row

    def longest_context_of(self, words: Sequence[int]) -> tuple[int, int]:
        """`longest_context` of one text, word by word, on Python numbers."""
        order = row = 0
        for word in words:
            word = self.unknown_id if word < 0 else word
            order, row = self.advance(order, row, word) if word >= 0 else (0, 0)
        return self.back_off(order, row)

    def advance(self, order: int, row: int, word: int) -> tuple[int, int]:
        """The longest n-gram seen of an n-gram's ending and the word after it.

        Parameters
        ----------
        order, row : int
            The n-gram; order 0 is the root.
        word : int
            Id of the next word.

        Returns
        -------
        order, row : int
        """
        while True:
            if order < len(self.levels):
                child = self.levels[order].find_one(row, word)
                if child >= 0:
                    return order + 1, child
            if order == 0:
                return 0, 0
            row = self.levels[order - 1].suffix.item(row)
            order -= 1

    def back_off(self, order: int, row: int) -> tuple[int, int]:
        """The longest ending of an n-gram that was seen with a word after it."""
        while order and not self._has_child(order, row):
            row = self.levels[order - 1].suffix.item(row)
            order -= 1
        return order, row

    def words_at(self, order: NDArray, row: NDArray) -> NDArray[np.int32]:
        """Ids of the last words of n-grams of mixed orders.

        Parameters
        ----------
        order, row : ndarray of shape (n_ngrams,), int

        Returns
        -------
        ndarray of shape (n_ngrams,), int32
        """
        word = row.astype(np.int32)  # right for the unigrams
        for k in range(2, int(order.max(initial=0)) + 1):
            lanes = np.flatnonzero(order == k)
            word[lanes] = self.levels[k - 1].word_at(row[lanes])
        return word

    def has_children(self, k: int, row: NDArray) -> NDArray[np.bool_]:
        """Whether some rows of order k were seen with a word after them."""
        if k >= len(self.levels):
            return np.zeros(len(row), dtype=bool)
        return self.levels[k].has_children(row)

    def _has_child(self, k, row):
        """`has_children` for Python numbers."""
        return k < len(self.levels) and self.levels[k].has_child(row)

    def suffixes(self, length: int, row: int) -> list[tuple[int, int]]:
        """A context and all its endings, shortest first, as (length, row) pairs."""
        chain = [(length, row)]
        while length:
            row = self.levels[length - 1].suffix.item(row)
            length -= 1
            chain.append((length, row))
        return chain[::-1]


def index_stream(
    stream: TokenStream,
    n: int,
    n_ids: int,
    n_threads: int = 1,
    track: Callable[..., Iterable] = iter,
) -> Iterator[tuple[Level, NGramSorter]]:
    """Count the n-grams of a stream, order by order, and tell which one starts where.

    Parameters
    ----------
    stream, n, n_ids, n_threads, track
        As `NGramCounts.from_stream` takes them.

    Yields
    ------
    level : Level
    windows : NGramSorter
        Where the level's n-grams start, until the next level is asked for.
    """
    windows = NGramSorter(stream, n, n_threads)
    highest = max(1, min(n, int(stream.lengths.max(initial=0))))
    level = _unigrams(stream, n_ids)
    for k in track(range(1, highest + 1)):
        if k > 1:
            level = Level(*windows.next_order(len(level)))
        yield level, windows


def without_far_words(counts: NGramCounts) -> NGramCounts:
    """Drop the words of messages that are no contexts any more, as n became lower.

    Of n-grams in messages those stay that lead to a reply within n words: those that
    end in the start of a reply occur as often as replies go on from them, all others as
    often as n-grams of messages do.

    Parameters
    ----------
    counts : NGramCounts
        Counts of more orders than are left.

    Returns
    -------
    NGramCounts
    """
    levels = list(counts.levels)
    above = levels[-1]
    for k in range(len(levels), 1, -1):
        level = levels[k - 1]
        given = np.zeros_like(level.given)
        if k < len(levels):
            parent = above.context
            following = np.where(
                level.word_at(parent) == BOUNDARY, above.count, above.given
            )
            given += np.bincount(parent, following, len(level)).astype(np.int32)
        above = levels[k - 1] = replace(level, given=given)
    kept_levels = [levels[0]]
    places = np.arange(len(levels[0]), dtype=np.int32)
    for level in levels[1:]:
        rows = np.flatnonzero(level.occurrences)
        level, places = keep_rows(level, rows, places, len(kept_levels[-1]))
        kept_levels.append(level)
    return replace(counts, levels=tuple(kept_levels))


def keep_rows(
    level: Level, rows: NDArray | slice, contexts: NDArray, n_contexts: int
) -> tuple[Level, NDArray[np.int32]]:
    """Keep some rows of a level, given where its contexts have moved to.

    Returns
    -------
    kept : Level
    places : ndarray of int32
        Where the rows have moved to, if they were kept.
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
