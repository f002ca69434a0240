"""The expected number of times that a text of a model visits each context."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array

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

    def flow(self) -> list[NDArray]:
        """For each order, how often a text is expected to use each n-gram to continue.

        Returns
        -------
        list of ndarray of float64
            p(w | h) r(h w) of the notes; 0 for n-grams that end a text.
        """
        return list(self._flow(self.arrived))

    def _expected(self):
        """The expected visits of each context; None if they do not converge."""
        matrices = list(map(self._step_matrix, range(len(self.levels))))
        now = np.zeros(len(self.end))
        now[self.start] = 1.0
        for n_steps in range(1, _SHORT + _CLOSED + _OPEN + 1):
            arrived = zip(matrices, self._arrived(now), strict=True)
            after = sum(matrix @ of_length for matrix, of_length in arrived).clip(0)
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

    def _flow(self, visited):
        """Yield p(w | h) r(h w) for each order of n-grams, given A(h) of the notes."""
        for k, level in enumerate(self.levels):
            reached = visited[k][level.context]
            if k + 1 < len(self.levels):
                above = self.levels[k + 1]
                left = (visited[k + 1] * above.backoff_weight)[above.context]
                reached -= np.bincount(above.suffix, left, len(reached))
                rounding = _ROUNDING * visited[k]
                reached[reached <= rounding[level.context]] = 0
            reached *= level.p
            reached[level.ends] = 0
            yield reached

    def _step_matrix(self, k):
        """The visits after one more word, by the contexts of k words it was drawn at.

        Returns
        -------
        csc_array of shape (n_contexts, contexts of k words)
            Its product with A(h) of the notes are the visits that n-grams of order k + 1
            lead to, without those that the n-grams of order k are left out for.
        """
        level, rows = self.levels[k], self.model.counts.levels[k].first_child
        entries, columns = level.p[:, None], level.next_column[:, None]
        if k and self.model.smoothing.lower_order != "none":
            shorter = self.levels[k - 1]
            left_out = level.backoff_weight[level.context] * shorter.p[level.suffix]
            entries = np.column_stack([level.p, -left_out])
            columns = np.column_stack(
                [level.next_column, shorter.next_column[level.suffix]]
            )
        entries = entries.copy()
        entries[level.ends] = 0
        return csc_array(
            (entries.ravel(), columns.ravel(), rows * entries.shape[1]),
            shape=(len(self.end), level.n_contexts),
        )


def _is_same(now, after):
    """Whether a step changed no number by more than its tolerance."""
    tolerance = _RELATIVE * after + _ABSOLUTE * after.sum()
    return bool((np.abs(after - now) <= tolerance).all())
