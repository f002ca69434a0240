"""Decayed counts of what followed each context, token by token."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from ._memory_rules import MemoryLevel

_MOST_HALVINGS = 512
"""Half-lives after which all counts are divided by 2^512, long before they overflow."""


class DecayingTable:
    """What one memory has heard: counts by context, which decay with time.

    An occurrence at time s is stored as 2^((s − t₀) / half-life), so that nothing has to be
    decayed: ratios are right as they are, and `now` is what an occurrence at the present
    time counts. Sums lose no digits when old occurrences are taken out, as those that
    remain are larger.

    Parameters
    ----------
    level : MemoryLevel

    Attributes
    ----------
    now : float
        What an occurrence at the present time counts.
    after : dict
        For each context a list: the sum of all counts, that of words which were there
        before, and a dict of the count of each word.

    Examples
    --------
    >>> table = DecayingTable(MemoryLevel(2, half_life=1))
    >>> for time, word in enumerate([7, 8, 7]):
    ...     table.go_to(time)
    ...     repeated = table.add("h", word)
    >>> table.now, table.after["h"]
    (4.0, [7.0, 4.0, {7: 5.0, 8: 2.0}])
    """

    def __init__(self, level: MemoryLevel) -> None:
        self.level = level
        self._half_life = level.half_life
        self.now = 1.0
        self.after: dict[Hashable, list[Any]] = {}
        self.origin = 0.0
        self._changes: list[Any] | None = None  # what to undo, if that is wanted

    def go_to(self, time: int) -> None:
        """Make a time the present."""
        age = (time - self.origin) / self._half_life
        if age > _MOST_HALVINGS:
            self._rescale(-_MOST_HALVINGS)
            age -= _MOST_HALVINGS
            if self._changes is not None:
                self._changes.append(None)
        self.now = 2.0**age

    def add(self, context: Hashable, word: int) -> bool:
        """Count a word after a context; returns whether it was there before."""
        now, heard = self.now, self.after.get(context)
        if heard is None:
            heard = self.after[context] = [0.0, 0.0, {}]
        words = heard[2]
        before = words.get(word)
        if self._changes is not None:
            self._changes.append((context, heard[0], heard[1], word, before))
        heard[0] += now
        if before is None:
            words[word] = now
            return False
        heard[1] += now
        words[word] = before + now
        return True

    def remove(self, time: int, context: Hashable, word: int, repeated: bool) -> None:
        """Forget the oldest occurrence of all, which was at a time."""
        count = 2.0 ** ((time - self.origin) / self._half_life)
        heard = self.after[context]
        words = heard[2]
        if self._changes is not None:
            self._changes.append((context, heard[0], heard[1], word, words[word]))
        left = words[word] - count
        if left > count / 2:  # any other occurrence counts more than this one
            words[word] = left
        else:
            del words[word]
            if not words:
                del self.after[context]
                return
        heard[0] -= count
        if repeated:
            heard[1] -= count

    def begin(self) -> tuple[float, float]:
        """Note from now on what changes; returns what `undo` takes."""
        self._changes = []
        return self.now, self.origin

    def undo(self, now: float, origin: float) -> None:
        """Undo all changes since `begin`, to the last bit."""
        changes, self._changes = self._changes or [], None
        for change in reversed(changes):
            if change is None:
                self._rescale(_MOST_HALVINGS)
                continue
            context, total, repeats, word, count = change
            heard = self.after.setdefault(context, [0.0, 0.0, {}])
            heard[:2] = total, repeats
            if count is not None:
                heard[2][word] = count
            else:
                del heard[2][word]
                if not heard[2]:
                    del self.after[context]
        self.now, self.origin = now, origin

    def state(self) -> tuple[float, float, dict[Hashable, list[Any]]]:
        """A copy of all that changes."""
        after = {
            context: [total, repeats, words.copy()]
            for context, (total, repeats, words) in self.after.items()
        }
        return self.now, self.origin, after

    def set_state(self, state: tuple[float, float, dict[Hashable, list[Any]]]) -> None:
        """Take over what another table's `state` gave."""
        self.now, self.origin, self.after = state

    def _rescale(self, halvings):
        """Multiply all counts by a power of 2, and move the origin of time with them."""
        factor = 2.0**halvings
        self.origin -= halvings * self.level.half_life
        for heard in self.after.values():
            heard[0] *= factor
            heard[1] *= factor
            for word in heard[2]:
                heard[2][word] *= factor
