"""A finite automaton that tracks which constraints a text has not met yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

MAX_STATES, MAX_CONTAINED = 1 << 12, 1 << 10
"""States an automaton may have: that of all phrases, and that of the phrases which must
occur (its states multiply: each of these phrases has been read or not)."""

Phrase = tuple[int, ...]


class ConstraintAutomaton:
    """A deterministic finite automaton that accepts the texts that meet all constraints.

    Parameters
    ----------
    contained : sequence of tuple of int
        Phrases that must occur, each anywhere.
    endings : sequence of tuple of int, default=()
        The text must end with one of these phrases; without any, it may end anyhow.
    forbidden : sequence of tuple of int, default=()
        Phrases that must not occur.

    Attributes
    ----------
    classes : dict of int to int
        The class of each word that occurs in a phrase; all others are in class 0.
    next_state : ndarray of shape (n_states, n_classes), int
        The state after reading a word of each class; the initial state is 0.
    accepts : ndarray of shape (n_states,), bool
        Whether a text that ends in each state meets all constraints.

    Raises
    ------
    ValueError
        If the automaton would have more than 4096 states, or more than 1024 for the
        phrases that must occur; k words need 2**k.

    Notes
    -----
    The automaton is the intersection (product) of one automaton for each phrase that
    must occur, one for all endings, and one for all forbidden phrases. Each of these
    matches strings as in Aho & Corasick (1975): its state is the longest suffix of the
    text so far that is a prefix of a phrase.

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
        same_as = _interchangeable(contained, endings, forbidden)
        endings, forbidden = (
            list({tuple(same_as.get(w, w) for w in phrase) for phrase in phrases})
            for phrases in (endings, forbidden)
        )
        words = sorted({w for p in (*contained, *endings, *forbidden) for w in p})
        classes = {word: at for at, word in enumerate(words, start=1)}
        whole = _Automaton.of_all_texts(len(classes) + 1)
        for phrase in contained:
            whole = whole.intersection(_matching([phrase], classes, anywhere=True))
            if len(whole.accepts) > MAX_CONTAINED:
                raise ValueError(_too_many_contained(len(contained)))
        if endings:
            whole = whole.intersection(_matching(endings, classes))
        if forbidden:
            bad = _matching(forbidden, classes, anywhere=True)
            whole = whole.intersection(bad.complement())
        self.next_state, self.accepts = whole
        self.classes = classes | {word: classes[of] for word, of in same_as.items()}

    def is_absorbing(self, states: NDArray) -> bool:
        """Whether all given states accept, and each leads to itself with every word."""
        stays = (self.next_state[states] == states[:, None]).all()
        return bool(stays and self.accepts[states].all())

    def read(self, words: Iterable[int], state: int = 0) -> int:
        """The state after reading words, starting from a state."""
        for word in words:
            state = self.next_state.item(state, self.classes.get(word, 0))
        return state

    def accepts_text(self, words: Iterable[int]) -> bool:
        """Whether a whole text meets all constraints."""
        return self.accepts.item(self.read(words))

    def class_of(self, n_ids: int) -> NDArray[np.int64]:
        """The class of each of the ids 0 … n_ids − 1, an array of shape (n_ids,)."""
        classes = np.zeros(n_ids, dtype=np.int64)
        for word, number in self.classes.items():
            classes[word] = number
        return classes


def _interchangeable(contained, endings, forbidden):
    """Map words that the constraints do not distinguish to the smallest such word.

    A word that occurs only as a phrase of one word is interchangeable with the others
    that are endings, forbidden, or both, as it is: all words of a rhyme, for example.

    >>> endings, forbidden = [(2,), (3,), (4, 5)], [(3,), (6,), (7,)]
    >>> _interchangeable([(1,)], endings, forbidden)
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
    """An automaton as a transition table: states in rows, classes of words in columns."""

    next_state: NDArray[np.int64]
    accepts: NDArray[np.bool_]

    @classmethod
    def of_all_texts(cls, n_classes: int) -> _Automaton:
        """The automaton that accepts every text."""
        return cls(np.zeros((1, n_classes), dtype=np.int64), np.ones(1, dtype=bool))

    def complement(self) -> _Automaton:
        """The automaton that accepts exactly the texts that this one rejects."""
        return self._replace(accepts=~self.accepts)

    @property
    def is_dead(self) -> NDArray[np.bool_]:
        """For each state, whether it rejects and leads to itself with every word."""
        states = np.arange(len(self.accepts))
        return ~self.accepts & (self.next_state == states[:, None]).all(axis=1)

    def intersection(self, other: _Automaton) -> _Automaton:
        """The product automaton, which accepts the texts that both automata accept.

        Its states are the reachable pairs of states, found breadth first. During the
        search a pair has the code ``mine * n_others + other``; all pairs with a dead
        state share one code, since they reject whatever follows.
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
        return _Automaton(number[np.concatenate(rows)], accepts).reduced()

    def reduced(self) -> _Automaton:
        """An equivalent automaton in which states with equal rows are merged.

        Rows are equal if the states both accept or both reject, and each word leads from
        both to the same state. Merging is repeated, as it can make further rows equal.
        """
        next_state, accepts = self
        while True:
            table = np.column_stack([accepts, next_state])
            rows = table.view(f"V{table[0].nbytes}").ravel()
            _, first, kind = np.unique(rows, return_index=True, return_inverse=True)
            if len(first) == len(accepts):
                return _Automaton(next_state, accepts)
            number = np.argsort(np.argsort(first))  # the initial state remains 0
            first = np.sort(first)
            next_state, accepts = number[kind[next_state[first]]], accepts[first]


def _matching(
    phrases: Sequence[Phrase],
    classes: Mapping[int, int],
    anywhere: bool = False,
) -> _Automaton:
    """The automaton of Aho & Corasick (1975) that finds phrases in a text.

    Parameters
    ----------
    phrases : sequence of tuple of int
    classes : mapping of int to int
        The class of each word of the phrases.
    anywhere : bool, default=False
        Whether to accept texts that contain a phrase anywhere, rather than only texts
        that end with one.

    Returns
    -------
    _Automaton

    Notes
    -----
    Each prefix of a phrase is a state, shorter ones first. The row of a prefix in the
    transition table is a copy of the row of its longest proper suffix that is a prefix,
    too (its failure link), except for words that lead to a longer prefix.
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
        failure = next_state[before, word]
        next_state[before, word] = at
        next_state[at] = next_state[failure]
        accepts[at] |= accepts[failure]
    if anywhere:
        next_state[accepts] = accepts.argmax()
    return _Automaton(next_state, accepts).reduced()


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
