"""Conversion of counts by class to plain arrays, for saving, and back."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ..ngrams.classes import (
    ClassCounts,
    CompactClassModel,
    CompactEntries,
    are_entries,
    rows_of,
)
from ..ngrams.counting import BOUNDARY, Level, NGramCounts
from ..ngrams.models import CompactLevel, RisingIntegers
from ._checked_arrays import (
    array_of,
    check_offsets,
    check_sum,
    counts_in,
    expect,
    heads_of,
    is_mapped,
    n_texts_of,
    smallest,
)
from ._compact_arrays import (
    pack_compact_level,
    pack_integers,
    unpack_compact_level,
    unpack_integers,
)
from ._trie_arrays import pack_trie, unpack_trie


def pack_class_counts(counts: ClassCounts) -> dict[str, Any]:
    """Counts by class as a dict of numbers and arrays, and a list of dicts of arrays.

    Examples
    --------
    >>> from sklearn_sslm.ngrams import TokenStream
    >>> stream = TokenStream.from_texts(np.array([1, 2, 1]), np.array([2, 1]))
    >>> counts = ClassCounts.from_stream(stream, np.array([0, 1]), 2, 1, n_ids=3)
    >>> packed = pack_class_counts(counts)
    >>> packed["levels"][0]["first_class"], packed["levels"][0]["class"]
    (array([0, 2, 4, 5], dtype=int32), array([0, 1, 0, 1, 0], dtype=uint8))
    >>> unpack_class_counts(packed).by_class[0].toarray()
    array([[1, 1],
           [1, 1],
           [1, 0]], dtype=int32)
    """
    levels = [
        pack_trie(level)
        | {
            "count": smallest(level.count),
            "first_class": part.indptr.astype(np.int32),
            "class": smallest(part.indices),
            "count_in_class": smallest(part.data),
        }
        for level, part in zip(counts.counts.levels, counts.by_class, strict=True)
    ]
    return {
        "n": int(counts.counts.n),
        "n_texts": int(counts.counts.n_texts),
        "n_texts_in_class": counts.n_texts,
        "levels": levels,
    }


def unpack_class_counts(packed: Any) -> ClassCounts:
    """The inverse of `pack_class_counts`.

    Returns
    -------
    ClassCounts

    Raises
    ------
    ValueError
        If fields are missing or invalid.
    """
    n, stored = heads_of(packed)
    n_texts = _texts_of_classes(packed)
    levels: list[Level] = []
    by_class: list[Any] = []
    for k, arrays in enumerate(stored, start=1):
        count = counts_in(arrays, k).astype(np.int32)
        level = unpack_trie(arrays, k, levels, count)
        part = _unpack_by_class(arrays, k, level, len(n_texts))
        if not is_mapped(level.key):
            _check_entries(k, level, part, by_class)
        levels.append(level)
        by_class.append(part)
    counts = NGramCounts(n, tuple(levels), n_texts_of(packed))
    if len(levels) > 1 and not is_mapped(levels[0].key):
        begun = by_class[1].indptr[counts.opening(2)]
        part = by_class[1].indices[:begun], by_class[1].data[:begun]
        expect((np.bincount(*part, len(n_texts)) == n_texts).all(), 2, "class")
    return ClassCounts(counts, tuple(by_class), n_texts)


def pack_compact_classes(model: CompactClassModel) -> dict[str, Any]:
    """A compact model of classes as a dict, with a dict of numbers for each order."""
    levels = [
        pack_compact_level(level)
        | {
            "first_class_starts": pack_integers(entries.first.starts),
            "first_class_offsets": pack_integers(entries.first.offsets),
            "class": pack_integers(entries.label),
            "count_in_class": pack_integers(entries.count),
            "counts_of_counts": np.concatenate(of_classes),
        }
        for level, entries, of_classes in zip(
            model.counts.levels, model.entries, model.counts_of_counts, strict=True
        )
    ]
    return {
        "n": int(model.n),
        "n_texts": int(model.counts.n_texts),
        "n_texts_in_class": model.n_texts,
        "levels": levels,
    }


def unpack_compact_classes(
    packed: Any,
) -> tuple[NGramCounts, list[CompactEntries], list[NDArray], NDArray]:
    """The inverse of `pack_compact_classes`.

    Returns
    -------
    counts, entries, counts_of_counts, n_texts
        Arguments of `CompactClassModel`.

    Raises
    ------
    ValueError
        If fields are missing or invalid.
    """
    n, stored = heads_of(packed)
    n_texts = _texts_of_classes(packed)
    levels: list[CompactLevel] = []
    plain: list[Level] = []
    entries: list[CompactEntries] = []
    counts_of_counts = []
    for k, arrays in enumerate(stored, start=1):
        levels.append(unpack_compact_level(arrays, k, levels, plain))
        entries.append(_unpack_entries(arrays, k, levels[-1]))
        of_classes = array_of(arrays, k, "counts_of_counts", "i")
        expect(len(of_classes) == 5 * len(n_texts), k, "counts_of_counts")
        counts_of_counts.append(np.array(of_classes, dtype=np.int64).reshape(-1, 5))
        if not is_mapped(levels[-1].count.data):
            _check_compact_entries(k, entries[-1], counts_of_counts[-1])
    counts = NGramCounts(n, tuple(levels), n_texts_of(packed))
    return counts, entries, counts_of_counts, n_texts


def _texts_of_classes(packed):
    """Number of texts of each class."""
    n_texts = array_of(packed, 0, "n_texts_in_class", "i")
    whole = (
        len(n_texts) and (n_texts >= 0).all() and n_texts.sum() == n_texts_of(packed)
    )
    expect(whole, 0, "n_texts_in_class")
    return np.array(n_texts)


def _unpack_entries(arrays, k, level):
    """The counts by class of the n-grams of order k, in packed integers."""
    starts, offsets, label, count = (
        unpack_integers(arrays, k, name)
        for name in (
            "first_class_starts",
            "first_class_offsets",
            "class",
            "count_in_class",
        )
    )
    # Counts are not all 0, so each takes a bit at least: the size is bounded by the file.
    expect(count.n_bits > 0, k, "count_in_class")
    expect(len(label) == len(count), k, "class")
    expect(len(offsets) == len(level) + 1, k, "first_class_offsets")
    return CompactEntries(RisingIntegers(starts, offsets), label, count)


def _check_compact_entries(k, entries, counts_of_counts):
    """Raise a ValueError unless offsets are valid, and classes valid and in rising order."""
    first, label, count = map(np.asarray, (entries.first, entries.label, entries.count))
    check_offsets(first, len(label), k, "first_class_offsets")
    n_classes = len(counts_of_counts)
    row = np.repeat(np.arange(len(first) - 1), np.diff(first))
    rises = (row[1:] > row[:-1]) | (label[1:] > label[:-1])
    expect(rises.all() and label.max() < n_classes, k, "class")
    check_sum(k, count)
    for times in range(1, 5):
        found = np.bincount(label[count == times], minlength=n_classes)
        same = np.array_equal(found, counts_of_counts[:, times])
        expect(same, k, "counts_of_counts")


def _unpack_by_class(arrays, k, level, n_classes):
    """The counts by class of the n-grams of order k."""
    first = array_of(arrays, k, "first_class", np.int32)
    labels = array_of(arrays, k, "class", "u")
    count = array_of(arrays, k, "count_in_class", "u")
    expect(len(first) == len(level) + 1, k, "first_class")
    expect(len(labels) == len(count), k, "count_in_class")
    check_offsets(first, len(labels), k, "first_class")
    expect(not len(labels) or labels.max() < n_classes, k, "class")
    data = count.astype(np.int32), labels.astype(np.int32), np.asarray(first)
    return csr_array(data, (len(level), n_classes))


def _check_entries(k, level, part, below):
    """Raise a ValueError unless entries are valid.

    The classes of an n-gram must be in rising order, its counts must have the sum of the
    count in the trie, and its context must have the same classes.
    """
    row = rows_of(part)
    rises = (row[1:] > row[:-1]) | (part.indices[1:] > part.indices[:-1])
    expect(rises.all(), k, "class")
    sums = np.bincount(row, part.data, len(level))
    expect((part.data > 0).all() and (sums == level.count).all(), k, "count_in_class")
    if below:
        labels, context = part.indices, level.context[row]
        inside = slice(None) if k > 2 else context != BOUNDARY
        whole = are_entries(below[-1], context[inside], labels[inside])
        whole = whole and are_entries(below[-1], level.suffix[row], labels)
        expect(whole, k, "class")
