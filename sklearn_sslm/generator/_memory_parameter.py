"""The 'memory' parameter: its name or object as checked rules for the engine."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from numbers import Real
from typing import Any

import numpy as np

from ..memory import RecentWords
from ..ngrams import MemoryRules
from ..utils import check_parameters

_MAX_HALF_LIFE = 1e9  # tokens, more than any text has


def as_memory_rules(memory: str | RecentWords) -> MemoryRules:
    """The rules of a memory for the engine, checked.

    Parameters
    ----------
    memory : {"recent"} or RecentWords

    Returns
    -------
    MemoryRules

    Raises
    ------
    ValueError
        If one of its parameters is outside its domain.

    Examples
    --------
    >>> as_memory_rules(RecentWords(half_life=50, n=1)).half_lives
    (50.0,)
    """
    if isinstance(memory, str):
        return _default_rules()
    check_parameters(memory)
    if memory.min_n > memory.n:
        msg = (
            "The 'min_n' parameter of RecentWords must be at most 'n'. Got "
            f"{memory.min_n} > {memory.n}; lower 'min_n' or raise 'n'."
        )
        raise ValueError(msg)
    return MemoryRules(
        half_lives=_half_lives(memory.half_life),
        n=int(memory.n),
        min_n=int(memory.min_n),
        start=float(memory.start),
        strength=float(memory.strength),
        forgetting=float(memory.forgetting),
    )


@cache
def _default_rules():
    """The rules of a memory with the default parameters."""
    return as_memory_rules(RecentWords())


def _half_lives(value: Any) -> tuple[float, ...]:
    """The half-lives as floats, in descending order."""
    several: list[Any] = [value] if isinstance(value, Real) else list(value)
    fits = all(
        isinstance(h, Real)
        and not isinstance(h, (bool, np.bool))
        and 1 <= float(h) <= _MAX_HALF_LIFE
        for h in several
    )
    falls = fits and all(slow > fast for slow, fast in pairwise(several))
    if not (falls and 1 <= len(several) <= 4):
        msg = (
            "The 'half_life' parameter of RecentWords must be a number of tokens from 1 to "
            f"{_MAX_HALF_LIFE:.0e}, or up to four, each smaller than the one before it. "
            f"Got {value!r}."
        )
        raise ValueError(msg)
    return tuple(map(float, several))
