"""The expected number of times that a text of a model visits each context."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..counting import BOUNDARY
from ..models import LanguageModel
from ._automaton import ConstraintAutomaton
from ._completion import CompletionProbabilities
from ._fixed_point import product

_SHORT, _CLOSED, _OPEN = 16, 100, 400
"""Steps of the power method: first on the chain of a single text, then on the chain in
which each text is followed by another, then on that of a single text again."""

_TEST_INTERVAL = 4
"""Steps between two tests for convergence."""

_RELATIVE, _ABSOLUTE = 1e-8, 1e-14
"""Tolerance of each expected number: relative to itself, and to the sum of all."""

_ROUNDING = 1e-12
"""Relative difference between two numbers below which they are taken to be equal."""


class Visits:
    """Expected number of times that a text visits each context and uses each n-gram.

    For a smoothed model, these numbers replace the counts of a maximum likelihood model:
    each context is entered as often as it is left.

    Parameters
    ----------
    model : LanguageModel
        In plain arrays, with precomputed weights, and a smoothing whose `lower_order`
        is not "uniform".

    Attributes
    ----------
    are_known : bool
        Whether the power method converged. It does not if hardly any text ends, or if
        texts come to contexts after which no word can be drawn.
    start : int
        The column of the context at the start of a text.
    end : ndarray of shape (n_contexts,), float64
        The probability that a text ends after each context.
    expected : ndarray of shape (n_contexts,), float64
        Expected visits of each context by a text. At each position, a text visits the
        longest context known.
    arrived : list of ndarray of float64
        For each length of contexts, A(h) of the notes.
    flow : list of ndarray of float64
        For each order, the expected number of times p(w | h) r(h w) that a text uses
        each n-gram h w to continue; 0 for n-grams that end a text.

    Notes
    -----
    Let A(h) be the expected number of times that the next word is drawn after h, whether
    h was visited or a draw backed off to it, and r(h w) the expected number of times
    that this happens where h w is the longest n-gram known, so that w has the
    probability p(w | h). With u(h) for the visits of h divided by the total probability
    of the words that can be drawn there, and x h for the contexts one word longer::

        A(h) = u(h) + sum over x of A(x h) backoff_weight(x h)
        r(h w) = A(h) - sum over x with x h w seen of A(x h) backoff_weight(x h)

    The visits are the stationary distribution of a Markov chain in which each text is
    followed by another, computed by the power method. Since a text soon becomes
    independent of the words before, a few dozen steps are enough. The first steps
    follow a single text to its end, which is exact where all texts are short. So do the
    last ones, because texts of similar lengths make the chain nearly periodic.
    """

    def __init__(self, model: LanguageModel) -> None:
        self.model = model
        self.completion = CompletionProbabilities(model, ConstraintAutomaton([]))
        self.levels = self.completion.levels
        first = model.counts.back_off(min(1, len(self.levels) - 1), BOUNDARY)
        self.start = self.completion.column(*first)
        nothing = np.zeros(self.completion.shape)
        self.end = self.completion.backward_step(nothing)[0]
        self.expected = self._expected()
        goes_on = self.completion.backward_step(nothing + 1)[0]
        self.are_known = self.expected is not None and bool(
            (goes_on[self.expected > 0] > 0).all()
        )
        if self.are_known:
            self.arrived = self._arrived(self.expected)
            self.flow = self._flow()

    def context_at(self, column: NDArray) -> tuple[NDArray, NDArray]:
        """The length and the row of the context of each column."""
        offsets = self.completion.offsets
        length = np.searchsorted(offsets, column, "right") - 1
        return length, column - offsets[length]

    def _expected(self):
        """The expected visits of each context; None if they do not converge."""
        state = np.zeros(1, dtype=np.int64)
        everywhere = np.ones(self.completion.shape, dtype=bool)
        seen, _ = self.completion.step_matrices(state, everywhere)
        following = seen.T.tocsr()
        now = np.zeros(following.shape[0])
        now[self.start] = 1.0
        for n_steps in range(1, _SHORT + _CLOSED + _OPEN + 1):
            arrived = np.concatenate(self._arrived(now)) * self.completion.norm
            after = (following @ arrived).clip(0)
            n_ended = product(self.end, now)
            is_closed = _SHORT < n_steps <= _SHORT + _CLOSED
            after[self.start] += n_ended if is_closed else 1
            if n_steps % _TEST_INTERVAL == 0 and n_ended and _is_same(now, after):
                return after / product(self.end, after)
            now = after
        return None

    def _arrived(self, visits):
        """A(h) of the notes, an array for each length of contexts."""
        ends = zip(self.completion.offsets, self.completion.offsets[1:], strict=False)
        arrived = [
            visits[low:high] / self.completion.norm[low:high] for low, high in ends
        ]
        for k in range(len(self.levels) - 1, 0, -1):
            level, shorter = self.levels[k], arrived[k - 1]
            left = arrived[k] * level.backoff_weight
            shorter += np.bincount(np.asarray(level.context_suffix), left, len(shorter))
        return arrived

    def _flow(self):
        """p(w | h) r(h w) of the notes, an array for each order of n-grams."""
        flow: list[NDArray] = []
        longer = [*self.levels[1:], None]
        for level, above, arrived in zip(
            self.levels, longer, self.arrived, strict=True
        ):
            reached = arrived[level.context]
            if above is not None:
                left = self.arrived[len(flow) + 1] * above.backoff_weight
                seen = np.bincount(above.suffix, left[above.context], len(reached))
                reached = np.where(seen < (1 - _ROUNDING) * reached, reached - seen, 0)
            flow.append(level.p * reached)
            flow[-1][level.ends] = 0
        return flow


def _is_same(now, after):
    """Whether a step changed no number by more than its tolerance."""
    tolerance = _RELATIVE * after + _ABSOLUTE * after.sum()
    return bool((np.abs(after - now) <= tolerance).all())
