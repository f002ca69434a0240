"""Random texts given that they meet constraints, drawn without rejection.

Each word is drawn in proportion to p(w | h) times the probability that a text which goes
on with it meets its constraints when it ends. These completion probabilities are computed
backward before the first draw, so that no draw is thrown away, and constraints that no
text can meet are known at once.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..counting import BOUNDARY
from ..generation import DistributionCache
from ..models import LanguageModel
from ..scoring import next_word_candidates
from ._automaton import ConstraintAutomaton
from ._completion import CompletionProbabilities


class ConditionalSampler:
    """Draws texts from a model, given constraints.

    Parameters
    ----------
    model : LanguageModel
    automaton : ConstraintAutomaton
        What a text must contain and end with.
    min_length : int, default=0
        Words a text has at least.
    max_length : int, default=None
        Words a text has at most; None is no limit.
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
        self._probabilities = self._by_length(max_length)

    def _by_length(self, max_length):
        """Completion probabilities after 0, 1, 2, … words.

        The last array is that after any larger number of words too.
        """
        if max_length is None:
            probabilities = [self.completion.of_any_length()]
            last = self.min_length
        else:
            probabilities = [np.zeros(self.completion.shape)]
            last = max_length + 1
        for length in range(last - 1, -1, -1):
            may_end = length >= self.min_length
            earlier = self.completion.backward_step(probabilities[-1], may_end=may_end)
            probabilities.append(earlier)
        return probabilities[::-1]

    def probability(self, length: int, row: int, prefix: Sequence[int]) -> float:
        """Probability that a text with some first words meets its constraints.

        Parameters
        ----------
        length, row : int
            The context at the end of the first words.
        prefix : sequence of int
            The first words.

        Returns
        -------
        float
        """
        probabilities = self._probabilities[self._time(len(prefix))]
        state = self.automaton.read(prefix)
        return float(probabilities[state, self.completion.column(length, row)])

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
        start = (length, row, self.automaton.read(prefix), self._time(len(prefix)))
        cache = DistributionCache(self._distribution)
        texts = []
        for _ in range(n_texts):
            words: list[int] = []
            key = start
            while (word := cache.draw(key, rng.random())) != BOUNDARY:
                words.append(word)
                key = self._after(*key, word)
            texts.append(words)
        return texts

    def _time(self, n_words):
        """Which completion probabilities hold after so many words."""
        return min(n_words, len(self._probabilities) - 1)

    def _after(self, length, row, state, time, word):
        """Context, state and time after one more word."""
        counts = self.model.counts
        context = counts.shorten(*counts.follow(length, row, word))
        state = self.automaton.read([word], state)
        return *context, state, self._time(time + 1)

    def _distribution(
        self, length: int, row: int, state: int, time: int
    ) -> tuple[NDArray, NDArray]:
        """The words that may come next, and their weights."""
        words, p = next_word_candidates(self.model, length, row)
        completion = self.completion
        next_state = self.automaton.next_state[state, completion.word_class[words]]
        columns = completion.next_contexts(length, row)[words]
        after = self._probabilities[self._time(time + 1)][next_state, columns]
        after[words == BOUNDARY] = (
            self.automaton.accepts[state] and time >= self.min_length
        )
        return words, p * after
