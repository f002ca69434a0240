"""Probabilities of all n-grams of a model, each computed when first asked for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..counting import WORD_BITS, Level, blocks
from ..models import LanguageModel

_ROWS = 1 << 16
"""N-grams of a block."""


class KnownProbabilities:
    """p(w | h) of each n-gram of a model, and the backoff weight of each context.

    The probability of an n-gram is computed when it is first asked for, and kept.

    Parameters
    ----------
    model : LanguageModel
        In plain arrays, with precomputed weights. It is not referred to, but a copy
        `without_computed`.

    Attributes
    ----------
    p : list of ndarray of float64
        For each order, the probabilities of its n-grams, by row; 0 if it is not computed
        yet. Those of words, and those that are stored, are there at once.
    weight : list of ndarray of float64
        For each order, the backoff weights of its contexts.
    has_children : list of ndarray of bool
        For each order, whether its contexts have children.

    Examples
    --------
    >>> from sklearn_sslm.ngrams import Events, NGramCounts, TokenStream
    >>> from sklearn_sslm.smoothing import WittenBell
    >>> texts = np.array([1, 2, 1, 3]), np.array([2, 2])
    >>> counts = NGramCounts.from_stream(TokenStream.from_texts(*texts), 2, 4)
    >>> known = KnownProbabilities(LanguageModel.of_counts(counts, WittenBell(), Events(3)))
    >>> known.p[0], known.weight[1].round(2)
    (array([0.28, 0.28, 0.18, 0.18]), array([0.33, 0.5 , 0.5 , 0.5 ]))
    >>> known.p[1]
    array([0., 0., 0., 0., 0.])
    >>> known.compute_all()
    >>> known.p[1].round(2)
    array([0.76, 0.34, 0.34, 0.64, 0.64])
    """

    def __init__(self, model: LanguageModel) -> None:
        self._model = model = model.without_computed()
        levels = model.counts.levels
        self.has_children = list(map(_have_children, levels))
        self.weight = [weights.backoff_weight(slice(None)) for weights in model.weights]
        if model.is_stored:
            self.p = [weights.p for weights in model.weights]
            # Files have weights of contexts that nothing follows.
            both = zip(self.has_children, self.weight, strict=True)
            self.weight = [np.where(has, weight, 1) for has, weight in both]
        else:
            self.p = [np.zeros(len(level)) for level in levels]
            self._compute_order(1, np.full(1, 1 / len(model.events)))

    def take(
        self, k: int, row: NDArray, contexts: NDArray, shorter: NDArray, at: NDArray
    ) -> NDArray[np.float64]:
        """p(w | h) of some n-grams of order k.

        Parameters
        ----------
        k : int
        row : ndarray of shape (n_ngrams,), int
            Their rows.
        contexts, shorter : ndarray
            Rows of contexts h, and probabilities p(w | h').
        at : ndarray of shape (n_ngrams,), int
            Where among these those of the n-grams are.

        Returns
        -------
        ndarray of shape (n_ngrams,), float64
        """
        p = self.p[k - 1].take(row)
        new = np.flatnonzero(p == 0)
        if len(new):
            at, row = at.take(new), row.take(new)
            computed = self._computed(k, contexts.take(at), row, shorter.take(at))
            p[new] = self.p[k - 1][row] = computed
        return p

    def compute_all(self) -> None:
        """Compute the probabilities of all n-grams."""
        if not self._model.is_stored:
            for k in range(2, len(self.p) + 1):
                self._compute_order(k, self.p[k - 2])

    def _compute_order(self, k, shorter):
        """Compute p(w | h) of all n-grams of order k, given all p(w | h')."""
        level, p = self._model.counts.levels[k - 1], self.p[k - 1]
        for rows in blocks(len(level), _ROWS):
            row = np.arange(rows.start, rows.stop)
            context = level.key[rows] >> WORD_BITS
            suffix = level.suffix[rows]
            p[rows] = self._computed(k, context, row, shorter.take(suffix))

    def _computed(self, k, context, row, shorter):
        p = self._model.probabilities(k, context, row, shorter)
        if self._model.counts.has_messages:  # some contexts have children there only
            p = np.where(self.has_children[k - 1].take(context), p, shorter)
        return p


def known_probabilities(model: LanguageModel) -> KnownProbabilities:
    """The probabilities of n-grams that a model keeps, cached in `model.computed`.

    Parameters
    ----------
    model : LanguageModel
        As of `KnownProbabilities`.

    Returns
    -------
    KnownProbabilities
    """
    if model.computed.known is None:
        model.computed.known = KnownProbabilities(model)
    return model.computed.known


def _have_children(level: Level) -> NDArray[np.bool_]:
    """`has_children` of all contexts of an order."""
    if level.followed is not None:
        return level.followed.astype(bool)
    return level.first_child[:-1] < level.first_child[1:]
