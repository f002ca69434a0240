"""What a text still owes, as a finite automaton over its words."""

from itertools import count

import numpy as np


class ConstraintAutomaton:
    """Reads a text word by word and tells whether it fulfils what was asked for.

    Parameters
    ----------
    contained : list of tuple of int
        Phrases that must occur, each anywhere.
    ending : tuple of int, default=()
        Phrase the text must end with.

    Attributes
    ----------
    classes : dict of int to int
        The words that matter, each with its column of `step`; all others have 0.
    step : ndarray of shape (n_states, n_classes), int
        The next state; a text begins in state 0.
    accepts : ndarray of shape (n_states,), bool
        Whether the text may end.

    Examples
    --------
    >>> automaton = ConstraintAutomaton([(7, 8)])
    >>> automaton.read([7, 7, 8, 5]), automaton.accepts
    (2, array([False, False,  True]))
    """

    def __init__(self, contained, ending=()):
        patterns = [(phrase, True) for phrase in contained]
        patterns += [(ending, False)] if ending else []
        words = sorted({word for phrase, _ in patterns for word in phrase})
        self.classes = {word: at for at, word in enumerate(words, start=1)}

        start = (0,) * len(patterns)
        numbers, steps = {start: 0}, []
        number = count(1)
        for state in (queue := [start]):
            steps.append([])
            for word in (None, *words):
                following = tuple(
                    _advance(phrase, once, progress, word)
                    for (phrase, once), progress in zip(patterns, state, strict=True)
                )
                if following not in numbers:
                    numbers[following] = next(number)
                    queue.append(following)
                steps[-1].append(numbers[following])
        self.step = np.array(steps)
        full = tuple(len(phrase) for phrase, _ in patterns)
        self.accepts = np.array([state == full for state in queue])

    def is_settled(self, states):
        """Whether a text owes nothing in any of some states, whatever comes."""
        stays = (self.step[states] == states[:, None]).all()
        return bool(stays and self.accepts[states].all())

    def read(self, words, state=0):
        """The state after some more words."""
        for word in words:
            state = int(self.step[state, self.classes.get(word, 0)])
        return state

    def class_of(self, n_ids):
        """The column of `step` of every word id."""
        classes = np.zeros(n_ids, dtype=np.int64)
        for word, column in self.classes.items():
            classes[word] = column
        return classes


def _advance(phrase, once, progress, word):
    """How much of a phrase stands at the end of a text after one more word.

    >>> _advance((1, 1, 2), True, 2, 1)
    2
    """
    if once and progress == len(phrase):
        return progress
    seen = (*phrase[:progress], word)
    return next(
        size
        for size in range(min(len(seen), len(phrase)), -1, -1)
        if seen[len(seen) - size :] == phrase[:size]
    )
