"""Probabilities and backoff weights of single n-grams, computed when first asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import copysign
from typing import Any

from ..models import LanguageModel

_MAX_CACHED = 1 << 18
"""Limit of the number of results of each cache."""


class _Cache(dict):
    """A dict that is emptied when it is full."""

    def keep(self, row, value):
        """Add a value, and return it."""
        if len(self) >= _MAX_CACHED:
            self.clear()
        self[row] = value
        return value


class WeightCache(_Cache):
    """The backoff weights of the contexts of one order, by row.

    Parameters
    ----------
    weights : Weights
    """

    def __init__(self, weights: Any) -> None:
        _, self._backoff_weight = weights.look_ups()

    def __missing__(self, row: int) -> float:
        return self.keep(row, self._backoff_weight(row))


class ProbabilityCache(_Cache):
    """The probabilities p(w | h) of the n-grams of one order that were seen, by row.

    Parameters
    ----------
    model : LanguageModel
    order : int
    suffixes : sequence of callable
        For each order, a function that returns the row of the suffix of an n-gram.
    weight : callable
        Returns the backoff weight of a context, given its row.
    shorter : ProbabilityCache or None
        The cache of the order below; None for order 1.
    """

    def __init__(
        self,
        model: LanguageModel,
        order: int,
        suffixes: tuple[Callable[[int], int], ...],
        weight: Callable[[int], float],
        shorter: ProbabilityCache | None,
    ) -> None:
        self._level = model.counts.levels[order - 1]
        self._discounted, _ = model.weights[order - 1].look_ups()
        self._weight = weight
        self._suffix_of_context: Any = None if order == 1 else suffixes[order - 2]
        self._suffix = suffixes[order - 1]
        self._shorter = shorter
        self._uniform = 1 / len(model.events)
        self._n_events = len(model.events)
        lower_order = model.smoothing.lower_order
        self._looks_once = lower_order == "uniform"
        self._interpolates = lower_order == "interpolate"

    def __missing__(self, row: int) -> float:
        return self.compute(self._level.context_and_word(row)[0], row)

    def compute(self, context: int, row: int) -> float:
        """Compute and cache p(w | h).

        Parameters
        ----------
        context, row : int
            The rows of h and of the n-gram.

        Returns
        -------
        float
        """
        p = self._discounted(context, row)
        if self._looks_once:
            p += self._weight(context) / self._n_events
        elif self._interpolates or _is_unseen(p):
            weight = self._weight(context)
            shorter = self._shorter
            if shorter is None:
                p += weight * self._uniform
            else:
                suffix = self._suffix(row)
                given_shorter = shorter.get(suffix)
                if given_shorter is None:
                    context = self._suffix_of_context(context)
                    given_shorter = shorter.compute(context, suffix)
                p += weight * given_shorter
        return self.keep(row, p)


def probability_caches(
    model: LanguageModel,
    suffixes: tuple[Callable[[int], int], ...],
    weights: Sequence[Callable[[int], float]],
) -> list[ProbabilityCache]:
    """The cache of each order of a model, given functions for each order."""
    caches: list[ProbabilityCache] = []
    shorter = None
    for order, weight in enumerate(weights, start=1):
        shorter = ProbabilityCache(model, order, suffixes, weight, shorter)
        caches.append(shorter)
    return caches


def _is_unseen(p):
    """Whether a discounted probability is 0, and not −0.0, a stored probability of 0."""
    return not p and copysign(1, p) > 0
