"""What a memory gives to the next token."""

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


class Part(NamedTuple):
    """What the memories of one order give to the next token.

    Attributes
    ----------
    weights : list of float
        The share of a word is the sum of its counts, each times its weight.
    changed : dict of int to list of float
        The counts of words that are not those in `counts`.
    counts : dict of int to list of float
    frequent : Frequent or None
        The words of large shares, if there are many.
    """

    weights: list[float]
    changed: Counts
    counts: Counts
    frequent: Frequent | None = None

    def share(self, word: int) -> float:
        """What these memories give to a word."""
        counts = self.changed.get(word) or self.counts.get(word)
        return 0.0 if counts is None else sum(map(mul, self.weights, counts))

    def shares(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """All words, and what these memories give to each."""
        counts = {**self.counts, **self.changed} if self.changed else self.counts
        words = np.fromiter(counts, np.int64, len(counts))
        values = chain.from_iterable(counts.values())
        flat = np.fromiter(values, np.float64, len(counts) * len(self.weights))
        return words, flat.reshape(-1, len(self.weights)) @ self.weights

    def words_from(self, least: float) -> list[int] | None:
        """The words that these memories give at least so much, besides those changed.

        Parameters
        ----------
        least : float

        Returns
        -------
        list of int or None
            None if they would be too many.
        """
        if self.frequent is not None:
            return self.frequent.words_from(least, self.weights)
        weights = self.weights
        return [
            word
            for word, counts in self.counts.items()
            if sum(map(mul, weights, counts)) >= least
        ]


class Frequent(NamedTuple):
    """The words of the largest shares after a context, as they were some tokens ago.

    Attributes
    ----------
    words : list of int
        The largest first.
    shares : list of float
        Those of `words`.
    most : float
        No other word had more.
    weights : list of float
        Those of the counts at that time.
    """

    words: list[int]
    shares: list[float]
    most: float
    weights: list[float]

    @classmethod
    def of(cls, part: Part, size: int) -> Frequent:
        """The `size` words with the largest shares, of more words than that."""
        words, shares = part._replace(changed={}).shares()
        best = np.argpartition(-shares, size)[: size + 1]
        best = best[np.argsort(-shares[best])]
        *largest, most = shares[best].tolist()
        return cls(words[best[:-1]].tolist(), largest, most, part.weights)

    def words_from(self, least: float, weights: list[float]) -> list[int] | None:
        """Words with at least such a share now, besides those that were heard since.

        The counts of all others are those of then, or smaller: their shares have grown by
        no more than the weights have.
        """
        if not all(self.weights):  # then there is no telling by how much
            return None
        least /= max(map(truediv, weights, self.weights))
        if self.most >= least:
            return None
        n = bisect_right(self.shares, -least, key=neg)
        return self.words[:n]


class Recall:
    """What a memory gives to the next token, after a text that it may not have heard.

    With p(w) of the language model, q(w) = kept · p(w) + share(w). It holds until the
    memory hears on.

    Parameters
    ----------
    n_ids : int
        Number of ids that the language model knows.
    kept : float
        What is left to the language model.
    parts : list of Part
        Those of each order that knows its context, the lowest first.
    new_words : collection of int
        Ids from `n_ids` on that are remembered.
    added, gone : set of int
        Those that are remembered besides, and those that are not.
    lately : set of int
        Words that were heard since some of the parts noted what is frequent.
    """

    def __init__(
        self,
        n_ids: int,
        kept: float,
        parts: list[Part],
        new_words: Collection[int],
        added: set[int],
        gone: set[int],
        lately: set[int],
    ) -> None:
        self.n_ids = n_ids
        self.kept = kept
        self._parts = parts
        self._new_words, self._added, self._gone = new_words, added, gone
        self._lately = lately

    @property
    def n_sharing(self) -> int:
        """How many words share the unknown word's probability."""
        return len(self._new_words) + len(self._added) - len(self._gone) + 1

    def new_words(self) -> list[int]:
        """Ids of words that only the memory knows, in rising order."""
        return sorted({*self._new_words, *self._added} - self._gone)

    def share(self, word: int) -> float:
        """What the memory itself gives to a word."""
        share = 0.0
        for part in self._parts:
            share += part.share(word)
        return share

    def words_from(self, least: float) -> set[int] | None:
        """Words that the memory gives at least so much, and maybe more words.

        A sum of n parts is at least so much only if one of them is at least an nth.

        Parameters
        ----------
        least : float
            Above 0.

        Returns
        -------
        set of int or None
            None if they would be too many.
        """
        words, least = self._lately.copy(), least / max(len(self._parts), 1)
        for part in self._parts:
            words.update(part.changed)
            found = part.words_from(least)
            if found is None:
                return None
            words.update(found)
        return words

    def distribution(self, p: NDArray, p_unknown: float) -> NDArray[np.float64]:
        """Probabilities of all next tokens.

        Parameters
        ----------
        p : ndarray of shape (n_ids,), float64
            Those by the language model.
        p_unknown : float
            That of its unknown word.

        Returns
        -------
        ndarray of shape (n_ids + n_new_words,), float64
            First those of the model's ids, then those of `new_words`. What is missing to
            1 is the share of all other unknown words.
        """
        new_words = self.new_words()
        q = np.full(self.n_ids + len(new_words), p_unknown / self.n_sharing)
        q[: self.n_ids] = p
        q *= self.kept
        column = {word: self.n_ids + j for j, word in enumerate(new_words)}
        for part in self._parts:
            words, shares = part.shares()
            for at in np.flatnonzero(words >= self.n_ids):
                words[at] = column.get(words[at].item(), -1)
            known = words >= 0  # words that are unknown, or forgotten, have no column
            q[words[known]] += shares[known]
        return q
