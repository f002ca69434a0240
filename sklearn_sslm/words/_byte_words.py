"""Splitting UTF-8 bytes into words, and hashing and comparing these, with arrays."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

MAX_LENGTH = 64
"""The longest words that are hashed, in bytes."""

_LANE = 8  # bytes of an integer
_PADDING = b"\n" + bytes(_LANE)
_MASKS = np.array([(1 << 8 * n) - 1 for n in range(_LANE + 1)], dtype=np.uint64)

# Odd numbers without a pattern, those of splitmix64 (Steele et al., 2014).
_MIX = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)

# What a byte is, by its value: of a word, a blank, or the first of some blanks.
_WORD, _BLANK, _PERHAPS = range(3)
_KIND = np.zeros(256, dtype=np.uint8)
_KIND[[*b"\t\n\v\f\r\x1c\x1d\x1e\x1f "]] = _BLANK
_WIDE_BLANKS = [chr(j).encode() for j in range(0x80, 0x3001) if chr(j).isspace()]
_KIND[[blank[0] for blank in _WIDE_BLANKS]] = _PERHAPS
_KIND_IN_ASCII = np.zeros(256, dtype=np.uint8)
_KIND_IN_ASCII[[*b"\t\n\v\f\r "]] = _BLANK
# Three bytes as an integer -> the length of the blank that they begin with.
_WIDTH_OF = {
    first | second << 8 | third << 16: 2 + len(rest)
    for first, second, *rest in _WIDE_BLANKS
    for third in (rest or range(256))
}
_WIDE_CODES = np.array(sorted(_WIDTH_OF))
_WIDTHS = np.array([_WIDTH_OF[code] for code in _WIDE_CODES.tolist()])


class ByteWords(NamedTuple):
    """The words of a piece of UTF-8 text.

    Attributes
    ----------
    data : bytes
        UTF-8, or what ``surrogatepass`` makes of other str.
    starts, lengths : ndarray of shape (n_words,), int64
        The offset and the number of bytes of each word.
    heads : ndarray of shape (n_words,), uint64
        The first eight bytes of each word, padded with 0.
    hashes : ndarray of shape (n_words,), uint64
        A hash of the first `MAX_LENGTH` bytes of each word.
    """

    data: bytes
    starts: np.ndarray
    lengths: np.ndarray
    heads: np.ndarray
    hashes: np.ndarray

    @classmethod
    def of(cls, data: bytes, at_ascii: bool = False) -> ByteWords:
        r"""Split bytes at white space, as `str.split`.

        Parameters
        ----------
        data : bytes
        at_ascii : bool, default=False
            Whether to split at white space of ASCII only, as `bytes.split`.

        Returns
        -------
        ByteWords

        Examples
        --------
        >>> words = ByteWords.of("é b\u2003a\n".encode())
        >>> words.starts, words.lengths
        (array([0, 3, 7]), array([2, 1, 1]))
        """
        data += _PADDING  # of which the line end closes the last word
        bounded = np.frombuffer(data, np.uint8)[: 1 - len(_PADDING)]
        starts, ends = _bounds(bounded, _KIND_IN_ASCII if at_ascii else _KIND)
        lengths = ends - starts
        heads = lanes(data).take(starts)
        heads &= _MASKS.take(lengths, mode="clip")
        return cls(data, starts, lengths, heads, _hashes(data, starts, lengths, heads))

    def take(self, nth: NDArray) -> ByteWords:
        """The words with the given indices."""
        return ByteWords(self.data, *(column[nth] for column in self[1:]))

    def gathered(self, nth: NDArray) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """The bytes of some words, each followed by a line end, and their offsets."""
        # "ab" at 5 and "c" at 1 -> places [5, 6, 7, 1, 2], of which 7 and 2 become line ends
        starts, lengths = self.starts[nth], self.lengths[nth]
        ends = np.cumsum(lengths + 1)
        offsets = ends - lengths - 1
        place = np.arange(len(nth) and ends[-1]) + np.repeat(
            starts - offsets, lengths + 1
        )
        gathered = np.frombuffer(self.data, np.uint8)[place]
        gathered[ends - 1] = ord("\n")
        return gathered, offsets

    def spelled(self, nth: NDArray) -> list[str]:
        """The words with the given indices, as str."""
        gathered, _ = self.gathered(nth)
        return gathered.tobytes().decode("utf-8", "surrogatepass").split("\n")[:-1]


def lanes(data: bytes | NDArray[np.uint8]) -> NDArray[np.uint64]:
    """For each byte, it and the next seven bytes as an integer; none for the last seven.

    Bytes [1, 2, 0, 0, 0, 0, 0, 0, 5] -> integers [0x0201, 0x05_00_00_00_00_00_00_02].
    """
    return np.ndarray((len(data) - _LANE + 1,), "<u8", data, strides=(1,))


def differ_behind(
    words: ByteWords, data: bytes | NDArray[np.uint8], starts: NDArray, same: NDArray
) -> NDArray[np.int64]:
    """Compare words with others of the same lengths, from their ninth byte on.

    Parameters
    ----------
    words : ByteWords
    data : bytes or ndarray of uint8
        The bytes of the other words.
    starts : ndarray of shape (n_words,), int64
        The offsets of the other words in `data`.
    same : ndarray of shape (n_words,), bool
        Which words to compare.

    Returns
    -------
    ndarray of int64
        The indices of the words that differ.
    """
    mine, theirs = lanes(words.data), lanes(data)
    found = [np.zeros(0, dtype=np.int64)]
    for at, shift in _longer(np.where(same, words.lengths, 0)):
        differ = mine[words.starts[at] + shift] ^ theirs[starts[at] + shift]
        differ &= _MASKS.take(words.lengths[at] - shift, mode="clip")
        found.append(at[differ != 0])
    return np.concatenate(found)


def first_equal(words: ByteWords, nth: NDArray) -> NDArray[np.int64]:
    """For each of the words with given indices, the first index of an equal word.

    Words longer than `MAX_LENGTH` are taken to be different.

    Parameters
    ----------
    words : ByteWords
    nth : ndarray of int64
        Indices of words, in rising order.

    Returns
    -------
    ndarray of int64
        An index of `nth` for each.

    Examples
    --------
    >>> first_equal(ByteWords.of(b"a b a b"), np.array([1, 2, 3]))
    array([1, 2, 1])
    """
    some = words.take(nth)
    _, first, place = np.unique(some.hashes, return_index=True, return_inverse=True)
    first = first[place]
    same = (some.heads == some.heads[first]) & (some.lengths == some.lengths[first])
    same &= some.lengths <= MAX_LENGTH
    same[differ_behind(some, words.data, some.starts[first], same)] = False
    return np.where(same, nth[first], nth)


def _bounds(data, kind_of):
    """The offsets where words start and end; the last byte must be a blank."""
    kind = kind_of.take(data)
    perhaps = np.flatnonzero(kind == _PERHAPS) if data.max() >= 128 else ()
    if len(perhaps):
        _settle(data, kind, perhaps)
    # " ab c " -> blank [1, 0, 0, 1, 0, 1], which changes after 0, 2, 3 and 4
    changes = np.flatnonzero(kind[1:] != kind[:-1])
    changes += 1
    if kind[0] == _WORD:
        changes = np.append(0, changes)
    return changes[::2], changes[1::2]


def _settle(data, kind, perhaps):
    """Decide which candidates are blanks of several bytes, and mark these, in place."""
    kind[perhaps] = _WORD
    after = np.minimum(perhaps[:, None] + np.arange(3), len(data) - 1)
    first, second, third = data[after].T.astype(np.int64)
    code = first | second << 8 | third << 16
    place = np.minimum(_WIDE_CODES.searchsorted(code), len(_WIDE_CODES) - 1)
    found = np.flatnonzero(_WIDE_CODES[place] == code)
    at, width = perhaps[found], _WIDTHS[place[found]]
    kind[at] = kind[at + 1] = _BLANK
    kind[at[width == 3] + 2] = _BLANK


def _hashes(data, starts, lengths, heads):
    """A hash of the length and the bytes of each word, eight bytes at a time."""
    lane_at = lanes(data)
    hashes = lengths.view(np.uint64) << np.uint64(56)
    hashes ^= heads
    hashes *= _MIX[0]
    for at, shift in _longer(lengths):
        hash_ = hashes[at]
        hash_ ^= hash_ >> np.uint64(29)
        mask = _MASKS.take(lengths[at] - shift, mode="clip")
        hash_ ^= lane_at[starts[at] + shift] & mask
        hashes[at] = hash_ * _MIX[1]
    hashes ^= hashes >> np.uint64(32)
    hashes *= _MIX[0]
    return hashes


def _longer(lengths):
    """Yield the indices of the words longer than 8, 16, … bytes, with this number."""
    at = np.flatnonzero(lengths > _LANE)
    shift = _LANE
    while len(at) and shift < MAX_LENGTH:
        yield at, shift
        shift += _LANE
        at = at[lengths[at] > shift]
