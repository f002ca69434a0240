"""The texts that an estimator has learned, for those who have to read them again."""

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
"""Changes that are kept until they are summed up."""


@dataclass(frozen=True)
class LearnedTexts:
    """Texts as ids, in whatever order: what was learned and not forgotten.

    Attributes
    ----------
    changes : tuple of (TokenStream, ndarray)
        Texts, and how often each was learned.

    Examples
    --------
    >>> stream = TokenStream.from_texts(np.array([1, 2, 1]), np.array([1, 1, 1]))
    >>> texts = LearnedTexts().learn(stream)
    >>> texts.distinct.ids, texts.times
    (array([0, 1, 0, 0, 2, 0], dtype=int32), array([2, 1]))
    >>> texts.forget(stream.first(2)).distinct.ids
    array([0, 1, 0], dtype=int32)
    """

    changes: tuple[tuple[TokenStream, NDArray[np.int64]], ...] = ()

    def __bool__(self) -> bool:
        return True  # though none may be left

    def learn(self, stream: TokenStream) -> LearnedTexts:
        """These texts and more."""
        known = self if len(self.changes) < _MAX_CHANGES else self.summed()
        times = stream.times.astype(np.int64)
        return LearnedTexts((*known.changes, (stream, times)))

    def forget(self, stream: TokenStream) -> LearnedTexts:
        """These texts without some of them.

        Raises
        ------
        NeverLearnedError
            If they are not all among these.
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
        """These texts and those of another, whose ids become others."""
        ids = np.asarray(ids, dtype=np.int32)
        moved = ((TokenStream(ids[s.ids], s.lengths), n) for s, n in other.changes)
        return LearnedTexts((*self.changes, *moved))

    @cached_property
    def memo(self) -> dict:
        """What was computed from these texts, kept for the next time."""
        return {}

    @property
    def distinct(self) -> TokenStream:
        """Each text once."""
        return self._distinct[0]

    @property
    def times(self) -> NDArray[np.int64]:
        """How often each of `distinct` is there."""
        return self._distinct[1]

    def scored(self) -> ScoredTexts:
        """What was computed from these texts under a name, without them."""
        named = {key: self.memo[key] for key in self.memo if isinstance(key, str)}
        return ScoredTexts(self.times, named)

    def _count(self):
        """How often each text is there, by the bytes of its ids."""
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
    """What a compact model keeps of `LearnedTexts`: how often each, and what was computed.

    Attributes
    ----------
    times : ndarray of shape (n_texts,), int64
        How often each different text was learned.
    memo : dict of str to ndarray of shape (n_texts,), float64
        What was computed from these texts, by name.
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
