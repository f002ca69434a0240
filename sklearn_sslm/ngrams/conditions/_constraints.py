"""Constraints on whole texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from ._automaton import ConstraintAutomaton, Phrase


@dataclass(frozen=True)
class Constraints:
    """Constraints on whole texts.

    Attributes
    ----------
    contained : tuple of tuple of int, default=()
        Phrases that must occur, each anywhere.
    endings : tuple of tuple of int, default=()
        The text must end with one of these phrases, if there are any.
    forbidden : tuple of tuple of int, default=()
        Phrases that must not occur.
    min_length : int, default=0
        Minimal number of words.
    max_length : int, default=None
        Maximal number of words; None is no limit.

    Examples
    --------
    >>> Constraints(contained=((1, 2),), max_length=3).fit([3, 1, 2])
    True
    """

    contained: tuple[Phrase, ...] = ()
    endings: tuple[Phrase, ...] = ()
    forbidden: tuple[Phrase, ...] = ()
    min_length: int = 0
    max_length: int | None = None

    @cached_property
    def automaton(self) -> ConstraintAutomaton:
        """The automaton that accepts texts with the right phrases, of any length."""
        return ConstraintAutomaton(self.contained, self.endings, self.forbidden)

    def fit(self, text: Sequence[int]) -> bool:
        """Whether a whole text meets all constraints."""
        return self.fit_length(text) and self.automaton.accepts_text(text)

    def fit_length(self, text: Sequence[int]) -> bool:
        """Whether a whole text meets the constraints on its length."""
        return self.min_length <= len(text) and (
            self.max_length is None or len(text) <= self.max_length
        )
