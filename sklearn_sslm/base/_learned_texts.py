"""The texts learned, stored for estimators that score them again."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ..ngrams import NeverLearnedError, TokenStream

_ID_BYTES = 4

_MAX_CHANGES = 64
"""Number of changes after which they are summed up."""


@dataclass(frozen=True)
class LearnedTexts:
    """The multiset of the texts learned and not forgotten, as ids.

    Attributes
    ----------
    changes : tuple of (TokenStream, ndarray)
        Texts, and by how much each change increased their multiplicities.

    Examples
    --------
    >>> stream = TokenStream.from_texts(np.array([1, 2, 1]), np.array([1, 1, 1]))
    >>> texts = LearnedTexts().learn(stream)
    >>> texts.distinct.ids, texts.times
    (array([0, 1, 0, 0, 2, 0], dtype=int32), array([2, 1]))
    >>> texts.places
    array([0, 1, 0])
    >>> texts.forget(stream.first(2)).distinct.ids
    array([0, 1, 0], dtype=int32)
    """

    changes: tuple[tuple[TokenStream, NDArray[np.int64]], ...] = ()

    def __bool__(self) -> bool:
        return True  # also if no text is left

    def learn(self, stream: TokenStream) -> LearnedTexts:
        """A new multiset with the texts of a stream added."""
        known = self if len(self.changes) < _MAX_CHANGES else self.summed()
        times = stream.times.astype(np.int64)
        return LearnedTexts((*known.changes, (stream, times)))

    def forget(self, stream: TokenStream) -> LearnedTexts:
        """A new multiset with the texts of a stream removed.

        Raises
        ------
        NeverLearnedError
            If one of them is not in this multiset, or not so often.
        """
        count = self._count()
        pairs = zip(_texts_of(stream), stream.times.tolist(), strict=True)
        for at, (text, times) in enumerate(pairs):
            if count[text] < times:
                raise NeverLearnedError(at)
            count[text] -= times
        return _of_count(count)

    def summed(self) -> LearnedTexts:
        """The same, with each text once in a single change."""
        return _of_count(self._count())

    def merge(self, other: LearnedTexts, ids: NDArray) -> LearnedTexts:
        """The union with another multiset, given the new id of each id in it."""
        ids = np.asarray(ids, dtype=np.int32)
        moved = ((TokenStream(ids[s.ids], s.lengths), n) for s, n in other.changes)
        return LearnedTexts((*self.changes, *moved))

    @cached_property
    def memo(self) -> dict:
        """A cache of results for these texts."""
        return {}

    @property
    def distinct(self) -> TokenStream:
        """Each text once."""
        return self._distinct[0]

    @property
    def times(self) -> NDArray[np.int64]:
        """The multiplicity of each text of `distinct`."""
        return self._distinct[1]

    @property
    def places(self) -> NDArray[np.intp]:
        """The index in `distinct` of each text of `changes`, in their order."""
        place = {text: i for i, text in enumerate(_texts_of(self.distinct))}
        texts = (text for stream, _ in self.changes for text in _texts_of(stream))
        return np.fromiter(map(place.__getitem__, texts), np.intp)

    def scored(self) -> ScoredTexts:
        """The multiplicities and cached results, without the texts."""
        named = {key: self.memo[key] for key in self.memo if isinstance(key, str)}
        return ScoredTexts(self.times, named)

    def _count(self):
        """The multiplicity of each text, by the bytes of its ids."""
        count: Counter[bytes] = Counter()
        for stream, times in self.changes:
            for text, n in zip(_texts_of(stream), times.tolist(), strict=True):
                count[text] += n
        return count

    @cached_property
    def _distinct(self):
        return self.summed().changes[0]


@dataclass(frozen=True)
class ScoredTexts:
    """The part of `LearnedTexts` in compact models: multiplicities and results.

    Attributes
    ----------
    times : ndarray of shape (n_texts,), int64
        The multiplicity of each different text.
    memo : dict of str to ndarray of shape (n_texts,), float64
        Results for each text, by name.
    """

    times: NDArray[np.int64]
    memo: dict[str, NDArray[np.float64]]

    def scored(self) -> ScoredTexts:
        """Itself."""
        return self


def _texts_of(stream):
    """The ids of each text, as bytes."""
    ids = stream.ids.astype(np.int32, copy=False).tobytes()
    ends = (_ID_BYTES * np.cumsum(stream.lengths)).tolist()
    for start, end in pairwise([0, *ends]):
        yield ids[start:end]


def _of_count(count):
    texts = [text for text, n in count.items() if n]
    lengths = np.array([len(text) // _ID_BYTES for text in texts], dtype=np.int64)
    stream = TokenStream(np.frombuffer(b"".join(texts), dtype=np.int32), lengths)
    times = np.array([count[text] for text in texts], dtype=np.int64)
    return LearnedTexts(((stream, times),))
