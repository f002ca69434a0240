"""The expected number of times that a text of a model visits each context."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array

from ..counting import BOUNDARY
from ..models import LanguageModel
from ._automaton import ConstraintAutomaton
from ._completion import CompletionProbabilities
from ._fixed_point import product

_CLOSED, _OPEN = 100, 400
"""Steps of the power method: first on the chain in which each text is followed by
another, then on that of a single text."""

_SURPLUS, _REJECTED = 1 / 256, 1 / 8
"""Surplus of each step, and approximate share of the texts of mean length that all their
steps may cause to be rejected, of which the first limit holds."""

_ABSOLUTE = 1e-14
"""Growth of a number that is rounding, relative to the sum of all."""

_ROUNDING = 1e-12
"""Relative difference between two numbers below which they are taken to be equal."""


class Visits:
    """Expected number of times that a text visits each context and uses each n-gram.

    For a smoothed model, these numbers replace the counts of a maximum likelihood model,
    in which each context is entered as often as it is left. Here it may be left a little
    more often than it is entered; a `BackwardWalk` rejects the surplus.

    Parameters
    ----------
    model : LanguageModel
        In plain arrays, with precomputed weights, and a smoothing whose `lower_order`
        is not "uniform".
    before : BackwardWalk, default=None
        That of the model before it learned or forgot some texts: the power method begins
        with its visits, and takes fewer steps.

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
        Expected visits of each context by a text, or more: at least as many as begin or
        arrive there. At each position, a text visits the longest context known.
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

    With P for the probabilities of steps between contexts and e for the start of a text,
    all that is needed are numbers u with u P + e ≤ u. The power method finds them: let
    x' = (1 + s) x P + b e for a small surplus s. Once no number grows by more than s,
    x' ≤ (1 + s) x and so x' P + b e ≤ x', and u = x' / b. This takes far fewer steps than
    the convergence to the visits themselves.

    Most steps are those of a Markov chain in which each text is followed by another, with
    b so that the sum of x remains the same. Since a text soon becomes independent of the
    words before, a few dozen are enough. Texts of similar lengths make that chain nearly
    periodic; then the last steps, with b = 1, follow a single text to its end.
    """

    def __init__(self, model: LanguageModel, before: Any = None) -> None:
        self.model = model
        self.completion = CompletionProbabilities(model, ConstraintAutomaton([]))
        self.levels = self.completion.levels
        first = model.counts.back_off(min(1, len(self.levels) - 1), BOUNDARY)
        self.start = self.completion.column(*first)
        nothing = np.zeros(self.completion.shape)
        self.end = self.completion.backward_step(nothing)[0]
        self.expected = self._expected(before)
        self.are_known = self.expected is not None and bool(
            self.completion.has_words[self.expected > 0].all()
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

    def _expected(self, before):
        """The visits of each context, with a surplus; None if they are not found."""
        matrices = list(map(self._step_matrix, range(len(self.levels))))
        now = self._first_guess(before)
        for n_steps in range(_CLOSED + _OPEN):
            total = now.sum()
            surplus = min(_SURPLUS, _REJECTED * product(self.end, now) / total)
            after = self._step(matrices, now)
            after *= 1 + surplus
            n_started = total - after.sum() if n_steps < _CLOSED else 1.0
            after[self.start] += n_started
            if surplus and _grows_at_most(surplus, now, after):
                return after / n_started
            now = after
        return None

    def _first_guess(self, before):
        """Visits to begin with: those before, of contexts still known, or the start."""
        guess = np.zeros(len(self.end))
        guess[self.start] = 1.0
        if before is None:
            return guess
        guess[0], row = before.expected[0], np.zeros(1, dtype=np.int64)
        ends = zip(before.offsets[1:], before.offsets[2:], strict=False)
        for k, (low, high) in enumerate(ends):
            level = before.counts.levels[k]
            row = self.model.counts.levels[k].find(row[level.context], level.word)
            known = row >= 0
            columns = self.completion.offsets[k + 1] + row[known]
            guess[columns] = before.expected[low:high][known]
        return guess

    def _step(self, matrices, visits):
        """The visits after one more word, of texts that do not end before."""
        after = np.zeros(len(visits))
        for matrix, of_length in zip(matrices, self._arrived(visits), strict=True):
            part = matrix @ of_length
            after[: len(part)] += part
        return after.clip(0, out=after)

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
        csc_array of shape (contexts of at most k + 1 words, contexts of k words)
            Its product with A(h) of the notes are the visits that n-grams of order k + 1
            lead to, without those that the n-grams of order k are left out for.
        """
        level, rows = self.levels[k], self.model.counts.levels[k].first_child
        steps = [(level.p, level.next_column)]
        if k and self.model.smoothing.lower_order != "none":
            shorter = self.levels[k - 1]
            left_out = level.backoff_weight[level.context]
            left_out *= -shorter.p[level.suffix]
            steps.append((left_out, shorter.next_column[level.suffix]))
        entries, columns = map(np.column_stack, zip(*steps, strict=True))
        entries[level.ends] = 0
        return csc_array(
            (entries.ravel(), columns.ravel(), rows * entries.shape[1]),
            shape=(self.completion.offsets[: k + 3][-1], level.n_contexts),
        )


def _grows_at_most(share, now, after):
    """Whether no number grew by more than a share of it."""
    most = (1 + share) * now
    most += _ABSOLUTE * after.sum()
    return bool((after <= most).all())
