"""A finite automaton that tracks which constraints a text has not met yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

MAX_STATES, MAX_CONTAINED = 1 << 12, 1 << 10
"""States of the largest automaton that is made: of all phrases, and of those that must
occur, each of which may be in the text or not."""

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
        If it would have more than 4096 states, or more than 1024 for the phrases that
        must occur; k words need 2**k.

    Notes
    -----
    It is the intersection of an automaton for each phrase that must occur, one for all
    endings and one for all forbidden phrases, each as in the string matching of Aho &
    Corasick (1975): a state is the longest beginning of a phrase that stands at the end
    of the text.

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
        classes = {word: at for at, word in enumerate(words, start=1)}
        whole = _Automaton.of_all_texts(len(classes) + 1)
        for phrase in contained:
            found = _matching([phrase], classes, is_found_for_good=True)
            whole = whole.intersection(found)
            if len(whole.accepts) > MAX_CONTAINED:
                raise ValueError(_too_many_contained(len(contained)))
        if endings:
            whole = whole.intersection(_matching(endings, classes))
        if forbidden:
            bad = _matching(forbidden, classes, is_found_for_good=True)
            whole = whole.intersection(bad.complement())
        self.next_state, self.accepts = whole
        self.classes = classes | {word: classes[of] for word, of in twin.items()}

    def is_absorbing(self, states: NDArray) -> bool:
        """Whether no word leads out of some accepting states, each for itself."""
        stays = (self.next_state[states] == states[:, None]).all()
        return bool(stays and self.accepts[states].all())

    def read(self, words: Iterable[int], state: int = 0) -> int:
        """The state after some more words."""
        for word in words:
            state = self.next_state.item(state, self.classes.get(word, 0))
        return state

    def accepts_text(self, words: Iterable[int]) -> bool:
        """Whether a whole text meets all constraints."""
        return self.accepts.item(self.read(words))

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


class _Automaton(NamedTuple):
    """An automaton by its table: states in rows, classes of words in columns."""

    next_state: NDArray[np.int64]
    accepts: NDArray[np.bool_]

    @classmethod
    def of_all_texts(cls, n_classes: int) -> _Automaton:
        """The automaton that accepts whatever it reads."""
        return cls(np.zeros((1, n_classes), dtype=np.int64), np.ones(1, dtype=bool))

    def complement(self) -> _Automaton:
        """The automaton that accepts the texts that this one does not."""
        return self._replace(accepts=~self.accepts)

    @property
    def is_dead(self) -> NDArray[np.bool_]:
        """Whether no word leads out of each state, and it does not accept."""
        states = np.arange(len(self.accepts))
        return ~self.accepts & (self.next_state == states[:, None]).all(axis=1)

    def intersection(self, other: _Automaton) -> _Automaton:
        """An automaton that accepts the texts that both accept.

        A state of it is a pair of states that some text leads to, and has the number
        ``mine * n_others + other``; the pairs are found in the order of their distance.
        Those of which one is dead are one.
        """
        n_others = len(other.accepts)
        is_dead = (self.is_dead[:, None] | other.is_dead).ravel()
        pair = np.arange(is_dead.size)
        pair[is_dead] = is_dead.argmax()
        number = np.full(is_dead.size, -1)
        number[0], n_states = 0, 1
        pairs, rows = [np.zeros(1, dtype=np.int64)], []
        while len(pairs[-1]):
            mine, others = np.divmod(pairs[-1], n_others)
            after = self.next_state[mine] * n_others + other.next_state[others]
            rows.append(after := pair[after])
            new, first = np.unique(after[number[after] < 0], return_index=True)
            new = new[np.argsort(first)]
            number[new] = np.arange(n_states, n_states + len(new))
            n_states += len(new)
            if n_states > MAX_STATES:
                raise ValueError(_too_many_states())
            pairs.append(new)
        mine, others = np.divmod(np.concatenate(pairs), n_others)
        accepts = self.accepts[mine] & other.accepts[others]
        return _Automaton(number[np.concatenate(rows)], accepts).without_equals()

    def without_equals(self) -> _Automaton:
        """The same with states made one that words lead on from to the same states."""
        next_state, accepts = self
        while True:
            told_by = np.column_stack([accepts, next_state])
            rows = told_by.view(f"V{told_by[0].nbytes}").ravel()
            _, first, kind = np.unique(rows, return_index=True, return_inverse=True)
            if len(first) == len(accepts):
                return _Automaton(next_state, accepts)
            number = np.argsort(np.argsort(first))  # the start stays number 0
            first = np.sort(first)
            next_state, accepts = number[kind[next_state[first]]], accepts[first]


def _matching(
    phrases: Sequence[Phrase],
    classes: Mapping[int, int],
    is_found_for_good: bool = False,
) -> _Automaton:
    """An automaton that accepts texts that end with one of some phrases.

    Parameters
    ----------
    phrases : sequence of tuple of int
    classes : mapping of int to int
        The class of each word in them.
    is_found_for_good : bool, default=False
        Whether it accepts whatever follows, too: texts that contain one of them.

    Notes
    -----
    Each beginning of a phrase is a state, shorter ones first. Its row in the table is
    that of its longest end which is a beginning, too, but for the words that make it
    longer.
    """
    beginnings = {p[:size] for p in phrases for size in range(1, len(p) + 1)}
    states = [(), *sorted(beginnings, key=len)]
    if len(states) > MAX_STATES:
        raise ValueError(_too_many_states())
    number = {state: at for at, state in enumerate(states)}
    accepts = np.isin(np.arange(len(states)), [number[phrase] for phrase in phrases])
    next_state = np.zeros((len(states), len(classes) + 1), dtype=np.int64)
    for _, layer in groupby(states[1:], key=len):
        longer = list(layer)
        at = np.array([number[state] for state in longer])
        before = np.array([number[state[:-1]] for state in longer])
        word = np.array([classes[state[-1]] for state in longer])
        end = next_state[before, word]  # where the longest end of `before` leads
        next_state[before, word] = at
        next_state[at] = next_state[end]
        accepts[at] |= accepts[end]
    if is_found_for_good:
        next_state[accepts] = accepts.argmax()
    return _Automaton(next_state, accepts).without_equals()


def _too_many_contained(n_contained):
    return (
        "The conditions of NGramTextGenerator.sample are too many to be tracked at once: "
        f"more than {MAX_CONTAINED} combinations of what is met and what is not. Got "
        f"{n_contained} phrases in 'contains', where k separate ones make 2**k; ask for "
        f"at most {MAX_CONTAINED.bit_length() - 1}."
    )


def _too_many_states():
    return (
        "The conditions of NGramTextGenerator.sample are too many to be tracked at once: "
        f"more than {MAX_STATES} combinations of what is met and what is not. Ask for "
        "fewer or shorter phrases in 'contains', 'ends_with' and 'bad_words'."
    )
