"""Conversion of compact levels to plain arrays and numbers, for saving, and back."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ngrams.counting import Level, NGramCounts
from ..ngrams.models import (
    CompactLevel,
    LanguageModel,
    PackedIntegers,
    RisingIntegers,
)
from ._checked_arrays import (
    MOST,
    array_of,
    check_offsets,
    check_sum,
    counts_of_counts_in,
    expect,
    heads_of,
    is_mapped,
    n_texts_of,
)
from ._trie_arrays import check_trie

_MAX_BITS = 31  # of integers that are used as int32


def pack_compact(model: LanguageModel) -> dict[str, Any]:
    """A compact model as a dict of numbers and a list of dicts of numbers and arrays."""
    levels = [
        pack_compact_level(level) | {"counts_of_counts": np.asarray(of_order)}
        for level, of_order in zip(
            model.counts.levels, model.counts_of_counts, strict=True
        )
    ]
    n, n_texts = int(model.n), int(model.counts.n_texts)
    return {"n": n, "n_texts": n_texts, "levels": levels}


def unpack_compact(packed: Any) -> tuple[NGramCounts, list[Any], list[np.ndarray]]:
    """The inverse of `pack_compact`.

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
    levels: list[CompactLevel] = []
    plain: list[Level] = []
    counts_of_counts = []
    for k, arrays in enumerate(stored, start=1):
        levels.append(unpack_compact_level(arrays, k, levels, plain))
        counts_of_counts.append(counts_of_counts_in(arrays, k))
        if not is_mapped(levels[-1].count.data):
            found = [np.count_nonzero(plain[-1].count == c) for c in range(1, 5)]
            expect(found == counts_of_counts[-1][1:].tolist(), k, "counts_of_counts")
    counts = NGramCounts(n, tuple(levels), n_texts_of(packed))
    return counts, [level.count for level in levels], counts_of_counts


def pack_compact_level(level: CompactLevel) -> dict[str, Any]:
    """A compact level as a dict of numbers and arrays."""
    packed = {
        "word": level.words and pack_integers(level.words),
        "count": pack_integers(level.count),
        "suffix": pack_integers(level.suffix),
        "starts": pack_integers(level.first_child.starts),
        "offsets": pack_integers(level.first_child.offsets),
    }
    if level.followed is not None:
        packed["followed"] = pack_integers(level.followed)
    return packed


def unpack_compact_level(
    arrays: Any, k: int, below: list[CompactLevel], plain: list[Level]
) -> CompactLevel:
    """The inverse of `pack_compact_level`, for order k.

    Parameters
    ----------
    arrays : dict
    k : int
    below : list of CompactLevel
        The levels of the lower orders.
    plain : list of Level
        The same levels in plain arrays, for checks; this level is appended, unless it is
        memory-mapped.

    Returns
    -------
    CompactLevel

    Raises
    ------
    ValueError
        If fields are missing or invalid.
    """
    level = _unpack_parts(arrays, k)
    n_contexts = len(below[-1]) if below else 1
    expect(len(level.first_child) == n_contexts + 1, k, "offsets")
    if below:
        has_messages = below[0].followed is not None
        expect((level.followed is not None) == has_messages, k, "followed")
    if level.followed is not None:
        expect(len(level.followed) == n_contexts, k, "followed")
    if not is_mapped(level.count.data):
        plain.append(_checked_plain(k, level, plain))
    return level


def _unpack_parts(arrays, k):
    """The level of order k; only the sizes of its columns are checked."""
    count, suffix, starts, offsets = (
        unpack_integers(arrays, k, name)
        for name in ("count", "suffix", "starts", "offsets")
    )
    # Counts are not all 0, so each takes a bit at least: their number is bounded by the
    # size of the file. It bounds the sizes of the other columns, which may take no bits.
    expect(count.n_bits > 0, k, "count")
    expect(len(suffix) == len(count), k, "suffix")
    word = None
    if k > 1:  # the row of a word is its id
        word = unpack_integers(arrays, k, "word")
        expect(len(word) == len(count), k, "word")
    followed = None
    if isinstance(arrays, dict) and "followed" in arrays:
        followed = unpack_integers(arrays, k, "followed")
    first_child = RisingIntegers(starts, offsets)
    return CompactLevel(word, count, suffix, first_child, followed)


def _checked_plain(k, level, below):
    """A compact level in plain arrays, checked against the lower orders."""
    first = np.asarray(level.first_child)
    check_offsets(first, len(level), k, "offsets")
    check_sum(k, np.asarray(level.count))
    plain = level.plain()
    check_trie(k, plain, below)
    if level.followed is not None:
        same = np.array_equal(plain.followed, np.asarray(level.followed) > 0)
        expect(same, k, "followed")
        return plain
    first = plain.first_child[:-1][np.diff(plain.first_child) > 0]
    expect((np.add.reduceat(plain.count, first) > 0).all(), k, "count")
    return plain


def pack_integers(numbers: PackedIntegers) -> dict[str, Any]:
    """Packed integers as a dict."""
    return {"bits": numbers.data, "n_bits": numbers.n_bits, "size": numbers.size}


def unpack_integers(arrays: Any, k: int, name: str) -> PackedIntegers:
    """The inverse of `pack_integers`, for a column of order k."""
    part = arrays.get(name) if isinstance(arrays, dict) else None
    part = part if isinstance(part, dict) else {}
    data = array_of(part, k, "bits", np.uint8)
    n_bits, size = part.get("n_bits", -1), part.get("size", -1)
    are_int = type(n_bits) is int and type(size) is int
    expect(are_int and 0 <= size <= MOST and 0 <= n_bits <= _MAX_BITS, k, name)
    return PackedIntegers(data, n_bits, size)
