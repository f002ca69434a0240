"""How a memory of recent words counts, and how fast it forgets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

_SPAN = 10
"""Half-lives after which an occurrence is forgotten: it would count less than 0.001."""


class MemoryLevel(NamedTuple):
    """One memory: n-grams of one order whose counts decay with one half-life.

    Attributes
    ----------
    order : int
        The words after the order − 1 words before them are counted.
    half_life : float
        Tokens after which an occurrence counts half.
    """

    order: int
    half_life: float

    @property
    def span(self) -> int:
        """Tokens after which an occurrence is forgotten."""
        return int(_SPAN * self.half_life)

    @property
    def least(self) -> float:
        """What an occurrence counts at least until it is forgotten."""
        return 2.0**-_SPAN


@dataclass(frozen=True)
class MemoryRules:
    """What is counted by a memory of recent words, and how its escapes are learned.

    Attributes
    ----------
    half_lives : tuple of float
        In tokens, the longest first.
    n, min_n : int
        The highest and the lowest order of the n-grams counted.
    start : float
        The escape probability before anything was heard.
    strength : float
        Uses that `start` counts for.
    forgetting : float
        What remains of a use of an escape when the next one comes.

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
        """Its memories in the order in which they are mixed, the last one on top."""
        return [
            MemoryLevel(order, half_life)
            for order in range(self.min_n, self.n + 1)
            for half_life in self.half_lives
        ]

    @property
    def span(self) -> int:
        """Tokens after which nothing of an occurrence is left in any memory."""
        return MemoryLevel(1, max(self.half_lives)).span
