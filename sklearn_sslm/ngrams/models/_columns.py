"""Columns: immutable sequences of integers with the indexing of one-dimensional arrays.

A column supports ``column[rows]`` for an array of rows, ``column.item(row)`` for a single
one, and, unless it is lazy, ``numpy.asarray(column)``.
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
"""From so many integers on, NumPy unpacks them faster than Python."""

_MAX_BITS = 57
"""An integer of so many bits is within eight bytes, at whichever bit of a byte it begins."""


class LazyArray:
    """A column whose integers are computed on demand.

    Parameters
    ----------
    at, item : callable
        Functions of an ndarray of rows, and of a single row, that return the integers.
    """

    def __init__(self, at, item):
        self._at = at
        self.item = item

    def __getitem__(self, row):
        return self._at(row)


class PackedIntegers:
    """Non-negative integers, each in as many bits as the largest one needs.

    Each one can be read alone: from the eight bytes that begin with the byte of its first
    bit, by a shift and a mask.

    Parameters
    ----------
    data : ndarray of shape (n_bytes,), uint8
        The bits, lowest first, followed by eight bytes of padding.
    n_bits : int
        Number of bits of each integer, from 0 to 57.
    size : int
        Number of integers.

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
        if not 0 <= n_bits <= _MAX_BITS or len(data) != _n_bytes(n_bits, size):
            raise ValueError(
                f"{size} numbers of {n_bits} bits must be {_n_bytes(n_bits, size)} "
                f"bytes. Got {len(data)}."
            )
        self.data = data
        self.n_bits = n_bits
        self.size = size

    @classmethod
    def of(cls, numbers: NDArray) -> PackedIntegers:
        """Pack an ndarray of integers from 0 to 2**57 - 1."""
        lowest, highest = int(numbers.min(initial=0)), int(numbers.max(initial=0))
        n_bits = highest.bit_length()
        if lowest < 0 or n_bits > _MAX_BITS:
            raise ValueError(
                f"packed numbers must be in the range [0, 2**{_MAX_BITS}). Got "
                f"{lowest if lowest < 0 else highest}."
            )
        data = np.zeros(_n_bytes(n_bits, len(numbers)), dtype=np.uint8)
        packed = cls(data, n_bits, len(numbers))
        # Every eighth integer begins at the same bit of a byte, and no two of these share
        # a byte: [5, 0, 7, 2] in 3 bits -> 5 | 0 << 3 | 7 << 6 | 2 << 9, bytes [197, 5].
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
        """The integers at an array or slice of places, int64; at an int, as `item`."""
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
        """``item(place)``: the integer at a place, a Python number."""
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
        """``some(first, last)``: a list of the integers at first, …, last − 1."""
        data, n_bits, mask = self.data.data, self.n_bits, int(self._mask)
        from_byte = self._from_each_byte.item

        def some(first, last):
            bit, end = first * n_bits, last * n_bits
            if end - bit <= _MAX_BITS:
                bits = from_byte(bit >> 3)
            else:
                bits = int.from_bytes(data[bit >> 3 : (end + 7) >> 3], "little")
            bits >>= bit & 7
            return [bits >> at & mask for at in range(0, end - bit, n_bits)]

        return some if n_bits else lambda first, last: [0] * (last - first)

    @cached_property
    def index(self) -> Callable[[int, int, int], int]:
        """``index(number, first, last)``: its place in a range that rises, or −1."""
        from_byte, n_bits, mask = (
            self._from_each_byte.item,
            self.n_bits,
            int(self._mask),
        )

        def index(number, first, last):
            while first < last:
                middle = (first + last) >> 1
                bit = middle * n_bits
                found = from_byte(bit >> 3) >> (bit & 7) & mask
                if found < number:
                    first = middle + 1
                elif found > number:
                    last = middle
                else:
                    return middle
            return -1

        return index

    def __reduce__(self):
        return type(self), (self.data, self.n_bits, self.size)

    def __array__(self, dtype=None, copy=None):
        return self[:].astype(dtype or np.int64, copy=False)


def _n_bytes(n_bits, size):
    return (n_bits * size + 7) // 8 + 8


class RisingIntegers:
    """Integers in rising order, as offsets from the first integer of each block of 32.

    Parameters
    ----------
    starts : PackedIntegers of shape (n_blocks,)
        The first integer of each block.
    offsets : PackedIntegers of shape (n_numbers,)
        The difference of each integer to the first of its block.

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
        """Pack an ndarray of non-negative integers in rising order."""
        starts = numbers[::_BLOCK]
        offsets = numbers - np.repeat(starts, _BLOCK)[: len(numbers)]
        return cls(PackedIntegers.of(starts), PackedIntegers.of(offsets))

    def __len__(self) -> int:
        return len(self.offsets)

    def __getitem__(self, place):
        """The integers at an array of places, int64; at an int, as `item`."""
        if not isinstance(place, np.ndarray):
            return self.item(place)
        return self.starts[place >> _BLOCK_BITS] + self.offsets[place]

    @cached_property
    def item(self) -> Callable[[int], int]:
        """``item(place)``: the integer at a place, a Python number."""
        start, offset = self.starts.item, self.offsets.item
        return lambda place: start(place >> _BLOCK_BITS) + offset(place)

    @cached_property
    def two(self) -> Callable[[int], tuple[int, int]]:
        """``two(place)``: the integers at a place and at the next, as Python numbers."""
        item, n_bits, mask = self.item, self.offsets.n_bits, int(self.offsets._mask)
        n_bits_of_start, mask_of_start = self.starts.n_bits, int(self.starts._mask)
        from_byte = self.offsets._from_each_byte.item
        start_from_byte = self.starts._from_each_byte.item
        latest = -1, (0, 0)  # a place and its result, as one is often asked for twice

        def two(place):
            nonlocal latest
            before, numbers = latest
            if before == place:
                return numbers
            # If both are in the same block, their offsets are read by one access.
            if place & _LAST == _LAST or 2 * n_bits > _MAX_BITS:
                numbers = item(place), item(place + 1)
            else:
                bit = place * n_bits
                both = from_byte(bit >> 3) >> (bit & 7)
                bit = (place >> _BLOCK_BITS) * n_bits_of_start  # `starts.item`, inlined
                first = start_from_byte(bit >> 3) >> (bit & 7) & mask_of_start
                numbers = first + (both & mask), first + (both >> n_bits & mask)
            latest = place, numbers
            return numbers

        return two

    def __reduce__(self):
        return type(self), (self.starts, self.offsets)

    def __array__(self, dtype=None, copy=None):
        numbers = self[np.arange(len(self))]
        return numbers.astype(dtype or np.int64, copy=False)


def listed(column: Any, rows: range) -> list[int]:
    """The integers in a range of rows, as a list.

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
