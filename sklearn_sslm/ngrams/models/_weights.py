"""The two weights of one order: discounted probabilities and backoff weights."""

from abc import ABC, abstractmethod
from functools import cached_property
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from ._children import Children
from ._online_level import OnlineLevel


class Weights(ABC):
    """The weights α and γ of p(w | h) = discounted(h, w) + backoff_weight(h) p(w | h').

    Subclasses compute the two weights, or have them stored. To draw a word, an n-gram is
    proposed in proportion to its count and accepted with probability
    discounted · total / count; otherwise the draw backs off to the shorter context.

    Parameters
    ----------
    ngrams : Level, CompactLevel or OnlineLevel
        The n-grams of the order.
    """

    table: Any
    accepted_mass: Any
    is_blank: Any = None

    def __init__(self, ngrams):
        self.ngrams = ngrams
        self._is_online = isinstance(ngrams, OnlineLevel)

    @abstractmethod
    def discounted(self, context, row):
        """The discounted probabilities of n-grams; 0 for those never seen.

        Parameters
        ----------
        context : ndarray of shape (n_ngrams,), int
            Rows of the contexts; each must have children.
        row : ndarray of shape (n_ngrams,), int
            Rows of the n-grams; −1 is an n-gram never seen.

        Returns
        -------
        ndarray of shape (n_ngrams,), float64
        """

    @abstractmethod
    def backoff_weight(self, context):
        """The backoff weights of contexts, float64; 1 for contexts without children."""

    def both(self, context, row):
        """`discounted` and `backoff_weight`, in less time than by two calls."""
        return self.discounted(context, row), self.backoff_weight(context)

    def normalizer(self, context):
        """The larger of 1 and the sum of the probabilities of the children, float64.

        Draws divide probabilities by it: stored ones may have a sum above 1.
        """
        return np.ones(len(context))

    def draw(self, context, chance):
        """Draw an n-gram of each context by its count, as `Children.draw`."""
        children, place = self._children(context)
        return children.draw(place, chance)

    def accepts(self, context, row, offset):
        """Whether draws are accepted, rather than backing off.

        Parameters
        ----------
        context, row : ndarray of shape (n_draws,), int
            Rows of the contexts, and of the n-grams drawn.
        offset : ndarray of shape (n_draws,), float64
            As returned by `draw`.

        Returns
        -------
        ndarray of shape (n_draws,), bool
        """
        return offset < self.accepted_mass[row]

    def discounted_one(self, context, row):
        """`discounted` for Python numbers."""
        return self.discounted(np.array([context]), np.array([row])).item()

    def backoff_weight_one(self, context):
        """`backoff_weight` for a Python number."""
        return self.backoff_weight(np.array([context])).item()

    def look_ups(self):
        """Faster versions of `discounted_one` and `backoff_weight_one`, for many calls."""
        return self.discounted_one, self.backoff_weight_one

    @cached_property
    def before(self):
        """The n-grams grouped by their suffixes, as `Children` of these.

        Suffixes [1, 0, 1] of three n-grams -> rows [1, 0, 2]: the first has suffix 0, the
        others have suffix 1. Of an online level, only the n-grams of its base.
        """
        if self._is_online:
            return self.ngrams.sorted_weights.before
        suffix, count = np.asarray(self.ngrams.suffix), np.asarray(self.ngrams.count)
        rows = np.arange(len(suffix), dtype=np.int32)
        by_suffix = csr_array((rows, (suffix, rows)))
        return Children(by_suffix.indptr, count[by_suffix.data], by_suffix.data)

    def left_out(self, row):
        """Whether n-grams are pruned or blank, a bool for each row."""
        return np.zeros(len(row), dtype=bool)

    def _children(self, context):
        """The `Children` of contexts, and the index of each context in these."""
        return self.table, context
