"""How often the texts of a model come to each of its contexts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..counting import BOUNDARY
from ..models import LanguageModel
from ._automaton import ConstraintAutomaton
from ._completion import CompletionProbabilities
from ._fixed_point import product

_SHORT, _CLOSED, _OPEN = 16, 100, 400
"""Steps that are made of single texts, of texts one after the other, and again of single
ones, until nothing changes."""

_TESTED = 4
"""Steps between two tests whether anything changes."""

_SAME, _NOTHING = 1e-8, 1e-14
"""Change of all expected numbers below which they are taken to be known: relative to
each, and to the sum of all."""

_ROUNDING = 1e-12
"""A difference between equal numbers that is smaller, relative to them, is rounding."""


class Visits:
    """How often a text of a model comes to each context, and uses each n-gram.

    Under a smoothing, these expected numbers are what the counts are to maximum
    likelihood: into each context texts come as often as they leave it.

    Parameters
    ----------
    model : LanguageModel
        In plain arrays, with all weights at hand. Its smoothing hands what is left on to
        the shorter context.

    Attributes
    ----------
    are_known : bool
        Whether the numbers were found: not if hardly any text ends, or some cannot go on.
    start : int
        The column of the context that texts start in.
    end : ndarray of shape (n_contexts,), float64
        The probability that a text ends after each context.
    expected : ndarray of shape (n_contexts,), float64
        How often a text comes to each context, the longest that is known at its place.
    arrived : list of ndarray of float64
        For each length, how often the next word is looked for after each context, or
        after a longer one that has none to offer and leads there.
    flow : list of ndarray of float64
        For each order, how often a text goes on by each n-gram, the longest that is known
        at its place; 0 for those that end texts.

    Notes
    -----
    Let A(h) be the expected number of times that the next word is looked for after h,
    and r(h w) the number of times that h w is the longest n-gram known, so that its word
    comes with p(w | h). With u(h) for the visits of h, divided by the probability of all
    words that can be drawn there, and x h for the contexts that are longer by a word::

        A(h) = u(h) + sum over x of A(x h) backoff_weight(x h)
        r(h w) = A(h) - sum over x with x h w seen of A(x h) backoff_weight(x h)

    The numbers of visits are those that do not change when all n-grams are followed once
    more, texts one after the other: the stationary distribution of a Markov chain, found
    by the power method. Texts are soon independent of what was before, so that a few
    dozen steps are enough. Single texts are followed to their ends first, as all may be
    short, and last, as they may be so alike that their lengths stay visible.
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
        """Length and row of the contexts of some columns."""
        offsets = self.completion.offsets
        length = np.searchsorted(offsets, column, "right") - 1
        return length, column - offsets[length]

    def _expected(self):
        """The visits of all contexts, None if they are not found."""
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
            if n_steps % _TESTED == 0 and n_ended and _is_same(now, after):
                return after / product(self.end, after)
            now = after
        return None

    def _arrived(self, visits):
        """A(h) of all contexts, by their length."""
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
        """p(w | h) r(h w) of all n-grams, by their order."""
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
    """Whether a step has changed nothing."""
    least = _SAME * after + _NOTHING * after.sum()
    return bool((np.abs(after - now) <= least).all())
