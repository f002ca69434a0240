"""One random text, word by word."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from ..counting import BOUNDARY
from ..models import LanguageModel
from ._continuations import Continuations
from ._controlled import controlled_sampler
from ._generation_controls import Controls
from ._sampling import ATTEMPTS, draw, next_contexts
from ._word_sampler import word_sampler_of


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
    draw_word: Callable[..., tuple[int, int, int]]
    if model.smoothing.lower_order == "backoff":
        draw_word = partial(_draw_by_arrays, model)
    else:
        draw_word = word_sampler_of(model).draw
        if model.counts.unknown_id >= 0:
            draw_word = partial(_draw_known, model, draw_word)
    for n_new in range(continuation.max_new.item()):
        if sampler is None:
            word, length, row = draw_word(length, row, rng)
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


def _draw_known(model, draw_word, length, row, rng):
    """Draw a word, again while it is the unknown one, which may have an id."""
    for _ in range(ATTEMPTS):
        word, *context = draw_word(length, row, rng)
        if word != model.counts.unknown_id:
            return word, *context
    return _draw_by_arrays(model, length, row, rng)


def _draw_by_arrays(model, length, row, rng):
    """Draw a word by arrays of one, for backoff models."""
    context = np.array([length]), np.array([row])
    drawn = draw(model, *context, rng)
    length, row = next_contexts(model.counts, *context, *drawn)
    return drawn.word.item(), length.item(), row.item()
