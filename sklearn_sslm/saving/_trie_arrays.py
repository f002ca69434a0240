"""The n-grams of a trie as plain arrays, and back, checked.

They are checked to be a proper trie, in which whoever follows rows never leaves the
arrays and always gets to an end. What is in memory-mapped arrays is trusted, since a look
at all of it would read the whole file.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..ngrams.counting import WORD_BITS, Level, blocks, pack
from ._checked_arrays import MOST, array_of, check_offsets, expect, is_mapped

_TRIE = {"key": np.int64, "suffix": np.int32, "first_child": np.int32}
_BLOCK = 1 << 15  # rows whose numbers stay in the cache while they are checked


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
    """The level of order k, above those of the lower orders, which `below` are.

    Raises
    ------
    ValueError
        If the arrays are not those of a trie.
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
    """Raise a ValueError unless a level can stand above those of the lower orders."""
    if below:
        _check_rows(k, level, below[-1])
    else:  # a word's row is its id
        whole = len(level) > 0 and (level.key == np.arange(len(level))).all()
        expect(whole, k, "key")
        expect((level.first_child == [0, len(level)]).all(), k, "first_child")
        expect(not level.suffix.any(), k, "suffix")


def _check_rows(k, level, lower):
    """Raise a ValueError unless n-grams rise, below their contexts, with their suffixes.

    The n-gram "a b c" is the child of "a b" by its word c; its suffix is "b c".
    """
    key, first, suffix = level.key, level.first_child, level.suffix
    rises = (key[1:] > key[:-1]).all()
    within = len(key) and key[0] >= 0 and key[-1] >> WORD_BITS < len(lower)
    expect(rises and within, k, "key")
    check_offsets(first, len(key), k, "first_child")
    expect(suffix.min() >= 0 and suffix.max() < len(lower), k, "suffix")
    for rows in blocks(len(level), _BLOCK):
        context = key[rows] >> WORD_BITS
        expected = level.word_at(rows)  # the words of the level below are known ones
        if k > 2:
            expected = pack(lower.suffix.take(context), expected)
        expect((lower.key.take(suffix[rows]) == expected).all(), k, "suffix")
        row = np.arange(rows.start, rows.stop, dtype=np.int32)
        expect((first.take(context) <= row).all(), k, "first_child")
        context += 1
        expect((row < first.take(context)).all(), k, "first_child")
