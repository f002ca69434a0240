"""Merging of one level of two sets of counts."""

from itertools import pairwise

import numpy as np

from ._level import Level
from ._sorting import BLOCK, WORD_BITS, first_children, for_each


def interleave(levels, contexts, n_contexts, n_threads=1):
    """Merge a level of two sets of counts.

    Parameters
    ----------
    levels : pair of Level
    contexts : pair of ndarray of int32
        The new row of each row of the level below, for both; in rising order.
    n_contexts : int
        Number of rows of the merged level below.
    n_threads : int, default=1
        Number of threads.

    Returns
    -------
    level : Level
    places : list of two ndarray of int32
        The new row of each row of both levels.

    Notes
    -----
    The keys of both levels are sorted together, with an additional bit for the level of
    each. This is faster than a search for each key of one level in the other, although
    both are sorted. Contexts are merged in blocks, since equal n-grams have equal contexts.

    Keys [5, 8] and [6, 8] -> sorted [5, 6, 8, 8], places [0, 2] and [1, 2].
    """
    parts = _parts(levels, contexts)
    most = sum(map(len, levels))  # rows; memory that is not written to costs nothing
    key = np.empty(most, dtype=np.int64)
    count = np.zeros(most, dtype=levels[0].count.dtype)
    given = None if levels[0].given is None else np.zeros_like(count)
    suffix = np.empty(most, dtype=np.int32)
    places = [np.empty(len(level), dtype=np.int32) for level in levels]
    end = 0
    sorted_keys = for_each(
        lambda part: _sorted_keys(levels, contexts, part), parts, n_threads
    )
    for part, (keys, is_head, is_second) in zip(parts, sorted_keys, strict=True):
        row = np.cumsum(is_head, dtype=np.int32)
        row += end - 1
        begin, end = end, end + int(np.count_nonzero(is_head))
        key[begin:end] = keys[is_head]
        for which, (level, rows) in enumerate(zip(levels, part, strict=True)):
            place = places[which][rows] = row[is_second == which]
            count[place] += level.count[rows]
            if given is not None:
                given[place] += level.given[rows]
            suffix[place] = contexts[which][level.suffix[rows]]
    for array in (key, count, suffix, given):
        if array is not None:
            array.resize(end, refcheck=False)
    first = first_children(key, n_contexts, n_threads)
    return Level(key, count, suffix, first, given), places


def _parts(levels, contexts):
    """Pairs of slices: the children of the same contexts in both levels."""
    longer = max((0, 1), key=lambda which: len(levels[which]))
    begins = levels[longer].key[BLOCK::BLOCK] >> WORD_BITS
    begins = contexts[longer][begins]
    ends = []
    for level, moved in zip(levels, contexts, strict=True):
        inner = level.first_child[np.searchsorted(moved, begins)].tolist()
        ends.append([slice(*end) for end in pairwise([0, *inner, len(level)])])
    return list(zip(*ends, strict=True))


def _sorted_keys(levels, contexts, part):
    """The keys of a part of both levels, sorted.

    Returns
    -------
    key : ndarray of shape (n_rows,), int64
    is_head : ndarray of shape (n_rows,), bool
        Whether a key differs from the one before it.
    is_second : ndarray of shape (n_rows,), bool
        Whether a key is of the second level.
    """
    parts = []
    for which, (level, rows) in enumerate(zip(levels, part, strict=True)):
        key = level.key[rows]
        moved = contexts[which][key >> WORD_BITS].astype(np.uint64)
        moved <<= WORD_BITS
        moved |= (key & ((1 << WORD_BITS) - 1)).view(np.uint64)
        moved <<= 1  # there is room: contexts and words are both below 2**31
        moved |= which
        parts.append(moved)
    tagged = np.concatenate(parts)
    tagged.sort()
    is_second = (tagged & 1).astype(bool)
    tagged >>= 1
    is_head = np.ones(len(tagged), dtype=bool)
    np.not_equal(tagged[1:], tagged[:-1], out=is_head[1:])
    return tagged.view(np.int64), is_head, is_second
