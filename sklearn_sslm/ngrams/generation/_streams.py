"""Random number generators of many texts, in arrays.

The random text of a stream depends on the seed of this stream only, and not on the other
texts drawn together with it, their order, or the size of blocks.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

_GAMMA = 0x9E3779B97F4A7C15
_FACTORS = _FACTOR_1, _FACTOR_2 = 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
_MASK = (1 << 64) - 1
_ULP = 2.0**-53

# NumPy integers: converting Python integers at each use would take as long as the rest.
_GAMMA_64, _TO_53_BITS = np.uint64(_GAMMA), np.uint64(11)
_FACTORS_64, _SHIFTS = np.array(_FACTORS, np.uint64), np.array([30, 27, 31], np.uint64)


class Streams:
    """Streams of uniform random numbers in [0, 1), by SplitMix64 in arrays.

    The state of a stream is a counter, which increases by a constant; a random number is
    a hash of the counter (Steele, Lea & Flood 2014, figures 16 and 17).

    Parameters
    ----------
    seeds : ndarray of shape (n_streams,), uint64

    References
    ----------
    .. [1] G. L. Steele, D. Lea and C. H. Flood, "Fast Splittable Pseudorandom Number
       Generators", OOPSLA 2014.

    Examples
    --------
    >>> streams = Streams(np.array([3, 5], dtype=np.uint64))
    >>> first = streams.random()
    >>> streams[[1]].random(), streams.random()  # the second is one number ahead now
    (array([0.75230702]), array([0.70029351, 0.23270917]))
    """

    def __init__(self, seeds: NDArray[np.uint64], at: Any = None) -> None:
        self._state = seeds if at is not None else seeds.astype(np.uint64)
        self._at = at

    def __getitem__(self, streams: Any) -> Streams:
        """A view of some of the streams, which shares their state."""
        at = np.asarray(streams) if self._at is None else self._at[streams]
        return Streams(self._state, at)

    def part(self, begin: int, end: int) -> Streams:
        """A range of the streams, to be used instead of this object."""
        return Streams(self._state[begin:end])

    def others(self, streams: Any) -> Streams:
        """Further, independent streams, seeded by some of these.

        >>> streams = Streams(np.array([3, 5], dtype=np.uint64))
        >>> streams.others([1]).random(), streams.random()
        (array([0.41674706]), array([0.11345034, 0.38676805]))
        """
        return Streams(mixed(self._state[streams]))

    def random(self) -> NDArray[np.float64]:
        """The next number of each stream."""
        if self._at is None:
            self._state += _GAMMA_64
            z = self._state.copy()
        else:
            z = self._state.take(self._at)
            z += _GAMMA_64
            self._state[self._at] = z
        z = mixed(z)
        z >>= _TO_53_BITS
        return np.multiply(z, _ULP, dtype=np.float64)

    def only(self) -> Stream:
        """The single stream, with Python numbers."""
        state = self._state if self._at is None else self._state[self._at]
        return Stream(int(state[0]))

    def each(self) -> Iterator[Stream]:
        """Yield each stream with Python numbers; numbers drawn from it count here, too.

        >>> streams = Streams(np.array([3, 5], dtype=np.uint64))
        >>> [stream.random() for stream in streams[[1]].each()], streams.random()
        ([0.386768...], array([0.11345034, 0.75230702]))
        """
        at = range(len(self._state)) if self._at is None else self._at.tolist()
        for place in at:
            stream = Stream(int(self._state[place]))
            yield stream
            self._state[place] = stream.state


class Stream:
    """A single stream of random numbers, with Python numbers; see `Streams`.

    Parameters
    ----------
    seed : int

    Attributes
    ----------
    state : int
        The counter.

    Examples
    --------
    >>> one, many = Stream(7), Streams(np.array([7], dtype=np.uint64))
    >>> one.random() == many.random()[0], one.random() == many.random()[0]
    (np.True_, np.True_)
    """

    def __init__(self, seed: int) -> None:
        self.state = seed

    def random(self) -> float:
        """The next number."""
        z = self.state = (self.state + _GAMMA) & _MASK
        # `mixed_one`, inlined: calling it would take a fifth of the time.
        z = (z ^ (z >> 30)) * _FACTOR_1 & _MASK
        z = (z ^ (z >> 27)) * _FACTOR_2 & _MASK
        return ((z ^ (z >> 31)) >> 11) * _ULP


def mixed(z: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """A hash of each number, in place.

    >>> int(mixed(np.array([0x9E3779B97F4A7C15], dtype=np.uint64))[0])
    16294208416658607535
    """
    shifted = z >> _SHIFTS[0]
    z ^= shifted
    z *= _FACTORS_64[0]
    np.right_shift(z, _SHIFTS[1], out=shifted)
    z ^= shifted
    z *= _FACTORS_64[1]
    np.right_shift(z, _SHIFTS[2], out=shifted)
    z ^= shifted
    return z


def mixed_one(z: int) -> int:
    """The hash of a Python number; see `mixed`.

    Parameters
    ----------
    z : int
        In the range of uint64.

    Returns
    -------
    int

    Examples
    --------
    >>> mixed_one(0x9E3779B97F4A7C15)
    16294208416658607535
    """
    z = (z ^ (z >> 30)) * _FACTOR_1 & _MASK
    z = (z ^ (z >> 27)) * _FACTOR_2 & _MASK
    return z ^ (z >> 31)


def streams_of(rng: np.random.Generator | Streams, n_streams: int) -> Streams:
    """Streams for `n_streams` texts: those given, or new ones seeded by a Generator."""
    if isinstance(rng, Streams):
        return rng
    return Streams(rng.integers(1 << 64, size=n_streams, dtype=np.uint64))
