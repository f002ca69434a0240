"""Continuations of texts that do not end too early."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ..counting import BOUNDARY
from ..generation import Continuations, Controls, DistributionCache, Streams, sample
from ..models import LanguageModel
from ..scoring import next_word_candidates
from ._automaton import ConstraintAutomaton
from ._completion import CompletionProbabilities
from ._texts_given import in_plain, plain_of

_TRIES = 32
"""How often a continuation is drawn that may be too short, before a model looks ahead."""

_MAX_WORK, _MAX_NUMBERS = 1 << 24, 1 << 23
"""N-grams that are passed to look ahead, about a second; probabilities that are kept."""

_MAX_STORED = 1 << 20
"""Words of distributions that are kept."""


def sample_long_enough(
    model: LanguageModel,
    continuations: Continuations,
    controls: Controls,
    streams: Streams,
) -> NDArray[np.int32]:
    """Continue texts side by side, each until it ends and has its least length.

    Without controls, they are drawn from the model given that they are long enough, as
    if one drew continuations without end and kept those that are. Where the model has
    none, or it would take too long to find out, and under controls, each word is drawn
    without the end, as by `sample`. How a text is drawn does not depend on the others.

    Parameters
    ----------
    model : LanguageModel
    continuations : Continuations
        A stop word may end a text earlier.
    controls : Controls
    streams : Streams
        One for each text.

    Returns
    -------
    ndarray of shape (n_texts, longest), int32
        As `sample` gives them.
    """
    least = continuations.min_new
    if controls or not least.any():
        return sample(model, continuations, controls, streams)
    unstopped = replace(continuations, stop=continuations.stop[:0])
    free = replace(unstopped, min_new=np.zeros_like(least))
    rows = np.zeros((len(least), 0), dtype=np.int32)
    short = np.arange(len(least))
    for _ in range(_TRIES):
        drawn = sample(model, free[short], controls, streams[short])
        rows = _with_rows(rows, short, drawn)
        short = short[np.count_nonzero(drawn, axis=1) < least[short]]
        if not len(short):
            break
    else:
        drawn = _sample_ahead(model, unstopped[short], streams[short])
        rows = _with_rows(rows, short, drawn)
    return _cut_after(rows, continuations.stop)


def _sample_ahead(model, continuations, streams):
    """Continue texts that are hardly ever long enough."""
    least, size = continuations.min_new, len(continuations)
    ahead = look_ahead_of(model, int(least.max()))
    first: list[list[int]] = [[] for _ in range(size)]
    context = np.stack([continuations.length, continuations.row])
    for j in range(size):
        if ahead is None:
            break
        first[j] = ahead.draw(model, continuations[[j]], streams[[j]])
        for word in first[j]:
            at = model.counts.advance(*context[:, j].tolist(), word)
            context[:, j] = model.counts.back_off(*at)
    is_long = np.array([len(words) > 0 for words in first])
    rest = replace(
        continuations,
        length=context[0],
        row=context[1],
        max_new=continuations.max_new - least * is_long,
        min_new=least * ~is_long,
    )
    n_first = int(least.max())
    rows = np.zeros((size, n_first), dtype=np.int32)
    for texts in map(np.flatnonzero, (is_long, ~is_long)):
        # How a text is drawn must not depend on the others: with `min_new` it takes
        # other random numbers.
        drawn = sample(model, rest[texts], Controls(), streams[texts])
        whole = np.zeros((len(texts), n_first + drawn.shape[1]), dtype=np.int32)
        for j, text, words in zip(range(size), texts.tolist(), drawn, strict=False):
            begun = [*first[text], *words.tolist()]
            whole[j, : len(begun)] = begun
        rows = _with_rows(rows, texts, whole)
    return rows


def _with_rows(rows, which, part):
    """Rows of which some are replaced; the shorter ones are filled up with 0.

    >>> _with_rows(np.array([[1, 2], [3, 4]]), [0], np.array([[5, 6, 7]]))
    array([[5, 6, 7],
           [3, 4, 0]])
    """
    width = max(rows.shape[1], part.shape[1])
    rows = np.pad(rows, ((0, 0), (0, width - rows.shape[1])))
    rows[which] = np.pad(part, ((0, 0), (0, width - part.shape[1])))
    return rows


def _cut_after(rows, stop):
    """Rows that end with their first stop word.

    >>> _cut_after(np.array([[1, 2, 3], [4, 1, 2]]), stop=np.array([2]))
    array([[1, 2, 0],
           [4, 1, 2]])
    """
    if not len(stop):
        return rows
    stops = np.isin(rows, stop)
    return np.where(np.cumsum(stops, axis=1) - stops > 0, BOUNDARY, rows)


class LookAhead:
    """For every context, the probability that a text goes on for so many words.

    Parameters
    ----------
    model : LanguageModel
        In plain arrays.
    n_words : int
    """

    def __init__(self, model: LanguageModel, n_words: int) -> None:
        self.model = model
        self.n_words = n_words
        self._completion = CompletionProbabilities(model, ConstraintAutomaton([]))
        self._goes_on = [np.ones(self._completion.shape)]
        for _ in range(n_words):
            before = self._completion.backward_step(self._goes_on[-1], may_end=False)
            if largest := before.max():  # only the ratios matter
                before /= largest
            self._goes_on.append(before)
        self._cache = DistributionCache(self.distribution, _MAX_STORED)

    def distribution(
        self, length: int, row: int, n_words: int
    ) -> tuple[NDArray, NDArray]:
        """The words that may come after a context, given that so many words do.

        Parameters
        ----------
        length, row : int
            The context.
        n_words : int

        Returns
        -------
        words : ndarray of shape (n_words,), int64
        weights : ndarray of shape (n_words,), float64
            In proportion to their probabilities; all are 0 if no text goes on so long.
        """
        words, p = next_word_candidates(self.model, length, row)
        columns = self._completion.next_contexts(length, row)[words]
        weights = p * self._goes_on[n_words - 1][0, columns]
        weights[words == BOUNDARY] = 0
        return words, weights

    def first_words(
        self, model: LanguageModel, text: Continuations
    ) -> tuple[NDArray, NDArray]:
        """The first words of a continuation, given that it is long enough.

        Parameters
        ----------
        model : LanguageModel
            What the context of the text is one of.
        text : Continuations
            A single one.

        Returns
        -------
        words, weights : ndarray
            As `distribution` gives them.
        """
        context = in_plain(
            model, self.model.counts, text.length.item(), text.row.item()
        )
        return self.distribution(*context, text.min_new.item())

    def draw(
        self, model: LanguageModel, text: Continuations, stream: Streams
    ) -> list[int]:
        """Draw the first words of a continuation, given that it is long enough.

        Parameters
        ----------
        model : LanguageModel
            What the context of the text is one of.
        text : Continuations
            A single one.
        stream : Streams

        Returns
        -------
        list of int
            As many words as it has at least; none if no text of the model is so long.
        """
        counts, n_words = self.model.counts, text.min_new.item()
        context = in_plain(model, counts, text.length.item(), text.row.item())
        if not self._goes_on[n_words][0, self._completion.column(*context)]:
            return []
        words = []
        for left in range(n_words, 0, -1):
            word = self._cache.draw((*context, left), stream.random().item())
            context = counts.back_off(*counts.advance(*context, word))
            words.append(word)
        return words


def look_ahead_of(model: LanguageModel, n_words: int) -> LookAhead | None:
    """What looks so many words ahead; None if that would take too long.

    It is kept with the model.
    """
    ahead: LookAhead | None = model.computed.look_ahead
    if ahead is None or ahead.n_words < n_words:
        n_ngrams = [len(level) for level in model.counts.levels]
        if sum(n_ngrams) * n_words > _MAX_WORK:
            return None
        if (1 + sum(n_ngrams[:-1])) * n_words > _MAX_NUMBERS:
            return None
        ahead = model.computed.look_ahead = LookAhead(plain_of(model), n_words)
    return ahead
