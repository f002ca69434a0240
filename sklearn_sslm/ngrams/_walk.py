"""One random text at a time, word by word.

The same draws as in `_sampling`, on Python numbers: for a single text the overhead of
NumPy's calls would cost more than the work.
"""

import numpy as np

from ._sampling import advance, draw
from ._smoothed_counts import ContextStatistics
from ._token_stream import BOUNDARY


def walk(model, length, row, rng):
    """Continue a context, word by word, until the text ends.

    Parameters
    ----------
    model : SmoothedCounts
    length, row : int
        A context, as `NGramCounts.longest_context` finds it.
    rng : numpy.random.Generator

    Yields
    ------
    int
        Id of the next word.
    """
    step = _vector_step if model.smoothing.lower == "backoff" else _step
    while True:
        word, length, row = step(model, length, row, rng)
        if word == BOUNDARY:
            return
        yield word


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
    fallen = []
    while True:
        child, stays = _draw_child(model, origin, context, rng)
        if stays:
            break
        fallen.append((origin, context))
        if origin == 0 or model.smoothing.lower == "uniform":
            child = int(rng.random() * model.n_outcomes)
            if child >= counts.n_ids:  # the unknown word: draw anew
                return _step(model, length, row, rng)
            origin = 0
            break
        context = counts.levels[origin - 1].suffix.item(context)
        origin -= 1
    level = counts.levels[origin]
    word = level.key.item(child) & 0xFFFFFFFF
    if word == BOUNDARY:
        return BOUNDARY, 0, 0
    order = origin + 1
    for k, context in fallen:
        found = counts.levels[k].find_one(context, word)
        if found >= 0:
            order, child = k + 1, found
            break
    while order and not counts.has_child(order, child):
        child = counts.levels[order - 1].suffix.item(child)
        order -= 1
    return word, order, child


def _draw_child(model, k, context, rng):
    """Draw an n-gram of a context by count, and whether its discount lets it stay."""
    level = model.levels[k]
    first = level.level.first_child
    low, high = first.item(context), first.item(context + 1)
    sums = level.cumulative
    start = sums.item(low)
    total = sums.item(high) - start
    place = rng.random() * total
    nth = start + min(int(place), total - 1)
    child = low + int(sums[low + 1 : high + 1].searchsorted(nth, side="right"))
    if model.smoothing.lower == "none":
        return child, True
    before = sums.item(child)
    statistics = ContextStatistics(
        total=total,
        types=level.types.item(context),
        ones=level.ones.item(context),
        twos=level.twos.item(context),
        discounts=model.discounts[k],
        n_outcomes=model.n_outcomes,
    )
    kept = model.smoothing.kept(sums.item(child + 1) - before, statistics)
    return child, place - (before - start) < kept * total
