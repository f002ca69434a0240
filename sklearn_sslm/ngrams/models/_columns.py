"""Columns of whole numbers that answer as arrays do, without being arrays in memory.

A column answers ``column[rows]`` for an array of rows, ``column.item(row)`` for one, and,
where all of it can be read, ``numpy.asarray(column)``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

_BLOCK_BITS = 5
_BLOCK = 1 << _BLOCK_BITS
_LAST = _BLOCK - 1

_MANY = 64
"""Numbers that NumPy unpacks sooner than Python."""

_MOST_BITS = 57
"""With up to seven bits before it, such a number is inside of eight bytes."""


class LazyArray:
    """Numbers that are computed when they are asked for.

    Parameters
    ----------
    at, item : callable
        Take an ndarray of rows, or one row, and return their numbers.
    """

    def __init__(self, at, item):
        self._at = at
        self.item = item

    def __getitem__(self, row):
        return self._at(row)


class PackedIntegers:
    """Whole numbers, one after the other, each in as many bits as the largest needs.

    Any one of them is read by itself: from the eight bytes that begin where its first
    bit is.

    Parameters
    ----------
    data : ndarray of shape (n_bytes,), uint8
        The bits, lowest first, and eight bytes more that can be read.
    n_bits : int
        Bits of each number, from 0 to 57.
    size : int
        How many numbers there are.

    Examples
    --------
    >>> import numpy as np
    >>> numbers = PackedIntegers.of(np.array([5, 0, 7, 2]))
    >>> numbers.n_bits, numbers[np.array([2, 0])], numbers.item(3)
    (3, array([7, 5]), 2)
    >>> len(numbers.data)  # 4 * 3 bits are two bytes
    10
    """

    def __init__(self, data: NDArray[np.uint8], n_bits: int, size: int) -> None:
        if not 0 <= n_bits <= _MOST_BITS or len(data) != _n_bytes(n_bits, size):
            raise ValueError(
                f"{size} numbers of {n_bits} bits must be {_n_bytes(n_bits, size)} "
                f"bytes. Got {len(data)}."
            )
        self.data = data
        self.n_bits = n_bits
        self.size = size

    @classmethod
    def of(cls, numbers: NDArray) -> PackedIntegers:
        """Pack an ndarray of whole numbers from 0 to 2**57 - 1."""
        lowest, highest = int(numbers.min(initial=0)), int(numbers.max(initial=0))
        n_bits = highest.bit_length()
        if lowest < 0 or n_bits > _MOST_BITS:
            raise ValueError(
                f"packed numbers must be in the range [0, 2**{_MOST_BITS}). Got "
                f"{lowest if lowest < 0 else highest}."
            )
        data = np.zeros(_n_bytes(n_bits, len(numbers)), dtype=np.uint8)
        packed = cls(data, n_bits, len(numbers))
        # Every eighth number begins at the same bit of a byte, so that these never
        # share one.
        for first in range(8):
            part = numbers[first::8].astype("<u8")
            at, shift = divmod(first * n_bits, 8)
            for byte in range((shift + n_bits + 7) // 8 if len(part) else 0):
                bits = part << shift >> 8 * byte
                data[at + byte :: n_bits][: len(part)] |= bits.astype(np.uint8)
        return packed

    def __len__(self) -> int:
        return self.size

    @cached_property
    def _from_each_byte(self):
        return np.ndarray((len(self.data) - 7,), "<u8", self.data, strides=(1,))

    def __getitem__(self, place):
        """Some of the numbers, int64; of an int its number, as `item`."""
        if not isinstance(place, np.ndarray):
            if isinstance(place, slice):
                return self[np.arange(*place.indices(self.size))]
            return self.item(place)
        bit = place * np.int64(self.n_bits)
        number = self._from_each_byte[bit >> 3]
        bit &= 7
        number >>= bit.view(np.uint64)
        number &= self._mask
        return number.view(np.int64)

    @cached_property
    def _mask(self):
        return np.uint64((1 << self.n_bits) - 1)

    @cached_property
    def item(self) -> Callable[[int], int]:
        """A function that returns one of the numbers, as a Python number."""
        from_byte, n_bits, mask = (
            self._from_each_byte.item,
            self.n_bits,
            int(self._mask),
        )

        def item(place):
            bit = place * n_bits
            return from_byte(bit >> 3) >> (bit & 7) & mask

        return item

    @cached_property
    def some(self) -> Callable[[int, int], list[int]]:
        """A function that returns the numbers from one place to before another."""
        from_byte, n_bits, mask = (
            self._from_each_byte.item,
            self.n_bits,
            int(self._mask),
        )

        def some(first, last):
            bits = range(first * n_bits, last * n_bits, n_bits)
            return [from_byte(bit >> 3) >> (bit & 7) & mask for bit in bits]

        return some if n_bits else lambda first, last: [0] * (last - first)

    @cached_property
    def bisect(self) -> Callable[[int, int, int], int]:
        """As `bisect.bisect_left` of rising numbers, without a call for each."""
        from_byte, n_bits, mask = (
            self._from_each_byte.item,
            self.n_bits,
            int(self._mask),
        )

        def bisect(number, first, last):
            while first < last:
                middle = (first + last) >> 1
                bit = middle * n_bits
                if from_byte(bit >> 3) >> (bit & 7) & mask < number:
                    first = middle + 1
                else:
                    last = middle
            return first

        return bisect

    def __reduce__(self):
        return type(self), (self.data, self.n_bits, self.size)

    def __array__(self, dtype=None, copy=None):
        return self[:].astype(dtype or np.int64, copy=False)


def _n_bytes(n_bits, size):
    return (n_bits * size + 7) // 8 + 8


class RisingIntegers:
    """Numbers in blocks of 32: where each block starts, and how far from there each is.

    Parameters
    ----------
    starts : PackedIntegers of shape (n_blocks,)
        The first number of each block.
    offsets : PackedIntegers of shape (n_numbers,)
        How much larger each number is than the first of its block.

    Examples
    --------
    >>> import numpy as np
    >>> numbers = RisingIntegers.of(np.array([0, 3, 3, 7]) + 1000)
    >>> numbers[np.array([3, 0])], numbers.item(1)
    (array([1007, 1000]), 1003)
    >>> numbers.offsets.n_bits  # the largest is 7
    3
    """

    def __init__(self, starts: PackedIntegers, offsets: PackedIntegers) -> None:
        if len(starts) != -(-len(offsets) // _BLOCK):
            raise ValueError(
                f"{len(offsets)} numbers must come in blocks of {_BLOCK}. Got "
                f"{len(starts)} blocks."
            )
        self.starts = starts
        self.offsets = offsets

    @classmethod
    def of(cls, numbers: NDArray) -> RisingIntegers:
        """Pack an ndarray of whole numbers, none of them below 0 or the one before."""
        starts = numbers[::_BLOCK]
        offsets = numbers - np.repeat(starts, _BLOCK)[: len(numbers)]
        return cls(PackedIntegers.of(starts), PackedIntegers.of(offsets))

    def __len__(self) -> int:
        return len(self.offsets)

    def __getitem__(self, place):
        """Some of the numbers, int64; of an int its number, as `item`."""
        if not isinstance(place, np.ndarray):
            return self.item(place)
        return self.starts[place >> _BLOCK_BITS] + self.offsets[place]

    @cached_property
    def item(self) -> Callable[[int], int]:
        """A function that returns one of the numbers, as a Python number."""
        start, offset = self.starts.item, self.offsets.item
        return lambda place: start(place >> _BLOCK_BITS) + offset(place)

    @cached_property
    def two(self) -> Callable[[int], tuple[int, int]]:
        """A function that returns a number and the one after it, as Python numbers."""
        n_bits, item, start = self.offsets.n_bits, self.item, self.starts.item
        from_byte, mask = self.offsets._from_each_byte.item, (1 << n_bits) - 1

        def two(place):
            # Where they are in the same block, their offsets are read at once.
            if place & _LAST == _LAST or 2 * n_bits > _MOST_BITS:
                return item(place), item(place + 1)
            bit = place * n_bits
            both = from_byte(bit >> 3) >> (bit & 7)
            first = start(place >> _BLOCK_BITS)
            return first + (both & mask), first + (both >> n_bits & mask)

        return two

    def __reduce__(self):
        return type(self), (self.starts, self.offsets)

    def __array__(self, dtype=None, copy=None):
        numbers = self[np.arange(len(self))]
        return numbers.astype(dtype or np.int64, copy=False)


def listed(column: Any, rows: range) -> list[int]:
    """The numbers in some rows.

    Parameters
    ----------
    column : ndarray or PackedIntegers
    rows : range

    Examples
    --------
    >>> listed(PackedIntegers.of(np.array([5, 0, 7, 2])), range(1, 3))
    [0, 7]
    """
    if isinstance(column, np.ndarray) or len(rows) > _MANY:
        return column[rows.start : rows.stop].tolist()
    return column.some(rows.start, rows.stop)
