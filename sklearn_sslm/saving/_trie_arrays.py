"""Conversion of the levels of a trie to plain arrays, for saving, and back.

Arrays are checked to be a valid trie, so that every row in them is within bounds, and
every walk along them ends. Memory-mapped arrays are trusted, since checking them would
read the whole file.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..ngrams.counting import WORD_BITS, Level, blocks, pack
from ._checked_arrays import MOST, array_of, check_offsets, expect, is_mapped

_TRIE = {"key": np.int64, "suffix": np.int32, "first_child": np.int32}
_BLOCK = 1 << 15  # rows that fit into the processor's cache during the checks


def pack_trie(level: Level) -> dict[str, NDArray[Any]]:
    """The n-grams of an order, without their counts, as a dict of arrays."""
    return {name: np.asarray(getattr(level, name)) for name in _TRIE}


def unpack_trie(
    arrays: Any,
    k: int,
    below: Sequence[Level],
    count: NDArray[Any],
    given: NDArray[Any] | None = None,
) -> Level:
    """The level of order k, given the levels `below` of the lower orders.

    Raises
    ------
    ValueError
        If the arrays are not a valid level of a trie.
    """
    columns = {name: array_of(arrays, k, name, kind) for name, kind in _TRIE.items()}
    level = Level(count=count, given=given, **columns)
    n_contexts = len(below[-1]) if below else 1
    for name in ("count", "suffix"):
        expect(len(getattr(level, name)) == len(level) <= MOST, k, name)
    expect(len(level.first_child) == n_contexts + 1, k, "first_child")
    if not any(is_mapped(getattr(level, name)) for name in _TRIE):
        check_trie(k, level, below)
    return level


def check_trie(k: int, level: Level, below: Sequence[Level]) -> None:
    """Raise a ValueError unless a level is valid, given the levels of the lower orders."""
    if below:
        _check_rows(k, level, below[-1])
    else:  # the row of a unigram is its id
        whole = len(level) > 0 and (level.key == np.arange(len(level))).all()
        expect(whole, k, "key")
        expect((level.first_child == [0, len(level)]).all(), k, "first_child")
        expect(not level.suffix.any(), k, "suffix")


def _check_rows(k, level, lower):
    """Raise a ValueError unless keys, contexts and suffixes of n-grams are valid.

    Keys must be in rising order, each n-gram in the child range of its context, and its
    suffix that of its words: "a b c" is a child of "a b" and has the suffix "b c".
    """
    key, first, suffix = level.key, level.first_child, level.suffix
    rises = (key[1:] > key[:-1]).all()
    within = len(key) and key[0] >= 0 and key[-1] >> WORD_BITS < len(lower)
    expect(rises and within, k, "key")
    check_offsets(first, len(key), k, "first_child")
    expect(suffix.min() >= 0 and suffix.max() < len(lower), k, "suffix")
    for rows in blocks(len(level), _BLOCK):
        context = key[rows] >> WORD_BITS
        expected = level.word_at(rows)  # the row of a unigram, for k = 2, is its id
        if k > 2:
            expected = pack(lower.suffix.take(context), expected)
        expect((lower.key.take(suffix[rows]) == expected).all(), k, "suffix")
        row = np.arange(rows.start, rows.stop, dtype=np.int32)
        expect((first.take(context) <= row).all(), k, "first_child")
        context += 1
        expect((row < first.take(context)).all(), k, "first_child")
