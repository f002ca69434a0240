"""One random text, word by word."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from ..counting import BOUNDARY
from ..models import LanguageModel
from ._continuations import Continuations
from ._controlled import NO_WORD, controlled_sampler
from ._draws import draw
from ._generation_controls import Controls
from ._sampling import next_contexts
from ._streams import Streams, streams_of
from ._word_sampler import word_sampler_of


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
    stop = set(continuation.stop.tolist())
    sampler = controlled_sampler(model, continuation, controls)
    streams: Any = streams_of(rng, 1)
    draw_word: Callable[..., tuple[int, int, int]]
    draw_first: Callable[..., tuple[int, int, int]]
    # The unknown word, which may have an id, is drawn again by arrays.
    if model.smoothing.lower_order == "backoff" or model.counts.unknown_id >= 0:
        draw_word = draw_first = partial(_draw_by_arrays, model)
    else:
        words = word_sampler_of(model)
        draw_word = draw_first = words.draw
        if _only_needs_a_word(model, continuation, controls):
            sampler, draw_first = None, words.draw_no_end
        if sampler is None:
            streams = streams.only()
    for n_new in range(continuation.max_new.item()):
        if sampler is None:
            draw_next = draw_word if n_new else draw_first
            word, length, row = draw_next(length, row, streams)
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


def _only_needs_a_word(model, continuation, controls):
    """Whether all that is asked of a text is that its first word is not the end."""
    interpolates = model.smoothing.lower_order == "interpolate"
    return interpolates and not controls and continuation.min_new.item() == 1


def _next_context(counts, length, row, word):
    """The longest known context after one more word."""
    return counts.back_off(*counts.advance(length, row, word))


def _draw_by_arrays(model, length, row, streams):
    """Draw a word by arrays of one."""
    context = np.array([length]), np.array([row])
    drawn = draw(model, *context, streams)
    length, row = next_contexts(model.counts, *context, *drawn)
    return drawn.word.item(), length.item(), row.item()
