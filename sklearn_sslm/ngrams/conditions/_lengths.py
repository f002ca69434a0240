"""Completion probabilities of texts whose length has a minimum and a maximum."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import repeat
from math import comb

import numpy as np
from numpy.typing import NDArray

from ._completion import CompletionProbabilities

_MAX_WORK = 2_000_000_000
"""Limit of the work of all backward steps, in n-grams times states: some minutes."""

_STEP_COST = 20_000
"""The fixed cost of a backward step, in the same unit."""

_CONVERGED = 1e-13
"""Relative change of probabilities below which backward steps have converged."""

LONGEST = 100_000
"""The largest length that is tracked, in words."""

_MAX_RECOMPUTED = 4
"""Limit of the work of steps that are made again for lack of memory, in `_MAX_WORK`."""


class TimedCompletion:
    """Completion probabilities that depend on the number of words so far.

    There is an array of probabilities for each number of words, computed backward from
    the largest. As many arrays as memory allows are stored; the others are recomputed
    from the nearest stored one, by the checkpointing of Griewank & Walther (2000). Once
    backward steps have converged, all arrays before are equal.

    Parameters
    ----------
    completion : CompletionProbabilities
    min_length : int
        Minimal number of words of a text.
    max_length : int or None
        Maximal number of words of a text; None is no limit.
    n_stored : int
        Number of arrays that may be stored at the same time; 3 if it is smaller.

    Raises
    ------
    ValueError
        If the lengths would take too long to compute.
    """

    def __init__(
        self,
        completion: CompletionProbabilities,
        min_length: int,
        max_length: int | None,
        n_stored: int,
    ) -> None:
        self.completion = completion
        self.min_length = min_length
        self._n_stored = max(n_stored, 3)
        self._last = min_length if max_length is None else max_length + 1
        self._converged = 0  # the arrays after so many words, or fewer, are equal
        self._stored: list[NDArray] = []
        self._name = "min_length" if max_length is None else "max_length"
        n_ngrams = sum(map(len, completion.model.counts.levels))
        self._max_steps = _MAX_WORK // (n_ngrams * completion.shape[0] + _STEP_COST)
        if self._last > LONGEST:
            raise self._too_long(LONGEST)
        self._at_last = (
            completion.of_any_length()
            if max_length is None
            else np.zeros(completion.shape)
        )
        self._step_back_once()

    @property
    def n_stored(self) -> int:
        """Number of arrays of probabilities that are stored."""
        return max(len(self._stored), 1)

    def after(self, n_words: int) -> NDArray[np.float64]:
        """The probabilities after `n_words`; below `min_length`, up to a constant factor.

        Returns
        -------
        ndarray of shape (n_states, n_contexts), float64
        """
        return next(self.starting_at(n_words))

    def unscaled(self, n_words: int) -> NDArray[np.float64]:
        """The probabilities after `n_words`, without such a factor; nothing is cached.

        Returns
        -------
        ndarray of shape (n_states, n_contexts), float64
        """
        array = self._at_last
        for length in range(self._last - 1, n_words - 1, -1):
            may_end = length >= self.min_length
            array = self.completion.backward_step(array, may_end=may_end)
        return array

    def starting_at(self, n_words: int) -> Iterator[NDArray[np.float64]]:
        """Yield the probabilities after `n_words`, after one word more, and so on."""
        if self._stored:
            first = max(n_words - self._converged, 0)
            for _ in range(n_words, self._converged):
                yield self._stored[0]
            yield from self._stored[first:]
        else:
            first = max(n_words, self._converged)
            if first <= self._last:
                arrays = self._forward(first, self._last, self._at_last, self._n_stored)
                for array in arrays:
                    for _ in range(n_words, self._converged):
                        yield array
                    n_words = self._converged
                    yield array
        yield from repeat(self._at_last)

    def _step_back_once(self):
        """Step backward until convergence or the start, and store the arrays if they fit."""
        stored = [self._at_last]
        fits = True
        for length in range(self._last - 1, -1, -1):
            before = self._step(stored[-1], length)
            if self._has_converged(before, stored[-1], length):
                self._converged = length + 1
                break
            n_steps = self._last - length
            n_again = n_steps * _n_rounds(n_steps, self._n_stored)
            if n_steps > self._max_steps or n_again > _MAX_RECOMPUTED * self._max_steps:
                raise self._too_long(n_steps - 1)
            fits &= len(stored) < self._n_stored
            stored = [*stored, before] if fits else [before]
        if fits:
            self._stored = stored[::-1]

    def _has_converged(self, before, after, length):
        """Whether this step, and so each one further back, leaves the array unchanged.

        Not while a step further back will differ: at `min_length`, where texts may no
        longer end.
        """
        if length >= self.min_length > 0 or length == self._last - 1:
            return False
        return np.abs(before - after).max() <= _CONVERGED * after.max()

    def _step(self, after, length):
        """The probabilities after `length` words, given those after one more.

        Below `min_length` they decrease with each step, so they are scaled to a maximum
        of 1: draws depend on their ratios only.
        """
        before = self.completion.backward_step(after, may_end=length >= self.min_length)
        if length < self.min_length and (largest := before.max()):
            before /= largest
        return before

    def _forward(self, low, high, at_high, n_stored):
        """Yield the probabilities after low, low + 1, … high words, given the last."""
        size = high - low + 1
        if size <= n_stored:
            arrays = [at_high]
            for length in range(high - 1, low - 1, -1):
                arrays.append(self._step(arrays[-1], length))
            while arrays:
                yield arrays.pop()
            return
        n_rounds = _n_rounds(size, n_stored)
        middle = low + min(comb(n_stored - 1 + n_rounds, n_rounds), size - 1) - 1
        at_middle = at_high
        for length in range(high - 1, middle - 1, -1):
            at_middle = self._step(at_middle, length)
        yield from self._forward(low, middle, at_middle, max(n_stored - 1, 1))
        del at_middle
        yield from self._forward(middle + 1, high, at_high, n_stored)

    def _too_long(self, most):
        """The error about a length that would take too long to compute."""
        return too_long(self._name, self._last - (self._name == "max_length"), most)


def too_long(name, asked, most=LONGEST):
    """The error about a condition on the length that would take too long to compute."""
    return ValueError(
        f"The {name!r} condition of NGramTextGenerator.sample must be at most {most} "
        "where hardly any text of the model is so long or short: each word takes a step "
        f"through its n-grams. Got {asked}."
    )


def _n_rounds(size, n_stored):
    """How many times checkpointing makes each step, to yield `size` arrays forward.

    With s stored arrays and r rounds, it yields up to comb(s + r, s) arrays (Griewank &
    Walther 2000).
    """
    n_rounds = 1
    while comb(n_stored + n_rounds, n_stored) < size:
        n_rounds += 1
    return n_rounds
