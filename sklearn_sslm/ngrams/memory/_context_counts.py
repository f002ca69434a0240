"""The counts of a context, with further words added but not stored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ._decaying_table import without_oldest


class ContextCounts:
    """An overlay of the counts of one context of a `DecayingTable`.

    Its methods `add` and `remove` do the same as those of the table, which stays as it is.

    Parameters
    ----------
    entry : list or None
        The entry of the context in ``DecayingTable.after``, None if it has none.
    n_half_lives : int

    Attributes
    ----------
    counts : dict of int to list of float
        The counts of each word in the table, one for each half-life.
    changed : dict of int to list of float
        The counts of words whose counts differ from those in the table.
    totals, repeats : list of float
        For each half-life, the sum of all counts, and the part of it by occurrences of
        words that had occurred after the context before.

    Examples
    --------
    >>> counts = ContextCounts([{7: [4.0]}, 4.0, 0.0], n_half_lives=1)
    >>> counts.add(7, [8.0])
    >>> counts.changed, counts.totals, counts.repeats
    ({7: [12.0]}, [12.0], [8.0])
    """

    def __init__(self, entry: list[Any] | None, n_half_lives: int) -> None:
        if entry is None:
            entry = [{}, *([0.0] * 2 * n_half_lives)]
        self.counts: dict[int, list[float]] = entry[0]
        self.changed: dict[int, list[float]] = {}
        self.totals: list[float] = entry[1 : n_half_lives + 1]
        self.repeats: list[float] = entry[n_half_lives + 1 :]

    def add(self, word: int, now: Sequence[float]) -> None:
        """Count an occurrence of a word with the weights `now`, one for each half-life."""
        counts = self._counts_of(word)
        for i, count in enumerate(now):
            self.totals[i] += count
            if counts[i]:
                self.repeats[i] += count
            counts[i] += count

    def remove(self, i: int, count: float, word: int, repeated: int) -> None:
        """Drop the oldest occurrence of all from the counts of half-life i."""
        counts = self._counts_of(word)
        counts[i] = without_oldest(counts[i], count)
        self.totals[i] = without_oldest(self.totals[i], count)
        if repeated >> i & 1:
            self.repeats[i] = without_oldest(self.repeats[i], count)

    def _counts_of(self, word):
        """The counts of a word in `changed`, copied there first if necessary."""
        counts = self.changed.get(word)
        if counts is None:
            counts = [*self.counts.get(word, [0.0] * len(self.totals))]
            self.changed[word] = counts
        return counts
