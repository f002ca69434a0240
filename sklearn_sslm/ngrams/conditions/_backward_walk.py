"""Walks from contexts back to the starts of texts, against the direction of a model."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ._visits import Visits


class BackwardWalk:
    """Draws what stands before a context, as in the texts of a model under a smoothing.

    A text comes to a context from an n-gram, with the probability that it does in its
    expected number of visits; see `Visits`. To that n-gram it came from its context or
    a longer one, of which no longer n-gram was known with the same word.

    Parameters
    ----------
    visits : Visits

    Attributes
    ----------
    visits : Visits
    """

    def __init__(self, visits: Visits) -> None:
        self.visits = visits
        self._counts = visits.model.counts
        self._sizes = [len(flow) for flow in visits.flow]
        self._first_ngram = np.cumsum([0, *self._sizes])
        levels = visits.levels
        column = np.concatenate([level.next_column for level in levels])
        flow = np.concatenate(visits.flow)
        self._into = _Sorted.of(column, flow, len(visits.end), flow > 0)
        self._longer = [
            _Sorted.of(
                self._counts.levels[k - 1].suffix,
                visits.arrived[k] * levels[k].backoff_weight,
                levels[k - 1].n_contexts,
                np.ones(levels[k].n_contexts, dtype=bool),
            )
            for k in range(1, len(levels))
        ]

    def step(
        self, column: NDArray, rng: np.random.Generator
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Draw the last word before some contexts, and the context that it came from.

        Parameters
        ----------
        column : ndarray of int
            The columns of contexts that are no starts of texts.
        rng : numpy.random.Generator

        Returns
        -------
        word, column : ndarray of int64
        """
        ngram = self._into.draw(column, rng.random(len(column)))
        order = np.searchsorted(self._first_ngram, ngram, "right")
        row = ngram - self._first_ngram[order - 1]
        word = self._counts.words_at(order, row).astype(np.int64)
        length, context = order - 1, np.zeros_like(row)
        for k in range(2, len(self._sizes) + 1):
            here = np.flatnonzero(order == k)
            context[here] = self._counts.levels[k - 1].context_at(row[here])
        self._lengthen(length, context, word, rng)
        return word, self.visits.completion.offsets[length] + context

    def _lengthen(self, length, context, word, rng):
        """Draw the whole contexts that some words came after, in place of their ends.

        A context is refused, and its end lengthened anew, if a longer n-gram is known of
        it and the word: to that the text would have come.
        """
        first = length.copy(), context.copy()
        active = np.flatnonzero(length < len(self._longer))
        while len(active):
            going = []
            for k in range(len(self._longer)):
                here = active[length[active] == k]
                here = here[self._goes_on(k, context[here], rng)]
                longer = self._longer[k].draw(context[here], rng.random(len(here)))
                refused = self._counts.levels[k + 1].find(longer, word[here]) >= 0
                length[here], context[here] = k + 1, longer
                again = here[refused]
                length[again], context[again] = first[0][again], first[1][again]
                going.append(again)
            active = np.concatenate(going)

    def _goes_on(self, k, context, rng):
        """Whether texts came to contexts of one length from longer ones."""
        visits, offset = self.visits, self.visits.completion.offsets[k]
        norm = visits.completion.norm[offset + context]
        here = visits.expected[offset + context] / norm
        return rng.random(len(context)) * visits.arrived[k][context] >= here

    def contexts_after(self, words: tuple[int, ...]) -> NDArray[np.int64]:
        """The columns of all contexts that can stand after a phrase.

        They end with it, or are shorter and an end of it. None is the empty context.
        """
        found, rows = [], np.array([words[-1]])
        for k in range(1, len(self.visits.levels)):
            found.append(self.visits.completion.offsets[k] + rows)
            if k == len(self._longer):
                break
            rows = self._longer[k].members(rows)
            if k < len(words):
                first = self._first_words(k + 1, rows)
                rows = rows[first == words[-k - 1]]
        return np.concatenate(found)

    def _first_words(self, order, row):
        """The first words of n-grams of one order."""
        for level in self._counts.levels[order - 1 : 0 : -1]:
            row = level.context_at(row)
        return row

    def is_start(self, column: NDArray, rng: np.random.Generator) -> NDArray[np.bool_]:
        """Draw whether texts start at some contexts, and do not come to them."""
        start = self.visits.start
        chance = rng.random(len(column)) * self.visits.expected[start]
        if self._into.first[start] == self._into.first[start + 1]:
            chance[:] = 0  # it is no context but there
        return (column == start) & (chance < 1)


class _Sorted(NamedTuple):
    """Numbers sorted by the group that each is in, to draw from groups.

    Attributes
    ----------
    first : ndarray of shape (n_groups + 1,), int
        Where the members of each group begin.
    member : ndarray of int32
        The place of each number before it was sorted.
    sums : ndarray of float64
        Sums of the numbers, up to each.
    """

    first: NDArray
    member: NDArray
    sums: NDArray

    @classmethod
    def of(cls, group, weight, n_groups, is_member):
        """Sort those numbers that are members by their group."""
        member = np.flatnonzero(is_member)
        member = member[np.argsort(group[member], kind="stable")].astype(np.int32)
        size = np.bincount(group[member], minlength=n_groups)
        return cls(np.cumsum([0, *size]), member, np.cumsum(weight[member]))

    def draw(self, group, chance):
        """Draw a member of each group in proportion to its number."""
        low, high = self.first[group], self.first[group + 1]
        sums = np.where(low, self.sums[low - 1], 0)
        wanted = sums + chance * (self.sums[high - 1] - sums)
        at = np.searchsorted(self.sums, wanted, "right").clip(low, high - 1)
        return self.member[at].astype(np.int64)

    def members(self, groups):
        """All members of some groups."""
        first, size = self.first[groups], self.first[groups + 1] - self.first[groups]
        shift = np.repeat(first - (np.cumsum(size) - size), size)
        return self.member[shift + np.arange(len(shift))].astype(np.int64)
