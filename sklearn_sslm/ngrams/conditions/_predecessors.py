"""The trie of n-grams read backward: which words come before an n-gram, and how often."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..models import Children


class Predecessors:
    """The n-grams of one order by their suffixes: the same n-grams with a word before.

    Those that were sorted are so once, which takes 8 bytes for each; what is learned
    later is looked for among them.

    Parameters
    ----------
    weights : SmoothedWeights
        Of the order.
    """

    def __init__(self, weights: Any) -> None:
        self._level = weights.ngrams
        self._sorted = weights.before
        self._changed = getattr(self._level, "last_before", {})

    def draw(self, suffix: NDArray, rng: np.random.Generator) -> NDArray[np.int64]:
        """Draw a word before each suffix, in proportion to the counts.

        Parameters
        ----------
        suffix : ndarray of int
            Rows of n-grams one word shorter, which have some word before them.
        rng : numpy.random.Generator

        Returns
        -------
        ndarray of int64
            Rows of the n-grams of the word and the suffix.
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
        """Rows of all n-grams with a suffix, of which some have changed."""
        first, rows = self._sorted.first, self._sorted.row[:0]
        if suffix < len(first) - 1:
            rows = self._sorted.row[first[suffix] : first[suffix + 1]]
        new = np.array(self._level.new_before(suffix), dtype=np.int64)
        return np.concatenate([rows, new])
