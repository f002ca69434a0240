"""The words that precede an n-gram, and their counts: the trie in reverse direction."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..models import Children


class Predecessors:
    """The n-grams x h of one order, grouped by their suffix h, an n-gram without a word.

    The n-grams of an online model's base are grouped once, with 8 bytes for each. For
    suffixes whose n-grams changed since then, the changes are added at each draw.

    Parameters
    ----------
    weights : SmoothedWeights
        The weights of the n-grams of the order.
    """

    def __init__(self, weights: Any) -> None:
        self._level = weights.ngrams
        self._sorted = weights.before
        self._changed = getattr(self._level, "last_before", {})

    def draw(self, suffix: NDArray, rng: np.random.Generator) -> NDArray[np.int64]:
        """Draw a preceding word x for each suffix h with probability c(x h) / c(· h).

        Parameters
        ----------
        suffix : ndarray of shape (n_draws,), int
            Rows of n-grams one word shorter; each has at least one preceding word.
        rng : numpy.random.Generator

        Returns
        -------
        ndarray of shape (n_draws,), int64
            Rows of the n-grams x h.
        """
        chance = rng.random(len(suffix))
        changed = np.array([s in self._changed for s in suffix.tolist()], dtype=bool)
        if not changed.any():
            return self._sorted.draw(suffix, chance)[0].astype(np.int64)
        row = np.empty(len(suffix), dtype=np.int64)
        row[~changed] = self._sorted.draw(suffix[~changed], chance[~changed])[0]
        unique, place = np.unique(suffix[changed], return_inverse=True)
        each = list(map(self._rows_before, unique.tolist()))
        first = np.cumsum([0, *map(len, each)])
        rows = np.concatenate(each)
        counts = self._level.count[rows]
        row[changed] = Children(first, counts, rows).draw(place, chance[changed])[0]
        return row

    def _rows_before(self, suffix):
        """Rows of all n-grams with a suffix: those of the base, then those added."""
        first, rows = self._sorted.first, self._sorted.row[:0]
        if suffix < len(first) - 1:
            rows = self._sorted.row[first[suffix] : first[suffix + 1]]
        new = np.array(self._level.new_before(suffix), dtype=np.int64)
        return np.concatenate([rows, new])
