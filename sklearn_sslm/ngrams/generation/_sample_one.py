"""One random text, word by word.

The same draws as in `_sampling`, on Python numbers: for a single text the overhead of
NumPy's calls would cost more than the work.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..counting import BOUNDARY
from ..models import LanguageModel
from ._continuations import Continuations
from ._controlled import controlled_sampler
from ._generation_controls import Controls
from ._sampling import draw, next_contexts, nth_used_id


def sample_one(
    model: LanguageModel,
    continuation: Continuations,
    controls: Controls,
    rng: np.random.Generator,
) -> Iterator[int]:
    """Continue one text, word by word, until it ends.

    Parameters
    ----------
    model : LanguageModel
    continuation : Continuations
        A single one.
    controls : Controls
    rng : numpy.random.Generator

    Yields
    ------
    int
        Id of the next word.

    Raises
    ------
    ValueError
        If the controls leave no word while the text may not end.
    """
    length, row = continuation.length.item(), continuation.row.item()
    stop = set(continuation.stop.tolist())
    sampler = controlled_sampler(model, continuation, controls)
    sample_word = _sample_word
    if model.smoothing.lower_order == "backoff":
        sample_word = _sample_word_by_arrays
    for n_new in range(continuation.max_new.item()):
        if sampler is None:
            word, length, row = sample_word(model, length, row, rng)
        else:
            context = np.array([length]), np.array([row])
            word = sampler.draw(np.zeros(1, int), *context, n_new, rng).item()
            length, row = _next_context(model.counts, length, row, word)
        if word == BOUNDARY:
            return
        yield word
        if word in stop:
            return


def _next_context(counts, length, row, word):
    """The longest known context after one more word."""
    return counts.shorten(*counts.follow(length, row, word))


def _sample_word(model, length, row, rng):
    """Draw a word; returns it with the longest known context after it."""
    counts = model.counts
    order, context = length + 1, row
    while True:
        ngram, accepted = _propose(model, order, context, rng)
        if accepted:
            word = counts.levels[order - 1].word_at_one(ngram)
            break
        if order == 1 or model.smoothing.lower_order == "uniform":
            order, word = 0, int(rng.random() * len(model.events))
            if word == len(model.events) - 1:  # the unknown word: draw again
                return _sample_word(model, length, row, rng)
            word = int(nth_used_id(word, model.events.unused_ids))
            break
        order -= 1
        context = counts.levels[order - 1].suffix.item(context)
    if word == BOUNDARY:
        return BOUNDARY, 0, 0
    longest = len(counts.levels) - 1  # words of the longest contexts
    if order > max(min(length, longest - 1), 0):
        return word, *counts.shorten(order, ngram)
    # After backing off, the word may still complete a longer n-gram that was seen. But
    # no n-gram is longer than the longest contexts, so that these lose their first word.
    if length and length == longest:
        length, row = length - 1, counts.levels[length - 1].suffix.item(row)
    return word, *_next_context(counts, length, row, word)


def _propose(model, order, context, rng):
    """Propose an n-gram of a context by its count; returns whether it is accepted."""
    weights = model.weights[order - 1]
    ngram, offset = weights.draw_one(context, rng.random())
    if model.smoothing.lower_order == "none":
        return ngram, True
    return ngram, weights.accepts_one(context, ngram, offset)


def _sample_word_by_arrays(model, length, row, rng):
    """`_sample_word` by arrays of one, for backoff models."""
    context = np.array([length]), np.array([row])
    drawn = draw(model, *context, rng)
    length, row = next_contexts(model.counts, *context, *drawn)
    return drawn.word.item(), length.item(), row.item()
