"""All n-grams of a model with their probabilities, found without sorting what is asked."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ..counting import KeyTable, Level, pack
from ..models import DistinctStatistics, LanguageModel
from ._block_scorer import BlockScorer
from ._known_probabilities import KnownProbabilities

_HASHED = 3
"""The highest order with a hash table; longer contexts have one or two children."""


class NGramTables(BlockScorer):
    """p(w | h) of all n-grams, the backoff weights of contexts, and tables to find them.

    An n-gram of order k can only be known where those of order k − 1 are that end at the
    same position and at the one before. So fewer and fewer positions are looked up, and
    the probability of the longest n-gram found is all that is needed of it: words that
    contexts did not see get it, times the backoff weights of these contexts.

    Parameters
    ----------
    model : LanguageModel
        One in memory whose weights are computed.

    Attributes
    ----------
    finders : list of callable
        For orders 2, 3 and so on, gives rows of n-grams, −1 where there is none.
    known : KnownProbabilities
        Those of the model.
    statistics : list of DistinctStatistics
        For each order those of its contexts; none where the model can learn nothing.

    Notes
    -----
    They take 12 bytes an n-gram: a probability, where the statistics of a context are,
    and for low orders two to four places of a hash table. Longer n-grams, which fewer
    positions ask for, are found among the few children of their contexts. The tables do
    not refer to the model.
    """

    def __init__(self, model: LanguageModel) -> None:
        self.n = model.n
        self.counts = model.counts
        self._levels = model.counts.levels
        self._lower_order = model.smoothing.lower_order
        self._n_events = len(model.events)
        self.finders = [
            _finder(k, level) for k, level in enumerate(self._levels[1:], start=2)
        ]
        self.known = KnownProbabilities.of(model)
        can_learn = model.knows_all_counts and max(model.min_count) == 1
        learning = model.weights if can_learn else []
        self.statistics = [DistinctStatistics.of(weights.table) for weights in learning]
        self._p = list(self.known.p)
        self._has_children = self.known.has_children
        self._weight = [
            np.where(has, weight, 1) if (weight[~has] != 1).any() else weight
            for weight, has in zip(self.known.weight, self._has_children, strict=True)
        ]
        # Backoff weights are factors of the probability, unless a context backs off to
        # the uniform distribution, a probability is 0, or n-grams are left out.
        is_plain = max(model.min_count) == 1 and self._lower_order != "uniform"
        is_plain &= not model.counts.has_messages  # whose n-grams were not all seen
        self.can_explain = is_plain and all(p.all() for p in self._p)
        self._is_blank = [weights.is_blank for weights in model.weights]
        self._occurs = np.asarray(model.weights[0].count) > 0
        # An unknown word, −1, is the last one of these.
        unseen = self._backed_off(1, np.zeros(1, int), np.full(1, 1 / self._n_events))
        self._p[0] = np.append(self._p[0], unseen)

    def _score(self, ids, opens, longest=None):
        """`score` for some positions, right from the n-th on.

        In `longest`, a pair of arrays, the order of the longest n-gram known that ends
        at each is written, and p(w | h) of that.

        "c" after "a b", where "b c" is known and "a b c" is not -> p(c | b) times the
        backoff weight of "a b"; `longest` gets 2 and p(c | b).
        """
        n_ids = len(self._p[0]) - 1
        ids = np.where(ids < n_ids, ids, -1)
        p = np.append(self._p[0].take(ids), 0)  # one behind the end
        if longest is not None:
            seen = (ids >= 0) & self._occurs[ids]
            longest[0][:] = seen
            longest[1][:] = np.where(seen, p[:-1], 1 / self._n_events)
        known = np.full(len(p), self.n == 1 and self._has_children[0][0])
        # Positions at which n-grams of k − 1 words end, and their rows.
        end = np.flatnonzero(ids >= 0)
        row = ids.take(end)
        for k, find in enumerate(self.finders, start=2):
            after = end + 1  # whose contexts they are
            p[after] = self._backed_off(k, row, p.take(after))
            at = self._with_whole_contexts(k, after, opens)
            known[after[at]] = self._has_children[k - 1].take(row[at])
            asked = np.flatnonzero(end[1:] == after[:-1])
            if k == 2:
                asked = asked[~opens.take(after.take(asked))]
            context, end = row.take(asked), after.take(asked)
            row = find(context, ids.take(end))
            found = np.flatnonzero(row >= 0)
            end, row = end.take(found), row.take(found)
            p[end] = self._p[k - 1].take(row)
            if longest is not None:
                self._note_longest(k, end, row, longest)
        return p[:-1], known[:-1]

    def _with_whole_contexts(self, k, after, opens):
        """Of positions after k − 1 words, those before which are no more, or n − 1."""
        if k == self.n:
            return slice(None)
        # Texts that open at 0 have their word number k − 1 at k − 1.
        return np.flatnonzero(opens.take(after - (k - 1)))

    def _note_longest(self, order, at, row, longest):
        """Write n-grams into `longest`, of those that were put in their suffixes."""
        longest[0][at], longest[1][at] = order, self._p[order - 1].take(row)
        is_blank = self._is_blank[order - 1]
        if is_blank is not None:
            here = np.flatnonzero(is_blank.take(row))
            suffix = self._levels[order - 1].suffix[row[here]]
            self._note_longest(order - 1, at[here], suffix, longest)

    def _backed_off(self, k, context, p):
        """p(w | h) of words that contexts of k − 1 words did not see, given p(w | h')."""
        match self._lower_order:
            case "none":
                return np.where(self._has_children[k - 1].take(context), 0, p)
            case "uniform":
                uniform = self._weight[k - 1].take(context) / self._n_events
                return np.where(self._has_children[k - 1].take(context), uniform, p)
            case _:
                return self._weight[k - 1].take(context) * p


def _finder(k: int, level: Level) -> Callable[[NDArray, NDArray], NDArray]:
    """A function that finds n-grams of order k, given their contexts and last words."""
    if k > _HASHED:
        return level.find_among_children
    table = KeyTable(level.key)
    return lambda context, word: table.find(pack(context, word))
