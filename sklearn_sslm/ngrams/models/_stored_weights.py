"""The weights of one order that are stored, as in an ARPA file."""

from dataclasses import replace
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
    put_in : ndarray of shape (n_ngrams,), bool, or None
        Which n-grams are only there so that their contexts are: backing off gives them
        their probabilities. None if none is.
    unused_ids : ndarray of int64
        Words that are not drawn, although n-grams may end in them.
    """

    discounts = None
    is_precomputed = True

    def __init__(self, ngrams, p, backoff_weight, put_in, unused_ids):
        super().__init__(ngrams)
        self.p = p
        self.backoff_weights = backoff_weight
        self.put_in = put_in
        self.unused_ids = unused_ids

    def precompute(self):
        """Nothing is left to be computed."""

    def discounted(self, context, row):
        seen = row >= 0
        if self.put_in is not None:
            seen = seen & ~self.put_in[row]
        return np.where(seen, self.p[row], 0)

    def backoff_weight(self, context):
        return self.backoff_weights[context]

    def left_out(self, row):
        """Whether n-grams were put in, as a bool for each row."""
        return super().left_out(row) if self.put_in is None else self.put_in[row]

    @cached_property
    def _normalizers(self):
        """`normalizer` of all contexts, or None if it is 1 for all of them."""
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
        """Probability with which each n-gram is drawn after its context, or is backed off."""
        if self._normalizers is None:
            return self.p
        return self.p / self._normalizers[self.ngrams.context]

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


def with_contexts(level, backoff_weight, put_in):
    """A level that does not know the contexts whose words are backed off as they are.

    After these were only put in words, and their backoff weight is 1: nothing differs from
    the shorter context.
    """
    if put_in is None:
        return level
    n_own = np.append(0, np.cumsum(~put_in))[level.first_child]
    has_children = level.first_child[1:] > level.first_child[:-1]
    is_context = has_children & ((n_own[1:] > n_own[:-1]) | (backoff_weight != 1))
    if (is_context == has_children).all():
        return level
    return replace(level, is_context=is_context)
