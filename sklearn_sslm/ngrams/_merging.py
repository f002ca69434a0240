"""Counts of two sets of texts become the counts of both."""

import numpy as np

from ._counts import Level, NGramCounts, pack
from ._windows import first_children


def merge(counts, other):
    """Add up n-gram counts, order by order.

    Parameters
    ----------
    counts, other : NGramCounts
        Counts of the same highest order, over the same ids. One may know ids that the
        other does not.

    Returns
    -------
    NGramCounts
        What counting all texts at once would have given.

    Notes
    -----
    The n-grams of a level keep their order when new ones come between them, so where
    each row moves to is a running count of the rows inserted before it. It is done
    lowest order first, because the rows of one level are the contexts of the next.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_sslm.ngrams import NGramCounts, TokenStream
    >>> def count(*words):
    ...     stream = TokenStream.from_texts(np.array(words), np.array([len(words)]))
    ...     return NGramCounts.from_stream(stream, 2, n_ids=4)
    >>> both = merge(count(1, 3), count(1, 2))
    >>> both.levels[1].word.tolist(), both.levels[1].count.tolist()
    ([1, 2, 3, 0, 0], [2, 1, 1, 1, 1])
    """
    levels = []
    places = other_places = np.zeros(1, dtype=np.int32)  # of the root
    for k in range(1, max(len(counts.levels), len(other.levels)) + 1):
        level, places_, other_places_ = _merge_level(
            counts.level(k),
            other.level(k),
            places,
            other_places,
            len(levels[-1]) if levels else 1,
        )
        levels.append(level)
        places, other_places = places_, other_places_
    return NGramCounts(counts.n, tuple(levels), counts.n_texts + other.n_texts)


def _merge_level(level, other, contexts, other_contexts, n_contexts):
    """Merge one level, given where the contexts of both have moved to.

    Returns
    -------
    merged : Level
    places, other_places : ndarray of int32
        Where the rows of both have moved to.
    """
    key = pack(contexts[level.context], level.word)
    other_key = pack(other_contexts[other.context], other.word)
    at = np.searchsorted(key, other_key)
    new = np.ones(len(other), dtype=bool)
    inside = at < len(level)
    new[inside] = key[at[inside]] != other_key[inside]

    inserted = np.bincount(at[new], minlength=len(level) + 1).cumsum()
    places = np.arange(len(level)) + inserted[:-1]
    other_places = at + np.cumsum(new) - new

    size = len(level) + int(new.sum())
    merged_key = np.empty(size, dtype=np.int64)
    merged_key[places], merged_key[other_places] = key, other_key
    count = np.zeros(size, dtype=level.count.dtype)
    count[places] = level.count
    count[other_places] += other.count
    suffix = np.empty(size, dtype=np.int32)
    suffix[places] = contexts[level.suffix]
    suffix[other_places] = other_contexts[other.suffix]
    merged = Level(merged_key, count, suffix, first_children(merged_key, n_contexts))
    return merged, places.astype(np.int32), other_places.astype(np.int32)
