"""A finite automaton that tracks which constraints a text has not met yet."""

from collections.abc import Iterable, Sequence
from itertools import count

import numpy as np
from numpy.typing import NDArray

MAX_STATES = 1024
"""States of the largest automaton that is made."""

Phrase = tuple[int, ...]


class ConstraintAutomaton:
    """Reads a text word by word; accepting states are those in which all is met.

    Parameters
    ----------
    contained : sequence of tuple of int
        Phrases that must occur, each anywhere.
    endings : sequence of tuple of int, default=()
        Phrases of which the text must end with one; none if there are none.
    forbidden : sequence of tuple of int, default=()
        Phrases that must not occur.

    Attributes
    ----------
    classes : dict of int to int
        The class of each word that occurs in a phrase; all others are in class 0.
    next_state : ndarray of shape (n_states, n_classes), int
        The state after one more word of each class; a text begins in state 0.
    accepts : ndarray of shape (n_states,), bool
        Whether the text may end in each state.

    Raises
    ------
    ValueError
        If it would have more than 1024 states; k words that must occur need 2**k.

    Notes
    -----
    Of phrases that must occur a state holds how many of their words stand at the end of
    the text, as in the string matching of Knuth, Morris & Pratt (1977); these stay
    complete once they are. Of the others it holds the longest beginning of any of them
    that stands there, as in that of Aho & Corasick (1975). States that no further text
    can tell apart are then made one.

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
        self,
        contained: Sequence[Phrase],
        endings: Sequence[Phrase] = (),
        forbidden: Sequence[Phrase] = (),
    ) -> None:
        twin = _twins(contained, endings, forbidden)
        endings, forbidden = (
            list({tuple(twin.get(word, word) for word in phrase) for phrase in phrases})
            for phrases in (endings, forbidden)
        )
        words = sorted({w for p in (*contained, *endings, *forbidden) for w in p})

        def following(state, word):
            """What stands at the end of a text after one more word; None is too late."""
            if state is None:
                return None
            matched, ending, bad = state
            bad = _longest_beginning((*bad, word), forbidden)
            if _ends_with_any(bad, forbidden):
                return None
            matched = tuple(
                _matched_after(phrase, size, word)
                for phrase, size in zip(contained, matched, strict=True)
            )
            return matched, _longest_beginning((*ending, word), endings), bad

        start = (0,) * len(contained), (), ()
        number_of = {start: 0}
        rows: list[list[int]] = []
        numbers = count(1)
        for state in (queue := [start]):  # grows as new states are found
            rows.append([])
            for word in (None, *words):
                after = following(state, word)
                if after not in number_of:
                    number_of[after] = next(numbers)
                    queue.append(after)
                    if len(queue) > MAX_STATES:
                        raise ValueError(_too_many_states(len(contained)))
                rows[-1].append(number_of[after])
        complete = tuple(map(len, contained))
        accepts = [
            state is not None
            and state[0] == complete
            and (not endings or _ends_with_any(state[1], endings))
            for state in queue
        ]
        self.next_state, self.accepts = _minimal(np.array(rows), np.array(accepts))
        classes = {word: at for at, word in enumerate(words, start=1)}
        self.classes = classes | {word: classes[of] for word, of in twin.items()}
        self._next, self._accepts = self.next_state.tolist(), self.accepts.tolist()

    def is_absorbing(self, states: NDArray) -> bool:
        """Whether no word leads out of some accepting states, each for itself."""
        stays = (self.next_state[states] == states[:, None]).all()
        return bool(stays and self.accepts[states].all())

    def read(self, words: Iterable[int], state: int = 0) -> int:
        """The state after some more words."""
        for word in words:
            state = self._next[state][self.classes.get(word, 0)]
        return state

    def accepts_text(self, words: Iterable[int]) -> bool:
        """Whether a whole text meets all constraints."""
        return self._accepts[self.read(words)]

    def class_of(self, n_ids: int) -> NDArray[np.int64]:
        """The class of every word, an array with an entry for each id."""
        classes = np.zeros(n_ids, dtype=np.int64)
        for word, number in self.classes.items():
            classes[word] = number
        return classes


def _twins(contained, endings, forbidden):
    """Words that mean the same to all phrases: each with the first of its kind.

    They are those that are phrases of their own, and in no other: rhymes, for example.

    >>> _twins([(1,)], endings=[(2,), (3,), (4, 5)], forbidden=[(3,), (6,), (7,)])
    {2: 2, 3: 3, 6: 6, 7: 6}
    """
    longer = {w for phrase in contained for w in phrase}
    longer.update(w for p in (*endings, *forbidden) if len(p) > 1 for w in p)
    alone = [{p[0] for p in phrases if len(p) == 1} for phrases in (endings, forbidden)]
    first: dict[tuple[bool, ...], int] = {}
    return {
        word: first.setdefault(tuple(word in words for words in alone), word)
        for word in sorted(set.union(*alone) - longer)
    }


def _matched_after(phrase, matched, word):
    """How many words of a phrase stand at the end of a text after one more word.

    A phrase stays complete when it is.

    >>> _matched_after((1, 1, 2), 2, 1)  # 1 1, then 1: again two words of it
    2
    """
    if matched == len(phrase):
        return matched
    return len(_longest_beginning((*phrase[:matched], word), [phrase]))


def _longest_beginning(text, phrases):
    """The longest end of a text that is the beginning of one of some phrases.

    >>> _longest_beginning((3, 1, 2), [(2,), (1, 2, 4)])
    (1, 2)
    """
    while text and not any(text == phrase[: len(text)] for phrase in phrases):
        text = text[1:]
    return text


def _ends_with_any(text, phrases):
    """Whether a text ends with one of some phrases."""
    return any(text[len(text) - len(p) :] == p for p in phrases if len(p) <= len(text))


def _minimal(next_state, accepts):
    """The smallest automaton that accepts the same texts (Moore 1956).

    States are told apart by whether they accept, then by the states that words lead to.
    """
    kind, n_kinds = accepts.astype(np.int64), 0
    while kind.max() + 1 > n_kinds:
        n_kinds = kind.max() + 1
        told_by = np.column_stack([kind, kind[next_state]])
        kind = np.unique(told_by, axis=0, return_inverse=True)[1].reshape(-1)
    _, first = np.unique(kind, return_index=True)  # a state of each kind
    number = np.argsort(np.argsort(first))  # the start stays number 0
    first = np.sort(first)
    return number[kind[next_state[first]]], accepts[first]


def _too_many_states(n_contained):
    return (
        "The conditions of NGramTextGenerator.sample are too many to be tracked at once: "
        f"more than {MAX_STATES} combinations of what is met and what is not. Got "
        f"{n_contained} phrases in 'contains', where k separate ones make 2**k; ask for "
        f"at most {MAX_STATES.bit_length() - 1}, and for fewer beside long endings."
    )
