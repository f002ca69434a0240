"""Random continuations that have a minimal length."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ..counting import BOUNDARY
from ..generation import (
    Continuations,
    Controls,
    DistributionCache,
    Streams,
    next_contexts,
    sample,
)
from ..models import LanguageModel
from ..scoring import next_word_candidates
from ._automaton import ConstraintAutomaton
from ._completion import CompletionProbabilities
from ._plain_model import in_plain, plain_of

_TRIES = 32
"""Draws of a continuation by rejection, before survival probabilities are computed."""

_MAX_WORK, _MAX_NUMBERS = 1 << 24, 1 << 23
"""Limits of survival probabilities: n-grams times words, about a second; numbers."""

_MAX_CACHED = 1 << 20
"""Limit of the cache of distributions, in words."""


def sample_long_enough(
    model: LanguageModel,
    continuations: Continuations,
    controls: Controls,
    streams: Streams,
) -> NDArray[np.int32]:
    """Draw continuations, each with at least its `min_new` words.

    Without controls, continuations have the distribution of the model given that they
    are long enough. Where the model has no such continuation, or computing that would
    take too long, and under controls, the end is excluded from the first `min_new`
    draws, as by `sample`. The result for a text does not depend on the other texts.

    Parameters
    ----------
    model : LanguageModel
    continuations : Continuations
        A stop word may end a text earlier.
    controls : Controls
    streams : Streams
        A random number generator for each text.

    Returns
    -------
    ndarray of shape (n_texts, longest), int32
        The new words of each text, as `sample` returns them.
    """
    least = continuations.min_new
    # Of a single word that must be there, `sample` excludes the end.
    if controls or least.max(initial=0) <= 1:
        return sample(model, continuations, controls, streams)
    unstopped = replace(continuations, stop=continuations.stop[:0])
    first = _beginnings(model, unstopped, streams)
    n_first = least * (first[:, 0] > 0)
    length, row = _contexts_after(model.counts, unstopped, first)
    rest = replace(
        unstopped,
        length=length,
        row=row,
        max_new=unstopped.max_new - n_first,
        min_new=least - n_first,
    )
    drawn = sample(model, rest, controls, streams)
    rows = np.pad(first, ((0, 0), (0, drawn.shape[1])))
    places = n_first[:, None] + np.arange(drawn.shape[1])
    np.put_along_axis(rows, places, drawn, axis=1)
    return _cut_after(rows, continuations.stop)


def _beginnings(model, continuations, streams):
    """The first `min_new` words of continuations, given that there are so many.

    They are drawn until they are long enough; those that hardly ever are, are drawn by
    survival probabilities. Rows of 0 where the model has none, and for a single word,
    before which `sample` excludes the end.
    """
    least = continuations.min_new
    begin = replace(
        continuations,
        max_new=np.minimum(continuations.max_new, least),
        min_new=np.zeros_like(least),
    )
    first = np.zeros((len(least), int(least.max())), dtype=np.int32)
    short = np.flatnonzero(least > 1)
    for _ in range(_TRIES):
        drawn = sample(model, begin[short], Controls(), streams[short])
        first = _with_rows(first, short, drawn)
        short = short[np.count_nonzero(drawn, axis=1) < least[short]]
        if not len(short):
            return first
    first[short] = BOUNDARY
    ahead = look_ahead_of(model, int(least[short].max()))
    if ahead is None:
        return first
    for j in short.tolist():
        words = ahead.draw(model, continuations[[j]], streams[[j]])
        first[j, : len(words)] = words
    return first


def _contexts_after(counts, continuations, words):
    """The longest known contexts after the first words of continuations.

    Parameters
    ----------
    counts : NGramCounts
    continuations : Continuations
    words : ndarray of shape (n_texts, n_words), int32
        A text with fewer words is filled up with 0.

    Returns
    -------
    length, row : ndarray of shape (n_texts,), int64
    """
    length, row = continuations.length.copy(), continuations.row.copy()
    for word in words.T:
        on = np.flatnonzero(word)
        unigram = word[on], np.ones_like(on), word[on].astype(np.int64)
        length[on], row[on] = next_contexts(counts, length[on], row[on], *unigram)
    return length, row


def _with_rows(rows, which, part):
    """Replace some rows by those of `part`; shorter rows are padded with 0.

    >>> _with_rows(np.array([[1, 2], [3, 4]]), [0], np.array([[5, 6, 7]]))
    array([[5, 6, 7],
           [3, 4, 0]])
    """
    width = max(rows.shape[1], part.shape[1])
    rows = np.pad(rows, ((0, 0), (0, width - rows.shape[1])))
    rows[which] = np.pad(part, ((0, 0), (0, width - part.shape[1])))
    return rows


def _cut_after(rows, stop):
    """Replace all words after the first stop word of each row by 0.

    >>> _cut_after(np.array([[1, 2, 3], [4, 1, 2]]), stop=np.array([2]))
    array([[1, 2, 0],
           [4, 1, 2]])
    """
    if not len(stop):
        return rows
    stops = np.isin(rows, stop)
    return np.where(np.cumsum(stops, axis=1) - stops > 0, BOUNDARY, rows)


class LookAhead:
    """Survival probabilities: that a text continues for at least k more words.

    Parameters
    ----------
    model : LanguageModel
        In plain arrays.
    n_words : int
        The largest k.
    """

    def __init__(self, model: LanguageModel, n_words: int) -> None:
        self.model = model
        self.n_words = n_words
        self._completion = CompletionProbabilities(model, ConstraintAutomaton([]))
        self._survival = [np.ones(self._completion.shape)]  # by k
        for _ in range(n_words):
            before = self._completion.backward_step(self._survival[-1], may_end=False)
            if largest := before.max():  # draws depend on ratios only
                before /= largest
            self._survival.append(before)
        self._cache = DistributionCache(self.distribution, _MAX_CACHED)

    def distribution(
        self, length: int, row: int, n_words: int
    ) -> tuple[NDArray, NDArray]:
        """The distribution of the next word, given that at least `n_words` follow.

        Parameters
        ----------
        length, row : int
            The context.
        n_words : int
            Number of words that must follow, counting the next one.

        Returns
        -------
        words : ndarray of shape (n_candidates,), int64
        weights : ndarray of shape (n_candidates,), float64
            In proportion to probabilities; all are 0 if no continuation is long enough.
        """
        words, p = next_word_candidates(self.model, length, row)
        columns = self._completion.next_contexts(length, row)[words]
        weights = p * self._survival[n_words - 1][0, columns]
        weights[words == BOUNDARY] = 0
        return words, weights

    def first_words(
        self, model: LanguageModel, text: Continuations
    ) -> tuple[NDArray, NDArray]:
        """The distribution of the first word of a continuation of at least `min_new`.

        Parameters
        ----------
        model : LanguageModel
            The model that the context of the text refers to.
        text : Continuations
            A single text.

        Returns
        -------
        words, weights : ndarray
            As of `distribution`.
        """
        context = in_plain(
            model, self.model.counts, text.length.item(), text.row.item()
        )
        return self.distribution(*context, text.min_new.item())

    def draw(
        self, model: LanguageModel, text: Continuations, stream: Streams
    ) -> list[int]:
        """Draw the first `min_new` words of a continuation, given that it has as many.

        Parameters
        ----------
        model : LanguageModel
            The model that the context of the text refers to.
        text : Continuations
            A single text.
        stream : Streams

        Returns
        -------
        list of int
            The words; none if the model has no continuation of this length.
        """
        counts, n_words = self.model.counts, text.min_new.item()
        context = in_plain(model, counts, text.length.item(), text.row.item())
        if not self._survival[n_words][0, self._completion.column(*context)]:
            return []
        words = []
        for left in range(n_words, 0, -1):
            word = self._cache.draw((*context, left), stream.random().item())
            context = counts.back_off(*counts.advance(*context, word))
            words.append(word)
        return words


def look_ahead_of(model: LanguageModel, n_words: int) -> LookAhead | None:
    """Survival probabilities of up to `n_words`, cached in the rebuilt model.

    Returns
    -------
    LookAhead or None
        None if computing them would take too much time or memory.
    """
    n_ngrams = [len(level) for level in model.counts.levels]
    if sum(n_ngrams) * n_words > _MAX_WORK:
        return None
    if (1 + sum(n_ngrams[:-1])) * n_words > _MAX_NUMBERS:
        return None
    computed = model.rebuilt().computed
    ahead: LookAhead | None = computed.look_ahead
    if ahead is None or ahead.n_words < n_words:
        ahead = computed.look_ahead = LookAhead(plain_of(model), n_words)
    return ahead
