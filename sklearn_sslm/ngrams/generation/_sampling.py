"""Random texts, drawn exactly from a smoothed model without its distribution.

To draw the word after a context, one of its n-grams is drawn by its count. Of the c
numbers it owns among the context's ``total``, the first ``kept * total`` keep it; the
others are what its discount gives away, and hand the draw to the shorter context. This
is the interpolated model to the letter: p(w | h) = kept + backoff_weight * p(w | h').
"""

import numpy as np

from ..counting import BOUNDARY
from ..scoring import next_word_candidates
from ._controlled import DistributionCache, controlled_sampler

_ATTEMPTS = 100
"""How often a draw is begun again before its whole distribution is worked out."""


def sample(model, lanes, controls, rng):
    """Continue texts side by side until each ends.

    Parameters
    ----------
    model : LanguageModel
    lanes : Continuations
    controls : Controls
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of shape (n_lanes, longest), int32
        Ids of the new words; a text that ended is filled up with 0.

    Raises
    ------
    ValueError
        If the controls leave a text nothing to say while it may not end.
    """
    chooser = controlled_sampler(model, lanes, controls)
    active = np.flatnonzero(lanes.max_new > 0)
    length, row = lanes.length[active], lanes.row[active]
    columns = []
    while len(active):
        if chooser is None:
            word, origin, child = draw(model, length, row, rng)
        else:
            word = chooser.draw(active, length, row, columns, rng)
            origin, child = np.zeros_like(row), word.astype(np.int64)
        columns.append(np.zeros(len(lanes), dtype=np.int32))
        columns[-1][active] = word
        going = (word != BOUNDARY) & (lanes.max_new[active] > len(columns))
        if len(controls.stop):
            going &= ~np.isin(word, controls.stop)
        active = active[going]
        state = (length, row, origin, child, word)
        length, row = advance(model, *(array[going] for array in state))
    if not columns:
        return np.zeros((len(lanes), 0), dtype=np.int32)
    return np.stack(columns, axis=1)


def draw(model, length, row, rng):
    """Draw one word after each context.

    Returns
    -------
    word : ndarray of shape (n_lanes,), int32
        Ids; 0 is the end.
    origin : ndarray of shape (n_lanes,), int64
        Length of the context that the word was drawn from.
    child : ndarray of shape (n_lanes,), int64
        Row of the n-gram drawn, in ``levels[origin]``.
    """
    attempt = _fall_or_reject if model.smoothing.lower_order == "backoff" else _fall
    origin, child = attempt(model, length, row, rng)
    retry = np.flatnonzero(origin < 0)
    for _ in range(_ATTEMPTS):
        if not len(retry):
            break
        origin[retry], child[retry] = attempt(model, length[retry], row[retry], rng)
        retry = retry[origin[retry] < 0]
    origin[retry] = 0
    child[retry] = _draw_outright(model, length[retry], row[retry], rng)
    return model.counts.words_at(origin + 1, child), origin, child


def _draw_outright(model, length, row, rng):
    """Draw words from their whole distributions, where most attempts would fail."""
    cache = DistributionCache()

    def weigh(*context):
        words, p = next_word_candidates(model, *context)
        if not p.any():
            raise ValueError("The model gives no word a probability after some words.")
        return words, p

    contexts = zip(length.tolist(), row.tolist(), strict=True)
    chances = rng.random(len(row)).tolist() if len(row) else []
    return [
        cache.draw(context, weigh, chance)
        for context, chance in zip(contexts, chances, strict=True)
    ]


def _fall(model, length, row, rng):
    """Draw an n-gram by count, or where its discount says so, from a shorter context.

    Returns
    -------
    origin, child : ndarray of int64
        As in `draw`; an origin of −1 is an unknown word, to be drawn again.
    """
    origin, context = length.copy(), row.copy()
    child = np.empty_like(row)
    for k in range(int(length.max(initial=0)), -1, -1):
        lanes = np.flatnonzero(origin == k)
        child[lanes], stays = _draw_and_discount(model, k, context[lanes], rng)
        falling = lanes[~stays]
        origin[falling] = -1 if model.smoothing.lower_order == "uniform" else k - 1
        if k:
            context[falling] = model.counts.levels[k - 1].suffix[context[falling]]
    _draw_uniform(model, origin, child, rng)
    return origin, child


def _fall_or_reject(model, length, row, rng):
    """Draw from a longer or a shorter context, not what the longer one has seen.

    In a backoff model a shorter context speaks only for the words that no longer one
    has seen. It is drawn from as often as its weight says, as if for all words; what a
    longer context has seen, and what a discount takes off, is rejected. That leaves
    all others their exact shares.

    Returns
    -------
    origin, child : ndarray of int64
        As in `draw`; an origin of −1 was rejected, to be drawn again.
    """
    contexts, weights = _backoff_weights(model, length, row)
    origin = length.copy()
    child = np.empty_like(row)
    discounted = []
    for k in range(int(length.max(initial=0)), -1, -1):
        lanes = np.flatnonzero(origin == k)
        falls = rng.random(len(lanes)) >= weights[k][lanes]
        origin[lanes[falls]] = k - 1
        lanes = lanes[~falls]
        child[lanes], stays = _draw_and_discount(model, k, contexts[k][lanes], rng)
        discounted.append(lanes[~stays])
    _draw_uniform(model, origin, child, rng, unseen_only=True)
    origin[np.concatenate(discounted)] = -1
    fell = np.flatnonzero((origin >= 0) & (origin < length))
    word = model.counts.words_at(origin[fell] + 1, child[fell])
    known, _ = _longest_with(
        model.counts, length[fell], row[fell], origin[fell], child[fell], word
    )
    origin[fell[known > origin[fell] + 1]] = -1
    return origin, child


def _backoff_weights(model, length, row):
    """Each lane's contexts of every length, and how often a draw stays with them."""
    contexts = [np.zeros_like(row) for _ in range(int(length.max(initial=0)) + 1)]
    for k in range(len(contexts) - 1, -1, -1):
        ends_here = length == k
        contexts[k][ends_here] = row[ends_here]
        if k:
            contexts[k - 1][:] = model.counts.levels[k - 1].suffix[contexts[k]]
    weights, whole = [], np.ones(len(row))
    for k, context in enumerate(contexts):
        lanes = np.flatnonzero(length >= k)
        whole[lanes] = 1 + model.backoff_weight(k + 1, context[lanes]) * whole[lanes]
        weights.append(1 / whole)
    return contexts, weights


def _draw_and_discount(model, k, context, rng):
    """Draw one of each context's n-grams by count.

    Parameters
    ----------
    k : int
        Length of the contexts.
    context : ndarray of int
        Rows of contexts that were seen with a word after them.

    Returns
    -------
    child : ndarray of int64
        Rows in ``levels[k]``.
    stays : ndarray of bool
        Whether the draw fell on what the n-gram keeps of its count.
    """
    child, offset = model.weights[k].draw(context, rng.random(len(context)))
    if model.smoothing.lower_order == "none":
        return child, np.ones(len(child), dtype=bool)
    return child, model.weights[k].accepts(context, child, offset)


def _draw_uniform(model, origin, child, rng, unseen_only=False):
    """Give the lanes that fell through all contexts any known word, in place."""
    through = np.flatnonzero(origin < 0)
    drawn = (rng.random(len(through)) * len(model.events)).astype(np.int64)
    is_word = drawn < len(model.events) - 1
    drawn = skip_holes(drawn, model.events.unused_ids)
    if unseen_only:
        is_word[is_word] = model.adjusted[0][drawn[is_word]] == 0
    child[through] = drawn
    origin[through[is_word]] = 0


def skip_holes(number, holes):
    """The ids in use of some numbers: 0 is the first id, 1 the one after it, …

    >>> skip_holes(np.array([0, 1, 2, 3]), holes=np.array([2, 3]))
    array([0, 1, 4, 5])
    """
    return number + np.searchsorted(holes - np.arange(len(holes)), number, "right")


def advance(model, length, row, origin, child, word):
    """The longest known context after each word drawn.

    Parameters
    ----------
    length, row : ndarray of int
        The contexts the draws began in.
    origin, child, word : ndarray of int
        What `draw` gave for them.

    Returns
    -------
    length, row : ndarray of int
    """
    counts = model.counts
    next_length, next_row = origin + 1, child.copy()
    # Who fell to a shorter context may still have drawn a word known after a longer.
    # The longest contexts are too long to be part of a context with one word more.
    top = len(counts.levels) - 1
    fell = np.flatnonzero(origin < np.minimum(length, top - 1))
    length, row = length[fell], row[fell]
    too_long = np.flatnonzero(length == top)
    length[too_long] -= 1
    row[too_long] = counts.levels[top - 1].suffix[row[too_long]]
    next_length[fell], next_row[fell] = _longest_with(
        counts, length, row, origin[fell], child[fell], word[fell]
    )
    for k in range(int(next_length.max(initial=0)), 0, -1):
        lanes = np.flatnonzero(next_length == k)
        barren = lanes[~counts.has_children(k, next_row[lanes])]
        next_length[barren] = k - 1
        next_row[barren] = counts.levels[k - 1].suffix[next_row[barren]]
    return next_length, next_row


def _longest_with(counts, length, row, origin, child, word):
    """The longest n-gram seen of a context's ending and the word drawn from it.

    Returns
    -------
    length, row : ndarray of int
        Order of the n-gram and its row; `origin` + 1 and `child` where the context
        that gave the word is the longest that knows it.
    """
    best_length, best_row = origin + 1, child.copy()
    row = row.copy()
    for k in range(int(length.max(initial=0)), 0, -1):
        lanes = np.flatnonzero((length >= k) & (best_length <= k))
        found = counts.levels[k].find(row[lanes], word[lanes])
        hit = found >= 0
        best_length[lanes[hit]] = k + 1
        best_row[lanes[hit]] = found[hit]
        row[lanes] = counts.levels[k - 1].suffix[row[lanes]]
    return best_length, best_row
