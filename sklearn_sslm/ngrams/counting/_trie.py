"""N-gram counts as a trie of sorted arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from ._level import Level, keep_rows
from ._sorting import NGramSorter
from ._token_stream import BOUNDARY, TokenStream


@dataclass(frozen=True)
class NGramCounts:
    """The counts of all n-grams of orders 1 to n in a set of texts.

    Of messages with replies, only words and ends of replies are counted. The last n − 2
    words of a message and the start of its reply are contexts of words of the reply. The
    n-grams of these contexts have rows, too, with a count of 0 unless they also occur in
    replies.

    Attributes
    ----------
    n : int
        The highest order.
    levels : tuple of Level
        ``levels[k - 1]`` holds order k. There are fewer than `n` if no text is long
        enough for the highest orders.
    n_texts : int
        Number of texts counted.
    unknown_id : int, default=-1
        The id of unknown words in n-grams; −1 if there is none.
    most : int
        Limit of the number of words and ends of texts.
    """

    n: int
    levels: tuple
    n_texts: int
    unknown_id: int = -1
    most: ClassVar[int] = np.iinfo(np.int32).max

    def __repr__(self):
        rows = self.n_ngrams() if self.is_plain else [len(each) for each in self.levels]
        return f"NGramCounts(n={self.n}, n_texts={self.n_texts}, n_ngrams={rows})"

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
            Number of ids, with the boundary; the unigrams have a row for each.
        n_threads : int, default=1
            Number of threads.
        track : callable, default=iter
            Wraps the iterable of orders, for a progress bar.

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
        """The rows of the n-grams of order k that occur at the start of texts only.

        Of messages with replies, n-grams that begin with 0 and contain the start of the
        reply: all others that begin with 0 are beginnings of replies.
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
        """Whether there are n-grams of messages, which are contexts of replies only."""
        return self.levels[0].has_messages

    def n_ngrams(self) -> list[int]:
        """Number of different n-grams of each order, as a list of int."""
        return [int(np.count_nonzero(level.count)) for level in self.levels]

    def level(self, k: int) -> Any:
        """The n-grams of order k; a level without rows if no text is long enough."""
        if k <= len(self.levels):
            return self.levels[k - 1]
        nothing = np.zeros(0, dtype=np.int32)
        n_contexts = len(self.levels[k - 2]) if k - 2 < len(self.levels) else 0
        first = np.zeros(n_contexts + 1, dtype=np.int32)
        given = nothing if self.has_messages else None
        return Level(nothing.astype(np.int64), nothing, nothing, first, given)

    def with_ids(self, n_ids: int) -> NGramCounts:
        """The same counts with `n_ids` ids; ids that are dropped must not occur."""
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
        """Whether the levels are in plain arrays in memory."""
        return all(level.is_plain for level in self.levels)

    def plain(self) -> NGramCounts:
        """The same counts in plain arrays in memory."""
        levels = tuple(level.plain() for level in self.levels)
        return NGramCounts(self.n, levels, self.n_texts)

    def up_to(self, n: int) -> NGramCounts:
        """The counts of orders 1 to n, as if no higher order had been counted."""
        shorter = NGramCounts(n, self.levels[:n], self.n_texts)
        return without_far_words(shorter) if self.has_messages else shorter

    def opening(self, k: int) -> int:
        """Number of n-grams of order k that begin with 0, which are the first rows.

        They are at the start of a text or a reply. For order 1 the number is 0, as the
        unigram of the boundary is the end of a text.
        """
        end = 0 if k == 1 else 1
        for level in self.levels[1:k]:
            end = int(level.first_child[end])
        return end

    def with_unknown(self, unknown_id: int) -> NGramCounts:
        """The same counts with another `unknown_id`, unless it is −1."""
        if unknown_id in (-1, self.unknown_id):
            return self
        return replace(self, unknown_id=unknown_id)

    def as_in_ngrams(self, words: NDArray) -> NDArray:
        """Replace −1 in ids of words by `unknown_id`."""
        if self.unknown_id < 0:
            return words
        return np.where(words < 0, self.unknown_id, words)

    def longest_context(
        self, words: NDArray
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The longest suffix of each text that is a context with children.

        Parameters
        ----------
        words : ndarray of shape (n_texts, n - 1), int
            The last words of each text; −1 is an unknown word.

        Returns
        -------
        length : ndarray of shape (n_texts,), int
            Number of words of the context; 0 for the empty context.
        row : ndarray of shape (n_texts,), int
            The row of the context in ``levels[length - 1]``; 0 for the empty context.
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
        """`longest_context` of a single text, with Python numbers."""
        order = row = 0
        for word in words:
            word = self.unknown_id if word < 0 else word
            order, row = self.advance(order, row, word) if word >= 0 else (0, 0)
        return self.back_off(order, row)

    def advance(self, order: int, row: int, word: int) -> tuple[int, int]:
        """The longest known n-gram that ends with a suffix of an n-gram and a word.

        Parameters
        ----------
        order, row : int
            The n-gram; order 0 is the empty one.
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
        """The longest suffix of an n-gram that is a context with children."""
        while order and not self._has_child(order, row):
            row = self.levels[order - 1].suffix.item(row)
            order -= 1
        return order, row

    def words_at(self, order: NDArray, row: NDArray) -> NDArray[np.int32]:
        """The ids of the last words of n-grams of various orders.

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
        """Whether the n-grams in some rows of order k have children."""
        if k >= len(self.levels):
            return np.zeros(len(row), dtype=bool)
        return self.levels[k].has_children(row)

    def _has_child(self, k, row):
        """`has_children` for Python numbers."""
        return k < len(self.levels) and self.levels[k].has_child(row)

    def suffixes(self, length: int, row: int) -> list[tuple[int, int]]:
        """A context and all its suffixes, shortest first, as pairs (length, row)."""
        chain = [(length, row)]
        while length:
            row = self.levels[length - 1].suffix.item(row)
            length -= 1
            chain.append((length, row))
        return chain[::-1]


def _unigrams(stream, n_ids):
    """The lowest level."""
    weights, given = stream.position_weights, None
    count = np.bincount(stream.ids, weights, minlength=n_ids)
    count[BOUNDARY] -= stream.n_texts  # opening boundaries are not predicted
    if stream.n_given is not None:
        is_given = stream.is_given()
        if weights is not None:
            weights = weights[is_given]
        given = np.bincount(stream.ids[is_given], weights, minlength=n_ids)
        given[BOUNDARY] -= stream.n_texts
        count -= given
        given = given.astype(np.int32)
    return Level.of_words(count.astype(np.int32), given)


def index_stream(
    stream: TokenStream,
    n: int,
    n_ids: int,
    n_threads: int = 1,
    track: Callable[..., Iterable] = iter,
) -> Iterator[tuple[Level, NGramSorter]]:
    """Count the n-grams of a stream, order by order.

    Parameters
    ----------
    stream, n, n_ids, n_threads, track
        As of `NGramCounts.from_stream`.

    Yields
    ------
    level : Level
    windows : NGramSorter
        With the positions of the n-grams of the level; valid until the next one.
    """
    windows = NGramSorter(stream, n, n_threads)
    highest = max(1, min(n, int(stream.lengths.max(initial=0))))
    level = _unigrams(stream, n_ids)
    for k in track(range(1, highest + 1)):
        if k > 1:
            level = Level(*windows.next_order(len(level)))
        yield level, windows


def without_far_words(counts: NGramCounts) -> NGramCounts:
    """Remove n-grams of messages that are in no context, after n was lowered.

    N-grams of messages remain if they are followed by a word of a reply within n words.
    The count of an n-gram that ends with the start of a reply is that of its children;
    the counts of all others are sums over longer n-grams of messages.

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
