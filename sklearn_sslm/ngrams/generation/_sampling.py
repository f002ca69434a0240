"""Random texts, drawn together by arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..counting import BOUNDARY, NGramCounts
from ..models import LanguageModel
from ._continuations import Continuations
from ._controlled import controlled_sampler
from ._draws import Drawn, draw, longest_ngrams
from ._generation_controls import Controls
from ._streams import Streams, streams_of


def sample(
    model: LanguageModel,
    continuations: Continuations,
    controls: Controls,
    rng: np.random.Generator | Streams,
) -> NDArray[np.int32]:
    """Draw continuations of texts.

    Parameters
    ----------
    model : LanguageModel
    continuations : Continuations
    controls : Controls
    rng : numpy.random.Generator or Streams
        A stream for each text, or a generator of their seeds.

    Returns
    -------
    ndarray of shape (n_texts, longest), int32
        Ids of the new words, padded with 0. The last word of a text is `NO_WORD` if the
        controls excluded every word.
    """
    sampler = controlled_sampler(model, continuations, controls)
    streams = streams_of(rng, len(continuations))
    active = np.flatnonzero(continuations.max_new > 0)
    length, row = continuations.length[active], continuations.row[active]
    columns: list[NDArray[np.int32]] = []
    while len(active):
        is_free = continuations.min_new[active] <= len(columns)
        if controls:
            is_free[:] = False
        drawn = _draw_some(
            model, sampler, is_free, active, length, row, len(columns), streams
        )
        columns.append(np.zeros(len(continuations), dtype=np.int32))
        columns[-1][active] = drawn.word
        going: Any = drawn.word > BOUNDARY
        going &= continuations.max_new[active] > len(columns)
        if len(continuations.stop):
            going &= ~np.isin(drawn.word, continuations.stop)
        active = active[going]
        drawn = Drawn(*(array[going] for array in drawn))
        length, row = next_contexts(model.counts, length[going], row[going], *drawn)
    if not columns:
        return np.zeros((len(continuations), 0), dtype=np.int32)
    return np.stack(columns, axis=1)


def _draw_some(model, sampler, is_free, active, length, row, n_new, streams):
    """Draw the words of free texts from the model, those of the others by the sampler."""
    if is_free.all():
        return draw(model, length, row, streams[active])
    some = np.flatnonzero(~is_free)
    word, order, ngram = np.ones((3, len(active)), dtype=np.int64)
    word[some] = ngram[some] = sampler.draw(
        active[some], length[some], row[some], n_new, streams[active[some]]
    )
    some = np.flatnonzero(is_free)
    if len(some):
        drawn = draw(model, length[some], row[some], streams[active[some]])
        word[some], order[some], ngram[some] = drawn
    return Drawn(word.astype(np.int32), order, ngram)


def next_contexts(
    counts: NGramCounts,
    length: NDArray,
    row: NDArray,
    word: NDArray,
    order: NDArray,
    ngram: NDArray,
) -> tuple[NDArray, NDArray]:
    """The longest known context after each word drawn.

    After "a b", "c" drawn with n = 3 -> "b c" if it was seen with a word after it, else
    "c" if that was, else the empty context.

    Parameters
    ----------
    counts : NGramCounts
    length, row : ndarray of int
        The contexts that the words were drawn after.
    word, order, ngram : ndarray of int
        As in `Drawn`.

    Returns
    -------
    length, row : ndarray of int
    """
    next_length, next_row = order.copy(), ngram.copy()
    # After backing off, a word may still complete a longer known n-gram. A context of
    # maximal length loses its first word: with the new word, it would be too long.
    longest = len(counts.levels) - 1
    shorter = np.flatnonzero(order <= np.minimum(length, longest - 1))
    length, row = length[shorter], row[shorter]
    too_long = np.flatnonzero(length == longest)
    length[too_long] -= 1
    row[too_long] = counts.levels[longest - 1].suffix[row[too_long]]
    drawn = Drawn(word[shorter], order[shorter], ngram[shorter])
    next_length[shorter], next_row[shorter] = longest_ngrams(counts, length, row, drawn)
    for k in range(int(next_length.max(initial=0)), 0, -1):
        here = np.flatnonzero(next_length == k)
        childless = here[~counts.has_children(k, next_row[here])]
        next_length[childless] = k - 1
        next_row[childless] = counts.levels[k - 1].suffix[next_row[childless]]
    return next_length, next_row
