"""Draws words one after the other, in the time that the words take."""

from __future__ import annotations

from bisect import bisect_right

import numpy as np

from ..counting import BOUNDARY
from ..models import LanguageModel, OnlineModel
from ._draws import nth_used_id
from ._streams import Stream

_MAX_KEPT = 1 << 20
"""Children of contexts, and words drawn, that are kept for the next time."""


def word_sampler_of(model: LanguageModel) -> WordSampler:
    """The sampler of a model, which the model keeps for the next question."""
    if isinstance(model, OnlineModel):  # it keeps the children itself, as they change
        return WordSampler(model)
    sampler: WordSampler | None = model.computed.word_sampler
    if sampler is None:
        sampler = model.computed.word_sampler = WordSampler(model)
    return sampler


class WordSampler:
    """The same draws as in `_draws`, on Python numbers.

    For a single text the overhead of NumPy's calls would cost more than the work.

    Parameters
    ----------
    model : LanguageModel
        Not one of stored probabilities.
    """

    def __init__(self, model: LanguageModel) -> None:
        self._counts = model.counts
        self._levels = model.counts.levels
        self._weights = model.weights
        self._events = model.events
        self._lower_order = model.smoothing.lower_order
        self._accepts_all = self._lower_order == "none"
        self._accepts = [weights.accepts_one for weights in model.weights]
        self._children: list[dict] = [{} for _ in self._levels]
        self._after: list[dict] = [{} for _ in self._levels]
        self._after_backoff: dict[tuple[int, int, int], tuple[int, int]] = {}
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
            children = self._children[context].get(context_row)
            cumulative, rows = children or self._find(context, context_row)
            place = rng.random() * cumulative[-1]  # less than the sum, even if rounded
            child = bisect_right(cumulative, int(place)) - 1
            ngram, offset = int(rows[child]), place - cumulative[child]
            # An n-gram is proposed by its count.
            if self._accepts_all or self._accepts[context](context_row, ngram, offset):
                if context == length or context >= len(self._levels) - 2:
                    after = self._after[context].get(ngram)
                    return after or self._go_on(context, ngram)
                word = self._levels[context].word_at_one(ngram)
                break
            if context == 0 or self._lower_order == "uniform":
                word = int(rng.random() * len(self._events))
                if word == len(self._events) - 1:  # the unknown word: draw again
                    return self.draw(length, row, rng)
                word = int(nth_used_id(word, self._events.unused_ids))
                break
            context -= 1
            context_row = self._levels[context].suffix.item(context_row)
        if word == BOUNDARY:
            return BOUNDARY, 0, 0
        # After backing off, the word may still complete a longer n-gram that was seen.
        return word, *self._longest(length, row, word)

    def _find(self, length, row):
        """The sums of the counts before each child of a context, and their rows."""
        children = self._weights[length].children_of(row)
        found = children.cumulative, children.row
        self._keep(self._children[length], row, found, 1 + len(children.row))
        return found

    def _go_on(self, length, ngram):
        """The last word of an n-gram, and the longest known context at its end."""
        word = self._levels[length].word_at_one(ngram)
        after = (BOUNDARY, 0, 0)
        if word != BOUNDARY:
            after = word, *self._counts.back_off(length + 1, ngram)
        self._keep(self._after[length], ngram, after)
        return after

    def _longest(self, length, row, word):
        """The longest known context after one more word, which some did not see."""
        asked = length, row, word
        found = self._after_backoff.get(asked)
        if found is None:
            # No n-gram is longer than the longest contexts, so that these lose a word.
            if length and length == len(self._levels) - 1:
                row = self._levels[length - 1].suffix.item(row)
                length -= 1
            found = self._counts.back_off(*self._counts.advance(length, row, word))
            self._keep(self._after_backoff, asked, found)
        return found

    def _keep(self, kept, key, value, size=1):
        """Keep an answer; if there are too many, no others."""
        self._n_kept += size
        if self._n_kept > _MAX_KEPT:
            for answers in (*self._children, *self._after, self._after_backoff):
                answers.clear()
            self._n_kept = size
        kept[key] = value
