"""Texts that are continued side by side."""

from dataclasses import dataclass, replace

import numpy as np


@dataclass(frozen=True)
class Lanes:
    """Contexts to be continued, and how far.

    Attributes
    ----------
    length, row : ndarray of shape (n_lanes,), int
        The context of each text, as `NGramCounts.longest_context` finds it.
    most : ndarray of shape (n_lanes,), int
        New words that each text gets at most.
    least : ndarray of shape (n_lanes,), int
        New words before which a text may not end.
    said : list of list of int, or None
        The words before, where these must not be repeated.
    """

    length: np.ndarray
    row: np.ndarray
    most: np.ndarray
    least: np.ndarray
    said: list | None = None

    def __len__(self):
        return len(self.length)

    def __getitem__(self, lanes):
        arrays = {
            name: getattr(self, name)[lanes]
            for name in ("length", "row", "most", "least")
        }
        said = self.said
        if said is not None:
            said = [said[lane] for lane in np.arange(len(self))[lanes]]
        return replace(self, **arrays, said=said)
