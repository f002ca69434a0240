"""Decayed counts of what followed each context, token by token."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

from ._decay_clock import RESCALING


class DecayingTable:
    """What the memories of one order have heard: counts by context, which decay with time.

    Counts are stored as `DecayClock` has them. Sums lose no digits when old occurrences are
    taken out, as those that remain are larger; for the same reason what is left of them
    tells whether there are others.

    Parameters
    ----------
    n_half_lives : int
        The first half-life is the longest.

    Attributes
    ----------
    after : dict
        For each context a list: a dict of the counts of each word, one for each half-life;
        then for each half-life the sum of all counts; then for each that of words which
        were there before. A count of 0 is that of words, or contexts, that are forgotten.

    Examples
    --------
    >>> from sklearn_sslm.ngrams.memory._decay_clock import DecayClock
    >>> clock, table = DecayClock([2, 1]), DecayingTable(2)
    >>> for time, word in enumerate([7, 8, 8, 8, 7]):
    ...     _ = clock.go_to(time)
    ...     repeated = table.add("h", table.after.get("h"), word, clock.now)
    >>> table.after["h"][0][7], [round(total, 1) for total in table.after["h"][1:3]]
    ([5.0, 17.0], [11.2, 31.0])
    """

    def __init__(self, n_half_lives: int) -> None:
        self.after: dict[Hashable, list[Any]] = {}
        self._n = n_half_lives
        self._zeros = [0.0] * (2 * n_half_lives)
        self._changes: list[Any] | None = None  # what to undo, if that is wanted

    def add(
        self,
        context: Hashable,
        heard: list[Any] | None,
        word: int,
        now: Sequence[float],
    ) -> int:
        """Count a word after a context.

        Parameters
        ----------
        context : hashable
        heard : list or None
            What `after` has for it.
        word : int
        now : sequence of float
            What it counts.

        Returns
        -------
        int
            The bit of each half-life is set if it knew the word there.
        """
        if heard is None:
            heard = self.after[context] = [{}, *self._zeros]
        words = heard[0]
        counts = words.get(word)
        if self._changes is not None:
            self._note(context, heard, word, counts)
        if counts is None:
            words[word] = [*now]
            for i, count in enumerate(now, start=1):
                heard[i] += count
            return 0
        repeated, n = 0, self._n
        for i, count in enumerate(now):
            heard[i + 1] += count
            if counts[i]:
                repeated |= 1 << i
                heard[n + i + 1] += count
            counts[i] += count
        return repeated

    def remove(
        self, i: int, count: float, context: Hashable, word: int, repeated: int
    ) -> None:
        """Forget the oldest occurrence of all for a half-life, for the longest one last.

        Parameters
        ----------
        i : int
            The number of the half-life.
        count : float
            What the occurrence counts.
        context : hashable
        word : int
        repeated : int
            What `add` returned.
        """
        heard = self.after[context]
        words = heard[0]
        counts = words[word]
        if self._changes is not None:
            self._note(context, heard, word, counts)
        counts[i] = less(counts[i], count)
        if not i and not counts[0]:
            del words[word]
            if not words:
                del self.after[context]
                return
        heard[i + 1] = less(heard[i + 1], count)
        if repeated >> i & 1:
            place = self._n + i + 1
            heard[place] = less(heard[place], count)

    def begin(self) -> None:
        """Note from now on what changes, for `undo`."""
        self._changes = []

    def undo(self) -> None:
        """Undo all changes since `begin`, to the last bit."""
        changes, self._changes = self._changes or [], None
        for context, sums, word, counts in reversed(changes):
            if word is None:  # counts of half-lives were rescaled
                self._multiply(counts, 1 / RESCALING)
                continue
            heard = self.after.setdefault(context, [{}, *sums])
            heard[1:] = sums
            if counts is not None:
                heard[0][word] = counts
            else:
                del heard[0][word]
                if not heard[0]:
                    del self.after[context]

    def rescale(self, half_lives: list[int]) -> None:
        """Multiply all counts of some half-lives by `RESCALING`."""
        if self._changes is not None:
            self._changes.append((None, None, None, half_lives))
        self._multiply(half_lives, RESCALING)

    def state(self) -> dict[Hashable, list[Any]]:
        """A copy of all that changes."""
        return {
            context: [{word: [*counts] for word, counts in words.items()}, *sums]
            for context, (words, *sums) in self.after.items()
        }

    def _note(self, context, heard, word, counts):
        assert self._changes is not None  # a trial has begun
        before = None if counts is None else [*counts]
        self._changes.append((context, heard[1:], word, before))

    def _multiply(self, half_lives, factor):
        for heard in self.after.values():
            for i in half_lives:
                heard[i + 1] *= factor
                heard[self._n + i + 1] *= factor
                for counts in heard[0].values():
                    counts[i] *= factor


def less(total: float, count: float) -> float:
    """A sum without its oldest part; all others in it count more."""
    left = total - count
    return left if left > count / 2 else 0.0
