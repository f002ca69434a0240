"""All n-grams of a model with their probabilities, found without sorting what is asked."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..counting import KeyTable, Level, pack
from ..models import LanguageModel
from ._block_scorer import BlockScorer
from ._known_probabilities import known_probabilities

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
    finders : list of NGramFinder
        For orders 2, 3 and so on.
    known : KnownProbabilities

    Notes
    -----
    Probabilities and tables take up to 12 bytes an n-gram: a probability, and for low
    orders two to four places of a hash table. Longer n-grams, which fewer positions ask
    for, are found among the few children of their contexts. The tables do not refer to the
    model.
    """

    def __init__(self, model: LanguageModel) -> None:
        self.n = model.n
        self.counts = model.counts
        self._levels = model.counts.levels
        self._lower_order = model.smoothing.lower_order
        self._n_events = len(model.events)
        self._leaves_out = max(model.min_count) > 1
        self.finders = [
            NGramFinder(level, k) for k, level in enumerate(self._levels[1:], start=2)
        ]
        self.known = known_probabilities(model)
        self._has_children, self._weight = self.known.has_children, self.known.weight
        self._is_blank = [weights.is_blank for weights in model.weights]
        self._occurs = np.asarray(model.weights[0].count) > 0
        # An unknown word, −1, is the last one of these.
        unseen = self._backed_off(1, np.zeros(1, int), np.full(1, 1 / self._n_events))
        self._p_of_words = np.append(self.known.p[0], unseen)

    @cached_property
    def can_explain(self) -> bool:  # type: ignore[override]
        """Whether all probabilities are products of weights and one that is not 0.

        They are not if a context backs off to the uniform distribution, or if n-grams are
        left out, as are those in messages. All probabilities are computed first.
        """
        looks_on = self._lower_order != "uniform"
        if self._leaves_out or self.counts.has_messages or not looks_on:
            return False
        self.known.compute_all()
        return all(p.all() for p in (self._p_of_words, *self.known.p))

    def _score(self, ids, opens, longest=None):
        """`score` for some positions, right from the n-th on.

        In `longest`, a pair of arrays, the order of the longest n-gram known that ends
        at each is written, and p(w | h) of that.

        "c" after "a b", where "b c" is known and "a b c" is not -> p(c | b) times the
        backoff weight of "a b"; `longest` gets 2 and p(c | b).
        """
        n_ids = len(self._p_of_words) - 1
        ids = np.where(ids < n_ids, ids, -1)
        p = np.append(self._p_of_words.take(ids), 0)  # one behind the end
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
            shorter = p.take(after)
            p[after] = self._backed_off(k, row, shorter)
            at = self._with_whole_contexts(k, after, opens)
            known[after[at]] = self._has_children[k - 1].take(row[at])
            asked = np.flatnonzero(end[1:] == after[:-1])
            if k == 2:
                asked = asked[~opens.take(after.take(asked))]
            contexts, end = row, after.take(asked)
            row = find(contexts.take(asked), ids.take(end))
            found = np.flatnonzero(row >= 0)
            asked, end, row = asked.take(found), end.take(found), row.take(found)
            p[end] = self.known.take(k, row, contexts, shorter, asked)
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
        longest[0][at], longest[1][at] = order, self.known.p[order - 1].take(row)
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


class NGramFinder:
    """Finds n-grams of one order, given their contexts and last words, in any order.

    A hash table is made of orders up to the third: of the second at once, of the third
    when as many n-grams were asked for as there are, as its contexts have few children.

    Parameters
    ----------
    level : Level
    order : int
    """

    def __init__(self, level: Level, order: int) -> None:
        self._level = level
        self._order = order
        self._n_asked = 0
        self._table = KeyTable(level.key) if order == 2 else None

    def __call__(self, context: NDArray, word: NDArray) -> NDArray[Any]:
        """The rows of n-grams, −1 where there is none."""
        if self._table is None:
            self._n_asked += len(word)
            if self._order > _HASHED or self._n_asked <= len(self._level):
                return self._level.find_among_children(context, word)
            self._table = KeyTable(self._level.key)
        return self._table.find(pack(context, word))
