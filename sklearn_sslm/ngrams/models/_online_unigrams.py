"""The words of a model that learns text by text."""

import numpy as np

from ..counting import BOUNDARY
from ._online_level import OnlineLevel


class OnlineUnigrams(OnlineLevel):
    """The words, where the row of each is its id.

    Parameters
    ----------
    weights, continued
        As in `OnlineLevel`.
    n_seen : int
        How many ids there are whose count is not 0.

    Attributes
    ----------
    n_ids : int
        Ids in use, the boundary included.
    """

    def __init__(self, weights, continued, n_seen):
        super().__init__(weights, continued)
        self.n_ids = len(self.base)
        self.n_seen = n_seen

    def __len__(self):
        return self.n_ids

    def reserve(self, n_ids):
        """Let there be at least so many ids."""
        self.n_ids = max(self.n_ids, n_ids)

    def find_with_deleted(self, context, word):
        return np.where((context == 0) & (word < self.n_ids), word, -1)

    def find_one_with_deleted(self, context, word):
        return word if word < self.n_ids else -1

    def look_ups(self):
        return self.find_one, self.has_child, self._suffix_of

    def word_at(self, row):
        return row.astype(np.int32)

    def changed(self):
        """See `OnlineLevel`. New words, and the boundary at which texts start, are among them."""
        changed = super().changed()
        new = np.arange(self._n_sorted, self.n_ids)
        return np.unique(np.concatenate([[BOUNDARY], changed, new]))

    def _suffixes_at(self, row):
        return np.zeros_like(row)

    def _suffix_of(self, row):
        return 0

    def _new_children(self, context):
        return ((row, row) for row in range(self._n_sorted, self.n_ids))

    def _context_and_word(self, row):
        return 0, row
