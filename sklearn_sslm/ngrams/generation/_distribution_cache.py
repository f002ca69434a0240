"""A cache of distributions of the next word."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray


class DistributionCache:
    """Draws words from distributions, which it caches.

    Parameters
    ----------
    distribution : callable
        Takes the elements of a key; returns words and their weights.
    size : int, default=1 << 22
        Limit of the number of words in all cached distributions, of 16 bytes each.
    """

    def __init__(
        self, distribution: Callable[..., tuple[NDArray, NDArray]], size: int = 1 << 22
    ) -> None:
        self._distribution = distribution
        self._size = size
        self._stored: dict[tuple, tuple[NDArray, NDArray]] = {}
        self._n_stored = 0

    def __contains__(self, key: tuple) -> bool:
        """Whether the distribution of a key is in memory."""
        return key in self._stored

    def draw(self, key: tuple, u: float) -> int:
        """Draw a word from the distribution of a key.

        Parameters
        ----------
        key : tuple
        u : float
            A random number from [0, 1).

        Returns
        -------
        int
        """
        if key not in self._stored:
            if self._n_stored > self._size:
                self._stored.clear()
                self._n_stored = 0
            self._stored[key] = cumulative(*self._distribution(*key))
            self._n_stored += len(self._stored[key][0])
        return draw_from(*self._stored[key], u)


def cumulative(words: NDArray, weights: NDArray) -> tuple[NDArray, NDArray]:
    """The words with weights above 0, and the cumulative sums of their weights.

    >>> cumulative(np.array([5, 6, 7]), np.array([1.0, 0.0, 3.0]))
    (array([5, 7]), array([1., 4.]))
    """
    possible = np.flatnonzero(weights)
    return words[possible], np.cumsum(weights[possible])


def draw_from(words: NDArray, sums: NDArray, u: float) -> int:
    """The word that a uniform random number selects by the cumulative weights.

    >>> draw_from(np.array([5, 7]), np.array([1.0, 4.0]), 0.3)
    7
    """
    nth = int(np.searchsorted(sums, u * sums[-1], side="right"))
    return int(words[min(nth, len(words) - 1)])  # u * sum may round up to the sum
