"""Changes of the levels of an online model by single texts."""

from __future__ import annotations

from collections import Counter

from ..counting import BOUNDARY, NeverLearnedError


class OnlineText:
    """A text, and the rows of its n-grams in the levels.

    Parameters
    ----------
    levels : list of OnlineLevel
    ids : list of int
        The ids of the text, with boundaries.
    n_given : int
        Number of ids at its start that are contexts only: the message.
    times : int
        Multiplicity of the text.
    n : int
        The highest order.
    make : bool
        Whether to add rows for n-grams that the levels lack.

    Attributes
    ----------
    tail : list of int
        The ids, without those of a message that are in no context of its reply.
    n_before : int
        Number of ids at the start of `tail` that are contexts only.
    rows : list of list of int
        For each order, the row of the n-gram at each position of `tail`.
    """

    def __init__(self, levels, ids, n_given, times, n, make):
        self.levels = levels
        self.ids = ids
        self.n_given = n_given
        self.times = times
        far = max(n_given - n + 1, 0)
        self.tail = ids[far:]
        self.n_before = n_given - far
        self.rows = _find_rows(levels, self.tail, make)

    def occurrences(self):
        """Yield the level of each order, and two counters of its rows in the text.

        The first counts the n-grams whose last word is predicted, the second those within
        the message. The opening boundary is in neither.
        """
        words, given = self.ids[self.n_given :], self.ids[1 : self.n_given]
        yield self.levels[0], Counter(words), Counter(given)
        for k, (level, rows) in enumerate(
            zip(self.levels[1:], self.rows[1:], strict=False), start=2
        ):
            first = max(self.n_before - k + 1, 0)
            yield level, Counter(rows[first:]), Counter(rows[:first])

    def can_be_forgotten(self):
        """Whether the levels have all n-grams of the text, at least as often as it."""
        occur = all(
            row >= 0 and count(row) >= n_here * self.times
            for level, *counters in self.occurrences()
            for count, counter in zip(
                (level.occurrences, level.given_count), counters, strict=True
            )
            for row, n_here in counter.items()
        )
        return occur and (self.ids[-1] == BOUNDARY or self._may_stop())

    def _may_stop(self):
        """Whether a text without an end can be forgotten.

        The counts of its last n-grams must exceed those of their children by `times`:
        else, every occurrence of them in the texts learned was followed by a word.
        """
        levels = self.levels
        for level, longer, starts in zip(levels, levels[1:], self.rows, strict=False):
            went_on = map(longer.occurrences, longer.children(starts[-1]).tolist())
            if level.occurrences(starts[-1]) < sum(went_on) + self.times:
                return False
        return True

    def count(self, sign):
        """Add the n-grams of the text to the counts, or with −1 subtract them."""
        by = sign * self.times
        for k, (level, counted, given) in enumerate(self.occurrences(), start=1):
            for row, n_here in given.items():
                level.change_given(row, by * n_here)
            rows = self.rows[k - 1]
            opens = k > 1 and rows[0] not in rows[1:]
            changes = [(row, by * n_here) for row, n_here in counted.items()]
            appeared = level.change(changes, rows[0] if opens else None)
            below = self.levels[k - 2]
            if appeared and k > 1 and below.continued:
                suffix = dict(zip(rows, self.rows[k - 2][1:], strict=False))
                below.change_continuations((suffix[row], by) for row, by in appeared)


def _find_rows(levels, ids, make):
    """For each order, the row of the n-gram at each position of a text."""
    rows = [ids]
    for k, level in enumerate(levels[1 : len(ids)], start=2):
        shorter = rows[-1]
        ngrams = zip(shorter, ids[k - 1 :], shorter[1:], strict=False)
        rows.append(level.rows_of_ngrams(ngrams, make))
    return rows


def change_levels(levels, stream, sign, n):
    """Learn texts, or forget them: all of them, or if one was never learned, none."""
    done: list[OnlineText] = []
    columns = stream.n_before.tolist(), stream.times.tolist()
    texts = zip(stream.texts(), *columns, strict=True)
    for at, (ids, n_given, times) in enumerate(texts):
        text = OnlineText(levels, ids, n_given, times, n, make=sign > 0)
        if sign < 0 and not text.can_be_forgotten():
            for earlier in reversed(done):
                earlier.count(-sign)
            raise NeverLearnedError(at)
        text.count(sign)
        done.append(text)


def check_can_forget(levels, stream, n):
    """Raise `NeverLearnedError` if texts cannot be forgotten; the levels do not change."""
    change_levels(levels, stream, -1, n)
    change_levels(levels, stream, 1, n)
