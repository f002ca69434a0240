"""Whole numbers that never fall, in fewer bits than the largest needs."""

import numpy as np

from ._packed_integers import PackedIntegers

_BLOCK_BITS = 5
_BLOCK = 1 << _BLOCK_BITS


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

    def __init__(self, starts, offsets):
        if len(starts) != -(-len(offsets) // _BLOCK):
            raise ValueError(
                f"{len(offsets)} numbers must come in blocks of {_BLOCK}. Got "
                f"{len(starts)} blocks."
            )
        self.starts = starts
        self.offsets = offsets

    @classmethod
    def of(cls, numbers):
        """Pack an ndarray of whole numbers, none of them below 0 or the one before."""
        starts = numbers[::_BLOCK]
        offsets = numbers - np.repeat(starts, _BLOCK)[: len(numbers)]
        return cls(PackedIntegers.of(starts), PackedIntegers.of(offsets))

    def __len__(self):
        return len(self.offsets)

    def __getitem__(self, place):
        """Some of the numbers, int64; of an int its number, as `item`."""
        if not isinstance(place, np.ndarray):
            return self.item(place)
        return self.starts[place >> _BLOCK_BITS] + self.offsets[place]

    def item(self, place):
        """One of the numbers, as a Python number."""
        return self.starts.item(place >> _BLOCK_BITS) + self.offsets.item(place)

    def __array__(self, dtype=None, copy=None):
        numbers = self[np.arange(len(self))]
        return numbers.astype(dtype or np.int64, copy=False)
