"""A hash table of 64-bit keys, in arrays."""

import numpy as np
from numpy.typing import NDArray

from ._sorting import blocks

_WORD = 64

_ROWS = 1 << 16
"""Keys that are put in together: few enough for the cache."""


class KeyTable:
    """Finds the row of each key.

    Parameters
    ----------
    keys : ndarray of shape (n_rows,), int64 or uint64
        Distinct keys.

    Notes
    -----
    Multiplicative hashing with linear probing: probing begins at the high bits of the
    product of the key with an odd number. This number is random, so that nobody can
    craft colliding keys; results do not depend on it.

    Examples
    --------
    >>> import numpy as np
    >>> KeyTable(np.array([70, 50])).find(np.array([50, 60, 70]))
    array([ 1, -1,  0], dtype=int32)
    """

    def __init__(self, keys: NDArray) -> None:
        n_bits = max(len(keys).bit_length() + 1, 4)  # at most half full
        self._factor = np.random.default_rng().integers(1 << 63, dtype=np.uint64)
        self._factor |= np.uint64(1)
        self._shift = np.uint64(_WORD - n_bits)
        self._last = np.int64((1 << n_bits) - 1)
        # Row −1, an empty place, has a key too, the last one, which does not matter.
        self._keys = keys.view(np.uint64) if len(keys) else np.zeros(1, np.uint64)
        self._rows = np.full(1 << n_bits, -1, dtype=np.int32)
        for rows in blocks(len(keys), _ROWS):
            self._fill(rows)

    def _fill(self, rows):
        waiting = np.arange(rows.start, rows.stop, dtype=np.int32)
        place = self._home(self._keys[rows])
        while len(waiting):
            free = np.flatnonzero(self._rows.take(place) < 0)
            self._rows[place.take(free)] = waiting.take(free)  # of several, one stays
            without = np.flatnonzero(self._rows.take(place) != waiting)
            waiting, place = waiting.take(without), place.take(without)
            place += 1
            place &= self._last

    def _home(self, keys):
        home = keys * self._factor
        home >>= self._shift
        return home.view(np.int64)

    def find(self, keys: NDArray) -> NDArray[np.int32]:
        """The row of each key; −1 for keys that are not in the table.

        Parameters
        ----------
        keys : ndarray of shape (n_keys,), int64 or uint64

        Returns
        -------
        ndarray of shape (n_keys,), int32
        """
        keys = keys.view(np.uint64)
        place = self._home(keys)
        row = self._rows.take(place)
        # Places of other keys -> the next ones, for as long as there are such.
        taken = np.flatnonzero((self._keys.take(row) != keys) & (row >= 0))
        at, place, keys = taken, place.take(taken), keys.take(taken)
        while len(at):
            place += 1
            place &= self._last
            row[at] = found = self._rows.take(place)
            taken = np.flatnonzero((self._keys.take(found) != keys) & (found >= 0))
            at, place, keys = at.take(taken), place.take(taken), keys.take(taken)
        return row
