"""Weights of one order that are stored, as in an ARPA file."""

from dataclasses import replace
from functools import cached_property

import numpy as np

from ._children import Children
from ._weights import Weights

_SHARES = 40
"""Bits of the integers that replace counts when words are drawn."""


class StoredWeights(Weights):
    """Probabilities and backoff weights that are stored, as in an ARPA file.

    Parameters
    ----------
    ngrams : Level
    p : ndarray of shape (n_ngrams,), float64
        p(w | h). A probability of 0 is stored as −0.0, to distinguish it from the 0 of an
        n-gram that was never seen.
    backoff_weight : ndarray of shape (n_contexts,), float64
    is_blank : ndarray of shape (n_ngrams,), bool, or None
        Which n-grams are blank: the file lacks them, but has longer n-grams that contain
        them. Their probabilities are those of backing off. None if no n-gram is blank.
    unused_ids : ndarray of int64
        Words that are never drawn, although n-grams may end with them.
    """

    discounts = None
    is_precomputed = True

    def __init__(self, ngrams, p, backoff_weight, is_blank, unused_ids):
        super().__init__(ngrams)
        self.p = p
        self.backoff_weights = backoff_weight
        self.is_blank = is_blank
        self.unused_ids = unused_ids

    def precompute(self):
        """All weights are stored: nothing to do."""

    def discounted(self, context, row):
        seen = row >= 0
        if self.is_blank is not None:
            seen = seen & ~self.is_blank[row]
        return np.where(seen, self.p[row], 0)

    def backoff_weight(self, context):
        return self.backoff_weights[context]

    def left_out(self, row):
        """Whether n-grams are blank, a bool for each row."""
        return super().left_out(row) if self.is_blank is None else self.is_blank[row]

    @cached_property
    def _normalizers(self):
        """The `normalizer` of all contexts; None if it is 1 for all of them."""
        first = self.ngrams.first_child
        parents = np.flatnonzero(first[1:] > first[:-1])
        sums = np.ones(len(first) - 1)
        if len(parents):
            sums[parents] = np.maximum(np.add.reduceat(self.p, first[parents]), 1)
        return sums if (sums > 1).any() else None

    def normalizer(self, context):
        if self._normalizers is None:
            return super().normalizer(context)
        return self._normalizers[context]

    @property
    def _share(self):
        """The probability with which each n-gram is drawn after its context."""
        if self._normalizers is None:
            return self.p
        return self.p / self._normalizers[self.ngrams.context]

    @cached_property
    def count(self):
        """Integers in proportion to `_share`, rounded up, which replace counts.

        Draws that are due to rounding are not accepted; see `accepted_mass`.
        """
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
        """Bounds of the offsets accepted, share · total, of all n-grams, float64."""
        mass = self._share * self.table.total[self.ngrams.context]
        if len(self.unused_ids):
            mass[np.isin(self.ngrams.word, self.unused_ids)] = 0
        return mass


class StoredProbabilities:
    """Replaces the smoothing of a model with stored probabilities."""

    continuation_counts = False
    lower_order = "backoff"


def with_contexts(level, backoff_weight, is_blank):
    """The level without contexts that have the distribution of the shorter context.

    These have blank children only, and a backoff weight of 1.
    """
    if is_blank is None:
        return level
    n_own = np.append(0, np.cumsum(~is_blank))[level.first_child]
    has_children = level.first_child[1:] > level.first_child[:-1]
    is_context = has_children & ((n_own[1:] > n_own[:-1]) | (backoff_weight != 1))
    if (is_context == has_children).all():
        return level
    return replace(level, is_context=is_context)
