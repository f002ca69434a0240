"""Random texts given that they meet constraints, drawn without rejection.

Each word is drawn in proportion to p(w | h) times the probability that a text which goes
on with it meets its constraints when it ends. These completion probabilities are computed
backward before the first draw, so that no draw is thrown away, and constraints that no
text can meet are known at once.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..counting import BOUNDARY
from ..generation import DistributionCache
from ..models import LanguageModel
from ..scoring import next_word_candidates
from ._automaton import ConstraintAutomaton
from ._completion import CompletionProbabilities
from ._lengths import TimedCompletion

_BYTES_PER_NGRAM, _FREE_BYTES = 28, 1 << 24
"""Completion probabilities of several lengths take no more than the model, or this,
or three arrays of them."""

_MAX_STORED = 1 << 20
"""Words of distributions, and contexts after them, that are stored."""


class ConditionalSampler:
    """Draws texts from a model, given constraints.

    Parameters
    ----------
    model : LanguageModel
    automaton : ConstraintAutomaton
        What a text must contain and end with, and what must not be in it.
    min_length : int, default=0
        Words a text has at least.
    max_length : int, default=None
        Words a text has at most; None is no limit.

    Raises
    ------
    ValueError
        If the lengths or the constraints would take too much time or memory.
    """

    def __init__(
        self,
        model: LanguageModel,
        automaton: ConstraintAutomaton,
        min_length: int = 0,
        max_length: int | None = None,
    ) -> None:
        self.model = model
        self.automaton = automaton
        self.min_length = min_length
        self.completion = CompletionProbabilities(model, automaton)
        n_bytes = sum(map(len, model.counts.levels)) * _BYTES_PER_NGRAM
        n_stored = max(n_bytes, _FREE_BYTES) // (8 * math.prod(self.completion.shape))
        self._timed = TimedCompletion(self.completion, min_length, max_length, n_stored)

    @property
    def n_numbers(self) -> int:
        """Completion probabilities that are kept."""
        return self._timed.n_stored * math.prod(self.completion.shape)

    def is_possible(self, length: int, row: int, prefix: Sequence[int]) -> bool:
        """Whether a text with some first words can meet its constraints.

        Parameters
        ----------
        length, row : int
            The context at the end of the first words.
        prefix : sequence of int
            The first words.

        Returns
        -------
        bool
        """
        return bool(self._of(self._timed.after(len(prefix)), length, row, prefix))

    def probability(self, length: int, row: int, prefix: Sequence[int]) -> float:
        """Probability that a text with some first words meets its constraints.

        Parameters
        ----------
        length, row, prefix
            As in `is_possible`.

        Returns
        -------
        float
        """
        return self._of(self._timed.unscaled(len(prefix)), length, row, prefix)

    def _of(self, probabilities, length, row, prefix):
        column = self.completion.column(length, row)
        return float(probabilities[self.automaton.read(prefix), column])

    def sample(
        self,
        n_texts: int,
        length: int,
        row: int,
        prefix: Sequence[int],
        rng: np.random.Generator,
    ) -> list[list[int]]:
        """Continue some first words until the texts end.

        Parameters
        ----------
        n_texts : int
        length, row : int
            The context at the end of the first words.
        prefix : sequence of int
            The first words.
        rng : numpy.random.Generator

        Returns
        -------
        list of list of int
            The new words of each text.
        """
        texts: list[list[int]] = [[] for _ in range(n_texts)]
        state = length, row, self.automaton.read(prefix)
        active = [(text, state) for text in texts]
        arrays = self._timed.from_(len(prefix) + 1)
        time, draws = len(prefix), None
        while active:
            after, may_end = next(arrays), time >= self.min_length
            if draws is None or draws.after is not after or draws.may_end != may_end:
                draws = _Draws(self, after, may_end)
            active = _one_word_more(active, draws, rng)
            time += 1
        return texts


def _one_word_more(active, draws, rng):
    """Draw a word for each text; returns those that go on, with their states."""
    going = []
    chances = rng.random(len(active)).tolist()
    for (text, state), chance in zip(active, chances, strict=True):
        word, after = draws.draw(state, chance)
        if word != BOUNDARY:
            text.append(word)
            going.append((text, after))
    return going


class _Draws:
    """Draws next words while completion probabilities are the same.

    Parameters
    ----------
    sampler : ConditionalSampler
    after : ndarray of shape (n_states, n_contexts), float64
        Completion probabilities after the word.
    may_end : bool
        Whether a text that meets its constraints may end.
    """

    def __init__(self, sampler: ConditionalSampler, after: NDArray, may_end: bool):
        self.sampler = sampler
        self.after = after
        self.may_end = may_end
        self._cache = DistributionCache(self._distribution, _MAX_STORED)
        self._next: dict[tuple, tuple[int, int, int]] = {}

    def draw(self, state, chance):
        """A word after a context and a state of the automaton, and both after it."""
        word = self._cache.draw(state, chance)
        key = *state, word
        if word == BOUNDARY:
            return word, state
        if key not in self._next:
            if len(self._next) >= _MAX_STORED:
                self._next.clear()
            self._next[key] = self._after(*key)
        return word, self._next[key]

    def _after(self, length, row, state, word):
        """Context and state after one more word."""
        counts = self.sampler.model.counts
        context = counts.back_off(*counts.advance(length, row, word))
        return *context, self.sampler.automaton.read([word], state)

    def _distribution(self, length, row, state):
        """The words that may come next, and their weights."""
        words, p = next_word_candidates(self.sampler.model, length, row)
        automaton, completion = self.sampler.automaton, self.sampler.completion
        next_state = automaton.next_state[state, completion.word_class[words]]
        columns = completion.next_contexts(length, row)[words]
        after = self.after[next_state, columns]
        after[words == BOUNDARY] = automaton.accepts[state] and self.may_end
        return words, p * after
