"""The weights of one order that are stored, as in an ARPA file."""

from functools import cached_property

import numpy as np

from ._children import Children
from ._weights import Weights

_SHARES = 40
"""Bits of the integers that stand for stored probabilities when words are drawn."""


class StoredWeights(Weights):
    """Probabilities and backoff weights that are stored, as in an ARPA file.

    Parameters
    ----------
    ngrams : Level
    p : ndarray of shape (n_ngrams,), float64
        p(last word | the words before), −0.0 where that is 0, which tells it from the
        0 of an n-gram that was never seen.
    backoff_weight : ndarray of shape (n_contexts,), float64
    unused_ids : ndarray of int64
        Words that are not drawn, although n-grams may end in them.
    """

    discounts = None
    is_precomputed = True

    def __init__(self, ngrams, p, backoff_weight, unused_ids):
        super().__init__(ngrams)
        self.p = p
        self.backoff_weights = backoff_weight
        self.unused_ids = unused_ids

    def precompute(self):
        """Nothing is left to be computed."""

    def discounted(self, context, row):
        return np.where(row >= 0, self.p[row], 0)

    def backoff_weight(self, context):
        return self.backoff_weights[context]

    @cached_property
    def _room(self):
        """`room` of all contexts, or None if it is 1 for all of them."""
        first = self.ngrams.first_child
        parents = np.flatnonzero(first[1:] > first[:-1])
        room = np.ones(len(first) - 1)
        if len(parents):
            sums = np.add.reduceat(self.p, first[parents])
            room[parents] = np.maximum(sums, 1)
        return room if (room > 1).any() else None

    def room(self, context):
        return super().room(context) if self._room is None else self._room[context]

    @property
    def _share(self):
        """What part of the room of its context each n-gram takes."""
        return self.p if self._room is None else self.p / self.room(self.ngrams.context)

    @cached_property
    def count(self):
        """Shares as integers, rounded up; draws that this adds are not accepted."""
        n_contexts = len(self.ngrams.first_child) - 1
        one = 2.0 ** min(_SHARES, 61 - n_contexts.bit_length())
        shares = np.ceil(self._share * one)
        return np.maximum(shares, 1, out=shares).astype(np.int64)

    @cached_property
    def table(self):
        """The children of all contexts."""
        return Children(self.ngrams.first_child, self.count)

    @cached_property
    def accepted_mass(self):
        """Share · total of all n-grams, in counts of their contexts, float64."""
        mass = self._share * self.table.total[self.ngrams.context]
        if len(self.unused_ids):
            mass[np.isin(self.ngrams.word, self.unused_ids)] = 0
        return mass


class StoredProbabilities:
    """Stands in place of a smoothing where probabilities are stored."""

    continuation_counts = False
    lower_order = "backoff"
