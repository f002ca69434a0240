"""Renumbering of the words of n-gram counts."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ._level import Level, pack
from ._sorting import WORD_BITS, blocks, first_children
from ._trie import NGramCounts

_KEY_BITS = 64


def renumber(counts: NGramCounts, ids: NDArray, n_ids: int) -> NGramCounts:
    """Replace the ids of words.

    Parameters
    ----------
    counts : NGramCounts
    ids : ndarray of shape (counts.n_ids,), int
        The new id of each id, all different; 0 for the boundary, −1 for an id that no
        n-gram has.
    n_ids : int
        The new number of ids, with the boundary.

    Returns
    -------
    NGramCounts
        The counts of the same texts in the new ids.

    Notes
    -----
    Levels are renumbered from the lowest order up: the new rows of one level are the
    contexts of the next, whose n-grams are then sorted by their new keys. This takes
    O(m log m) time for m n-grams.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_sslm.ngrams import NGramCounts, TokenStream
    >>> stream = TokenStream.from_texts(np.array([1, 2, 1]), np.array([3]))
    >>> counts = NGramCounts.from_stream(stream, 2, n_ids=3)
    >>> counts = renumber(counts, np.array([0, 5, 3]), n_ids=6)
    >>> counts.levels[0].count.tolist()
    [1, 0, 0, 1, 0, 2]
    >>> bigrams = counts.levels[1]
    >>> list(zip(bigrams.context.tolist(), bigrams.word.tolist()))
    [(0, 5), (3, 5), (5, 0), (5, 3)]
    """
    levels = tuple(level for level, _ in renumbered_levels(counts, ids, n_ids))
    return NGramCounts(counts.n, levels, counts.n_texts)


def renumbered_levels(
    counts: NGramCounts, ids: NDArray, n_ids: int
) -> Iterator[tuple[Level, NDArray[np.int32]]]:
    """Yield the renumbered levels, and the new row of each n-gram.

    Yields
    ------
    level : Level
    places : ndarray of int32
        The new row of each row; −1 for ids without a new id.
    """
    places = ids = np.asarray(ids, dtype=np.int32)
    level = _renumbered_words(counts.levels[0], ids, n_ids)
    yield level, places
    for old in counts.levels[1:]:
        level, places = _renumbered(old, ids, places, n_ids, len(level))
        yield level, places


def _renumbered_words(level, ids, n_ids):
    used = ids >= 0

    def moved(column):
        other = np.zeros(n_ids, dtype=column.dtype)
        other[ids[used]] = column[used]
        return other

    given = None if level.given is None else moved(level.given)
    return Level.of_words(moved(level.count), given)


def _renumbered(level, ids, contexts, n_ids, n_contexts):
    """Renumber one level, given the new row of each row of the level below.

    Returns
    -------
    renumbered : Level
    places : ndarray of int32
        The new row of each row.
    """
    key = np.empty(len(level), dtype=np.int64)
    for rows in blocks(len(level)):
        old = level.key[rows]
        key[rows] = pack(contexts[old >> WORD_BITS], ids[old.astype(np.int32)])
    order = _sort(key, n_contexts, n_ids)
    places = np.empty(len(level), dtype=np.int32)
    places[order] = np.arange(len(level), dtype=np.int32)
    renumbered = Level(
        key=key,
        count=level.count[order],
        suffix=contexts[level.suffix[order]],
        first_child=first_children(key, n_contexts),
        given=None if level.given is None else level.given[order],
    )
    return renumbered, places


def _sort(key, n_contexts, n_ids):
    """Sort keys in place, and return the old index of each.

    If a key leaves enough bits, its index is a part of the integers sorted: sorting
    integers is several times as fast as sorting indices by them.
    """
    word_bits, at_bits = n_ids.bit_length(), len(key).bit_length()
    if (n_contexts - 1).bit_length() + word_bits + at_bits > _KEY_BITS:
        order = np.argsort(key)
        key[:] = key[order]
        return order
    packed = key.view(np.uint64)
    for rows in blocks(len(key)):
        at = np.arange(rows.start, rows.stop, dtype=np.uint64)
        word = packed[rows] & ((1 << WORD_BITS) - 1)
        packed[rows] = packed[rows] >> WORD_BITS << (word_bits + at_bits)
        packed[rows] |= word << at_bits | at
    packed.sort()
    order = np.empty(len(key), dtype=np.uint32)
    for rows in blocks(len(key)):
        order[rows] = packed[rows] & ((1 << at_bits) - 1)
        word = packed[rows] >> at_bits & ((1 << word_bits) - 1)
        packed[rows] = packed[rows] >> (word_bits + at_bits) << WORD_BITS | word
    return order
