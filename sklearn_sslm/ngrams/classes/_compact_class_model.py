"""A `ClassModel` in integers of few bits, whose weights are computed on demand."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..counting import NGramCounts
from ..models import CompactLevel, Events, PackedIntegers, RisingIntegers
from ._by_class import ranges
from ._class_model import NEVER, ClassModel, Counted


@dataclass(frozen=True)
class CompactEntries:
    """The adjusted counts by class of the n-grams of an order: a packed csr_array.

    Attributes
    ----------
    first : RisingIntegers of shape (n_ngrams + 1,)
        The index of the first entry of each n-gram.
    label, count : PackedIntegers of shape (n_entries,)
        The class of each entry, and its count or continuation count.
    """

    first: RisingIntegers
    label: PackedIntegers
    count: PackedIntegers

    @classmethod
    def of(cls, matrix: Any, count: NDArray) -> CompactEntries:
        """The packed form of a csr_array of shape (n_ngrams, n_classes).

        `count` replaces its data.

        >>> from scipy.sparse import csr_array
        >>> entries = CompactEntries.of(csr_array([[5, 0], [0, 0], [3, 2]]), [2, 1, 1])
        >>> entries.within(np.array([0, 2]), np.array([1, 3]))
        (array([0, 1, 1]), array([0, 0, 1]), array([2, 1, 1]))
        """
        return cls(
            RisingIntegers.of(matrix.indptr),
            PackedIntegers.of(matrix.indices),
            PackedIntegers.of(np.asarray(count)),
        )

    def within(self, begin: NDArray, end: NDArray) -> tuple[NDArray, NDArray, NDArray]:
        """The entries of the n-grams in several ranges.

        Parameters
        ----------
        begin, end : ndarray of shape (n_ranges,), int
            The rows of the first n-gram of each range, and of the one after the last.

        Returns
        -------
        place, label, count : ndarray of shape (n_entries,), int
            The index of the range of each entry, its class and its count.
        """
        start = self.first[begin]
        place, entry = ranges(start, self.first[end] - start)
        return place, self.label[entry], self.count[entry]


class CompactClassModel(ClassModel):
    """A `ClassModel` in less memory, with bit-identical probabilities.

    It has adjusted counts only, so that it cannot learn. The weights of an n-gram are
    computed on demand, from the counts of all children of its context.

    Parameters
    ----------
    counts : NGramCounts
        The n-grams of all texts, each level a `CompactLevel`; all counts are 1.
    entries : list of CompactEntries
        The counts by class, of each order.
    counts_of_counts : list of ndarray of shape (n_classes, 5), int64
        For each order, the number of n-grams with count 0, 1, 2, 3 and 4 in each class.
    n_texts : ndarray of shape (n_classes,), int64
    smoothing, events
        As of `ClassModel`.
    """

    knows_all_counts = False

    def __init__(
        self,
        counts: NGramCounts,
        entries: list[CompactEntries],
        counts_of_counts: list[NDArray],
        n_texts: NDArray[np.int64],
        smoothing: Any,
        events: Events,
    ) -> None:
        self._counts = counts
        self.entries = entries
        self.counts_of_counts = counts_of_counts
        self.n_texts = n_texts
        self.smoothing = smoothing
        self.events = events

    @classmethod
    def of(cls, model: ClassModel) -> CompactClassModel:
        """The compact form of a `ClassModel`."""
        levels = tuple(
            CompactLevel.of(level, np.ones(len(level), np.int32), is_of_words=k == 0)
            for k, level in enumerate(model.counts.levels)
        )
        by_class = zip(model.class_counts.by_class, model.adjusted, strict=True)
        return cls(
            NGramCounts(model.n, levels, model.counts.n_texts),
            [CompactEntries.of(matrix, count) for matrix, count in by_class],
            model.counts_of_counts,
            model.n_texts,
            model.smoothing,
            model.events,
        )

    @property
    def counts(self) -> NGramCounts:
        """The n-grams of all texts; all counts are 1, those by class are in `entries`."""
        return self._counts.with_unknown(self.events.unknown_id)

    def weights_of(
        self, k: int, context: NDArray, row: NDArray
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        asked, which = np.unique(context, return_inverse=True)
        children = self._children(k, asked)
        at = np.flatnonzero(row >= 0)
        place, label, count = self.entries[k - 1].within(row[at], row[at] + 1)
        place = at[place]
        discounted = np.zeros((len(row), self.n_classes))
        for discounts, some in self._parts(k, label):
            of = which[place[some]] * self.n_classes + label[some]
            given = self._statistics(children, of, discounts)
            p = self.smoothing.discounted(count[some], given)
            discounted[place[some], label[some]] = p
        backoff = np.full(children.total.size, NEVER)
        for discounts, some in self._parts(k, np.arange(len(backoff)) % self.n_classes):
            of = some[children.total[some] > 0]
            given = self._statistics(children, of, discounts)
            backoff[of] = self.smoothing.backoff_weight(given)
        return discounted, backoff.reshape(-1, self.n_classes)[which]

    def _children(self, k, contexts):
        """Statistics of contexts of order k: those of each context in all classes."""
        if k == 1:
            return self._words
        first = self.counts.levels[k - 1].first_child
        found = self.entries[k - 1].within(first[contexts], first[contexts + 1])
        return self._counted(found, len(contexts))

    @cached_property
    def _words(self):
        """Statistics of the empty context, whose children are all words."""
        all_words = np.array([0]), np.array([self.counts.n_ids])
        return self._counted(self.entries[0].within(*all_words), 1)

    def _counted(self, found, n_contexts):
        place, label, count = found
        key = place * self.n_classes + label
        return Counted.of(key, count, n_contexts * self.n_classes)
