"""All n-grams of a model with their probabilities, found without sorting what is asked."""

from __future__ import annotations

import numpy as np

from ..counting import KeyTable, pack
from ..models import DistinctStatistics, LanguageModel
from ._block_scorer import BlockScorer
from ._known_probabilities import KnownProbabilities


class NGramTables(BlockScorer):
    """Hash tables of all n-grams, p(w | h) of each, and the backoff weights of contexts.

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
    tables : list of KeyTable
        Rows of the n-grams of order 2, 3 and so on.
    known : KnownProbabilities
        Those of the model.
    statistics : list of DistinctStatistics
        For each order those of its contexts; none where the model can learn nothing.

    Notes
    -----
    The tables take 18 to 27 bytes an n-gram: a probability, two to four places of a
    hash table, and where the statistics of a context are. They do not refer to the model.
    """

    def __init__(self, model: LanguageModel) -> None:
        self.n = model.n
        self.counts = model.counts
        self._levels = model.counts.levels
        self._lower_order = model.smoothing.lower_order
        self._n_events = len(model.events)
        self.tables = [KeyTable(level.key) for level in self._levels[1:]]
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
        p = self._p[0].take(ids)
        if longest is not None:
            seen = (ids >= 0) & self._occurs[ids]
            longest[0][:], longest[1][:] = seen, np.where(seen, p, 1 / self._n_events)
        known = np.zeros(len(ids), dtype=bool)
        if self.n == 1:
            known[:] = self._has_children[0][0]
        # Rows of the n-grams that end at each position, −1 where none is known.
        row = ids.astype(np.int64)
        context, own = row[:-1].copy(), row[1:]
        context[opens[1:]] = -1
        own[opens[1:]] = -1
        words = ids[1:]
        for k in range(2, len(self._levels) + 1):
            asked = np.flatnonzero((context >= 0) & (own >= 0))
            found = self.tables[k - 2].find(pack(context[asked], words[asked]))
            known[self._known_context(k, context, opens) + 1] = True
            longer = np.full(len(own), -1)
            longer[asked] = found
            if k > 2:  # the words that were found first are the longest n-grams
                end = np.flatnonzero((own >= 0) & (longer < 0))
                self._end(k - 1, end + 1, own[end], p, longest)
            passed = np.flatnonzero((context >= 0) & (longer < 0))
            p[1:][passed] = self._backed_off(k, context[passed], p[1:][passed])
            context = np.append(-1, longer[:-1])
            own = longer
        if len(self._levels) > 1:
            end = np.flatnonzero(own >= 0)
            self._end(len(self._levels), end + 1, own[end], p, longest)
        return p, known

    def _end(self, order, at, row, p, longest):
        """Write p(w | h) of n-grams to the positions at which they end."""
        p[at] = self._p[order - 1].take(row)
        if longest is not None:
            self._note_longest(order, at, row, longest)

    def _note_longest(self, order, at, row, longest):
        """Write n-grams into `longest`, of those that were put in their suffixes."""
        longest[0][at], longest[1][at] = order, self._p[order - 1].take(row)
        is_blank = self._is_blank[order - 1]
        if is_blank is not None:
            here = np.flatnonzero(is_blank.take(row))
            suffix = self._levels[order - 1].suffix[row[here]]
            self._note_longest(order - 1, at[here], suffix, longest)

    def _known_context(self, k, context, opens):
        """Positions before which all n − 1 words, or all there are, are a known context."""
        if k == self.n:
            at = np.flatnonzero(context >= 0)
        else:  # texts that open at 0 have their word number k − 1 at k − 1
            at = np.flatnonzero(opens) + (k - 2)
            at = at[at < len(context)]
            at = at[context[at] >= 0]
        return at[self._has_children[k - 1].take(context[at])]

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
