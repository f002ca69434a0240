"""Counts seen through a smoothing, worked out in advance for scoring and sampling."""

from functools import cached_property

import numpy as np

from ..counting import WORD_BITS, blocks
from ._count_model import NO_IDS, CountModel

_MOST_OWNED, _OWNED_BY_EACH = 1 << 24, 16
"""Numbers whose owners are kept in a table: of all n-grams, or of each on average."""


class ContextStatistics:
    """What a smoothing is told about the contexts it shares out.

    Each attribute but `discounts` and `n_outcomes` has one entry per context.

    Attributes
    ----------
    total : ndarray of int
        Sum of the counts of the words that followed; never 0.
    types : ndarray of int
        Number of different words that followed.
    ones, twos : ndarray of int
        How many of these followed once, and twice.
    discounts : ndarray of shape (4,), float, or None
        What is taken off a count of 0, 1, 2, and 3 or more, in this order.
    n_outcomes : int
        Words that could follow at all: those known, the end of the text, and one
        unknown word.
    """

    def __init__(self, level, context, discounts, n_outcomes):
        self._level = level
        self._context = context
        self.discounts = discounts
        self.n_outcomes = n_outcomes

    @property
    def total(self):
        return self._level.total[self._context].astype(np.int64)

    @property
    def types(self):
        return self._level.types[self._context].astype(np.int64)

    @property
    def ones(self):
        return self._level.ones[self._context].astype(np.int64)

    @property
    def twos(self):
        return self._level.twos[self._context].astype(np.int64)


class SmoothedLevel:
    """The n-grams of one order with the counts that a smoothing works on.

    Parameters
    ----------
    first_child : ndarray of shape (n_contexts + 1,), int
        Where the n-grams of each context begin.
    count : ndarray of shape (n_ngrams,), int
        Counts or continuation counts.

    Attributes
    ----------
    backoff_weight : ndarray of shape (n_contexts,), float64
        What the smoothing hands on, 1 where no word followed.
    cumulative : ndarray of shape (n_ngrams + 1,), int
        Sum of the counts before each row. A context's children own a stretch of it,
        each child as many numbers as it has counts.
    owner : ndarray of int32 or None
        The row that owns each of these numbers; None where they are so many that who
        asks has to search.
    total, types, ones, twos : ndarray of shape (n_contexts,), int
        See `ContextStatistics`.
    """

    def __init__(self, first_child, count):
        self.first_child = first_child
        self.count = count

    def share_out(self, smoothing, discounts, n_outcomes):
        """Ask a smoothing what is handed on, of a part of the contexts at a time."""
        self.backoff_weight = np.ones(len(self.first_child) - 1)
        self.total = np.empty(len(self.backoff_weight), dtype=np.int32)
        for contexts in blocks(len(self.backoff_weight), 2**18):
            first = self.first_child[contexts.start : contexts.stop + 1]
            part = SmoothedLevel(first - first[0], self.count[first[0] : first[-1]])
            self.total[contexts] = part.total = np.diff(
                part.cumulative[part.first_child]
            )
            seen = np.flatnonzero(part.total)
            statistics = ContextStatistics(part, seen, discounts, n_outcomes)
            self.backoff_weight[contexts][seen] = smoothing.backoff_weight(statistics)

    @property
    def counts_of_counts(self):
        """How many n-grams have count 0, 1, 2, 3 and 4."""
        return np.array([np.count_nonzero(self.count == c) for c in range(5)])

    @cached_property
    def cumulative(self):
        return _cumulative(self.count)

    @cached_property
    def owner(self):
        if self.cumulative[-1] > max(_MOST_OWNED, _OWNED_BY_EACH * len(self.count)):
            return None  # a few counts may be any size, above all in files of strangers
        return np.repeat(np.arange(len(self.count), dtype=np.int32), self.count)

    def draw(self, context, chance):
        """Draw an n-gram of each context by its count.

        Parameters
        ----------
        context : ndarray of int
            Contexts that were seen with a word after them.
        chance : ndarray of float64
            A random number from [0, 1) for each.

        Returns
        -------
        child : ndarray of int64
            Rows of the n-grams drawn.
        offset : ndarray of float64
            Where among the n-gram's counts the draw fell, from 0 to its count.
        """
        start = self.cumulative[self.first_child[context]]
        total = self.total[context]
        place = chance * total
        number = start + np.minimum(place.astype(np.int64), total - 1)
        child = self.owner_of(number)
        return child, place + (start - self.cumulative[child])

    def draw_one(self, context, chance):
        """`draw` for Python numbers."""
        start = self.cumulative.item(self.first_child.item(context))
        total = self.total.item(context)
        place = chance * total
        child = self._owner_of_one(start + min(int(place), total - 1))
        return child, place - (self.cumulative.item(child) - start)

    def owner_of(self, number):
        """The rows that own some of these numbers, int64."""
        if self.owner is None:
            return np.searchsorted(self.cumulative, number, side="right") - 1
        return self.owner[number].astype(np.int64)

    def _owner_of_one(self, number):
        if self.owner is None:
            return int(self.cumulative.searchsorted(number, "right")) - 1
        return self.owner.item(number)

    @cached_property
    def types(self):
        return self._children(self.count > 0)

    @cached_property
    def ones(self):
        return self._children(self.count == 1)

    @cached_property
    def twos(self):
        return self._children(self.count == 2)

    def _children(self, condition):
        """How many children of each context fulfil a condition."""
        return np.diff(_cumulative(condition)[self.first_child])

    def __len__(self):
        return len(self.count)


def _cumulative(values):
    """Sums of all values before each place, and of all at the end."""
    total = values.sum(dtype=np.int64)
    sums = np.zeros(len(values) + 1, dtype=np.min_scalar_type(-total - 1))
    np.cumsum(values, out=sums[1:])
    return sums


class SmoothedCounts(CountModel):
    """A model that has worked out its answers in advance.

    Parameters
    ----------
    counts : NGramCounts
    smoothing : object
    n_words : int
    holes : ndarray of int64, default=none
        As `CountModel` takes them.
    track : callable, default=iter
        Takes the levels and gives them as they are worked on, for a progress bar.
    min_count : tuple of int, default=(1,)
        As `CountModel` takes it.
    adjusted : list of ndarray, default=None
        For each order what `adjusted_counts` gives; None works it out.

    Attributes
    ----------
    levels : list of SmoothedLevel
        ``levels[k - 1]`` holds order k.
    counts_of_counts : list of ndarray of shape (5,), int
        How many n-grams of each order have count 0, 1, 2, 3 and 4.
    discounts : list of ndarray of shape (4,), or of None
        What is taken off counts of 0, 1, 2 and 3 or more, per order.
    """

    def __init__(
        self,
        counts,
        smoothing,
        n_words,
        holes=NO_IDS,
        track=iter,
        min_count=(1,),
        adjusted=None,
    ):
        super().__init__(counts.n, smoothing, n_words, holes, min_count)
        self.counts = counts
        if adjusted is None:
            adjusted = adjusted_counts(counts, smoothing)
        self.levels = [
            SmoothedLevel(level.first_child, count)
            for level, count in zip(counts.levels, adjusted, strict=True)
        ]
        self.counts_of_counts = [level.counts_of_counts for level in self.levels]
        self.counts_of_counts[0][0] -= len(holes)
        self.discounts = discounts_of(smoothing, self.counts_of_counts)
        for level, discounts in zip(track(self.levels), self.discounts, strict=True):
            level.share_out(smoothing, discounts, self.n_outcomes)
        for k in filter(self._prunes, range(1, len(self.levels) + 1)):
            self._hand_on_left_out(k)

    def _hand_on_left_out(self, k):
        """Let contexts hand on what they would keep for n-grams that are left out."""
        level, key = self.levels[k - 1], self.counts.levels[k - 1].key
        for rows in blocks(len(level), 2**18):
            row = np.arange(rows.start, rows.stop)
            row = row[self.left_out(k, row) & (level.count[rows] > 0)]
            if len(row):
                context = key[row] >> WORD_BITS  # in rising order
                statistics = self._statistics(k, context)
                kept = self.smoothing.discounted(level.count[row], statistics)
                kept = np.bincount(context - context[0], kept)
                level.backoff_weight[context[0] : context[-1] + 1] += kept

    @property
    def adjusted(self):
        """For each order what `adjusted_counts` gives."""
        return [level.count for level in self.levels]

    def backoff_weight(self, k, context):
        """Weight that a context of k − 1 words hands to what is below it."""
        return self.levels[k - 1].backoff_weight[context]

    def stays(self, k, context, child, offset):
        """Whether draws fell on what n-grams keep of their counts.

        Parameters
        ----------
        k : int
            Order of the n-grams.
        context, child : ndarray of int
            Rows of the contexts drawn in, and of the n-grams drawn.
        offset : ndarray of float64
            What `SmoothedLevel.draw` gave.

        Returns
        -------
        ndarray of bool
        """
        return offset < self._keep(k)[child]

    def stays_one(self, k, context, child, offset):
        """`stays` for Python numbers."""
        return offset < self._keep(k).item(child)

    def _keep(self, k):
        """How much of its count each n-gram of order k keeps; computed once."""
        level = self.levels[k - 1]
        if not hasattr(level, "keep"):
            key = self.counts.levels[k - 1].key
            keep = np.empty(len(level))
            for rows in blocks(len(level), 2**18):
                context = key[rows] >> WORD_BITS
                statistics = self._statistics(k, context)
                keep[rows] = self.smoothing.discounted(level.count[rows], statistics)
                keep[rows] *= level.total[context]
                keep[rows][self.left_out(k, np.arange(rows.start, rows.stop))] = 0
            level.keep = keep
        return level.keep

    def _statistics(self, k, context):
        return ContextStatistics(
            self.levels[k - 1], context, self.discounts[k - 1], self.n_outcomes
        )


def adjusted_counts(counts, smoothing):
    """The counts that a smoothing works on, called so by Heafield et al. (2013).

    Below the highest order a smoothing may work on continuation counts: before how many
    different words an n-gram stands. Nothing stands before the start of a text, so
    n-grams that begin there keep their own.

    Parameters
    ----------
    counts : NGramCounts
    smoothing : object

    Returns
    -------
    list of ndarray of int
        Those of each order.
    """
    adjusted = [level.count for level in counts.levels]
    if not smoothing.continuation_counts:
        return adjusted
    # Where the levels end before order n, only whole texts are as long as the last.
    for k, above in enumerate(counts.levels[1 : counts.n], start=1):
        size, opening = len(adjusted[k - 1]), counts.opening(k)
        count = np.bincount(above.suffix, minlength=size).astype(np.int32)
        count[:opening] = adjusted[k - 1][:opening]
        adjusted[k - 1] = count
    return adjusted


def discounts_of(smoothing, counts_of_counts):
    """What a smoothing takes off the counts of each order."""
    return [
        smoothing.estimate_discounts(k, of_order)
        for k, of_order in enumerate(counts_of_counts, start=1)
    ]
