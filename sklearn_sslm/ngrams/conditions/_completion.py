"""How likely a text is to come to what was asked of it, from every context."""

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from ..counting import BOUNDARY
from ._fixed_point import fixed_point


class CompletionProbabilities:
    """Averages values over the next word, for all contexts at once.

    A value is a number for each context and each state of an automaton: the
    probability that a text which is there will come to fulfil its conditions. Values
    are kept in one array of shape (n_states, n_contexts), contexts of length 0, 1, …
    one after the other.

    Parameters
    ----------
    model : LanguageModel
    automaton : ConstraintAutomaton

    Notes
    -----
    The words that a context h has seen lead on to longer contexts; for all others it
    speaks with the voice of the shorter context h'. So the mean over all words takes
    only the n-grams seen::

        E(h) = sum over seen w of p(w | h) v(h w)
               + backoff_weight(h) * (E(h') - sum over seen w of p(w | h') v(h' w))
    """

    def __init__(self, model, automaton):
        self.model = model
        self.automaton = automaton
        self.word_class = automaton.class_of(model.counts.n_ids)
        self.levels = list(_levels(model, self.word_class))
        sizes = [level.n_contexts for level in self.levels]
        self.offsets = np.concatenate([[0], np.cumsum(sizes)])
        ones = [np.ones(len(level.context)) for level in self.levels]
        # Unknown words are not said, and a backoff model's scores do not add up to 1.
        self.norm = np.concatenate(self._sum(ones))
        self.norm[self.norm == 0] = 1  # where nothing can be said

    @property
    def shape(self):
        """Number of states and of contexts."""
        return len(self.automaton.accepts), int(self.offsets[-1])

    def place(self, length, row):
        """The column of a context."""
        return self.offsets[length] + row

    def next_contexts(self, length, row):
        """The place where each word leads after a context.

        Returns
        -------
        ndarray of shape (n_ids,), int
        """
        places = self.levels[0].arrival.copy()
        for k, context in self.model.counts.endings(length, row)[1:]:
            level = self.model.counts.levels[k]
            children = np.arange(*level.first_child[context : context + 2])
            places[level.word_at(children)] = self.levels[k].arrival[children]
        return places

    def backward_step(self, values, states=None, may_end=True):
        """Values one word earlier.

        Parameters
        ----------
        values : ndarray of shape (n_states, n_contexts), float64
        states : ndarray of int, default=None
            The states to give; None gives all.
        may_end : bool, default=True
            Whether a text that fulfils its conditions may end here.

        Returns
        -------
        ndarray of shape (len(states), n_contexts), float64
        """
        states = range(len(values)) if states is None else states
        ends = self.automaton.accepts & may_end
        return np.stack([self._mean(values, s, float(ends[s])) for s in states])

    def _mean(self, values, state, end):
        """The mean value after one more word, of one state and all contexts."""
        step = self.automaton.step[state]
        after = []
        for level in self.levels:
            after.append(values[step[0]][level.arrival])
            for word_class, rows in level.special:
                after[-1][rows] = values[step[word_class], level.arrival[rows]]
            after[-1][level.ends] = end
        return np.concatenate(self._sum(after)) / self.norm

    def _sum(self, values):
        """Sums over the next word, for the contexts of each length."""
        sums = []
        uniform = self.model.smoothing.lower_order == "uniform"
        for k, (level, value) in enumerate(zip(self.levels, values, strict=True)):
            total = level.over_children(level.p * value)
            if k == 0:
                below = level.over_children(value / len(self.model.events))
            else:
                shorter_value = values[k - 1][level.suffix]
                seen = level.over_children(level.shorter_p * shorter_value)
                rest = below[level.context_suffix] - seen
                # What is left of a difference of equals is not a chance.
                rest[rest < 1e-12 * seen] = 0
                total += level.backoff_weight * rest
                if uniform:
                    below = rest + level.over_children(level.shorter_p * value)
            if not uniform:
                below = total
            sums.append(total)
        return sums

    def settled(self):
        """Values where texts may be as long as they like.

        Returns
        -------
        ndarray of shape (n_states, n_contexts), float64

        Notes
        -----
        They fulfil ``values = backward_step(values)``, a sparse system of linear equations
        with one unknown for each state and context. States that can reach each other
        are solved together, those nearest to the end first.
        """
        values = np.zeros(self.shape)
        step = self.automaton.step
        leads_to = np.zeros((len(step), len(step)))
        np.put_along_axis(leads_to, step, 1, axis=1)
        _, component = connected_components(leads_to, connection="strong")
        for states in _last_first(component, step):
            self._settle(values, states)
        return values

    def _settle(self, values, states):
        """Solve for the values of some states, given those they lead on to."""
        reached = self._grow_until_all_reached(values, states)
        if self.automaton.is_settled(states):  # nothing owed: the text need only end
            values[states] = reached

        def one_word_earlier(flat):
            trial = values.copy()
            trial[states] = flat.reshape(len(states), -1)
            return (self.backward_step(trial, states) * reached).ravel()

        def matrices():
            return self.step_matrices(states, reached)

        solution = fixed_point(one_word_earlier, matrices, values[states].ravel())
        values[states] = solution.reshape(len(states), -1)

    def step_matrices(self, states, kept):
        """What `before` makes of some states' own values, as sparse matrices.

        Longer contexts take up what was found for shorter ones, which keeps both
        sparse: ``before = seen @ values + shorter @ before``. What smoothings hand on
        to all words alike is left out, as it would fill whole rows.

        Parameters
        ----------
        states : ndarray of int
        kept : ndarray of shape (len(states), n_contexts), bool
            Contexts whose values are looked for; the rows of the others are 0.

        Returns
        -------
        seen, shorter : csc_array of shape (kept.size, kept.size)
        """
        place_of = np.full(self.shape[0], -1)
        place_of[states] = np.arange(len(states)) * self.shape[1]
        seen, shorter = [], []

        def add(entries, row, column, entry):
            there = np.flatnonzero(column >= 0)
            row, column = row[there], column[there]
            entry = entry[there] / self.norm[row % self.shape[1]]
            entry *= kept.ravel()[row] & kept.ravel()[column]
            entries.append((entry, row, column))

        def matrix(entries):
            entry, row, column = map(np.concatenate, zip(*entries, strict=True))
            return coo_array((entry, (row, column)), shape=(kept.size,) * 2).tocsc()

        for state in states:
            for k, level in enumerate(self.levels):
                start = place_of[state] + self.offsets[k]
                word_class = self.word_class[self.model.counts.levels[k].word]
                onward = place_of[self.automaton.step[state][word_class]]
                onward[level.ends] = -1
                lost = onward < 0
                row = start + level.context
                add(seen, row, np.where(lost, -1, onward + level.arrival), level.p)
                if k == 0 or self.model.smoothing.lower_order == "uniform":
                    continue
                weight = level.backoff_weight[level.context] * level.shorter_p
                arrival = self.levels[k - 1].arrival[level.suffix]
                add(seen, row, np.where(lost, -1, onward + arrival), -weight)
                suffix = self.offsets[k - 1] + level.context_suffix
                weight = level.backoff_weight * self.norm[suffix]
                row = start + np.arange(level.n_contexts)
                add(shorter, row, place_of[state] + suffix, weight)
        nothing = np.zeros(0), *np.zeros((2, 0), dtype=np.int64)
        return matrix([nothing, *seen]), matrix([nothing, *shorter])

    def _grow_until_all_reached(self, values, states):
        """Step back from the end until every context that can reach it has."""
        reached = -1
        while (now := np.count_nonzero(values[states])) != reached:
            values[states] = self.backward_step(values, states)
            reached = now
        return values[states] > 0


class _Level:
    """The n-grams of one order, as a step from context to context.

    Attributes
    ----------
    n_contexts : int
        Number of rows of the level below.
    parents, first_child : ndarray of int
        The contexts that have n-grams here, and where these begin.
    context, suffix : ndarray of shape (n_ngrams,), int
        As in `Level`.
    ends : ndarray of int
        The n-grams that end a text.
    special : list of (int, ndarray of int)
        For each word that the automaton knows its column and the n-grams it ends.
    arrival : ndarray of shape (n_ngrams,), int
        Place of the longest context at the end of each n-gram.
    p, shorter_p : ndarray of shape (n_ngrams,), float64
        p(w | h), and what the distribution that h hands on to gives the word.
    backoff_weight : ndarray of shape (n_contexts,), float64
    context_suffix : ndarray of shape (n_contexts,), int
        Row of each context without its first word, two levels below.
    """

    def __init__(self, model, k, word_class, shorter_p, shorter_arrival, offset):
        level = model.counts.levels[k - 1]
        self.context, self.suffix = level.context, level.suffix
        self.n_contexts = len(level.first_child) - 1
        self.parents = np.flatnonzero(np.diff(level.first_child))
        self.first_child = level.first_child[self.parents]
        self.ends = np.flatnonzero(level.word == BOUNDARY)
        classes = word_class[level.word]
        self.special = [
            (j, np.flatnonzero(classes == j)) for j in range(1, word_class.max() + 1)
        ]
        rows = np.arange(len(level))
        self.arrival = np.where(
            model.counts.has_children(k, rows),
            offset + rows,
            shorter_arrival[self.suffix],
        )
        self.context_suffix = model.counts.levels[k - 2].suffix if k > 1 else None

        seen = self.parents
        self.backoff_weight = np.ones(self.n_contexts)
        self.backoff_weight[seen] = model.backoff_weight(k, seen)
        self.shorter_p = shorter_p[self.suffix]
        kept = model.discounted(k, self.context, rows)
        self.p = model.combine(kept, self.backoff_weight[self.context], self.shorter_p)
        if model.smoothing.lower_order == "uniform":
            self.shorter_p = np.full(len(level), 1 / len(model.events))
        if model.smoothing.lower_order == "none":
            self.backoff_weight[seen] = 0

    def over_children(self, values):
        """Sum over the n-grams of each context."""
        sums = np.zeros(self.n_contexts)
        sums[self.parents] = np.add.reduceat(values, self.first_child)
        return sums


def _levels(model, word_class):
    """The steps of all orders, lowest first."""
    shorter_p = np.full(1, 1 / len(model.events))
    shorter_arrival = np.zeros(1, dtype=np.int64)
    offset = 1  # the root has place 0
    for k in range(1, len(model.counts.levels) + 1):
        level = _Level(model, k, word_class, shorter_p, shorter_arrival, offset)
        yield level
        shorter_p, shorter_arrival = level.p, level.arrival
        offset += len(shorter_p)


def _last_first(component, step):
    """States grouped by component, each group after all that it leads on to."""
    groups = {c: np.flatnonzero(component == c) for c in np.unique(component)}
    done = []
    while groups:
        for c, states in groups.items():
            onward = set(component[step[states]].ravel()) - {c}
            if onward.isdisjoint(groups):
                done.append(groups.pop(c))
                break
    return done
