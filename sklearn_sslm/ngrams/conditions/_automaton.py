"""A finite automaton that tracks which constraints a text has not met yet."""

from collections.abc import Iterable, Sequence
from itertools import count

import numpy as np
from numpy.typing import NDArray


class ConstraintAutomaton:
    """Reads a text word by word; accepting states are those in which all is met.

    Parameters
    ----------
    contained : sequence of tuple of int
        Phrases that must occur, each anywhere.
    ending : tuple of int, default=()
        Phrase the text must end with.

    Attributes
    ----------
    classes : dict of int to int
        The class of each word that occurs in a phrase; all others are in class 0.
    next_state : ndarray of shape (n_states, n_classes), int
        The state after one more word of each class; a text begins in state 0.
    accepts : ndarray of shape (n_states,), bool
        Whether the text may end in each state.

    Notes
    -----
    A state is how many words of each phrase stand at the end of the text, as in the
    string matching of Knuth, Morris & Pratt (1977). Phrases that may occur anywhere
    stay complete once they are.

    Examples
    --------
    >>> automaton = ConstraintAutomaton([(7, 8)])
    >>> automaton.next_state  # columns: other words, 7, 8
    array([[0, 1, 0],
           [0, 1, 2],
           [2, 2, 2]])
    >>> automaton.read([7, 7, 8, 5]), automaton.accepts
    (2, array([False, False,  True]))
    """

    def __init__(
        self, contained: Sequence[tuple[int, ...]], ending: tuple[int, ...] = ()
    ) -> None:
        patterns = [(phrase, True) for phrase in contained]
        patterns += [(ending, False)] if ending else []
        words = sorted({word for phrase, _ in patterns for word in phrase})
        self.classes = {word: at for at, word in enumerate(words, start=1)}

        start = (0,) * len(patterns)
        number_of = {start: 0}
        rows: list[list[int]] = []
        numbers = count(1)
        for state in (queue := [start]):  # grows as new states are found
            rows.append([])
            for word in (None, *words):
                following = tuple(
                    _matched_after(phrase, once, matched, word)
                    for (phrase, once), matched in zip(patterns, state, strict=True)
                )
                if following not in number_of:
                    number_of[following] = next(numbers)
                    queue.append(following)
                rows[-1].append(number_of[following])
        self.next_state = np.array(rows)
        complete = tuple(len(phrase) for phrase, _ in patterns)
        self.accepts = np.array([state == complete for state in queue])

    def is_absorbing(self, states: NDArray) -> bool:
        """Whether no word leads out of some accepting states, each for itself."""
        stays = (self.next_state[states] == states[:, None]).all()
        return bool(stays and self.accepts[states].all())

    def read(self, words: Iterable[int], state: int = 0) -> int:
        """The state after some more words."""
        for word in words:
            state = int(self.next_state[state, self.classes.get(word, 0)])
        return state

    def class_of(self, n_ids: int) -> NDArray[np.int64]:
        """The class of every word, an array with an entry for each id."""
        classes = np.zeros(n_ids, dtype=np.int64)
        for word, number in self.classes.items():
            classes[word] = number
        return classes


def _matched_after(phrase, once, matched, word):
    """How many words of a phrase stand at the end of a text after one more word.

    `once` phrases stay complete when they are.

    >>> _matched_after((1, 1, 2), True, 2, 1)  # 1 1, then 1: again two words of it
    2
    """
    if once and matched == len(phrase):
        return matched
    seen = (*phrase[:matched], word)
    return next(
        size
        for size in range(min(len(seen), len(phrase)), -1, -1)
        if seen[len(seen) - size :] == phrase[:size]
    )
