"""What a memory would have heard after a context, after some words more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ._decaying_table import less


class ContextCounts:
    """What was heard after a context, with changes that the table does not see.

    `add` and `remove` do what those of `DecayingTable` do.

    Parameters
    ----------
    heard : list or None
        What the table has for the context, which stays as it is.
    n_half_lives : int

    Attributes
    ----------
    counts : dict of int to list of float
        The counts of each word, as the table has them.
    changed : dict of int to list of float
        Those of words that have others.
    totals, repeats : list of float
        For each half-life the sum of all counts, and that of words which were there
        before.

    Examples
    --------
    >>> counts = ContextCounts([{7: [4.0]}, 4.0, 0.0], n_half_lives=1)
    >>> counts.add(7, [8.0])
    >>> counts.changed, counts.totals, counts.repeats
    ({7: [12.0]}, [12.0], [8.0])
    """

    def __init__(self, heard: list[Any] | None, n_half_lives: int) -> None:
        if heard is None:
            heard = [{}, *([0.0] * 2 * n_half_lives)]
        self.counts: dict[int, list[float]] = heard[0]
        self.changed: dict[int, list[float]] = {}
        self.totals: list[float] = heard[1 : n_half_lives + 1]
        self.repeats: list[float] = heard[n_half_lives + 1 :]

    def add(self, word: int, now: Sequence[float]) -> None:
        """Count a word."""
        counts = self._counts_of(word)
        for i, count in enumerate(now):
            self.totals[i] += count
            if counts[i]:
                self.repeats[i] += count
            counts[i] += count

    def remove(self, i: int, count: float, word: int, repeated: int) -> None:
        """Forget the oldest occurrence of all for a half-life."""
        counts = self._counts_of(word)
        counts[i] = less(counts[i], count)
        self.totals[i] = less(self.totals[i], count)
        if repeated >> i & 1:
            self.repeats[i] = less(self.repeats[i], count)

    def _counts_of(self, word):
        """The counts of a word, to be changed."""
        counts = self.changed.get(word)
        if counts is None:
            counts = [*self.counts.get(word, [0.0] * len(self.totals))]
            self.changed[word] = counts
        return counts
