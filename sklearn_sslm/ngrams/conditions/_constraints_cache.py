"""What was computed about a model and recent constraints."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import accumulate

from ..models import LanguageModel
from ._constraints import Constraints
from ._mean_length import mean_length
from ._proposals import Start
from ._sampler import ConditionalSampler

_N_CACHED, _MAX_CACHED = 8, 1 << 24
"""Limits of the cache: the number of recent constraints, and of their probabilities."""


@dataclass
class ConstraintsCache:
    """What was computed about a model and constraints; it has no reference to the model.

    Attributes
    ----------
    mean_length : float
        Approximate mean number of words of a text of the model.
    rates : dict
        For each start of texts, the index of the best proposal and its acceptance rate,
        0 if no text was accepted.
    completed, timed : ConditionalSampler or None
        Samplers by completion probabilities, without and with regard to length.
    """

    mean_length: float
    rates: dict[Start, tuple[int, float]] = field(default_factory=dict)
    completed: ConditionalSampler | None = None
    timed: ConditionalSampler | None = None

    @property
    def n_numbers(self) -> int:
        """Number of completion probabilities in memory."""
        return sum(s.n_numbers for s in (self.completed, self.timed) if s is not None)

    def add_rate(self, start: Start, best: int, rate: float) -> None:
        """Store the best proposal for a start and its acceptance rate."""
        if len(self.rates) >= _N_CACHED:
            self.rates.clear()
        self.rates[start] = best, rate


def cache_of(model: LanguageModel, constraints: Constraints) -> ConstraintsCache:
    """The cache of a model and constraints, new if they are not among the recent ones.

    Caches of the most recent constraints are in `model.computed`.

    Parameters
    ----------
    model : LanguageModel
    constraints : Constraints

    Returns
    -------
    ConstraintsCache
    """
    recent = model.computed.texts_given
    same = [cache for of, cache in recent if of == constraints]
    cache: ConstraintsCache = same[0] if same else ConstraintsCache(mean_length(model))
    others = [(of, cache) for of, cache in recent if of != constraints]
    n_numbers = list(accumulate(other.n_numbers for _, other in others))
    n_others = bisect_right(n_numbers, _MAX_CACHED - cache.n_numbers)
    others = others[: min(n_others, _N_CACHED - 1)]
    model.computed.texts_given = ((constraints, cache), *others)
    return cache
