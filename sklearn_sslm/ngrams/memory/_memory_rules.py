"""The parameters of a memory of recent words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

_SPAN = 10
"""Half-lives after which an occurrence is dropped: its weight is below 0.001 then."""


class MemoryLevel(NamedTuple):
    """One component of a memory: counts of one order that decay with one half-life.

    Attributes
    ----------
    order : int
        Order of the n-grams counted; contexts have order − 1 tokens.
    half_life : float
        Number of tokens after which the weight of an occurrence is halved.
    """

    order: int
    half_life: float

    @property
    def span(self) -> int:
        """Number of tokens after which an occurrence is dropped."""
        return int(_SPAN * self.half_life)

    @property
    def least(self) -> float:
        """The smallest weight of an occurrence, just before it is dropped."""
        return 2.0**-_SPAN


@dataclass(frozen=True)
class MemoryRules:
    """Parameters of a memory: what it counts, and how escape probabilities are learned.

    Attributes
    ----------
    half_lives : tuple of float
        In tokens, the longest first.
    n, min_n : int
        The highest and the lowest order of the n-grams counted.
    start : float
        The initial escape probability.
    strength : float
        The weight of `start`, in uses.
    forgetting : float
        Factor by which the weight of earlier uses is multiplied at each use.

    Examples
    --------
    >>> [tuple(level) for level in MemoryRules((4000, 100), n=2).levels]
    [(1, 4000), (1, 100), (2, 4000), (2, 100)]
    """

    half_lives: tuple[float, ...]
    n: int = 3
    min_n: int = 1
    start: float = 0.95
    strength: float = 10.0
    forgetting: float = 0.99

    @property
    def levels(self) -> list[MemoryLevel]:
        """The levels in the order in which they are mixed: 1, 2, … of `mix_with_memory`."""
        return [
            MemoryLevel(order, half_life)
            for order in range(self.min_n, self.n + 1)
            for half_life in self.half_lives
        ]

    @property
    def span(self) -> int:
        """Number of tokens after which all levels have dropped an occurrence."""
        return MemoryLevel(1, max(self.half_lives)).span
