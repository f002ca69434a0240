"""The mixture of a language model and a memory for the next token."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection
from itertools import chain
from operator import mul, neg, truediv
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Counts = dict[int, list[float]]
"""For each word its decayed counts, one for each half-life."""


class OrderShares(NamedTuple):
    """What the levels of one order add to the probability of each next word.

    Attributes
    ----------
    weights : list of float
        The share of a word is the sum of its counts times these weights, by half-life.
    changed : dict of int to list of float
        The counts of words whose counts in `counts` are not valid.
    counts : dict of int to list of float
    largest : LargestShares or None
        The words with the largest shares, if the context has many words.
    """

    weights: list[float]
    changed: Counts
    counts: Counts
    largest: LargestShares | None = None

    def share(self, word: int) -> float:
        """The share of a word."""
        counts = self.changed.get(word) or self.counts.get(word)
        return 0.0 if counts is None else sum(map(mul, self.weights, counts))

    def shares(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """All words with counts, and the share of each."""
        counts = {**self.counts, **self.changed} if self.changed else self.counts
        words = np.fromiter(counts, np.int64, len(counts))
        values = chain.from_iterable(counts.values())
        flat = np.fromiter(values, np.float64, len(counts) * len(self.weights))
        return words, flat.reshape(-1, len(self.weights)) @ self.weights

    def words_above(self, share: float) -> list[int] | None:
        """The words with at least this share; words in `changed` may be missing.

        Returns
        -------
        list of int or None
            None if there would be too many.
        """
        if self.largest is not None:
            return self.largest.words_above(share, self.weights)
        weights = self.weights
        return [
            word
            for word, counts in self.counts.items()
            if sum(map(mul, weights, counts)) >= share
        ]


class LargestShares(NamedTuple):
    """The words with the largest shares after a context, computed some tokens ago.

    Attributes
    ----------
    words : list of int
        In falling order of their shares.
    shares : list of float
        The shares of `words`, with the weights of then.
    bound : float
        The largest share of all other words.
    weights : list of float
        The weights of then.
    """

    words: list[int]
    shares: list[float]
    bound: float
    weights: list[float]

    @classmethod
    def of(cls, order: OrderShares, size: int) -> LargestShares:
        """The `size` words with the largest shares of an order with more words."""
        words, shares = order._replace(changed={}).shares()
        best = np.argpartition(-shares, size)[: size + 1]
        best = best[np.argsort(-shares[best])]
        *largest, bound = shares[best].tolist()
        return cls(words[best[:-1]].tolist(), largest, bound, order.weights)

    def words_above(self, share: float, weights: list[float]) -> list[int] | None:
        """The words with at least this share now; words observed since may be missing.

        The counts of all other words have not increased since, so that their shares have
        grown at most by the largest ratio of a weight of now to that of then.

        Returns
        -------
        list of int or None
            None if there may be more words than are known here.
        """
        if not all(self.weights):  # no ratio is known
            return None
        share /= max(map(truediv, weights, self.weights))
        if self.bound >= share:
            return None
        n = bisect_right(self.shares, -share, key=neg)
        return self.words[:n]


class MemoryMixture:
    """The distribution of the next token, as a function of that of a language model.

    With p(w) of the language model, q(w) = model_weight · p(w) + share(w). It is valid
    until the memory observes another token.

    Parameters
    ----------
    n_ids : int
        Number of ids of the language model.
    model_weight : float
        The weight of the language model: the product of the escape probabilities.
    orders : list of OrderShares
        Of each order that has counts of its context, the lowest first.
    new_words : collection of int
        Ids from `n_ids` on that the memory has counts of.
    added, dropped : set of int
        Ids that the text of `Memory.mixture_after` would add to `new_words`, and drop.
    recent : set of int
        Words observed since the `LargestShares` of some order were computed.
    """

    def __init__(
        self,
        n_ids: int,
        model_weight: float,
        orders: list[OrderShares],
        new_words: Collection[int],
        added: set[int],
        dropped: set[int],
        recent: set[int],
    ) -> None:
        self.n_ids = n_ids
        self.model_weight = model_weight
        self._orders = orders
        self._new_words, self._added, self._dropped = new_words, added, dropped
        self._recent = recent

    @property
    def n_sharing(self) -> int:
        """Number of words that share the unknown word's probability, at least 1."""
        return len(self._new_words) + len(self._added) - len(self._dropped) + 1

    def new_words(self) -> list[int]:
        """Ids of words that only the memory knows, in rising order."""
        return sorted({*self._new_words, *self._added} - self._dropped)

    def share(self, word: int) -> float:
        """What the memory adds to the probability of a word."""
        share = 0.0
        for order in self._orders:
            share += order.share(word)
        return share

    def words_above(self, share: float) -> set[int] | None:
        """All words with at least this share, and possibly others.

        A sum of n shares is at least s only if one of them is at least s / n.

        Parameters
        ----------
        share : float
            Above 0.

        Returns
        -------
        set of int or None
            None if there would be too many.
        """
        words, share = self._recent.copy(), share / max(len(self._orders), 1)
        for order in self._orders:
            words.update(order.changed)
            found = order.words_above(share)
            if found is None:
                return None
            words.update(found)
        return words

    def distribution(self, p: NDArray, p_unknown: float) -> NDArray[np.float64]:
        """The probability q(w) of each next token.

        Parameters
        ----------
        p : ndarray of shape (n_ids,), float64
            Probabilities by the language model.
        p_unknown : float
            The probability of its unknown word.

        Returns
        -------
        ndarray of shape (n_ids + n_new_words,), float64
            First of the ids of the language model, then of `new_words`. The remainder to
            1 is the probability of all other unknown words together.
        """
        new_words = self.new_words()
        q = np.full(self.n_ids + len(new_words), p_unknown / self.n_sharing)
        q[: self.n_ids] = p
        q *= self.model_weight
        column = {word: self.n_ids + j for j, word in enumerate(new_words)}
        for order in self._orders:
            words, shares = order.shares()
            for at in np.flatnonzero(words >= self.n_ids):
                words[at] = column.get(words[at].item(), -1)
            known = words >= 0  # −1, and words dropped, have no column
            q[words[known]] += shares[known]
        return q
