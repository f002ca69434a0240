"""Random draws of words from a mixture."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from ..ngrams import BOUNDARY, Continuations, Controls, sample_one
from ._union import Component, Context, Union


def draw_words(
    union: Union,
    weights: NDArray[np.float64],
    contexts: list[Context],
    max_length: int,
    rng: np.random.Generator,
) -> Iterator[int]:
    """Continue a text with random words until its end.

    Parameters
    ----------
    union : Union
    weights : ndarray of shape (n_models,), float64
    contexts : list of (int, int)
        The context of the text in each model.
    max_length : int
        Maximum number of words.
    rng : numpy.random.Generator

    Yields
    ------
    int
        Ids of the union.
    """
    cumulative = list(accumulate(weights.tolist()))
    for _ in range(max_length):
        word = _draw(union.components, cumulative, contexts, rng)
        if word == BOUNDARY:
            return
        yield word
        contexts = [
            part.score(context, word)[1]
            for part, context in zip(union.components, contexts, strict=True)
        ]


def _draw(components, cumulative, contexts, rng):
    """Draw a model in proportion to its weight, and the next word from that model.

    If the model draws an unknown word, one of the words that it lacks is drawn in
    proportion to their shares. If it draws a word that no model knows, the draw is
    rejected and repeated, beginning with the model. So each word is drawn in proportion
    to its probability in the mixture.
    """
    while True:
        u = rng.random() * cumulative[-1]
        place = next(i for i, end in enumerate(cumulative) if u < end)
        part, context = components[place], contexts[place]
        if rng.random() >= part.unknown_probability(context):
            return _draw_known(part, context, rng)
        lacked = int(part.cumulative_share.searchsorted(rng.random(), "right"))
        if lacked < len(part.share) - 1:
            return lacked


def _draw_known(part: Component, context, rng):
    """Draw the next word from a model given that it knows the word; an id of the union."""
    length, row = (np.array([number]) for number in context)
    one = Continuations(length, row, max_new=np.ones(1, int), min_new=np.zeros(1, int))
    for word in sample_one(part.model, one, Controls(), rng):
        return int(part.union_id[word])
    return BOUNDARY
