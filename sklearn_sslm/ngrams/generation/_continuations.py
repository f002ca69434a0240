"""Texts that are continued side by side."""

from dataclasses import dataclass, replace

import numpy as np


@dataclass(frozen=True)
class Continuations:
    """Contexts to be continued, and how far.

    Attributes
    ----------
    length, row : ndarray of shape (n_lanes,), int
        The context of each text, as `NGramCounts.longest_context` finds it.
    max_new : ndarray of shape (n_lanes,), int
        New words that each text gets at most.
    min_new : ndarray of shape (n_lanes,), int
        New words before which a text may not end.
    prefix : list of list of int, or None
        The words before, where these must not be repeated.
    """

    length: np.ndarray
    row: np.ndarray
    max_new: np.ndarray
    min_new: np.ndarray
    prefix: list | None = None

    def __len__(self):
        return len(self.length)

    def __getitem__(self, lanes):
        arrays = {
            name: getattr(self, name)[lanes]
            for name in ("length", "row", "max_new", "min_new")
        }
        prefix = self.prefix
        if prefix is not None:
            prefix = [prefix[lane] for lane in np.arange(len(self))[lanes]]
        return replace(self, **arrays, prefix=prefix)
