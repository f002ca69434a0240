"""Random texts given that they fulfil conditions, without trying again.

Every word is drawn from p(w | h) times the probability that a text which says it comes
to fulfil what it still owes. These probabilities are worked out backwards first, so a
draw never has to be thrown away, and an impossible condition shows before the first.
"""

import numpy as np

from ..counting import BOUNDARY
from ..generation import DistributionCache
from ..scoring import next_word_candidates
from ._completion import CompletionProbabilities


class ConditionalSampler:
    """Draws texts from a model, given conditions.

    Parameters
    ----------
    model : LanguageModel
    automaton : ConstraintAutomaton
        What a text must contain and end with.
    least : int, default=0
        Words a text has at least.
    most : int, default=None
        Words a text has at most; None lets it end when it likes.
    """

    def __init__(self, model, automaton, least=0, most=None):
        self.model = model
        self.automaton = automaton
        self.least = least
        self.completion = CompletionProbabilities(model, automaton)
        self._values = self._values_by_words_said(most)

    def _values_by_words_said(self, most):
        """Values of each context and state after 0, 1, 2, … words.

        The last array is that of all later times too.
        """
        if most is None:
            values = [self.completion.settled()]
            first = self.least
        else:
            values = [np.zeros(self.completion.shape)]
            first = most + 1
        for said in range(first - 1, -1, -1):
            values.append(
                self.completion.backward_step(values[-1], may_end=said >= self.least)
            )
        return values[::-1]

    def value(self, length, row, said):
        """Probability that a text fulfils its conditions after a beginning.

        Parameters
        ----------
        length, row : int
            The context at the end of the beginning.
        said : sequence of int
            The words of the beginning.

        Returns
        -------
        float
        """
        values = self._values[self._time(len(said))]
        state = self.automaton.read(said)
        return float(values[state, self.completion.place(length, row)])

    def sample(self, n_texts, length, row, said, rng):
        """Continue a beginning until its texts end.

        Parameters
        ----------
        n_texts : int
        length, row : int
            The context at the end of the beginning.
        said : sequence of int
            The words of the beginning.
        rng : numpy.random.Generator

        Returns
        -------
        list of list of int
            The new words of each text.
        """
        start = (length, row, self.automaton.read(said), self._time(len(said)))
        cache = DistributionCache(self._distribution)
        texts = []
        for _ in range(n_texts):
            words, here = [], start
            while (word := cache.draw(here, rng.random())) != BOUNDARY:
                words.append(word)
                here = self._after(*here, word)
            texts.append(words)
        return texts

    def _time(self, n_said):
        """Which values hold after so many words."""
        return min(n_said, len(self._values) - 1)

    def _after(self, length, row, state, n_said, word):
        """Context, state and time after one more word."""
        counts = self.model.counts
        context = counts.shorten(*counts.follow(length, row, word))
        state = self.automaton.read([word], state)
        return *context, state, self._time(n_said + 1)

    def _distribution(self, length, row, state, n_said):
        """The words that may come next, and their weights."""
        words, p = next_word_candidates(self.model, length, row)
        values = self._values[self._time(n_said + 1)]
        next_state = self.automaton.step[state, self.completion.word_class[words]]
        after = values[next_state, self.completion.next_contexts(length, row)[words]]
        after[words == BOUNDARY] = (
            self.automaton.accepts[state] and n_said >= self.least
        )
        return words, p * after
