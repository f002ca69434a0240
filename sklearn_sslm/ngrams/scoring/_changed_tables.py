"""The tables of a model that learned or forgot texts since they were made."""

from __future__ import annotations

import numpy as np

from ..counting import KeyTable, pack
from ..models import ContextStatistics, OnlineModel
from ._block_scorer import BlockScorer
from ._changed_ngrams import ChangedNGrams
from ._ngram_tables import NGramTables


class ChangedTables(BlockScorer):
    """The tables of a model as it was sorted, and its n-grams that changed since.

    What is learned changes discounts, and with them all probabilities. Here these are
    computed from counts, one order after the other, where they are asked for.

    Parameters
    ----------
    tables : NGramTables
        Those of ``model.base``.
    model : OnlineModel
    """

    can_explain = False

    def __init__(self, tables: NGramTables, model: OnlineModel) -> None:
        self.n = model.n
        self.counts = model.counts
        self._combine = model.combine
        # Of all words, an unknown one, −1, last: probabilities, and numbers.
        words = np.append(np.arange(model.n_ids), -1)
        uniform = np.full(len(words), 1 / len(model.events))
        self._p = model.probabilities(1, np.zeros_like(words), words, uniform)
        contexts = ChangedNGrams(model.levels[0])
        changed = contexts.row < model.n_ids
        words[contexts.row[changed]] = contexts.number[changed]
        self._number = words
        self._longer = []
        for columns in zip(
            model.weights[1:],
            model.base.adjusted[1:],
            tables.finders,
            [weights.distinct for weights in model.base.weights[1:]],
            strict=True,
        ):
            order = _ChangedOrder(*columns, contexts)
            self._longer.append(order)
            contexts = order.ngrams

    def _score(self, ids, opens, longest=None):
        """See `BlockScorer`.

        "c" after "a b", where "b c" is known and "a b c" is not -> p(c), then p(c | b)
        from that, then p(c | b) times the backoff weight of "a b".
        """
        words = np.where(ids < len(self._p) - 1, ids, -1)
        p = np.append(self._p.take(words), 0)  # one behind the end
        known = np.full(len(p), self.n == 1)
        # Positions at which n-grams of k − 1 words end, and their numbers.
        end = np.flatnonzero(words >= 0)
        number = self._number.take(words.take(end))
        for k, order in enumerate(self._longer, start=2):
            after = end + 1  # whose contexts they are
            asked = np.flatnonzero(end[1:] == after[:-1])
            if k == 2:
                asked = asked[~opens.take(after.take(asked))]
            end = after.take(asked)
            context, own = number.take(asked), number.take(asked + 1)
            longer = order.find(context, own, words.take(end))
            found = np.flatnonzero(longer >= 0)
            place = order.place_of(number)
            end, number, asked = end.take(found), longer.take(found), asked.take(found)
            discounted = np.zeros(len(after))
            discounted[asked] = order.discounted(number, place.take(asked))
            shorter = p.take(after)
            weight = order.backoff_weight.take(place)
            p_longer = self._combine(discounted, weight, shorter)
            followed = place > 0
            p[after] = np.where(followed, p_longer, shorter)
            if k < self.n:  # texts that open at 0 have their word number k − 1 at k − 1
                first = np.flatnonzero(opens.take(after - (k - 1)))
                after, followed = after.take(first), followed.take(first)
            known[after] = followed
        return p[:-1], known[:-1]


class _ChangedOrder:
    """The n-grams of one order, as they were sorted and as they are now.

    Parameters
    ----------
    weights : SmoothedWeights
        As they are now.
    count : ndarray of shape (n_sorted,), int
        The counts, as they were, that the smoothing works on.
    find : callable
        Gives rows of those that were sorted.
    statistics : DistinctStatistics
        Of the contexts as they were.
    contexts : ChangedNGrams

    Attributes
    ----------
    ngrams : ChangedNGrams
    backoff_weight : ndarray of shape (n_distinct,), float64
        Of contexts, by the place of their statistics.
    """

    def __init__(self, weights, count, find, statistics, contexts):
        level = weights.ngrams
        self.ngrams, self._contexts = ChangedNGrams(level), contexts
        self._find, row = find, self.ngrams.row
        self._changed_table = KeyTable(pack(level.context_at(row), level.word_at(row)))
        self._count, self._changed_count = count, weights.count[row]
        now = _statistics_now(level, statistics, contexts.row)
        self._statistics = statistics.with_more(now)
        place = np.arange(len(statistics.total), len(self._statistics.total))
        self._changed_place = np.where(now[0] > 0, place, 0)
        self._smoothing = weights.smoothing
        self._given = weights.discounts, weights.n_events
        seen = np.flatnonzero(self._statistics.total)
        self.backoff_weight = np.ones(len(self._statistics.total))
        self.backoff_weight[seen] = self._smoothing.backoff_weight(
            ContextStatistics(self._statistics, seen, *self._given)
        )

    def find(self, context, own, word):
        """The n-grams of which some others are the first words, and the last ones.

        The words in an n-gram that changed make n-grams that changed. So it is looked for
        among these only if both shorter ones are.

        Parameters
        ----------
        context, own : ndarray of int64
            Numbers of the first words, and of the last ones.
        word : ndarray of int
            The very last one.

        Returns
        -------
        ndarray of int64
            Numbers, −1 where an n-gram is not known. One that was forgotten has its
            number, and a count of 0.
        """
        are_changed = self._contexts.are_changed
        row = self._contexts.overlaid(context.copy(), context, self._contexts.row)
        number = np.full(len(row), -1)
        asked = np.flatnonzero(are_changed(context) & are_changed(own))
        key = pack(row.take(asked), word.take(asked))
        place = self._changed_table.find(key)
        found = np.flatnonzero(place >= 0)
        number[asked.take(found)] = self.ngrams.number.take(place.take(found))
        asked = np.flatnonzero(number < 0)
        number[asked] = self._find(row.take(asked), word.take(asked))
        return number

    def place_of(self, context):
        """Where the statistics of some contexts are; 0 if no word follows these."""
        place = self._statistics.place.take(context, mode="clip")
        return self._contexts.overlaid(place, context, self._changed_place)

    def discounted(self, number, place):
        """Discounted probabilities of n-grams, given where statistics of contexts are."""
        count = self._count.take(number, mode="clip").astype(np.int64)
        count = self.ngrams.overlaid(count, number, self._changed_count)
        statistics = ContextStatistics(self._statistics, place, *self._given)
        return self._smoothing.discounted(count, statistics)


def _statistics_now(level, statistics, contexts):
    """Total, types, ones and twos of the contexts that may have changed."""
    is_new = contexts >= len(statistics.place)
    before = statistics.place.take(contexts, mode="clip")
    now = np.array([np.where(is_new, 0, column[before]) for column in statistics[1:]])
    changed, values = level.changed_statistics()
    now[:, contexts.searchsorted(changed)] = values
    return now
