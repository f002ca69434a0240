"""Random texts given that they meet constraints, drawn without rejection.

Each word w is drawn in proportion to p(w | h) times its completion probability: that a
text continued by w will meet its constraints when it ends. Completion probabilities are
computed backward before the first draw. So no text is rejected, and constraints that no
text can meet are known before any is drawn.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..counting import BOUNDARY
from ..generation import DistributionCache, draws_words, word_sampler_of
from ..models import LanguageModel
from ..scoring import next_word_candidates
from ._automaton import ConstraintAutomaton
from ._completion import CompletionProbabilities
from ._lengths import TimedCompletion
from ._proposals import ANY_LENGTH

_BYTES_PER_NGRAM, _FREE_BYTES = 28, 1 << 24
"""Completion probabilities of several lengths may take the largest of these: the memory
of the model (bytes for each n-gram), 16 MiB, and three arrays."""

_MAX_CACHED = 1 << 20
"""Limit of two caches: words of distributions, and contexts that words lead to."""

_TRIES = 32
"""Words of the model that are proposed, before the distribution of a word is computed."""


class ConditionalSampler:
    """Draws texts from a model, given that they meet constraints.

    Parameters
    ----------
    model : LanguageModel
    automaton : ConstraintAutomaton
        Accepts the texts with the phrases required and none of those forbidden.
    min_length : int, default=0
        Minimal number of words of a text.
    max_length : int, default=None
        Maximal number of words of a text; None is no limit.

    Raises
    ------
    ValueError
        If computing the completion probabilities would take too much time or memory.

    Notes
    -----
    This samples exactly from p(text | constraints), as the forward-filtering
    backward-sampling of hidden Markov models with the two directions exchanged.
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
        """Number of completion probabilities in memory."""
        return self._timed.n_stored * math.prod(self.completion.shape)

    def is_possible(self, length: int, row: int, prefix: Sequence[int]) -> bool:
        """Whether a text that begins with the prefix can meet the constraints.

        Parameters
        ----------
        length, row : int
            The context at the end of the prefix.
        prefix : sequence of int
            The first words.

        Returns
        -------
        bool
        """
        return bool(self._of(self._timed.after(len(prefix)), length, row, prefix))

    def probability(self, length: int, row: int, prefix: Sequence[int]) -> float:
        """The probability that a text that begins with the prefix meets the constraints.

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
        max_new: int = ANY_LENGTH,
    ) -> list[list[int]]:
        """Continue a prefix to whole texts that meet the constraints.

        Parameters
        ----------
        n_texts : int
        length, row : int
            The context at the end of the prefix.
        prefix : sequence of int
            The first words.
        rng : numpy.random.Generator
        max_new : int, default=ANY_LENGTH
            Texts that are longer are cut after so many words.

        Returns
        -------
        list of list of int
            The words of each text after the prefix.
        """
        texts: list[list[int]] = [[] for _ in range(n_texts)]
        state = length, row, self.automaton.read(prefix)
        active = [(text, state) for text in texts]
        arrays = self._timed.starting_at(len(prefix) + 1)
        time, draws = len(prefix), None
        while active and time - len(prefix) < max_new:
            after, may_end = next(arrays), time >= self.min_length
            if draws is None or draws.after is not after or draws.may_end != may_end:
                draws = _Draws(self, after, may_end)
            active = _one_word_more(active, draws, rng)
            time += 1
        return texts


def _one_word_more(active, draws, rng):
    """Draw a word for each text; returns the texts that have not ended, with states."""
    going = []
    for text, state in active:
        word, after = draws.draw(state, rng)
        if word != BOUNDARY:
            text.append(word)
            going.append((text, after))
    return going


class _Draws:
    """Draws next words by one array of completion probabilities, with caches.

    A word is proposed by the model, and accepted with its completion probability divided
    by the largest one in the states that follow. Only if all proposals are rejected, the
    whole distribution is computed, which takes as long as some hundred proposals.

    Parameters
    ----------
    sampler : ConditionalSampler
    after : ndarray of shape (n_states, n_contexts), float64
        Completion probabilities after the next word.
    may_end : bool
        Whether a text in an accepting state may end now.
    """

    def __init__(self, sampler: ConditionalSampler, after: NDArray, may_end: bool):
        self.sampler = sampler
        self.after = after
        self.may_end = may_end
        self._ends = sampler.automaton.accepts & may_end
        largest = sampler.completion.largest_after(after)
        self._largest = np.maximum(largest, self._ends)
        self._proposals: Any = None  # a backoff model has none
        if draws_words(sampler.model):
            self._proposals = word_sampler_of(sampler.model)
        self._cache = DistributionCache(self._distribution, _MAX_CACHED)
        self._next: dict[tuple, tuple[int, int, int]] = {}

    def draw(self, state, rng):
        """Draw the next word; returns it and the new state.

        States are (length, row, state of the automaton).
        """
        is_proposed = self._proposals and state not in self._cache
        for _ in range(_TRIES if is_proposed else 0):
            word, after, chance = self._proposed(state, rng)
            if rng.random() < chance:
                return word, after
        word = self._cache.draw(state, rng.random())
        key = *state, word
        if word == BOUNDARY:
            return word, state
        if key not in self._next:
            if len(self._next) >= _MAX_CACHED:
                self._next.clear()
            self._next[key] = self._after(*key)
        return word, self._next[key]

    def _proposed(self, state, rng):
        """A word of the model, the state after it, and the chance to accept it."""
        *context, s = state
        word, length, row = self._proposals.draw(*context, rng)
        if word == BOUNDARY:
            return word, state, self._ends.item(s) / self._largest.item(s)
        after = length, row, self.sampler.automaton.read([word], s)
        column = self.sampler.completion.column(length, row)
        return word, after, self.after.item(after[2], column) / self._largest.item(s)

    def _after(self, length, row, state, word):
        """The state after a word: (length, row, state of the automaton)."""
        counts = self.sampler.model.counts
        context = counts.back_off(*counts.advance(length, row, word))
        return *context, self.sampler.automaton.read([word], state)

    def _distribution(self, length, row, state):
        """The candidate next words, and weights in proportion to their probabilities."""
        words, p = next_word_candidates(self.sampler.model, length, row)
        automaton, completion = self.sampler.automaton, self.sampler.completion
        next_state = automaton.next_state[state, completion.word_class[words]]
        columns = completion.next_contexts(length, row)[words]
        after = self.after[next_state, columns]
        after[words == BOUNDARY] = self._ends[state]
        return words, p * after
