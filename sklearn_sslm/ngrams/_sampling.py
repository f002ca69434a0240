"""Random texts, drawn exactly from a smoothed model without its distribution.

To draw the word after a context, one of its n-grams is drawn by its count. Of the c
numbers it owns among the context's ``total``, the first ``kept * total`` keep it; the
others are what its discount gives away, and hand the draw to the shorter context. This
is the interpolated model to the letter: p(w | h) = kept + handed_on * p(w | h').
"""

import numpy as np

from ._token_stream import BOUNDARY

LANES = 8192
"""Texts that are drawn side by side; more only cost memory."""


def sample(model, length, row, most, rng):
    """Continue contexts until the texts end.

    Parameters
    ----------
    model : SmoothedCounts
    length, row : ndarray of shape (n_texts,), int
        A context for each text, as `NGramCounts.longest_context` finds it.
    most : ndarray of shape (n_texts,), int
        New words that each text gets at most.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of shape (n_texts, longest), int32
        Ids of the new words; a text that ended is filled up with 0.
    """
    blocks = [
        _sample_side_by_side(
            model, *(array[at : at + LANES] for array in (length, row, most)), rng
        )
        for at in range(0, len(length), LANES)
    ]
    longest = max((block.shape[1] for block in blocks), default=0)
    texts = np.zeros((len(length), longest), dtype=np.int32)
    for at, block in zip(range(0, len(length), LANES), blocks, strict=True):
        texts[at : at + LANES, : block.shape[1]] = block
    return texts


def _sample_side_by_side(model, length, row, most, rng):
    n_texts, columns = len(length), []
    lanes = np.flatnonzero(most > 0)
    length, row = length[lanes], row[lanes]
    while len(lanes):
        word, origin, child = draw(model, length, row, rng)
        columns.append(np.zeros(n_texts, dtype=np.int32))
        columns[-1][lanes] = word
        going = np.flatnonzero((word != BOUNDARY) & (most[lanes] > len(columns)))
        lanes = lanes[going]
        state = (length, row, origin, child, word)
        length, row = advance(model, *(array[going] for array in state))
    return np.stack(columns, axis=1) if columns else np.zeros((n_texts, 0), np.int32)


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
    attempt = _fall_or_reject if model.smoothing.lower == "backoff" else _fall
    origin, child = attempt(model, length, row, rng)
    retry = np.flatnonzero(origin < 0)
    while len(retry):
        origin[retry], child[retry] = attempt(model, length[retry], row[retry], rng)
        retry = retry[origin[retry] < 0]
    return model.counts.words_at(origin + 1, child), origin, child


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
        child[lanes], offset = _draw_child(model, k, context[lanes], rng)
        if model.smoothing.lower == "none":
            continue
        total = model.levels[k].total[context[lanes]]
        stays = offset < model.kept(k + 1, context[lanes], child[lanes]) * total
        falling = lanes[~stays]
        origin[falling] = -1 if model.smoothing.lower == "uniform" else k - 1
        if k:
            context[falling] = model.counts.levels[k - 1].suffix[context[falling]]
    _draw_uniform(model, origin, child, rng)
    return origin, child


def _fall_or_reject(model, length, row, rng):
    """Draw from a longer or a shorter context, not what the longer one has seen.

    In a backoff model a shorter context speaks only for the words that no longer one
    has seen. Its weight is handed on whole here, and a word the longer context has
    seen is rejected, which leaves the others their exact shares.

    Returns
    -------
    origin, child : ndarray of int64
        As in `draw`; an origin of −1 was rejected, to be drawn again.
    """
    contexts, weights = _backoff_weights(model, length, row)
    origin = length.copy()
    child = np.empty_like(row)
    for k in range(int(length.max(initial=0)), -1, -1):
        lanes = np.flatnonzero(origin == k)
        falls = rng.random(len(lanes)) >= weights[k][lanes]
        origin[lanes[falls]] = k - 1
        lanes = lanes[~falls]
        child[lanes], _ = _draw_child(model, k, contexts[k][lanes], rng)
    _draw_uniform(model, origin, child, rng)
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
    weights, below = [], 1.0
    for k, context in enumerate(contexts):
        own = model.kept_in_all(k + 1, context)
        below = own + model.handed_on(k + 1, context) * below
        weights.append(own / below)
    return contexts, weights


def _draw_child(model, k, context, rng):
    """Draw one of each context's n-grams by count.

    Parameters
    ----------
    k : int
        Length of the contexts.
    context : ndarray of int
        Rows of contexts with ``total > 0``.

    Returns
    -------
    child : ndarray of int64
        Rows in ``levels[k]``.
    offset : ndarray of float64
        Where in the child's count the draw fell, uniform in [0, count).
    """
    level = model.levels[k]
    start = level.cumulative[level.level.first_child[context]]
    total = level.total[context]
    place = rng.random(len(context)) * total
    nth = np.minimum(place.astype(np.int64), total - 1)
    child = np.searchsorted(level.cumulative, start + nth, side="right") - 1
    return child, place + (start - level.cumulative[child])


def _draw_uniform(model, origin, child, rng):
    """Give the lanes that fell through all contexts any known word, in place."""
    through = np.flatnonzero(origin < 0)
    child[through] = rng.random(len(through)) * model.n_outcomes
    origin[through[child[through] < model.counts.n_ids]] = 0


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
    fell = np.flatnonzero(origin < length)
    next_length[fell], next_row[fell] = _longest_with(
        counts, length[fell], row[fell], origin[fell], child[fell], word[fell]
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
    open_ = np.flatnonzero(length > origin)
    for k in range(int(length.max(initial=0)), 0, -1):
        lanes = open_[(length[open_] >= k) & (origin[open_] < k)]
        found = counts.levels[k].find(row[lanes], word[lanes])
        hit = found >= 0
        best_length[lanes[hit]] = k + 1
        best_row[lanes[hit]] = found[hit]
        open_ = np.setdiff1d(open_, lanes[hit], assume_unique=True)
        missed = lanes[~hit]
        row[missed] = counts.levels[k - 1].suffix[row[missed]]
    return best_length, best_row
