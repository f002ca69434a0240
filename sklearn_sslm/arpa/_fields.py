"""Splitting of lines into fields, and hashing of words, with arrays."""

from typing import NamedTuple

import numpy as np

_PADDING = 32
_TAB, _NEWLINE, _BLANK = b"\t\n "

_BYTES = np.array([(1 << 8 * n) - 1 for n in range(9)], dtype=np.uint64)
"""For each n, a mask of the first n bytes of an integer."""

_MIX = np.uint64(0x9E3779B97F4A7C15)
_SPREAD = np.uint64(0xD6E8FEB86659FD93)


class Buffer:
    """Text as bytes, and as integers of eight bytes.

    Parameters
    ----------
    text : bytes
    """

    def __init__(self, text):
        self.text = text
        padding = bytes(_PADDING - len(text) % 8)  # reads may extend beyond the end
        self.bytes = np.frombuffer(text + padding, dtype=np.uint8)
        self.eights = self.bytes.view("<u8")


def load8(buffer, starts, lengths):
    """Load up to eight bytes at each offset as a little-endian integer.

    >>> load8(Buffer(b"to be"), np.array([0, 3]), np.array([2, 1])) == [0x6F74, 0x62]
    array([ True,  True])
    """
    place = starts >> 3
    shift = ((starts & 7) << 3).view(np.uint64)
    low = buffer.eights.take(place)
    low >>= shift
    place += 1
    high = buffer.eights.take(place)
    shift ^= np.uint64(63)  # 63 − shift: a shift by 64 is none
    high <<= shift
    high <<= np.uint64(1)
    low |= high
    low &= _BYTES.take(lengths)
    return low


class Fields(NamedTuple):
    """The fields of lines, which are separated by single bytes.

    Attributes
    ----------
    ends : ndarray of int64
        The offset of the end of each field of all lines.
    first : ndarray of shape (n_lines,), int64
        The index of the first field of each line.
    counts : ndarray of shape (n_lines,), int64
        The number of fields of each line.
    """

    ends: np.ndarray
    first: np.ndarray
    counts: np.ndarray

    def start(self, field):
        """The offsets of the starts of fields with the given indices."""
        return np.where(field > 0, self.ends[field - 1] + 1, 0)


def split(buffer):
    r"""Find the fields of whole lines.

    Returns
    -------
    Fields, or None if not every field is followed by one tab, blank or end of line

    Examples
    --------
    >>> fields = split(Buffer(b"-1.5\tum dois\n-2\tum\n"))
    >>> fields.ends.tolist(), fields.first.tolist(), fields.counts.tolist()
    ([4, 7, 12, 15, 18], [0, 3], [3, 2])
    >>> split(Buffer(b"-1.5 \tum\n"))
    """
    text = buffer.bytes[: len(buffer.text)]
    is_end = text == _BLANK
    is_end |= text == _TAB
    is_end |= text == _NEWLINE
    ends = np.flatnonzero(is_end)
    last = np.flatnonzero(text.take(ends) == _NEWLINE)
    counts = np.diff(last, prepend=-1)
    empty = np.diff(ends, prepend=-1).min(initial=2) < 2
    return None if empty else Fields(ends, last - counts + 1, counts)


def word_keys(buffer, starts, ends, seed):
    """A hash of 64 bits of each word.

    Parameters
    ----------
    buffer : Buffer
    starts, ends : ndarray of int64
        The offsets of each word.
    seed : uint64
        Any number, the same for all words that are compared.

    Returns
    -------
    ndarray of uint64
    """
    lengths = ends - starts
    key = load8(buffer, starts, np.minimum(lengths, 8))
    key ^= seed + lengths.view(np.uint64) * _SPREAD
    long = np.flatnonzero(lengths > 8)
    starts, lengths = starts[long], lengths[long]
    while len(long):
        starts, lengths = starts + 8, lengths - 8
        mixed = key[long] * _MIX
        mixed ^= mixed >> np.uint64(29)
        key[long] = mixed * _SPREAD ^ load8(buffer, starts, np.minimum(lengths, 8))
        longer = lengths > 8
        long, starts, lengths = long[longer], starts[longer], lengths[longer]
    key *= _MIX
    key ^= key >> np.uint64(32)
    return key
