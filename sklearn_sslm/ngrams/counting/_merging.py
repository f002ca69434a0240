"""Addition and subtraction of n-gram counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ._interleaving import interleave
from ._level import Level, keep_rows
from ._token_stream import BOUNDARY
from ._trie import NGramCounts

_ANY_NUMBER = np.int64(np.iinfo(np.int64).max)


def merge(counts: NGramCounts, other: NGramCounts, n_threads: int = 1) -> NGramCounts:
    """Add up n-gram counts, order by order.

    Parameters
    ----------
    counts, other : NGramCounts
        Counts of the same highest order, over the same ids; one may have more ids.
    n_threads : int, default=1
        Number of threads.

    Returns
    -------
    NGramCounts
        The counts of the texts of both.

    Notes
    -----
    Merging inserts n-grams between those of a level, whose order does not change. Levels
    are merged from the lowest order up, since the rows of one level are the contexts of
    the next.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_sslm.ngrams import NGramCounts, TokenStream
    >>> def count(*words):
    ...     stream = TokenStream.from_texts(np.array(words), np.array([len(words)]))
    ...     return NGramCounts.from_stream(stream, 2, n_ids=4)
    ...
    >>> both = merge(count(1, 3), count(1, 2))
    >>> both.levels[1].word.tolist(), both.levels[1].count.tolist()
    ([1, 2, 3, 0, 0], [2, 1, 1, 1, 1])
    """
    levels = tuple(level for level, _ in merged_levels(counts, other, n_threads))
    return NGramCounts(counts.n, levels, counts.n_texts + other.n_texts)


def merged_levels(
    counts: NGramCounts, other: NGramCounts, n_threads: int = 1
) -> Iterator[tuple[Level, list[NDArray[np.int32]]]]:
    """Yield the merged levels, and the new rows of the n-grams of both.

    Yields
    ------
    level : Level
    places : list of two ndarray of int32
        The new row of each row of `counts`, and of each row of `other`; in rising order.
    """
    n_contexts, places = 1, [np.zeros(1, dtype=np.int32)] * 2  # of the root
    for k in range(1, max(len(counts.levels), len(other.levels)) + 1):
        both = counts.level(k), other.level(k)
        level, places = interleave(both, places, n_contexts, n_threads)
        yield level, places
        n_contexts = len(level)


class NeverLearnedError(ValueError):
    """A text cannot be forgotten, since some of its n-grams have smaller counts.

    Attributes
    ----------
    text : int
        The index of the first such text, after all before it were forgotten; −1 if it is
        not known.
    """

    def __init__(self, text: int = -1) -> None:
        super().__init__(f"text {text} was never learned")
        self.text = text


def subtract(counts: NGramCounts, other: NGramCounts) -> NGramCounts:
    """Subtract n-gram counts, order by order.

    Parameters
    ----------
    counts, other : NGramCounts
        Counts of the same highest order, over the same ids.

    Returns
    -------
    NGramCounts
        The counts of the other texts, with the same number of ids.

    Raises
    ------
    NeverLearnedError
        If a count would become negative.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_sslm.ngrams import NGramCounts, TokenStream
    >>> def count(*words):
    ...     stream = TokenStream.from_texts(np.array(words), np.array([len(words)]))
    ...     return NGramCounts.from_stream(stream, 2, n_ids=4)
    ...
    >>> rest = subtract(merge(count(1, 3), count(1, 2)), count(1, 3))
    >>> rest.levels[1].word.tolist(), rest.levels[1].count.tolist()
    ([1, 2, 0], [1, 1, 1])
    """
    levels = tuple(level for level, _, _ in remaining_levels(counts, other))
    return NGramCounts(counts.n, levels, counts.n_texts - other.n_texts)


def remaining_levels(
    counts: NGramCounts, other: NGramCounts
) -> Iterator[tuple[Level, NDArray[np.int64], NDArray[np.int64]]]:
    """Yield the remaining levels, and the rows of `counts` that they come from.

    Yields
    ------
    level : Level
    found : ndarray of int64
        The row in `counts` of each n-gram of `other`; in rising order.
    kept : ndarray of int64
        The row in `counts` of each n-gram of `level`.

    Raises
    ------
    NeverLearnedError
        If a count would become negative.
    """
    if other.n_texts > counts.n_texts or len(other.levels) > len(counts.levels):
        raise NeverLearnedError
    n_contexts = 1
    found = places = np.zeros(1, dtype=np.int32)  # of the root
    below = np.array([_ANY_NUMBER])
    for k, level in enumerate(counts.levels, start=1):
        part = other.level(k)
        found = level.find(found[part.context], part.word)
        if (found < 0).any():
            raise NeverLearnedError
        count, given = _less(level.count, part.count, found), level.given
        if given is not None:
            given = _less(given, part.given, found)
        if not _have_contexts(count, level.first_child, below):
            raise NeverLearnedError  # a text without its end was learned with one
        level = replace(level, count=count, given=given)
        # Boundaries are counted where they end texts, not as contexts.
        below = np.where(level.word == BOUNDARY, _ANY_NUMBER, level.count)
        kept = np.arange(len(level)) if k == 1 else np.flatnonzero(level.occurrences)
        level, places = keep_rows(level, kept, places, n_contexts)
        if not len(level):
            break
        yield level, found, kept
        n_contexts = len(level)


def _less(column, part, rows):
    """Subtract counts from some rows of a column."""
    rest = column.copy()
    rest[rows] -= part
    if (rest[rows] < 0).any():
        raise NeverLearnedError
    return rest


def _have_contexts(count, first_child, contexts):
    """Whether the count of each context is at least the sum of those of its children."""
    sums = np.zeros(len(count) + 1, dtype=np.int64)
    np.cumsum(count, out=sums[1:])
    return (np.diff(sums[first_child]) <= contexts).all()
