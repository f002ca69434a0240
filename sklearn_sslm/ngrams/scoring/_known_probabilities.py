"""Precomputed probabilities of all n-grams of a model."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..counting import WORD_BITS, Level, blocks
from ..models import LanguageModel

_ROWS = 1 << 16
"""N-grams of a block."""


class KnownProbabilities(NamedTuple):
    """p(w | h) of each n-gram of a model, and the backoff weight of each context.

    Attributes
    ----------
    p : list of ndarray of float64
        For each order, the probabilities of its n-grams, by row.
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
    >>> model = LanguageModel.of_counts(counts, WittenBell(), Events(3))
    >>> known = KnownProbabilities.of(model)
    >>> known.p[0], known.weight[1].round(2)
    (array([0.28, 0.28, 0.18, 0.18]), array([0.33, 0.5 , 0.5 , 0.5 ]))
    """

    p: list[NDArray[np.float64]]
    weight: list[NDArray[np.float64]]
    has_children: list[NDArray[np.bool_]]

    @classmethod
    def of(cls, model: LanguageModel) -> KnownProbabilities:
        """Compute the probabilities of a model.

        Parameters
        ----------
        model : LanguageModel
            In plain arrays, with precomputed weights.

        Returns
        -------
        KnownProbabilities
        """
        levels, weights = model.counts.levels, model.weights
        if model.is_stored:
            p = [of_order.p for of_order in weights]
        else:
            p = [np.full(1, 1 / len(model.events))]
            for k in range(1, len(levels) + 1):
                p.append(probabilities_of_order(model, k, p[-1]))
            del p[0]
        return cls(
            p,
            [of_order.backoff_weight(slice(None)) for of_order in weights],
            list(map(have_children, levels)),
        )


def probabilities_of_order(
    model: LanguageModel, k: int, shorter: NDArray
) -> NDArray[np.float64]:
    """p(w | h) of all n-grams of order k, given those of order k − 1.

    Those of contexts with children in messages only have no meaning.
    """
    level = model.counts.levels[k - 1]
    p = np.empty(len(level))
    for rows in blocks(len(level), _ROWS):
        row = np.arange(rows.start, rows.stop)
        context = level.key[rows] >> WORD_BITS
        given_shorter = shorter.take(level.suffix[rows])
        p[rows] = model.probabilities(k, context, row, given_shorter)
    return p


def have_children(level: Level) -> NDArray[np.bool_]:
    """`has_children` of all contexts of an order."""
    if level.followed is not None:
        return level.followed.astype(bool)
    return level.first_child[:-1] < level.first_child[1:]
