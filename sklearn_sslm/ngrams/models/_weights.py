"""The two weights of one order: discounted probabilities, and backoff weights."""

from abc import ABC, abstractmethod
from functools import cached_property
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from ._children import Children
from ._online_level import OnlineLevel


class Weights(ABC):
    """α and γ of one order: p(w | h) = discounted(h, w) + backoff_weight(h) p(w | h').

    Subclasses compute the two weights, or have them stored. An n-gram is
    proposed in proportion to its count and accepted with probability
    discounted · total / count; otherwise the draw backs off to the shorter context.

    Parameters
    ----------
    ngrams : Level, CompactLevel or OnlineLevel
        The n-grams of the order.
    """

    table: Any
    accepted_mass: Any
    put_in: Any = None

    def __init__(self, ngrams):
        self.ngrams = ngrams
        self._is_online = isinstance(ngrams, OnlineLevel)

    @abstractmethod
    def discounted(self, context, row):
        """Probability of n-grams, discounted; 0 for those never seen.

        Parameters
        ----------
        context : ndarray of int
            Contexts that were seen with a word after them.
        row : ndarray of int
            Rows of the n-grams; −1 is an n-gram never seen.

        Returns
        -------
        ndarray of float64
        """

    @abstractmethod
    def backoff_weight(self, context):
        """Backoff weights of contexts, 1 for those that no word followed, float64."""

    def both(self, context, row):
        """`discounted` and `backoff_weight`, in less time than these."""
        return self.discounted(context, row), self.backoff_weight(context)

    def normalizer(self, context):
        """What probabilities of n-grams are divided by when one is drawn, float64.

        For each context that is 1, or their sum where that is more.
        """
        return np.ones(len(context))

    def draw(self, context, chance):
        """Draw an n-gram of each context by its count; see `Children.draw`."""
        children, place = self._children(context)
        return children.draw(place, chance)

    def accepts(self, context, row, offset):
        """Whether draws are accepted, and do not back off.

        Parameters
        ----------
        context, row : ndarray of int
            Rows of the contexts drawn in, and of the n-grams drawn.
        offset : ndarray of float64
            What `draw` gave.

        Returns
        -------
        ndarray of bool
        """
        return offset < self.accepted_mass[row]

    def discounted_one(self, context, row):
        """`discounted` for Python numbers."""
        return self.discounted(np.array([context]), np.array([row])).item()

    def backoff_weight_one(self, context):
        """`backoff_weight` for a Python number."""
        return self.backoff_weight(np.array([context])).item()

    def both_one(self, context, row):
        """`discounted_one` and `backoff_weight_one`, in less time than these."""
        return self.discounted_one(context, row), self.backoff_weight_one(context)

    @cached_property
    def before(self):
        """The n-grams by their suffixes, each with a word before it, as `Children`.

        Suffixes [1, 0, 1] of three n-grams -> rows [1, 0, 2], of which the first is that
        of suffix 0, the others those of suffix 1. Of an overlay they are the n-grams that
        were sorted.
        """
        if self._is_online:
            return self.ngrams.sorted_weights.before
        suffix, count = np.asarray(self.ngrams.suffix), np.asarray(self.ngrams.count)
        rows = np.arange(len(suffix), dtype=np.int32)
        by_suffix = csr_array((rows, (suffix, rows)))
        return Children(by_suffix.indptr, count[by_suffix.data], by_suffix.data)

    def left_out(self, row):
        """Whether n-grams were seen too rarely, as a bool for each row."""
        return np.zeros(len(row), dtype=bool)

    def _children(self, context):
        """Children of some contexts, and the place of each context among them."""
        return self.table, context
