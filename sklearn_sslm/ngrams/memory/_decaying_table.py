"""Decayed counts of the words after each context, updated token by token."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

from ._decay_clock import RESCALING


class DecayingTable:
    """The decayed counts of n-grams of one order, for all half-lives.

    Occurrences have the weights of `DecayClock`, which increase with time. So the oldest
    occurrence, which is dropped, has the smallest weight in each sum: sums of the others
    lose no digits, and a difference below half of the weight dropped is rounding, not a
    further occurrence.

    Parameters
    ----------
    n_half_lives : int
        The first half-life is the longest.

    Attributes
    ----------
    after : dict
        For each context an entry ``[counts, *totals, *repeats]``. ``counts`` has for each
        word a list of its counts, one for each half-life; a count is 0 once the half-life
        has dropped all occurrences. ``totals`` are the sums of all counts, by half-life,
        and ``repeats`` their parts by occurrences of words that had occurred after the
        context before.

    Examples
    --------
    >>> from sklearn_sslm.ngrams.memory._decay_clock import DecayClock
    >>> clock, table = DecayClock([2, 1]), DecayingTable(2)
    >>> for time, word in enumerate([7, 8, 8, 8, 7]):
    ...     _ = clock.go_to(time)
    ...     repeated = table.add("h", table.after.get("h"), word, clock.now)
    ...
    >>> table.after["h"][0][7], [round(total, 1) for total in table.after["h"][1:3]]
    ([5.0, 17.0], [11.2, 31.0])
    """

    def __init__(self, n_half_lives: int) -> None:
        self.after: dict[Hashable, list[Any]] = {}
        self._n = n_half_lives
        self._zeros = [0.0] * (2 * n_half_lives)
        self._changes: list[Any] | None = None  # the undo log, between begin and undo

    def add(
        self,
        context: Hashable,
        entry: list[Any] | None,
        word: int,
        now: Sequence[float],
    ) -> int:
        """Count an occurrence of a word after a context.

        Parameters
        ----------
        context : hashable
        entry : list or None
            ``after.get(context)``, which the caller has looked up already.
        word : int
        now : sequence of float
            The weight of the occurrence, for each half-life.

        Returns
        -------
        int
            Bit i is set if half-life i had a count of the word after the context.
        """
        if entry is None:
            entry = self.after[context] = [{}, *self._zeros]
        words = entry[0]
        counts = words.get(word)
        if self._changes is not None:
            self._note(context, entry, word, counts)
        if counts is None:
            words[word] = [*now]
            for i, weight in enumerate(now, start=1):
                entry[i] += weight
            return 0
        repeated, n = 0, self._n
        for i, weight in enumerate(now):
            entry[i + 1] += weight
            if counts[i]:
                repeated |= 1 << i
                entry[n + i + 1] += weight
            counts[i] += weight
        return repeated

    def remove(
        self, i: int, count: float, context: Hashable, word: int, repeated: int
    ) -> None:
        """Drop the oldest occurrence of all from the counts of one half-life.

        Half-life 0, the longest, is the last one to drop an occurrence.

        Parameters
        ----------
        i : int
            The number of the half-life.
        count : float
            The weight of the occurrence.
        context : hashable
        word : int
        repeated : int
            What `add` returned for the occurrence.
        """
        entry = self.after[context]
        words = entry[0]
        counts = words[word]
        if self._changes is not None:
            self._note(context, entry, word, counts)
        counts[i] = without_oldest(counts[i], count)
        if not i and not counts[0]:
            del words[word]
            if not words:
                del self.after[context]
                return
        entry[i + 1] = without_oldest(entry[i + 1], count)
        if repeated >> i & 1:
            place = self._n + i + 1
            entry[place] = without_oldest(entry[place], count)

    def begin(self) -> None:
        """Record all changes from now on, for `undo`."""
        self._changes = []

    def undo(self) -> None:
        """Undo all changes since `begin`; every count has the same bits as then."""
        changes, self._changes = self._changes or [], None
        for context, sums, word, counts in reversed(changes):
            if word is None:  # a change by `rescale`
                self._multiply(counts, 1 / RESCALING)
                continue
            entry = self.after.setdefault(context, [{}, *sums])
            entry[1:] = sums
            if counts is not None:
                entry[0][word] = counts
            else:
                del entry[0][word]
                if not entry[0]:
                    del self.after[context]

    def rescale(self, half_lives: list[int]) -> None:
        """Multiply all counts of the half-lives with these numbers by `RESCALING`."""
        if self._changes is not None:
            self._changes.append((None, None, None, half_lives))
        self._multiply(half_lives, RESCALING)

    def state(self) -> dict[Hashable, list[Any]]:
        """A deep copy of `after`."""
        return {
            context: [{word: [*counts] for word, counts in words.items()}, *sums]
            for context, (words, *sums) in self.after.items()
        }

    def _note(self, context, entry, word, counts):
        """Append the values before a change of a word's counts to the undo log."""
        assert self._changes is not None  # after `begin`
        before = None if counts is None else [*counts]
        self._changes.append((context, entry[1:], word, before))

    def _multiply(self, half_lives, factor):
        for entry in self.after.values():
            for i in half_lives:
                entry[i + 1] *= factor
                entry[self._n + i + 1] *= factor
                for counts in entry[0].values():
                    counts[i] *= factor


def without_oldest(total: float, count: float) -> float:
    """A sum of weights minus the weight of the oldest occurrence, the smallest one.

    A remainder below half of this weight is rounding: no other occurrence is left.
    """
    left = total - count
    return left if left > count / 2 else 0.0
