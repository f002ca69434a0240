"""A sampler of single words, with Python numbers and caches."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any

import numpy as np

from ..counting import BOUNDARY
from ..models import LanguageModel, OnlineModel
from ._draws import nth_used_id
from ._streams import Stream

_MAX_CACHED = 1 << 20
"""Limit of the caches, in children in lists and in words drawn."""

_TRIES = 1 << 12
"""Draws of a child before all are taken for children that are never accepted."""

_IN_ARRAYS = 4
"""Number of children in arrays with the memory of one in a list."""


def word_sampler_of(model: LanguageModel) -> WordSampler:
    """The sampler of a model, cached in `model.computed`."""
    if isinstance(model, OnlineModel):  # its levels cache the children, which change
        return WordSampler(model)
    sampler: WordSampler | None = model.computed.word_sampler
    if sampler is None:
        sampler = model.computed.word_sampler = WordSampler(model)
    return sampler


def draws_words(model: LanguageModel) -> bool:
    """Whether a `WordSampler` can draw from a model: not if it is one of backoff.

    Nor if it has an unknown word with an id, which is drawn again by arrays.
    """
    return model.smoothing.lower_order != "backoff" and model.counts.unknown_id < 0


def draws_no_end(model: LanguageModel) -> bool:
    """Whether a model has a `WordSampler` with `draw_no_end`."""
    return model.smoothing.lower_order == "interpolate" and draws_words(model)


class WordSampler:
    """Draws single words as `draw`, with Python numbers.

    For a single text, the overhead of calls of NumPy would exceed the work.

    Parameters
    ----------
    model : LanguageModel
        A model of counts.
    """

    def __init__(self, model: LanguageModel) -> None:
        self._levels = model.counts.levels
        look_ups = [level.look_ups() for level in self._levels]
        self._find, has_child, self._suffix = zip(*look_ups, strict=True)
        self._has_child = (*has_child, _never)  # no word follows the longest n-grams
        self._word_at = [level.word_at_one for level in self._levels]
        self._weights = model.weights
        self._events = model.events
        self._lower_order = model.smoothing.lower_order
        self._accepts_all = self._lower_order == "none"
        self._children: list[dict] = [{} for _ in self._levels]
        self._masses: list[dict] = [{} for _ in self._levels]
        self._after: list[dict] = [{} for _ in self._levels]
        self._after_backoff: dict[Any, tuple[int, int, int]] = {}
        self._n_kept = 0

    def draw(
        self, length: int, row: int, rng: np.random.Generator | Stream
    ) -> tuple[int, int, int]:
        """Draw a word.

        Parameters
        ----------
        length, row : int
            The longest known context.
        rng : numpy.random.Generator or Stream

        Returns
        -------
        word : int
            Its id; 0 is the end of the text.
        length, row : int
            The longest known context after it.
        """
        context, context_row = length, row
        while True:
            found = self._children[context].get(context_row)
            cumulative, rows = found or self._visit(context, context_row)
            place = rng.random() * cumulative[-1]  # less than the sum, even if rounded
            child = bisect_right(cumulative, int(place)) - 1
            ngram = rows[child]
            # The n-gram is a proposal in proportion to its count.
            if self._accepts_all:
                break
            mass = self._masses[context].get(ngram)
            if mass is None:
                mass = self._mass(context, context_row, ngram, cumulative[-1])
            if place - cumulative[child] < mass:
                break
            if context == 0 or self._lower_order == "uniform":
                context, ngram = 0, self._uniform(rng)
                if ngram < 0:  # the unknown word: draw again
                    return self.draw(length, row, rng)
                break
            context_row = self._suffix[context - 1](context_row)
            context -= 1
        return self._after_ngram(length, row, context, ngram)

    def draw_no_end(
        self, length: int, row: int, rng: np.random.Generator | Stream
    ) -> tuple[int, int, int]:
        """As `draw`, given that the word is not the end, however likely that is.

        The smoothing must interpolate. At each context, the chance to back off and the
        chances of the children are those of the model given that the text does not end.
        """
        chances = self._chances_to_back_off(length, row)
        context = length
        while context >= 0:
            context_row, chance, end = chances[context]
            ngram = None
            if rng.random() >= chance:
                ngram = self._child_but(end, context, context_row, rng)
            if ngram is not None:
                return self._after_ngram(length, row, context, ngram)
            context -= 1
        ngram = self._uniform(rng, first=1)
        if ngram < 0:
            return self.draw_no_end(length, row, rng)
        return self._after_ngram(length, row, 0, ngram)

    def _uniform(self, rng, first=0):
        """The end or, with 1 as `first`, no end, or a known word; −1 is the unknown word."""
        n_events = len(self._events)
        nth = first + int(rng.random() * (n_events - first))
        if nth == n_events - 1:
            return -1
        return int(nth_used_id(nth, self._events.unused_ids))

    def _chances_to_back_off(self, length, row):
        """For the suffixes of a context, shortest first: what draws without the end need.

        Returns
        -------
        list of tuple
            The row, the chance that a draw which is not the end backs off, and the row
            of the n-gram with the end, −1 if that was not seen.
        """
        rows = [row]
        for k in range(length - 1, -1, -1):
            rows.append(self._suffix[k](rows[-1]))
        shorter = 1 - 1 / len(self._events)  # the probability of all but the end
        chances = []
        for k, context in enumerate(reversed(rows)):
            weights, end = self._weights[k], self._find[k](context, BOUNDARY)
            weight = weights.backoff_weight_one(context)
            p_end = weight * (1 - shorter)
            if end >= 0:
                p_end += weights.discounted_one(context, end)
            chance = weight * shorter / (1 - p_end) if p_end < 1 else 1.0
            chances.append((context, chance, end))
            shorter = 1 - p_end
        return chances

    def _child_but(self, end, length, row, rng):
        """Draw a child other than one of a context; None if hardly any is accepted."""
        found = self._children[length].get(row)
        cumulative, rows = found or self._visit(length, row)
        begin = skipped = 0  # the counts of the end are left out
        if end >= 0:
            nth = 0 if rows[0] == end else list(rows).index(end)
            begin, skipped = cumulative[nth], cumulative[nth + 1] - cumulative[nth]
        size = cumulative[-1] - skipped
        for _ in range(_TRIES if size else 0):
            place = rng.random() * size
            if place >= begin:
                place += skipped
            child = bisect_right(cumulative, int(place)) - 1
            mass = self._masses[length].get(rows[child])
            if mass is None:
                mass = self._mass(length, row, rows[child], cumulative[-1])
            if place - cumulative[child] < mass:
                return rows[child]
        return None

    def _after_ngram(self, length, row, context, ngram):
        """The last word of an n-gram drawn after a context or a suffix; `draw` returns it."""
        if context == length or context >= len(self._levels) - 2:
            return self._after[context].get(ngram) or self._go_on(context, ngram)
        # After backing off, the word may still complete a longer known n-gram.
        asked = length, row, context, ngram
        return self._after_backoff.get(asked) or self._longest(*asked)

    def _visit(self, length, row):
        """Cumulative counts and rows of the children of a context."""
        children = self._weights[length].uncached_children_of(row)
        cumulative, rows, size = children.cumulative, children.row, len(children.row)
        if isinstance(children.count, list):
            cumulative = tuple(cumulative)  # untracked by the garbage collector
        else:
            rows = rows.data if isinstance(rows, np.ndarray) else rows  # Python numbers
            size //= _IN_ARRAYS
        found = cumulative, rows
        self._keep(self._children[length], row, found, 1 + size)
        return found

    def _mass(self, length, row, ngram, total):
        """The bound of the offsets with which an n-gram is accepted; see `Weights`."""
        mass = self._weights[length].discounted_one(row, ngram) * total
        self._keep(self._masses[length], ngram, mass)
        return mass

    def _go_on(self, length, ngram):
        """The last word of an n-gram, and the longest context at its end."""
        word = self._word_at[length](ngram)
        after = (BOUNDARY, 0, 0)
        if word != BOUNDARY:
            after = word, *self._back_off(length + 1, ngram)
        self._keep(self._after[length], ngram, after)
        return after

    def _longest(self, length, row, shorter, ngram):
        """The last word of an n-gram of a shorter context, and the longest context after.

        Of the context (length, row) that the draw backed off from, and the word.
        """
        asked = length, row, shorter, ngram
        word = self._word_at[shorter](ngram)
        after = BOUNDARY, 0, 0
        if word != BOUNDARY:
            # A context of maximal length loses its first word.
            if length == len(self._levels) - 1:
                length -= 1
                row = self._suffix[length](row)
            while length > shorter:
                found = self._find[length](row, word)
                if found >= 0:
                    ngram = found
                    break
                length -= 1
                row = self._suffix[length](row)
            after = word, *self._back_off(length + 1, ngram)
        self._keep(self._after_backoff, asked, after)
        return after

    def _back_off(self, order, row):
        """As `NGramCounts.back_off`."""
        while order and not self._has_child[order](row):
            order -= 1
            row = self._suffix[order](row)
        return order, row

    def _keep(self, kept, key, value, size=1):
        """Add a result to a cache; all are emptied first if they are full."""
        self._n_kept += size
        if self._n_kept > _MAX_CACHED:
            for answers in (*self._children, *self._masses, *self._after):
                answers.clear()
            self._after_backoff.clear()
            self._n_kept = size
        kept[key] = value


def _never(_):
    return False
