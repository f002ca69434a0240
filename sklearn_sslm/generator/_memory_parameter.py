"""The 'memory' parameter: a name or an object becomes the rules of a memory."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from numbers import Real
from typing import Any

import numpy as np

from ..memory import RecentWords
from ..ngrams import MemoryRules
from ..utils import check_parameters

_MOST = 1e9  # tokens; longer half-lives than any text has


def as_memory_rules(memory: str | RecentWords) -> MemoryRules:
    """The rules of a memory, for the engine.

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
        return _usual_rules()
    check_parameters(memory)
    if memory.min_n > memory.n:
        msg = (
            "The 'min_n' parameter of RecentWords must be at most 'n'. Got "
            f"{memory.min_n} > {memory.n}."
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
def _usual_rules():
    """Those of a memory whose parameters are not changed."""
    return as_memory_rules(RecentWords())


def _half_lives(value: Any) -> tuple[float, ...]:
    """The half-lives as floats, the longest first."""
    several: list[Any] = [value] if isinstance(value, Real) else list(value)
    fits = all(
        isinstance(h, Real)
        and not isinstance(h, (bool, np.bool))
        and 1 <= float(h) <= _MOST
        for h in several
    )
    falls = fits and all(slow > fast for slow, fast in pairwise(several))
    if not (falls and 1 <= len(several) <= 4):
        msg = (
            "The 'half_life' parameter of RecentWords must be a number of tokens from 1 to "
            f"{_MOST:.0e}, or up to four, each smaller than the one before it. Got "
            f"{value!r}."
        )
        raise ValueError(msg)
    return tuple(map(float, several))
