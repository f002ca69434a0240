"""Random walks from contexts back to the starts of texts."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ._proposals import first_words
from ._visits import Visits


class BackwardWalk:
    """Draws the words before a context, distributed as in the texts of a smoothed model.

    This is the time reversal of the Markov chain of contexts, whose steps have the
    expected numbers of `Visits`. At each context, the walk is rejected with the share of
    the visits that neither begin nor arrive there. Each step back has two draws:

    1. the n-gram h w that led to the context, in proportion to its flow;
    2. the context in which w was drawn: h, or a longer context from which the draw of w
       backed off to h, because no longer n-gram that ends with h w is known there.

    Parameters
    ----------
    visits : Visits

    Attributes
    ----------
    start, end, expected
        As of `Visits`.
    counts : NGramCounts
        The n-grams of the model.
    offsets : ndarray of shape (n + 1,), int
        The first column of the contexts of each length.
    """

    def __init__(self, visits: Visits) -> None:
        self.start, self.end = visits.start, visits.end
        self.expected, self._arrived = visits.expected, visits.arrived
        self.counts = visits.model.counts
        self.offsets = visits.completion.offsets
        self._norm = visits.completion.norm
        levels, flow = visits.levels, visits.flow()
        self._sizes = list(map(len, flow))
        self._first_ngram = np.cumsum([0, *self._sizes])
        column = np.concatenate([level.next_column for level in levels])
        weight, n_columns = np.concatenate(flow), len(visits.end)
        del flow
        self._arriving = np.bincount(column, weight, n_columns)
        self._into = _Sorted.of(column, weight, n_columns)
        del column, weight
        self._longer = [
            _Sorted.of(
                self.counts.levels[k - 1].suffix,
                visits.arrived[k] * levels[k].backoff_weight,
                levels[k - 1].n_contexts,
                keeps_all=True,
            )
            for k in range(1, len(levels))
        ]

    def context_at(self, column: NDArray) -> tuple[NDArray, NDArray]:
        """The length and the row of the context of each column."""
        length = np.searchsorted(self.offsets, column, "right") - 1
        return length, column - self.offsets[length]

    def step(
        self, column: NDArray, rng: np.random.Generator
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Walk one word back from each context.

        Parameters
        ----------
        column : ndarray of shape (n_texts,), int
            The columns of the contexts, none of which is the start of its text.
        rng : numpy.random.Generator

        Returns
        -------
        word : ndarray of shape (n_texts,), int64
            The last word of each context.
        column : ndarray of shape (n_texts,), int64
            The columns of the contexts that the words were drawn after.
        """
        ngram = self._into.draw(column, rng.random(len(column)))
        order = np.searchsorted(self._first_ngram, ngram, "right")
        row = ngram - self._first_ngram[order - 1]
        word = self.counts.words_at(order, row).astype(np.int64)
        length, context = order - 1, np.zeros_like(row)
        for k in range(2, len(self._sizes) + 1):
            here = np.flatnonzero(order == k)
            context[here] = self.counts.levels[k - 1].context_at(row[here])
        self._lengthen(length, context, word, rng)
        return word, self.offsets[length] + context

    def _lengthen(self, length, context, word, rng):
        """Draw the context of each word, in place of the suffix of it given; in place.

        Where the n-gram of the longer context and the word is known, the word would not
        have been drawn by backing off: then the draw begins again from the suffix.
        """
        first = length.copy(), context.copy()
        active = np.flatnonzero(length < len(self._longer))
        while len(active):
            going = []
            for k in range(len(self._longer)):
                here = active[length[active] == k]
                here = here[self._has_backed_off(k, context[here], rng)]
                longer = self._longer[k].draw(context[here], rng.random(len(here)))
                refused = self.counts.levels[k + 1].find(longer, word[here]) >= 0
                length[here], context[here] = k + 1, longer
                again = here[refused]
                length[again], context[again] = first[0][again], first[1][again]
                going.append(again)
            active = np.concatenate(going)

    def _has_backed_off(self, k, context, rng):
        """Draw whether the next word at contexts of length k backed off from longer ones."""
        column = self.offsets[k] + context
        here = self.expected[column] / self._norm[column]
        return rng.random(len(context)) * self._arrived[k][context] >= here

    def contexts_after(self, words: tuple[int, ...]) -> NDArray[np.int64]:
        """The columns of all contexts, but the empty one, that a phrase can lead to.

        These are the contexts that end with the phrase, and those that are a suffix of it.
        """
        found, rows = [], np.array([words[-1]])
        for k in range(1, len(self._sizes)):
            found.append(self.offsets[k] + rows)
            if k == len(self._longer):
                break
            rows = self._longer[k].members(rows)
            if k < len(words):
                first = first_words(self.counts.levels[: k + 1], rows)
                rows = rows[first == words[-k - 1]]
        return np.concatenate(found)

    def origin(
        self, column: NDArray, rng: np.random.Generator
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Draw whether each context is the start of its text, or follows another context.

        Of the visits of the context at the start of texts, one is the start.

        Returns
        -------
        is_start, follows : ndarray of shape (n_texts,), bool
            If neither is true, the text is to be rejected.
        """
        visit = rng.random(len(column)) * self.expected[column]
        begins = column == self.start
        is_start = begins & (visit < 1)
        return is_start, ~is_start & (visit < begins + self._arriving[column])


class _Sorted(NamedTuple):
    """Weights sorted by group, to draw members of a group in proportion to them.

    Attributes
    ----------
    first : ndarray of shape (n_groups + 1,), int32
        Where the members of each group begin in `member`.
    member : ndarray of int32
        The index of each member in the arrays given, sorted by group.
    sums : ndarray of float64
        Cumulative sums of the weights of `member`.
    """

    first: NDArray
    member: NDArray
    sums: NDArray

    @classmethod
    def of(cls, group, weight, n_groups, keeps_all=False):
        """Sort by group, leaving out weights of 0 unless `keeps_all`.

        group [1, 0, 1, 0], weight [.2, .5, .3, 0], two groups ->
        first [0, 1, 3], member [1, 0, 2], sums [.5, .7, 1].
        """
        member = np.argsort(group, kind="stable").astype(np.int32)
        if not keeps_all:
            member = member[weight[member] > 0]
        size = np.bincount(group[member], minlength=n_groups)
        first = np.zeros(n_groups + 1, dtype=np.int32)
        np.cumsum(size, out=first[1:])
        sums = weight[member]
        return cls(first, member, np.cumsum(sums, out=sums))

    def draw(self, group, chance):
        """Draw a member of each group in proportion to its weight.

        `chance` holds uniform random numbers in [0, 1), one for each group.
        """
        low, high = self.first[group], self.first[group + 1]
        sums = np.where(low, self.sums[low - 1], 0)
        wanted = sums + chance * (self.sums[high - 1] - sums)
        at = np.searchsorted(self.sums, wanted, "right").clip(low, high - 1)
        return self.member[at].astype(np.int64)

    def members(self, groups):
        """The members of all given groups, group by group."""
        first, size = self.first[groups], self.first[groups + 1] - self.first[groups]
        shift = np.repeat(first - (np.cumsum(size) - size), size)
        return self.member[shift + np.arange(len(shift))].astype(np.int64)
