"""Counts of n-grams by class."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ..counting import (
    BOUNDARY,
    Level,
    NeverLearnedError,
    NGramCounts,
    TokenStream,
    index_stream,
    merged_levels,
    remaining_levels,
    renumbered_levels,
)
from ._by_class import (
    count_by_class,
    count_words_by_class,
    moved,
    rows_of,
    with_classes,
    without_empty,
)


def index_by_class(
    stream: TokenStream,
    labels: NDArray,
    n_classes: int,
    n: int,
    n_ids: int,
    n_threads: int = 1,
    track: Callable[..., Iterable] = iter,
) -> Iterator[tuple[Level, Any, Any]]:
    """Count the n-grams of a stream by class, order by order.

    Parameters
    ----------
    stream, labels, n_classes, n, n_ids, n_threads, track
        As of `ClassCounts.from_stream`.

    Yields
    ------
    level : Level
        The n-grams of an order, with their counts in all classes together.
    by_class : csr_array of shape (n_ngrams, n_classes), int32
        Their counts in each class.
    windows : NGramSorter
        As of `index_stream`.
    """
    label_at = np.repeat(labels.astype(np.min_scalar_type(n_classes)), stream.lengths)
    weight_at = stream.position_weights
    if weight_at is None:
        weight_at = np.broadcast_to(np.int32(1), label_at.shape)
    ids, labels_of_ids, weights_of_ids = (
        np.delete(column, stream.starts) for column in (stream.ids, label_at, weight_at)
    )
    shape = n_ids, n_classes
    matrix = count_words_by_class(ids, labels_of_ids, weights_of_ids, shape)
    for level, windows in index_stream(stream, n, n_ids, n_threads, track):
        if windows.k > 1:
            matrix = count_by_class(windows, label_at, weight_at, n_classes)
        yield level, matrix, windows


@dataclass(frozen=True)
class ClassCounts:
    """The counts of n-grams in the texts of each class.

    One trie has the n-grams of all texts, and sparse matrices their counts by class. So
    the n-grams of a text are looked up once, rather than once for each class.

    Attributes
    ----------
    counts : NGramCounts
        The n-grams of all texts.
    by_class : tuple of csr_array of shape (n_ngrams, n_classes), int32
        For each order, the counts of its n-grams in each class.
    n_texts : ndarray of shape (n_classes,), int64
        Number of texts of each class.
    """

    counts: NGramCounts
    by_class: tuple[Any, ...]
    n_texts: np.ndarray

    @classmethod
    def from_stream(
        cls,
        stream: TokenStream,
        labels: NDArray,
        n_classes: int,
        n: int,
        n_ids: int,
        n_threads: int = 1,
        track: Callable[..., Iterable] = iter,
    ) -> ClassCounts:
        """Count the n-grams of a stream by class.

        Parameters
        ----------
        stream : TokenStream
        labels : ndarray of shape (n_texts,), int
            The class of each text, from 0 to `n_classes` − 1.
        n_classes : int
        n, n_ids, n_threads, track
            As of `NGramCounts.from_stream`.

        Returns
        -------
        ClassCounts

        Examples
        --------
        >>> import numpy as np
        >>> from sklearn_sslm.ngrams import TokenStream
        >>> stream = TokenStream.from_texts(np.array([1, 2, 1, 1]), np.array([2, 2]))
        >>> counts = ClassCounts.from_stream(stream, np.array([0, 1]), 2, 2, n_ids=3)
        >>> counts.by_class[0].toarray()  # ends of texts, word 1, word 2
        array([[1, 1],
               [1, 2],
               [1, 0]], dtype=int32)
        """
        if (labels[1:] < labels[:-1]).any():
            # Then the labels of each n-gram are sorted already.
            order = np.argsort(labels, kind="stable")
            stream, labels = stream.reordered(order), labels[order]
        levels: list[Any] = []
        by_class: list[Any] = []
        for level, matrix, _ in index_by_class(
            stream, labels, n_classes, n, n_ids, n_threads, track
        ):
            levels.append(level)
            by_class.append(matrix)
        counts = NGramCounts(n, tuple(levels), stream.n_texts)
        n_texts = np.bincount(labels, stream.times, n_classes).astype(np.int64)
        return cls(counts, tuple(by_class), n_texts)

    @property
    def n_classes(self) -> int:
        """Number of classes."""
        return len(self.n_texts)

    def merge(self, other: ClassCounts, n_threads: int = 1) -> ClassCounts:
        """The counts of the texts of both; classes must be the same.

        Returns
        -------
        ClassCounts
        """
        levels, by_class = [], []
        merged = merged_levels(self.counts, other.counts, n_threads)
        for k, (level, places) in enumerate(merged, start=1):
            mine, theirs = (
                moved(counts.of_order(k), place, len(level))
                for counts, place in zip((self, other), places, strict=True)
            )
            levels.append(level)
            by_class.append(mine + theirs)
        n_texts = self.n_texts + other.n_texts
        return self._with(tuple(levels), tuple(by_class), n_texts)

    def subtract(self, other: ClassCounts) -> ClassCounts:
        """The counts without those of the texts of another.

        Returns
        -------
        ClassCounts

        Raises
        ------
        NeverLearnedError
            If a count of a class would fall below zero.
        """
        n_texts = self.n_texts - other.n_texts
        if (n_texts < 0).any():
            raise NeverLearnedError
        levels: list[Any] = []
        by_class: list[Any] = []
        remaining = remaining_levels(self.counts, other.counts)
        for k, (level, found, kept) in enumerate(remaining, start=1):
            mine = self.of_order(k)
            rest = mine - moved(other.of_order(k), found, mine.shape[0])
            rest.eliminate_zeros()
            if (rest.data < 0).any():
                raise NeverLearnedError
            by_class.append(without_empty(rest, kept))
            levels.append(level)
            if k > 1 and _have_more_children(k, level, *by_class[:-3:-1]):
                raise NeverLearnedError  # of a text with its end, the other has none
        return self._with(tuple(levels), tuple(by_class), n_texts)

    def with_ids(self, n_ids: int) -> ClassCounts:
        """The same counts with `n_ids` ids in use; ids that are dropped must have none."""
        words, *longer = self.by_class
        known = min(n_ids, words.shape[0])
        words = without_empty(words, np.arange(known))
        words = moved(words, np.arange(known), n_ids)
        counts = self.counts.with_ids(n_ids)
        return ClassCounts(counts, (words, *longer), self.n_texts)

    def with_classes(self, places: NDArray, n_classes: int) -> ClassCounts:
        """The same counts with other numbers for the classes.

        Parameters
        ----------
        places : ndarray of shape (n_classes before,), int
            The new number of each class, in rising order.
        n_classes : int
            The new number of classes.

        Returns
        -------
        ClassCounts
        """
        n_texts = np.zeros(n_classes, dtype=np.int64)
        n_texts[places] = self.n_texts
        by_class = [with_classes(part, places, n_classes) for part in self.by_class]
        return ClassCounts(self.counts, tuple(by_class), n_texts)

    def renumber(self, ids: NDArray, n_ids: int) -> ClassCounts:
        """The same counts with other ids for the words.

        Parameters
        ----------
        ids, n_ids
            As of `ngrams.renumber`.

        Returns
        -------
        ClassCounts
        """
        levels, by_class = [], []
        renumbered = renumbered_levels(self.counts, ids, n_ids)
        for k, (level, places) in enumerate(renumbered, start=1):
            old = np.zeros(len(level), dtype=np.int64)
            used = places >= 0
            old[places[used]] = np.flatnonzero(used)
            is_new = np.zeros(len(level), dtype=bool)
            is_new[places[used]] = True
            rows = self.of_order(k)[old[is_new]]
            by_class.append(moved(rows, np.flatnonzero(is_new), len(level)))
            levels.append(level)
        return self._with(tuple(levels), tuple(by_class), self.n_texts)

    def of_order(self, k: int) -> Any:
        """The counts by class of the n-grams of order k; no rows if no text is so long."""
        if k <= len(self.by_class):
            return self.by_class[k - 1]
        return csr_array((0, self.n_classes), dtype=np.int32)

    def _with(self, levels, by_class, n_texts):
        counts = NGramCounts(self.counts.n, levels, int(n_texts.sum()))
        return ClassCounts(counts, by_class, n_texts)


def _have_more_children(k, level, children, contexts):
    """Whether some context has a smaller count in a class than its children together.

    Parameters
    ----------
    k : int
        An order above 1.
    level : Level
        The n-grams of the order.
    children, contexts : csr_array
        The counts by class of this order, and of the one below.
    """
    first = level.first_child
    ones = np.ones(len(level), dtype=np.int32)
    sums = csr_array((ones, np.arange(len(level)), first), (len(first) - 1, len(level)))
    missing = sums @ children - contexts
    is_missing = missing.data > 0
    if k == 2:  # the count of the boundary is that of ends, not of starts, of texts
        is_missing &= rows_of(missing) != BOUNDARY
    return bool(is_missing.any())
