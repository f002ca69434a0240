"""Probabilities of the words of texts in each class."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ..counting import BOUNDARY, TokenStream, index_stream
from ._by_class import dense
from ._class_model import NEVER, ClassModel

_BLOCK = 1 << 21
"""Probabilities that are worked on at a time: positions of texts, times classes."""


def class_log_probabilities(
    model: ClassModel, stream: TokenStream
) -> NDArray[np.float64]:
    """Natural log probability of texts in each class, their ends included.

    Parameters
    ----------
    model : ClassModel
    stream : TokenStream
        Texts; −1 is an unknown word.

    Returns
    -------
    ndarray of shape (n_texts, n_classes), float64
        In nats.
    """
    return np.concatenate(
        [
            np.add.reduceat(
                class_token_log_probabilities(model, part), part.starts, axis=0
            )
            for part in _parts(stream, _BLOCK // model.n_classes)
        ]
        or [np.zeros((0, model.n_classes))]
    )


def class_token_log_probabilities(
    model: ClassModel, stream: TokenStream
) -> NDArray[np.float64]:
    """Natural log probability of every word of some texts in each class.

    As in `log_probabilities`, each different n-gram is looked up and scored once, and
    here for all classes.

    Parameters
    ----------
    model : ClassModel
    stream : TokenStream
        Texts; −1 is an unknown word.

    Returns
    -------
    ndarray of shape (n_positions, n_classes), float64
        log p(w | up to n − 1 words before it, class) in nats; 0 at opening boundaries.
    """
    n_ids = model.counts.n_ids
    ids = np.where(stream.ids < 0, n_ids, stream.ids)
    batch = index_stream(TokenStream(ids, stream.lengths), model.n, n_ids + 1)
    scores = np.zeros((len(stream.ids), model.n_classes))
    starts = stream.starts
    shorter = np.full((1, model.n_classes), 1 / len(model.events))
    found = np.zeros(1, dtype=np.int64)
    with np.errstate(divide="ignore"):
        for k, (level, windows) in enumerate(batch, start=1):
            found, shorter = _one_order_longer(model, k, level, found, shorter)
            log = np.log(shorter)
            if k == model.n:
                windows.spread(log, scores)
            else:  # only the first words of a text have a context shorter than n − 1
                first = starts[stream.lengths >= k]
                scores[first + (k - 1)] = log[windows.row_at()[first]]
    scores[starts] = 0
    return scores


def _one_order_longer(model, k, level, found, shorter):
    """p(last word | the words before, class) of all n-grams of order k of a batch.

    Parameters
    ----------
    found : ndarray of shape (n_contexts,), int
        Rows of the batch's n-grams of order k − 1, −1 where never seen.
    shorter : ndarray of shape (n_contexts, n_classes), float64
        p(last word | the words before, class) of these.

    Returns
    -------
    found, p : ndarray
        The same of order k.
    """
    context = found[level.context]
    p = shorter[level.suffix]
    found = np.full(len(level), -1)
    if k <= len(model.counts.levels):
        asked = context >= 0
        if k == 1:  # there is a row for each id, whether it occurs or not
            asked = level.count > 0
            asked[BOUNDARY] = True  # it starts all texts
        seen = np.flatnonzero(asked)
        context = context[seen]
        row = model.counts.levels[k - 1].find(context, level.word[seen])
        found[seen] = row
        has = model.counts.has_children(k - 1, context)
        seen, context, row = seen[has], context[has], row[has]
        discounted, backoff_weight = model.weights[k - 1]
        p[seen] = model.combine(
            dense(discounted, row, missing=0),
            dense(backoff_weight, context, missing=NEVER),
            p[seen],
        )
    return found, p


def _parts(stream: TokenStream, size: int) -> Iterator[TokenStream]:
    """Streams of about so many positions, or of a single text."""
    ends = np.cumsum(stream.lengths)
    first = 0
    while first < len(ends):
        start = int(ends[first] - stream.lengths[first])
        last = max(first + 1, int(np.searchsorted(ends, start + size, side="right")))
        yield TokenStream(
            stream.ids[start : ends[last - 1]], stream.lengths[first:last]
        )
        first = last
