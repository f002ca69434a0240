"""One random text, word by word."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from ..counting import BOUNDARY
from ..models import LanguageModel
from ._continuations import Continuations
from ._controlled import NO_WORD, controlled_sampler
from ._draws import draw
from ._generation_controls import Controls
from ._sampling import next_contexts
from ._streams import Streams, streams_of
from ._word_sampler import draws_words, word_sampler_of


def sample_one(
    model: LanguageModel,
    continuation: Continuations,
    controls: Controls,
    rng: np.random.Generator | Streams,
) -> Iterator[int]:
    """Continue one text, word by word, until it ends.

    Parameters
    ----------
    model : LanguageModel
    continuation : Continuations
        A single one.
    controls : Controls
    rng : numpy.random.Generator or Streams
        One stream, or what draws its seed.

    Yields
    ------
    int
        Id of the next word; `NO_WORD` at last if the text ends as the controls left none.
    """
    length, row = continuation.length.item(), continuation.row.item()
    stop, least = set(continuation.stop.tolist()), continuation.min_new.item()
    sampler = controlled_sampler(model, continuation, controls)
    streams, stream = streams_of(rng, 1), None
    draw_word: Callable[..., tuple[int, int, int]] = partial(_draw_by_arrays, model)
    has_words = draws_words(model)
    if has_words:
        draw_word = word_sampler_of(model).draw
    for n_new in range(continuation.max_new.item()):
        if sampler is None or (not controls and n_new >= least):
            if stream is None:
                stream = streams.only() if has_words else streams
            word, length, row = draw_word(length, row, stream)
        else:
            context = np.array([length]), np.array([row])
            word = sampler.draw(np.zeros(1, int), *context, n_new, streams).item()
            if word == NO_WORD:
                yield word
                return
            length, row = _next_context(model.counts, length, row, word)
        if word == BOUNDARY:
            return
        yield word
        if word in stop:
            return


def _next_context(counts, length, row, word):
    """The longest known context after one more word."""
    return counts.back_off(*counts.advance(length, row, word))


def _draw_by_arrays(model, length, row, streams):
    """Draw a word by arrays of one."""
    context = np.array([length]), np.array([row])
    drawn = draw(model, *context, streams)
    length, row = next_contexts(model.counts, *context, *drawn)
    return drawn.word.item(), length.item(), row.item()
