"""Scores of texts under a memory of the texts before them."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from ..base import FittedModel
from ..memory import RecentWords
from ..ngrams import TokenStream, mix_with_memory
from ..words import UNKNOWN
from ._memory_parameter import as_memory_rules


def remembered(
    memory: str | RecentWords,
    fitted: FittedModel,
    stream: TokenStream,
    log_proba: NDArray,
    scored: NDArray,
    unknown: Iterable[list[str] | None],
) -> NDArray[np.float64]:
    """Log probabilities of tokens, given a memory of all tokens before them.

    Parameters
    ----------
    memory : {"recent"} or RecentWords
        The parameters of the memory, which is empty at first.
    fitted : FittedModel
    stream : TokenStream
        The tokens in order; −1 is an unknown word.
    log_proba : ndarray of shape (n_positions,), float64
        Log probability of each token by the model alone.
    scored : ndarray of shape (n_positions,), bool
        Whether a token is predicted; the others are only added to the memory.
    unknown : iterable of (list of str or None)
        The unknown words of the tokens that are not predicted, then those of the others.
        None counts all of them as one word, as integer rows do not spell them.

    Returns
    -------
    ndarray of shape (n_positions,), float64
    """
    not_scored = ~scored
    ids = stream.ids.astype(np.int64)
    numbers: dict[str, int] = {}
    for part, words in zip((not_scored, scored), unknown, strict=True):
        if words:
            places = np.flatnonzero(part & (ids == UNKNOWN))
            ids[places] = [
                numbers.setdefault(word, fitted.n_ids + len(numbers)) for word in words
            ]
    not_scored[stream.starts] = False
    return mix_with_memory(
        as_memory_rules(memory),
        TokenStream(ids, stream.lengths),
        log_proba,
        fitted.n_ids,
        not_scored if not_scored.any() else None,
    )
