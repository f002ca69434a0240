"""One random text at a time, word by word.

The same draws as in `_sampling`, on Python numbers: for a single text the overhead of
NumPy's calls would cost more than the work.
"""

import numpy as np

from ..counting import BOUNDARY
from ._controlled import controlled_sampler
from ._sampling import advance, draw, skip_holes


def sample_one(model, lanes, controls, rng):
    """Continue one text, word by word, until it ends.

    Parameters
    ----------
    model : LanguageModel
    lanes : Continuations
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
        If the controls leave nothing to say while the text may not end.
    """
    step = _stepper(model, lanes, controls)
    length, row = lanes.length.item(), lanes.row.item()
    stop = set(controls.stop.tolist())
    for _ in range(lanes.max_new.item()):
        word, length, row = step(length, row, rng)
        if word == BOUNDARY:
            return
        yield word
        if word in stop:
            return


def _stepper(model, lanes, controls):
    """How the next word is drawn: (length, row, rng) -> (word, length, row)."""
    chooser = controlled_sampler(model, lanes, controls)
    if chooser is not None:
        return _ChosenSteps(model, chooser)
    step = _vector_step if model.smoothing.lower_order == "backoff" else _step
    return lambda length, row, rng: step(model, length, row, rng)


class _ChosenSteps:
    """Steps under controls."""

    def __init__(self, model, chooser):
        self.counts = model.counts
        self.chooser = chooser
        self.columns = []

    def __call__(self, length, row, rng):
        lane, context = np.array([0]), (np.array([length]), np.array([row]))
        word = self.chooser.draw(lane, *context, self.columns, rng)
        self.columns.append(word)
        word = word.item()
        order_and_row = self.counts.follow(length, row, word)
        return word, *self.counts.shorten(*order_and_row)


def _vector_step(model, length, row, rng):
    """One step of `sample` on a single lane, for the rarer ways to draw."""
    state = np.array([length]), np.array([row])
    word, origin, child = draw(model, *state, rng)
    state = advance(model, *state, origin, child, word)
    return word.item(), state[0].item(), state[1].item()


def _step(model, length, row, rng):
    """Draw a word; return it with the longest known context after it."""
    counts = model.counts
    origin, context = length, row
    while True:
        child, stays = _draw_child(model, origin, context, rng)
        if stays:
            word = counts.levels[origin].word_at_one(child)
            break
        if origin == 0 or model.smoothing.lower_order == "uniform":
            origin, word = -1, int(rng.random() * len(model.events))
            if word == len(model.events) - 1:  # the unknown word: draw anew
                return _step(model, length, row, rng)
            word = int(skip_holes(word, model.events.unused_ids))
            break
        context = counts.levels[origin - 1].suffix.item(context)
        origin -= 1
    if word == BOUNDARY:
        return BOUNDARY, 0, 0
    top = len(counts.levels) - 1
    if origin >= max(min(length, top - 1), 0):
        return word, *counts.shorten(origin + 1, child)
    # Who fell to a shorter context may still have drawn a word known after a longer.
    if length and length == top:  # too long to be part of a context with one word more
        length, row = length - 1, counts.levels[length - 1].suffix.item(row)
    return word, *counts.shorten(*counts.follow(length, row, word))


def _draw_child(model, k, context, rng):
    """Draw an n-gram of a context by count, and whether its discount lets it stay."""
    child, offset = model.weights[k].draw_one(context, rng.random())
    if model.smoothing.lower_order == "none":
        return child, True
    return child, model.weights[k].accepts_one(context, child, offset)
