"""Exponentially decaying weights, in units that grow instead."""

from __future__ import annotations

from collections.abc import Sequence

_MAX_HALVINGS = 512
"""Half-lives after which stored counts are divided by 2^512, to prevent an overflow."""

_MAX_WEIGHT = 2.0**_MAX_HALVINGS

RESCALING = 2.0**-_MAX_HALVINGS
"""The factor by which stored counts are multiplied then."""


class DecayClock:
    """The weight of an occurrence at the present time, for each half-life.

    Rather than decaying all earlier occurrences, an occurrence at time s has the weight
    2^((s − t₀) / half-life) for good. Ratios of counts are the same.

    Parameters
    ----------
    half_lives : sequence of float
        In tokens.

    Attributes
    ----------
    now : list of float
        The weight of an occurrence at the present time, by half-life.
    origins : list of float
        The times t₀ at which the weight is 1, by half-life.

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
        """The weights of an occurrence at a time, one for each half-life."""
        return [
            2.0 ** ((time - origin) / half_life)
            for origin, half_life in zip(self.origins, self.half_lives, strict=False)
        ]

    def count(self, time: int, i: int) -> float:
        """The weight of an occurrence at a time for half-life number i."""
        return 2.0 ** ((time - self.origins[i]) / self.half_lives[i])

    def go_to(self, time: int) -> list[int]:
        """Advance the present to a time, by less than 512 half-lives.

        Returns
        -------
        list of int
            The numbers of the half-lives whose stored counts the caller has to multiply
            by `RESCALING`.
        """
        self.now = self.at(time)
        if max(self.now) <= _MAX_WEIGHT:
            return []
        late = [i for i, weight in enumerate(self.now) if weight > _MAX_WEIGHT]
        self.origins = self.origins.copy()  # a trial restores the old list
        for i in late:
            self.origins[i] += _MAX_HALVINGS * self.half_lives[i]
        self.now = self.at(time)
        return late
