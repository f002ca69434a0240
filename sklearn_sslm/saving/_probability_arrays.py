"""Conversion of stored probabilities to plain arrays, for saving, and back."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ngrams.counting import Level
from ..ngrams.models import LanguageModel
from ._checked_arrays import array_of, expect, heads_of, is_mapped
from ._trie_arrays import pack_trie, unpack_trie

_BLANK = "put_in"  # the name of `is_blank` in files


def pack_backoff(model: LanguageModel) -> dict[str, Any]:
    """Stored probabilities as a dict of numbers and a list of dicts of arrays."""
    levels = []
    for weights in model.weights:
        arrays = pack_trie(weights.ngrams)
        arrays["p"] = np.asarray(weights.p)
        arrays["backoff_weight"] = np.asarray(weights.backoff_weights)
        if weights.is_blank is not None:
            arrays[_BLANK] = np.asarray(weights.is_blank)
        levels.append(arrays)
    packed = {"n": int(model.n), "levels": levels}
    if model.counts.unknown_id >= 0:
        packed["unknown_id"] = int(model.counts.unknown_id)
    return packed


def unpack_backoff(packed: Any) -> LanguageModel:
    """The inverse of `pack_backoff`.

    Returns
    -------
    LanguageModel

    Raises
    ------
    ValueError
        If fields are missing or invalid.
    """
    n, stored = heads_of(packed)
    levels: list[Level] = []
    p, weights, is_blank = [], [], []
    for k, arrays in enumerate(stored, start=1):
        p.append(array_of(arrays, k, "p", np.float64))
        weights.append(array_of(arrays, k, "backoff_weight", np.float64))
        is_blank.append(array_of(arrays, k, _BLANK, "b") if _BLANK in arrays else None)
        expect(is_blank[-1] is None or len(is_blank[-1]) == len(p[-1]), k, _BLANK)
        count = np.ones(len(p[-1]), dtype=np.int32)
        levels.append(unpack_trie(arrays, k, levels, count))
        expect(len(weights[-1]) == len(levels[-1].first_child) - 1, k, "backoff_weight")
        if not is_mapped(p[-1]):
            _check_probabilities(k, p[-1], weights[-1])
    unknown_id = packed.get("unknown_id", -1)
    if type(unknown_id) is not int or unknown_id not in (-1, len(levels[0]) - 1):
        raise ValueError(f"'unknown_id' must be the highest. Got {unknown_id!r:.80}.")
    return LanguageModel.stored(n, tuple(levels), p, weights, unknown_id, is_blank)


def _check_probabilities(k, p, weights):
    for name, numbers in (("p", p), ("backoff_weight", weights)):
        expect(((numbers >= 0) & (numbers < np.inf)).all(), k, name)
