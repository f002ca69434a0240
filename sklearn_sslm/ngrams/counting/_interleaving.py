"""The n-grams of one order of two sets of counts become those of both."""

from itertools import pairwise

import numpy as np

from ._level import Level
from ._sorting import BLOCK, WORD_BITS, first_children, for_each


def interleave(levels, contexts, n_contexts, n_threads=1):
    """Add up one level of two sets of counts.

    Parameters
    ----------
    levels : pair of Level
    contexts : pair of ndarray of int32
        Where the rows of the level below have moved to, in both; they rise.
    n_contexts : int
        Number of rows of the level below, after they were added up.
    n_threads : int, default=1
        Threads that share the work.

    Returns
    -------
    level : Level
    places : list of two ndarray of int32
        Where the rows of both levels have moved to.

    Notes
    -----
    Keys are sorted with a bit more that tells which of the two each comes from. This
    takes less time than to search for each key of the one in the other, although both
    are sorted already. A few contexts are worked on at a time; what is equal never
    belongs to different ones.
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
    first = first_children(key, n_contexts)
    return Level(key, count, suffix, first, given), places


def _parts(levels, contexts):
    """Pairs of slices, each the children of the same few contexts in both levels."""
    longer = max((0, 1), key=lambda which: len(levels[which]))
    begins = levels[longer].key[BLOCK::BLOCK] >> WORD_BITS
    begins = contexts[longer][begins]
    ends = []
    for level, moved in zip(levels, contexts, strict=True):
        inner = level.first_child[np.searchsorted(moved, begins)].tolist()
        ends.append([slice(*end) for end in pairwise([0, *inner, len(level)])])
    return list(zip(*ends, strict=True))


def _sorted_keys(levels, contexts, part):
    """The keys of a part of both levels, in order.

    Returns
    -------
    key : ndarray of shape (n_rows,), int64
    is_head : ndarray of shape (n_rows,), bool
        Whether a key differs from the one before it.
    is_second : ndarray of shape (n_rows,), bool
        Whether it comes from the second of the levels.
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
