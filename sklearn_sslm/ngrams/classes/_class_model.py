"""A language model for each class, with a common vocabulary and trie of n-grams."""

from __future__ import annotations

from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ..counting import BOUNDARY, NGramCounts
from ..models import ContextStatistics, Events
from ._by_class import dense, entries_at, rows_of, with_whole_row
from ._class_counts import ClassCounts

NEVER = -1.0
"""Stands for the backoff weight of a context that was never seen in a class."""


class ClassModel:
    """Class-conditional language models, with a common trie of n-grams.

    The model of class c is p(w | h, c) = discounted(h, w, c) + backoff_weight(h, c) ·
    p(w | h', c). It equals a `LanguageModel` of the texts of this class alone, with
    their counts, continuation counts, and discounts estimated from their counts of
    counts, except that the events are common to all classes: the words of all texts,
    the end, and one unknown word. The empty context of each class backs off to the
    uniform distribution over these.

    Parameters
    ----------
    class_counts : ClassCounts
    smoothing : Smoothing
    events : Events

    Attributes
    ----------
    counts : NGramCounts
        The n-grams of all texts.
    n_texts : ndarray of shape (n_classes,), int64
        Number of texts of each class.
    """

    is_stored = False
    knows_all_counts = True
    min_count = (1,)

    def __init__(
        self, class_counts: ClassCounts, smoothing: Any, events: Events
    ) -> None:
        self.class_counts = class_counts
        self.n_texts = class_counts.n_texts
        self.smoothing = smoothing
        self.events = events

    @property
    def counts(self) -> NGramCounts:
        """The n-grams of all texts, with their counts in all classes together."""
        return self.class_counts.counts.with_unknown(self.events.unknown_id)

    @property
    def n(self) -> int:
        """The highest order."""
        return self.counts.n

    @property
    def n_classes(self) -> int:
        """Number of classes."""
        return len(self.n_texts)

    def occurrences(self, word: int) -> int:
        """The count of a word in all classes together."""
        return self.counts.levels[0].count.item(word)

    def rebuilt(self) -> ClassModel:
        """The model without an overlay of changes: itself, as it never has any."""
        return self

    @cached_property
    def adjusted(self) -> list[NDArray]:
        """For each order, the count of each entry, or where used its continuation count."""
        counts, by_class = self.counts, self.class_counts.by_class
        adjusted = [part.data for part in by_class]
        if not self.smoothing.continuation_counts:
            return adjusted
        for k, above in enumerate(counts.levels[1 : counts.n], start=1):
            longer, own = by_class[k], by_class[k - 1]
            suffix = entries_at(own, above.suffix[rows_of(longer)], longer.indices)
            count = np.bincount(suffix, minlength=own.nnz).astype(np.int32)
            opening = own.indptr[counts.opening(k)]
            count[:opening] = adjusted[k - 1][:opening]
            adjusted[k - 1] = count
        return adjusted

    @cached_property
    def discounts(self) -> list[list[NDArray | None]]:
        """For each order and class, the discounts of counts 0, 1, 2 and 3 or more.

        None for smoothings without discounts.
        """
        return [
            [
                self.smoothing.estimate_discounts(k, of_class)
                for of_class in counts_of_counts
            ]
            for k, counts_of_counts in enumerate(self.counts_of_counts, start=1)
        ]

    @cached_property
    def counts_of_counts(self) -> list[NDArray[np.int64]]:
        """For each order, an array of shape (n_classes, 5): n-grams with counts 0 … 4."""
        orders = range(1, len(self.adjusted) + 1)
        return [self._counts_of_counts(k) for k in orders]

    @cached_property
    def weights(self) -> list[tuple[Any, Any]]:
        """For each order, α of its n-grams and γ of their contexts by class, as csr_array.

        A context that has no children in a class has no entry in γ there, or `NEVER`.
        """
        return [self._weights(k) for k in range(1, len(self.adjusted) + 1)]

    def weights_of(
        self, k: int, context: NDArray, row: NDArray
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The weights α of n-grams of order k, and γ of their contexts, in each class.

        Parameters
        ----------
        k : int
        context, row : ndarray of shape (n_ngrams,), int
            Rows of the contexts and of the n-grams; −1 is an n-gram that was never seen.

        Returns
        -------
        discounted, backoff_weight : ndarray of shape (n_ngrams, n_classes), float64
            `backoff_weight` is `NEVER` where a context has no children in a class.
        """
        discounted, backoff_weight = self.weights[k - 1]
        return dense(discounted, row, 0), dense(backoff_weight, context, NEVER)

    def combine(self, discounted: NDArray, backoff: NDArray, shorter: NDArray) -> Any:
        """p(w | h, c), given the two weights and p(w | h', c)."""
        lower_order, n_events = self.smoothing.lower_order, len(self.events)
        return combine(lower_order, discounted, backoff, shorter, n_events)

    def _weights(self, k):
        """The weights of order k: see `weights`."""
        by_class, count = self.class_counts.by_class[k - 1], self.adjusted[k - 1]
        contexts, context = self._contexts(k)
        children = Counted.of(context, count, contexts.nnz)
        discounted = np.empty(len(count))
        backoff = np.full(contexts.nnz, NEVER)
        seen = children.total > 0
        for discounts, of_class in self._parts(k, by_class.indices):
            given = self._statistics(children, context[of_class], discounts)
            discounted[of_class] = self.smoothing.discounted(count[of_class], given)
        for discounts, of_class in self._parts(k, contexts.indices):
            some = of_class[seen[of_class]]
            given = self._statistics(children, some, discounts)
            backoff[some] = self.smoothing.backoff_weight(given)
        return _with_data(by_class, discounted), _with_data(contexts, backoff)

    def _contexts(self, k):
        """The contexts of order k.

        Returns
        -------
        contexts : csr_array of shape (n_contexts, n_classes)
            With an entry for each context in each class that has it.
        context : ndarray of int
            The index of the entry of the context, for each entry of order k.
        """
        by_class = self.class_counts.by_class[k - 1]
        if k == 1:
            root = csr_array(np.ones((1, self.n_classes), dtype=np.int32))
            return root, by_class.indices
        contexts = self.class_counts.by_class[k - 2]
        if k == 2:  # a class may have starts of texts, though it has no end of one
            contexts = with_whole_row(contexts, BOUNDARY)
        row = self.counts.levels[k - 1].context[rows_of(by_class)]
        return contexts, entries_at(contexts, row, by_class.indices)

    def _parts(self, k, labels):
        """Yield the discounts and the indices of the entries of each class.

        Without discounts, all entries at once.
        """
        discounts = self.discounts[k - 1]
        if discounts[0] is None:
            yield None, np.arange(len(labels))
            return
        entries = np.argsort(labels, kind="stable")
        ends = np.cumsum(np.bincount(labels, minlength=self.n_classes))
        for of_class, begin, end in zip(discounts, [0, *ends], ends, strict=False):
            yield of_class, entries[begin:end]

    def _statistics(self, children, context, discounts):
        return ContextStatistics(children, context, discounts, len(self.events))

    def _counts_of_counts(self, k):
        """The array of `counts_of_counts` for order k."""
        labels, count = self.class_counts.by_class[k - 1].indices, self.adjusted[k - 1]
        table = np.zeros((self.n_classes, 5), dtype=np.int64)
        for times in range(5):
            table[:, times] = np.bincount(
                labels[count == times], minlength=self.n_classes
            )
        if k == 1:  # events without an entry: words of other classes, maybe the end
            n_seen = np.bincount(labels, minlength=self.n_classes)
            table[:, 0] += self.events.n_with_id - n_seen
        return table


def combine(lower_order, discounted, backoff, shorter, n_events):
    """p(w | h), given the two weights and p(w | h'), for several models at once.

    Parameters
    ----------
    lower_order : str
        `Smoothing.lower_order`.
    discounted, backoff, shorter : ndarray of float64
        α(h, w), γ(h) or `NEVER`, and p(w | h'); with `NEVER`, p(w | h) is p(w | h').
    n_events : int or ndarray of int
        Number of events of the models.

    Returns
    -------
    ndarray of float64
    """
    match lower_order:
        case "none":
            p = discounted
        case "interpolate":
            p = discounted + backoff * shorter
        case "uniform":
            p = discounted + backoff / n_events
        case _:  # backoff
            p = np.where(discounted > 0, discounted, backoff * shorter)
    return np.where(backoff == NEVER, shorter, p)


class Counted(NamedTuple):
    """The statistics of the children of contexts that `ContextStatistics` reads.

    Each is an array with an entry for each context in each class: the sum of the counts
    of its children, and how many children have a count above 0, of 1, and of 2.
    """

    total: np.ndarray
    types: np.ndarray
    ones: np.ndarray
    twos: np.ndarray

    @classmethod
    def of(cls, context, count, n_contexts):
        """The statistics, given the context and the count of each child."""

        def how_many(mask):
            return np.bincount(context[mask], minlength=n_contexts)

        total = np.bincount(context, count, n_contexts).astype(np.int64)
        return cls(total, *map(how_many, (count > 0, count == 1, count == 2)))


def _with_data(matrix, data):
    return csr_array((data, matrix.indices, matrix.indptr), matrix.shape)
