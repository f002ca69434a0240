"""Conversion of n-gram counts to plain arrays, for saving, and back."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ngrams.counting import Level, NGramCounts
from ..ngrams.models import LanguageModel
from ._checked_arrays import (
    array_of,
    counts_in,
    counts_of_counts_in,
    expect,
    heads_of,
    n_texts_of,
    smallest,
)
from ._trie_arrays import pack_trie, unpack_trie

_GIVEN = "given"  # the counts of n-grams in messages, of models with replies


def pack_counts(model: LanguageModel) -> dict[str, Any]:
    """A model's n-gram counts as a dict of numbers and a list of dicts of arrays.

    Counts are stored in the smallest type that holds those of their order. Adjusted
    counts are stored, too, if they differ, so that a memory-mapped model can be used
    without computing them.

    Parameters
    ----------
    model : LanguageModel

    Returns
    -------
    dict

    Examples
    --------
    >>> from sklearn_sslm.ngrams import Events, TokenStream
    >>> from sklearn_sslm.smoothing import KneserNey
    >>> stream = TokenStream.from_texts(np.array([1, 2, 1]), np.array([3]))
    >>> counts = NGramCounts.from_stream(stream, 2, n_ids=3)
    >>> packed = pack_counts(LanguageModel.of_counts(counts, KneserNey(), Events(2)))
    >>> packed["n"], packed["levels"][1]["count"]
    (2, array([1, 1, 1, 1], dtype=uint8))
    >>> packed["levels"][0]["adjusted"]  # the start and word 2 precede word 1
    array([1, 2, 1], dtype=uint8)
    >>> unpack_counts(packed)[0].level(2).count
    array([1, 1, 1, 1], dtype=int32)
    """
    counts, levels = model.counts, []
    for level, adjusted, of_order in zip(
        counts.levels, model.adjusted, model.counts_of_counts, strict=True
    ):
        own = {} if adjusted is level.count else {"adjusted": smallest(adjusted)}
        own |= {
            "count": smallest(level.count),
            "counts_of_counts": np.asarray(of_order),
        }
        if level.given is not None:
            own[_GIVEN] = smallest(level.given)
        levels.append(pack_trie(level) | own)
    return {"n": int(counts.n), "n_texts": int(counts.n_texts), "levels": levels}


def unpack_counts(packed: Any) -> tuple[NGramCounts, list[Any], list[np.ndarray]]:
    """The inverse of `pack_counts`.

    Returns
    -------
    counts, adjusted, counts_of_counts
        Arguments of `LanguageModel.on_demand`.

    Raises
    ------
    ValueError
        If fields are missing or invalid.
    """
    n, stored = heads_of(packed)
    levels: list[Level] = []
    adjusted, counts_of_counts = [], []
    for k, arrays in enumerate(stored, start=1):
        count = counts_in(arrays, k)
        given = _unpack_given(arrays, k, levels, count)
        levels.append(unpack_trie(arrays, k, levels, count, given))
        adjusted.append(count)
        if "adjusted" in arrays:
            adjusted[-1] = array_of(arrays, k, "adjusted", "u")
            expect(len(adjusted[-1]) == len(count), k, "adjusted")
        counts_of_counts.append(counts_of_counts_in(arrays, k))
    counts = NGramCounts(n, tuple(levels), n_texts_of(packed))
    return counts, adjusted, counts_of_counts


def _unpack_given(arrays, k, below, count):
    """The counts of n-grams of order k in messages; None for models without replies."""
    has_messages = isinstance(arrays, dict) and _GIVEN in arrays
    if below:
        expect(has_messages == (below[0].given is not None), k, _GIVEN)
    if not has_messages:
        return None
    given = counts_in(arrays, k, _GIVEN)
    expect(len(given) == len(count), k, _GIVEN)
    return given
