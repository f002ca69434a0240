"""For each context, the probability that a text continued from it meets its constraints.

This is the backward pass of constrained sampling.
"""

import math
from collections.abc import Iterator
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csc_array
from scipy.sparse.csgraph import connected_components

from ..counting import BOUNDARY
from ..models import LanguageModel
from ._automaton import ConstraintAutomaton
from ._fixed_point import fixed_point

_MAX_NUMBERS = 1 << 27
"""Limit of the size of an array of probabilities: 1 GiB."""


class CompletionProbabilities:
    """Computes completion probabilities of all contexts and automaton states.

    They are arrays of shape (n_states, n_contexts): entry (s, h) is the probability
    that a text with the context h, in state s of the automaton, meets its constraints
    when it ends. Columns are sorted by the length of the context, then by its row.

    Parameters
    ----------
    model : LanguageModel
    automaton : ConstraintAutomaton

    Attributes
    ----------
    word_class : ndarray of shape (n_ids,), int
        The automaton's class of each word.
    levels : list of _Level
        The n-grams of each order, as steps from context to context.
    offsets : ndarray of shape (n + 1,), int
        The first column of the contexts of each length.
    norm : ndarray of shape (n_contexts,), float64
        Total probability, after each context, of the words that can be drawn; 1 if there
        are none.
    has_words : ndarray of shape (n_contexts,), bool
        Whether any word can be drawn after each context, or the end.

    Raises
    ------
    ValueError
        If the arrays would hold more than 2**27 numbers, 1 GiB.

    Notes
    -----
    One backward step replaces v(h) by E(h), the expected value of v after one more word.
    The words seen after h lead to longer contexts; all other words have the distribution
    of the shorter context h', and lead to the same contexts as after h'. So the sum over
    all words needs only the n-grams that were seen::

        E(h) = sum over seen w of p(w | h) v(h w)
               + backoff_weight(h) * (E(h') - sum over seen w of p(w | h') v(h' w))
    """

    def __init__(self, model: LanguageModel, automaton: ConstraintAutomaton) -> None:
        self.model = model
        self.automaton = automaton
        self.word_class = automaton.class_of(model.counts.n_ids)
        self._uniform_p = 1 / len(model.events)
        self._is_used = np.ones(model.counts.n_ids)
        self._is_used[model.undrawn_ids] = 0
        self.levels = _levels_of(model)
        self._of_class = [level.of_each_class(self.word_class) for level in self.levels]
        sizes = [level.n_contexts for level in self.levels]
        self.offsets = np.concatenate([[0], np.cumsum(sizes)])
        if math.prod(self.shape) > _MAX_NUMBERS:
            raise ValueError(_too_large(*self.shape))
        # Unknown words are never drawn, and a backoff model's scores need not sum to 1.
        ones = [np.ones(len(level.context)) for level in self.levels]
        self.norm = np.concatenate(self._sums(ones))
        self.has_words = self.norm > 0
        self.norm[~self.has_words] = 1

    @property
    def shape(self) -> tuple[int, int]:
        """``(n_states, n_contexts)``."""
        return len(self.automaton.accepts), int(self.offsets[-1])

    @cached_property
    def _by_last_word(self):
        """Columns sorted by the class of the words that lead to them, and the first of each.

        Words lead to contexts that end with them, or to the empty one, which has column 0.
        """
        words = self.model.counts.levels[0].word
        empty = np.unique(self.word_class[words[self.levels[0].next_column == 0]])
        lasts = [level.word for level in self.model.counts.levels[:-1]]
        classes = np.concatenate([empty, *(self.word_class[last] for last in lasts)])
        order = np.argsort(classes, kind="stable")
        first = np.searchsorted(classes[order], np.arange(self.word_class.max() + 1))
        return (order + 1 - len(empty)).clip(0).astype(np.int32), first

    def largest_after(self, after: NDArray) -> NDArray[np.float64]:
        """The largest completion probability after a word, for each state before it.

        Parameters
        ----------
        after : ndarray of shape (n_states, n_contexts), float64
            Completion probabilities after the word.

        Returns
        -------
        ndarray of shape (n_states,), float64
        """
        columns, first = self._by_last_word
        largest = np.maximum.reduceat(after[:, columns], first, axis=1)
        next_state = self.automaton.next_state
        return largest[next_state, np.arange(len(first))].max(axis=1)

    def column(self, length: int, row: int) -> int:
        """The column of a context."""
        return int(self.offsets[length]) + row

    def next_contexts(self, length: int, row: int) -> NDArray[np.int64]:
        """For each word, the column of the context that it leads to from a context.

        Returns
        -------
        ndarray of shape (n_ids,), int64
        """
        columns = self.levels[0].next_column.copy()
        for k, context in self.model.counts.suffixes(length, row)[1:]:
            level = self.model.counts.levels[k]
            children = np.arange(*level.first_child[context : context + 2])
            columns[level.word_at(children)] = self.levels[k].next_column[children]
        return columns

    def backward_step(
        self, after: NDArray, states: NDArray | None = None, may_end: bool = True
    ) -> NDArray[np.float64]:
        """Completion probabilities before a word, given those after it.

        Parameters
        ----------
        after : ndarray of shape (n_states, n_contexts), float64
            Completion probabilities after one more word.
        states : ndarray of int, default=None
            The states to compute; None computes all.
        may_end : bool, default=True
            Whether a text in an accepting state may end now.

        Returns
        -------
        ndarray of shape (len(states), n_contexts), float64
        """
        if states is None:
            states = np.arange(len(after))
        ends = self.automaton.accepts & may_end
        return np.stack([self._expected(after, s, float(ends[s])) for s in states])

    def _expected(self, after, state, at_end):
        """Expected value of `after`, one state and all contexts; of an end, `at_end`."""
        next_state = self.automaton.next_state[state]
        values = []
        for level, of_class in zip(self.levels, self._of_class, strict=True):
            values.append(after[next_state[0]][level.next_column])
            for word_class, rows in of_class:
                columns = level.next_column[rows]
                values[-1][rows] = after[next_state[word_class], columns]
            values[-1][level.ends] = at_end
        return np.concatenate(self._sums(values)) / self.norm

    def _sums(self, values):
        """For each context h, the sum over all words w of p(w | h) times a value.

        `values` holds an array for each order, with the value of each n-gram hw; the
        result an array for each length of contexts. A word not seen after h has the value
        that it has after the shorter context.
        """
        sums: list[NDArray] = []
        lower_order = self.model.smoothing.lower_order
        weighted = lower = np.zeros(0)
        for k, (level, value) in enumerate(zip(self.levels, values, strict=True)):
            shorter, weighted = weighted, level.p * value
            total = level.sum_over_children(weighted)
            sums.append(total)
            if lower_order == "none":
                continue
            if k == 0:
                uniform = self._is_used * self._uniform_p
                lower = level.sum_over_children(value * uniform)
            else:
                if lower_order == "uniform":
                    shorter = values[k - 1] * self._uniform_p
                seen = level.sum_over_children(shorter[level.suffix])
                unseen = lower[level.context_suffix] - seen
                # A difference this small between equal numbers is rounding.
                unseen[np.abs(unseen) < 1e-12 * np.abs(seen)] = 0
                total += level.backoff_weight * unseen
                if lower_order == "uniform":
                    lower = unseen + level.sum_over_children(value * self._uniform_p)
            if lower_order != "uniform":
                lower = total
        return sums

    def of_any_length(self) -> NDArray[np.float64]:
        """Completion probabilities without limits of length.

        Returns
        -------
        ndarray of shape (n_states, n_contexts), float64

        Notes
        -----
        They are the fixed point ``p = backward_step(p)``, a sparse system of linear
        equations with an unknown for each state and context. It is solved for one
        strongly connected component of the automaton after the other, in reverse
        topological order.
        """
        p: NDArray[np.float64] = np.zeros(self.shape)
        next_state = self.automaton.next_state
        leads_to = np.zeros((len(next_state), len(next_state)))
        np.put_along_axis(leads_to, next_state, 1, axis=1)
        _, component = connected_components(leads_to, connection="strong")
        for states in _last_first(component, next_state):
            self._solve(p, states)
        return p

    def _solve(self, p, states):
        """Solve for the probabilities of some states, in place.

        Those of all other states that they lead to are known.
        """
        possible = self._step_until_all_reached(p, states)
        if not possible.any():
            return
        if self.automaton.is_absorbing(states):
            p[states] = possible  # a close guess: the text need only end

        def step(flat):
            trial = p.copy()
            trial[states] = flat.reshape(len(states), -1)
            return (self.backward_step(trial, states) * possible).ravel()

        def matrices():
            return self.step_matrices(states, possible)

        solution = fixed_point(step, matrices, p[states].ravel())
        p[states] = solution.reshape(len(states), -1)

    def _step_until_all_reached(self, p, states):
        """Step backward until the set of contexts with p > 0 is complete; returns it."""
        reached = -1
        while (now := int(np.count_nonzero(p[states]))) != reached:
            p[states] = self.backward_step(p, states)
            reached = now
        return p[states] > 0

    def step_matrices(
        self, states: NDArray, possible: NDArray
    ) -> tuple[csc_array, csc_array]:
        """The linear map of `backward_step` on some states, as two sparse matrices.

        With x and y the values of these states before and after the step, flattened,
        ``y = seen @ x + shorter @ y``: the result for a context depends on that for the
        shorter context, which keeps both matrices sparse. Of a smoothing that backs off
        to the uniform distribution, this part is left out, as it would fill whole rows.

        Parameters
        ----------
        states : ndarray of int
        possible : ndarray of shape (len(states), n_contexts), bool
            Where the probabilities are not 0; all other rows and columns are 0.

        Returns
        -------
        seen, shorter : csc_array of shape (possible.size, possible.size)
        """
        first = np.full(self.shape[0], -1)  # the first row of each state
        first[states] = np.arange(len(states)) * self.shape[1]
        seen: list[tuple] = []
        shorter: list[tuple] = []

        def add(entries, row, column, entry):
            inside = np.flatnonzero(column >= 0)
            row, column = row[inside], column[inside]
            entry = entry[inside] / self.norm[row % self.shape[1]]
            entry *= possible.ravel()[row] & possible.ravel()[column]
            entries.append((entry, row, column))

        def matrix(entries):
            entry, row, column = map(np.concatenate, zip(*entries, strict=True))
            return coo_array((entry, (row, column)), shape=(possible.size,) * 2).tocsc()

        for state in states:
            for k, level in enumerate(self.levels):
                start = first[state] + self.offsets[k]
                word_class = self.word_class[self.model.counts.levels[k].word]
                next_first = first[self.automaton.next_state[state][word_class]]
                next_first[level.ends] = -1
                outside = next_first < 0
                row = start + level.context
                column = np.where(outside, -1, next_first + level.next_column)
                add(seen, row, column, level.p)
                if k == 0 or self.model.smoothing.lower_order in ("none", "uniform"):
                    continue
                weight = level.backoff_weight[level.context]
                weight *= self.levels[k - 1].p[level.suffix]
                next_column = self.levels[k - 1].next_column[level.suffix]
                column = np.where(outside, -1, next_first + next_column)
                add(seen, row, column, -weight)
                suffix = self.offsets[k - 1] + level.context_suffix
                weight = level.backoff_weight * self.norm[suffix]
                row = start + np.arange(level.n_contexts)
                add(shorter, row, first[state] + suffix, weight)
        nothing = np.zeros(0), *np.zeros((2, 0), dtype=np.int64)
        return matrix([nothing, *seen]), matrix([nothing, *shorter])


class _Level:
    """The n-grams h w of one order as transitions from the context h to the next one.

    Attributes
    ----------
    n_contexts : int
        Number of contexts h, the rows of the level below.
    parents, first_child : ndarray of shape (n_parents,), int
        The contexts that have n-grams, and the row of the first n-gram of each.
    context, suffix : ndarray of shape (n_ngrams,), int
        As in `Level`.
    ends : ndarray of int
        Rows of the n-grams that end a text.
    next_column : ndarray of shape (n_ngrams,), int32
        The column of the longest known suffix of h w that is a context.
    p : ndarray of shape (n_ngrams,), float64
        p(w | h).
    backoff_weight : ndarray of shape (n_contexts,), float64
    context_suffix : ndarray of shape (n_contexts,), int
        The row of each context without its first word, two levels below.
    """

    def __init__(self, model, k, shorter_p, shorter_column, offset):
        level = model.counts.levels[k - 1]
        self._level = level
        self.suffix = level.suffix
        self.n_contexts = len(level.first_child) - 1
        self.parents = np.flatnonzero(np.diff(level.first_child))
        self.first_child = level.first_child[self.parents]
        self.ends = np.flatnonzero(level.word == BOUNDARY)
        rows = np.arange(len(level))
        self.next_column = np.where(
            model.counts.has_children(k, rows),
            offset + rows,
            shorter_column[self.suffix],
        ).astype(np.int32)
        self.context_suffix = model.counts.levels[k - 2].suffix if k > 1 else None

        seen = self.parents
        self.backoff_weight = np.ones(self.n_contexts)
        self.backoff_weight[seen] = model.backoff_weight(k, seen)
        context = self.context
        self.p = model.combine(
            model.discounted(k, context, rows),
            self.backoff_weight[context],
            shorter_p[self.suffix],
        )
        if len(undrawn := model.undrawn_ids):
            self.p *= ~np.isin(level.word, undrawn)

    @property
    def context(self):
        return self._level.context

    def of_each_class(self, word_class):
        """Pairs of each class of words but 0, and the rows of n-grams with such a word."""
        classes = word_class[self._level.word]
        return [
            (j, np.flatnonzero(classes == j)) for j in range(1, word_class.max() + 1)
        ]

    def sum_over_children(self, values):
        """Sum the values of the n-grams of each context.

        Three contexts with 2, 0 and 1 n-grams: [.1, .2, .4] -> [.3, 0, .4].
        """
        sums = np.zeros(self.n_contexts)
        sums[self.parents] = np.add.reduceat(values, self.first_child)
        return sums


def _levels_of(model: LanguageModel) -> list[_Level]:
    """The levels of all orders, lowest first; cached in `model.computed`."""
    if model.computed.steps is None:
        model.computed.steps = list(_levels(model))
    return model.computed.steps


def _levels(model) -> Iterator[_Level]:
    shorter_p = np.full(1, 1 / len(model.events))
    shorter_column = np.zeros(1, dtype=np.int64)
    offset = 1  # the empty context has column 0
    for k in range(1, len(model.counts.levels) + 1):
        level = _Level(model, k, shorter_p, shorter_column, offset)
        yield level
        shorter_p, shorter_column = level.p, level.next_column
        offset += len(shorter_p)


def _last_first(component, next_state):
    """Yield components of states in reverse topological order.

    component [0, 1, 1], next_state [[0, 1], [2, 2], [1, 1]] -> [1, 2], then [0].
    """
    groups = {c: np.flatnonzero(component == c) for c in np.unique(component)}
    while groups:
        for c, states in groups.items():
            following = set(component[next_state[states]].ravel()) - {c}
            if following.isdisjoint(groups):
                yield groups.pop(c)
                break


def _too_large(n_states, n_contexts):
    return (
        "The conditions of NGramTextGenerator.sample need a probability for each of "
        f"{n_states} combinations of what is met and what is not, after each of "
        f"{n_contexts} contexts: more than {_MAX_NUMBERS} numbers. Ask for fewer phrases "
        "with 'contains', where k separate ones make 2**k combinations."
    )
