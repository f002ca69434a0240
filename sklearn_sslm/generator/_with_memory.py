"""Scores of texts by a generator that remembers what it reads."""

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
    """Log probabilities of tokens, given those that were heard before.

    Parameters
    ----------
    memory : {"recent"} or RecentWords
        What remembers; it is empty at first.
    fitted : FittedModel
    stream : TokenStream
        What is heard; −1 is an unknown word.
    log_proba : ndarray of shape (n_positions,), float64
        What the model alone gives to each token.
    scored : ndarray of shape (n_positions,), bool
        Tokens that are predicted; all others are only heard.
    unknown : iterable of (list of str or None)
        The unknown words of the tokens that are only heard, then of those that are
        predicted. None takes them for the same word, as integer rows do not spell them.

    Returns
    -------
    ndarray of shape (n_positions,), float64
    """
    only_observed = ~scored
    ids = stream.ids.astype(np.int64)
    numbers: dict[str, int] = {}
    for part, words in zip((only_observed, scored), unknown, strict=True):
        if words:
            places = np.flatnonzero(part & (ids == UNKNOWN))
            ids[places] = [
                numbers.setdefault(word, fitted.n_ids + len(numbers)) for word in words
            ]
    only_observed[stream.starts] = False
    heard = TokenStream(ids, stream.lengths)
    return mix_with_memory(
        as_memory_rules(memory),
        heard,
        log_proba,
        fitted.n_ids,
        only_observed if only_observed.any() else None,
    )
