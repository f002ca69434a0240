"""Completion probabilities of texts with a least and a largest length."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import repeat
from math import comb

import numpy as np
from numpy.typing import NDArray

from ._completion import CompletionProbabilities

_MAX_WORK = 2_000_000_000
"""N-grams that backward steps may pass in all, of all states: some minutes."""

_STEP = 20_000
"""N-grams that take as long as the rest of a step."""

_SETTLED = 1e-13
"""Relative change below which a further backward step is taken to change nothing."""

_LONGEST = 100_000
"""Words of the longest texts that are asked for by their length."""

_AGAIN = 4
"""Steps that may be computed again for lack of memory, as a multiple of `_MAX_WORK`."""


class TimedCompletion:
    """Completion probabilities after each number of words.

    They are computed backward from the longest texts. As many as fit into the memory
    that may be used are stored; the others are computed again from the nearest ones
    that are, as in the checkpointing of Griewank & Walther (2000). Where a step changes
    nothing any more, all those before it are the same.

    Parameters
    ----------
    completion : CompletionProbabilities
    min_length : int
        Words a text has at least.
    max_length : int or None
        Words a text has at most; None is no limit.
    n_stored : int
        Arrays of probabilities that may be stored at the same time, at least 3.

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
        self._settled = 0  # after so many words or fewer, nothing changes
        self._stored: list[NDArray] = []
        self._name = "min_length" if max_length is None else "max_length"
        n_ngrams = sum(map(len, completion.model.counts.levels))
        self._most = _MAX_WORK // (n_ngrams * completion.shape[0] + _STEP)
        if self._last > _LONGEST:
            raise self._too_long(_LONGEST)
        self._at_last = (
            completion.of_any_length()
            if max_length is None
            else np.zeros(completion.shape)
        )
        self._look_ahead()

    @property
    def n_stored(self) -> int:
        """Arrays of probabilities that are stored."""
        return max(len(self._stored), 1)

    def after(self, n_words: int) -> NDArray[np.float64]:
        """The probabilities after so many words, but for a factor before `min_length`."""
        return next(self.from_(n_words))

    def unscaled(self, n_words: int) -> NDArray[np.float64]:
        """The probabilities after so many words, all steps made anew."""
        array = self._at_last
        for length in range(self._last - 1, n_words - 1, -1):
            may_end = length >= self.min_length
            array = self.completion.backward_step(array, may_end=may_end)
        return array

    def from_(self, n_words: int) -> Iterator[NDArray[np.float64]]:
        """Yield the probabilities after so many words, after one more, and so on."""
        if self._stored:
            first = max(n_words - self._settled, 0)
            for _ in range(n_words, self._settled):
                yield self._stored[0]
            yield from self._stored[first:]
        else:
            first = max(n_words, self._settled)
            if first <= self._last:
                arrays = self._rising(first, self._last, self._at_last, self._n_stored)
                for array in arrays:
                    for _ in range(n_words, self._settled):
                        yield array
                    n_words = self._settled
                    yield array
        yield from repeat(self._at_last)

    def _look_ahead(self):
        """Step backward once, to find where nothing changes, and store what fits."""
        stored = [self._at_last]
        fits = True
        for length in range(self._last - 1, -1, -1):
            before = self._step(stored[-1], length)
            if self._is_settled(before, stored[-1], length):
                self._settled = length + 1
                break
            n_steps = self._last - length
            n_again = n_steps * _n_rounds(n_steps, self._n_stored)
            if n_steps > self._most or n_again > _AGAIN * self._most:
                raise self._too_long(n_steps - 1)
            fits &= len(stored) < self._n_stored
            stored = [*stored, before] if fits else [before]
        if fits:
            self._stored = stored[::-1]

    def _is_settled(self, before, after, length):
        """Whether all steps before one change nothing, since that one did not.

        Steps differ where they begin to allow the end of a text.
        """
        if length >= self.min_length > 0 or length == self._last - 1:
            return False
        return np.abs(before - after).max() <= _SETTLED * after.max()

    def _step(self, after, length):
        """The probabilities after so many words, from those after one more.

        Texts that may not end yet become ever less likely; only the ratios matter.
        """
        before = self.completion.backward_step(after, may_end=length >= self.min_length)
        if length < self.min_length and (largest := before.max()):
            before /= largest
        return before

    def _rising(self, low, high, at_high, n_stored):
        """Yield the probabilities after low … high words, given the last of them."""
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
        yield from self._rising(low, middle, at_middle, max(n_stored - 1, 1))
        del at_middle
        yield from self._rising(middle + 1, high, at_high, n_stored)

    def _too_long(self, most):
        """The error about a length that would take too long to compute."""
        asked = self._last - (self._name == "max_length")
        return ValueError(
            f"The {self._name!r} condition of NGramTextGenerator.sample must be at most "
            f"{most} where hardly any text of the model is so long or short: each word "
            f"takes a step through its n-grams. Got {asked}."
        )


def _n_rounds(size, n_stored):
    """How often steps are made, so that so many arrays can be had from few stored ones.

    With s stored arrays and r rounds, comb(s + r, s) arrays are reached.
    """
    n_rounds = 1
    while comb(n_stored + n_rounds, n_stored) < size:
        n_rounds += 1
    return n_rounds
