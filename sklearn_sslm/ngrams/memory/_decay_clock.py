"""What an occurrence counts: it doubles with every half-life that passes."""

from __future__ import annotations

from collections.abc import Sequence

_MOST_HALVINGS = 512
"""Half-lives after which counts are divided by 2^512, long before they overflow."""

_MOST = 2.0**_MOST_HALVINGS

RESCALING = 2.0**-_MOST_HALVINGS
"""What stored counts are multiplied by then."""


class DecayClock:
    """What an occurrence at the present time counts, for each half-life.

    An occurrence at time s is stored as 2^((s − t₀) / half-life), so that nothing has to be
    decayed: ratios are right as they are.

    Parameters
    ----------
    half_lives : sequence of float
        In tokens.

    Attributes
    ----------
    now : list of float
        What an occurrence at the present time counts.
    origins : list of float
        The times t₀ at which it counts 1.

    Examples
    --------
    >>> clock = DecayClock([2, 1])
    >>> clock.go_to(4), clock.now
    ([], [4.0, 16.0])
    """

    def __init__(self, half_lives: Sequence[float]) -> None:
        self.half_lives = half_lives
        self.origins = [0.0] * len(half_lives)
        self.now = [1.0] * len(half_lives)

    def at(self, time: int) -> list[float]:
        """What an occurrence at a time counts."""
        return [
            2.0 ** ((time - origin) / half_life)
            for origin, half_life in zip(self.origins, self.half_lives, strict=False)
        ]

    def count(self, time: int, i: int) -> float:
        """The same, for the half-life of that number."""
        return 2.0 ** ((time - self.origins[i]) / self.half_lives[i])

    def go_to(self, time: int) -> list[int]:
        """Make a time the present, not long after the last one.

        Returns
        -------
        list of int
            Numbers of the half-lives whose stored counts are to be multiplied by
            `RESCALING`.
        """
        self.now = self.at(time)
        if max(self.now) <= _MOST:
            return []
        late = [i for i, count in enumerate(self.now) if count > _MOST]
        self.origins = self.origins.copy()  # a trial keeps those before
        for i in late:
            self.origins[i] += _MOST_HALVINGS * self.half_lives[i]
        self.now = self.at(time)
        return late
