"""Hashes of the texts learned, to recognise texts that were learned word for word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..ngrams import BOUNDARY, TokenStream
from ..words import Vocabulary

_BASE = 0x9E3779B97F4A7C15  # odd, so that no power of it is 0 modulo 2**64
_MASK = 2**64 - 1


@dataclass(frozen=True)
class TextHashes:
    """The multiset of the texts learned, as hashes of 64 bits.

    Two different texts have the same hash with probability 2**-64. Of a message with its
    reply, only the reply is hashed.

    Attributes
    ----------
    hashes : ndarray of shape (n_different,), uint64
        In rising order.
    times : dict of int to int
        By hash, the multiplicity of texts that were learned more than once.

    Examples
    --------
    >>> stream = TokenStream.from_texts(np.array([1, 2, 1]), np.array([2, 1]))
    >>> texts = TextHashes().learn(stream, None)
    >>> texts.has([1, 2], None), texts.has([2, 1], None)
    (True, False)
    >>> texts.forget(stream.first(1), None).has([1, 2], None)
    False
    """

    hashes: NDArray[np.uint64]
    times: dict[int, int]

    def __init__(self, hashes: Any = (), times: dict[int, int] | None = None) -> None:
        object.__setattr__(self, "hashes", np.asarray(hashes, dtype=np.uint64))
        object.__setattr__(self, "times", times or {})

    def __len__(self) -> int:
        return len(self.hashes) + sum(self.times.values()) - len(self.times)

    def has(self, text: Sequence[int], vocabulary: Vocabulary | None) -> bool:
        """Whether a text, a sequence of ids, was learned."""
        if any(word < 0 for word in text):  # a word is unknown
            return False
        words = text if vocabulary is None else map(vocabulary.word_of, text)
        power, of_text = _BASE, 0
        for word in words:  # `_combined` on Python numbers
            of_text += _hash(word) * power
            power = power * _BASE & _MASK
        asked = np.uint64(of_text + power & _MASK)
        place = int(self.hashes.searchsorted(asked))
        return place < len(self.hashes) and self.hashes.item(place) == int(asked)

    def to_arrays(self) -> dict[str, NDArray]:
        """The hashes and multiplicities as arrays, for saving."""
        times = [self.times.get(of_text, 1) for of_text in self.hashes.tolist()]
        return {"hashes": self.hashes, "times": np.array(times, dtype=np.int32)}

    @classmethod
    def from_arrays(cls, arrays: Any) -> TextHashes:
        """The inverse of `to_arrays`.

        Raises
        ------
        ValueError
            If the arrays are not a result of it.
        """
        if not isinstance(arrays, dict) or set(arrays) != {"hashes", "times"}:
            raise ValueError("text_hashes_ must be a dict of hashes and times.")
        hashes, times = arrays["hashes"], arrays["times"]
        kinds = (hashes, np.uint64), (times, np.int32)
        if not all(
            isinstance(a, np.ndarray) and a.dtype == dtype for a, dtype in kinds
        ):
            raise ValueError("text_hashes_ must hold arrays of uint64 and int32.")
        if hashes.ndim != 1 or hashes.shape != times.shape or (times < 1).any():
            raise ValueError("text_hashes_ must have a number of times for each text.")
        if (hashes[1:] <= hashes[:-1]).any():
            raise ValueError("text_hashes_ must have hashes in rising order.")
        several = np.flatnonzero(times > 1)
        repeated = zip(hashes[several].tolist(), times[several].tolist(), strict=True)
        return cls(hashes, dict(repeated))

    def learn(self, stream: TokenStream, vocabulary: Vocabulary | None) -> TextHashes:
        """A new multiset with the texts of a stream, whose words are in `vocabulary`."""
        return self._changed(hashes_of(stream, vocabulary), stream.times)

    def forget(self, stream: TokenStream, vocabulary: Vocabulary | None) -> TextHashes:
        """A new multiset without the texts of a stream, all of which must be in this one."""
        return self._changed(hashes_of(stream, vocabulary), -stream.times)

    def merge(self, other: TextHashes) -> TextHashes:
        """The union of both multisets."""
        times = [other.times.get(h, 1) for h in other.hashes.tolist()]
        return self._changed(other.hashes, np.array(times, dtype=np.int64))

    def _changed(self, hashes, by):
        """A new multiset with the multiplicities of some hashes changed."""
        different, place = np.unique(hashes, return_inverse=True)
        by = np.bincount(place, by, len(different)).astype(np.int64)
        at = np.searchsorted(self.hashes, different)
        known = np.zeros(len(different), dtype=bool)
        known[at < len(self.hashes)] = True
        known[known] = self.hashes[at[known]] == different[known]
        times = self.times.copy()
        gone = []
        for n in np.flatnonzero(known | (by != 1)).tolist():
            of_text = different.item(n)
            now = by.item(n) + (times.pop(of_text, 1) if known[n] else 0)
            if now > 1:
                times[of_text] = now
            elif now < 1 and known[n]:
                gone.append(at[n])
        new = ~known & (by > 0)
        kept = np.insert(self.hashes, at[new], different[new])
        if gone:
            kept = np.delete(self.hashes, gone)
        return TextHashes(kept, times)


def hashes_of(stream: TokenStream, vocabulary: Vocabulary | None) -> NDArray[np.uint64]:
    """The hash of each text of a stream: of its words after its last inner boundary.

    Parameters
    ----------
    stream : TokenStream
    vocabulary : Vocabulary or None
        The words of the ids; None hashes the ids.

    Returns
    -------
    ndarray of shape (n_different_texts,), uint64
    """
    ends = np.cumsum(stream.lengths)
    starts = ends - stream.lengths
    is_word = stream.ids != BOUNDARY
    # Boundaries at the ends of texts are no inner ones.
    last = np.where(is_word[ends - 1], ends, ends - 1)
    place = np.arange(len(stream.ids))
    text_of = np.repeat(np.arange(len(ends)), stream.lengths)
    inside = np.flatnonzero(~is_word & (place < last[text_of]))
    begins = starts.copy()
    begins[text_of[inside]] = inside  # of several in a text, the last one remains
    begins = np.minimum(begins + 1, last)
    counts = (place >= begins[text_of]) & (place < last[text_of])
    return _combined(_word_hashes(stream.ids[counts], vocabulary), last - begins)


def _word_hashes(ids, vocabulary):
    """A hash of 64 bits of each word."""
    different, place = np.unique(ids, return_inverse=True)
    words = different.tolist()
    if vocabulary is not None:
        words = map(vocabulary.word_of, words)
    return np.array(list(map(_hash, words)), dtype=np.uint64)[place]


@lru_cache(1 << 14)
def _hash(word):
    encoded = str(word).encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(encoded, digest_size=8).digest(), "little")


def _combined(hashes, lengths):
    """A hash of each text: a polynomial in the hashes of its words (Karp & Rabin 1987)."""
    longest = int(lengths.max(initial=0)) + 1
    powers = np.cumprod(np.full(longest, _BASE, dtype=np.uint64))
    starts = np.cumsum(lengths) - lengths
    place = np.arange(len(hashes)) - np.repeat(starts, lengths)
    sums = np.zeros(len(hashes) + 1, dtype=np.uint64)
    np.cumsum(hashes * powers[place], out=sums[1:])
    return sums[starts + lengths] - sums[starts] + powers[lengths]
