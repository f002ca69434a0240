"""Log probabilities of texts and words in each class."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..counting import TokenStream
from ..scoring import look_up_ngrams
from ._class_model import ClassModel

_BLOCK = 1 << 21
"""Size of the arrays of probabilities: positions of texts, times classes."""


def class_log_probabilities(
    model: ClassModel, stream: TokenStream
) -> NDArray[np.float64]:
    """Natural log probability of each text, its end included, in each class.

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
    """Natural log probability of each word of texts in each class.

    Each distinct n-gram is looked up once, and scored for all classes.

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
    scores = np.zeros((len(stream.ids), model.n_classes))
    trie: Any = model  # `look_up_ngrams` reads its `counts` only
    shorter = np.full((1, model.n_classes), 1 / len(model.events))
    with np.errstate(divide="ignore"):
        for found in look_up_ngrams(trie, stream):
            shorter = shorter[found.ngrams.suffix]
            if len(found.at):
                weights = model.weights_of(found.k, found.context, found.row)
                shorter[found.at] = model.combine(*weights, shorter[found.at])
            found.scatter(np.log(shorter), scores)
    return scores


def _parts(stream: TokenStream, size: int) -> Iterator[TokenStream]:
    """Yield the texts as streams of at most `size` positions, or of a single text."""
    ends = np.cumsum(stream.lengths)
    first = 0
    while first < len(ends):
        start = int(ends[first] - stream.lengths[first])
        last = max(first + 1, int(np.searchsorted(ends, start + size, side="right")))
        yield TokenStream(
            stream.ids[start : ends[last - 1]], stream.lengths[first:last]
        )
        first = last
