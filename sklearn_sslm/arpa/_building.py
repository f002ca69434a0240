"""N-grams in any order become the sorted levels of a backoff model."""

from typing import Any, NamedTuple

import numpy as np

from ..ngrams.counting import BOUNDARY, Level, first_children, pack
from ..ngrams.models import LanguageModel
from ..saving import HIGHEST_SUM
from ._key_table import KeyTable


class StoredNGrams(NamedTuple):
    """The n-grams of one order k, in any order.

    Attributes
    ----------
    words : list of k ndarray of shape (n_ngrams,), int32
        Ids of their first, …, last words. 0 is the start of a text where it comes
        first, and its end where it comes last. Of the unigrams there is one for each
        id, and 0 is the end.
    p : ndarray of shape (n_ngrams,), float64
        p(last word | the words before).
    backoff : ndarray of shape (n_ngrams,), float64
        Weight of the shorter context for what never followed the n-gram; that of the
        unigram 0 is of the start of a text.
    """

    words: list
    p: np.ndarray
    backoff: np.ndarray


class StoredNGramError(ValueError):
    """N-grams that do not make a model.

    Attributes
    ----------
    order, row : int
        Which n-gram is wrong, as `backoff_model` was given them.
    """

    def __init__(self, order, row, message):
        super().__init__(message)
        self.order = order
        self.row = int(row)


def backoff_model(orders, p_unknown):
    """Make a model of stored n-grams.

    An n-gram's last words may be missing from the next lower order, as they are after
    pruning; they are put in again with the probability that backing off gives them.

    Parameters
    ----------
    orders : list of StoredNGrams
        The n-grams of order 1, 2, …
    p_unknown : float
        Probability of an unknown word without context.

    Returns
    -------
    LanguageModel

    Raises
    ------
    StoredNGramError
        If an n-gram comes twice, its first words are missing from the next lower
        order, or the probabilities after a context add up to more than 1.

    Examples
    --------
    >>> import numpy as np
    >>> ids = np.arange(3, dtype=np.int32)
    >>> unigrams = StoredNGrams([ids], np.array([0.5, 0.3, 0.1]), np.array([0.2, 1, 1]))
    >>> one = np.ones(1)
    >>> bigram = StoredNGrams([ids[:1], ids[1:2]], 0.9 * one, one)  # 1 begins a text
    >>> model = backoff_model([unigrams, bigram], 0.1)
    >>> model.discounted(2, np.array([0]), np.array([0])), model.backoff_weight(2, np.array([0]))
    (array([0.9]), array([0.2]))
    """
    sorted_ = _SortedOrders(orders)
    loose = sorted_.contexts_without_words()
    if loose or not sorted_.suffixes_complete:
        orders = _with_suffixes(_append_each(orders, loose))
        sorted_ = _SortedOrders(orders)
    return sorted_.model(p_unknown)


class _SortedOrders:
    """Stored n-grams, sorted into levels.

    Attributes
    ----------
    levels : list of Level
    order : list of ndarray of int
        For each level which stored n-gram each row is.
    suffixes_complete : bool
        Whether the last k − 1 words of each n-gram were found.
    """

    def __init__(self, orders):
        self.orders = orders
        self.levels = [_unigrams(len(orders[0].p))]
        self.order = [np.arange(len(orders[0].p))]
        self.suffixes_complete = True
        tables: list[Any] = [None]  # the row of a unigram is its id
        for k in range(2, len(orders) + 1):
            self._add(k, tables)
            if k < len(orders):
                tables.append(KeyTable(self.levels[-1].key))

    def _add(self, k, tables):
        """Sort order k."""
        words = self.orders[k - 1].words
        context = words[0]
        for table, word in zip(tables[1:], words[1:-1], strict=True):
            context = table.find(pack(context, word))
        if len(context) and context.min() < 0:
            message = f"its first {k - 1} words are not among the {k - 1}-grams"
            raise StoredNGramError(k, np.argmin(context), message)
        key = pack(context, words[-1])
        order = _sorted_order(key)
        key, word = key[order], words[-1][order]
        twice = np.flatnonzero(key[1:] == key[:-1])
        if len(twice):
            both = order[twice[0] : twice[0] + 2]
            raise StoredNGramError(k, both.max(), "it comes twice")
        context = context[order]
        suffix = word
        if k > 2:
            below = self.levels[-1].suffix[context]
            suffix = tables[-1].find(pack(below, word))
            self.suffixes_complete &= suffix.min(initial=0) >= 0
        self.order.append(order)
        self.levels.append(
            Level(
                key=key,
                count=np.ones(len(key), dtype=np.int32),
                suffix=suffix,
                first_child=first_children(key, len(self.levels[-1])),
            )
        )

    def contexts_without_words(self):
        """Backoff weights of n-grams that nothing follows.

        Returns
        -------
        list of (int, list of ndarray)
            Orders, and n-grams of these orders to be put in so that something does.
        """
        found = []
        for k in range(1, len(self.levels)):
            stored, order = self.orders[k - 1], self.order[k - 1]
            loose = np.diff(self.levels[k].first_child) == 0
            loose &= stored.backoff[order] != 1
            if k > 1:  # what ends a text is no context
                loose &= self.levels[k - 1].word != BOUNDARY
            row = order[loose]
            if len(row):
                end = np.full(len(row), BOUNDARY, dtype=np.int32)
                found.append((k + 1, [*(word[row] for word in stored.words), end]))
        return found

    def model(self, p_unknown):
        """The model of these n-grams."""
        p, backoff_weight = [], [np.ones(1)]
        for k, (stored, order) in enumerate(
            zip(self.orders, self.order, strict=True), start=1
        ):
            p.append(stored.p[order])
            missing = np.flatnonzero(np.isnan(p[-1]))
            if len(missing):
                level = self.levels[k - 1]
                backoff = backoff_weight[-1][level.context[missing]]
                p[-1][missing] = backoff * p[-2][level.suffix[missing]]
            backoff_weight.append(stored.backoff[order])
        self._check_sums(p, p_unknown)
        n_levels = max(k for k, level in enumerate(self.levels, start=1) if len(level))
        levels = tuple(self.levels[:n_levels])
        p = [np.where(stored > 0, stored, -0.0) for stored in p[:n_levels]]
        backoff_weight[0] = np.array(
            [p_unknown * (len(levels[0]) + 1)]
        )  # of all outcomes
        return LanguageModel.stored(
            len(self.orders), levels, p, backoff_weight[:n_levels]
        )

    def _check_sums(self, p, p_unknown):
        for k, (level, order) in enumerate(
            zip(self.levels, self.order, strict=True), start=1
        ):
            parents = np.flatnonzero(np.diff(level.first_child))
            first = level.first_child[parents]
            sums = np.add.reduceat(p[k - 1], first) if len(first) else np.zeros(0)
            if k == 1:
                sums = sums + p_unknown
            wrong = np.flatnonzero(~(sums <= HIGHEST_SUM))
            if len(wrong):
                message = (
                    "the probabilities of all words after the same context add up to "
                    f"{sums[wrong[0]]:.4g}, more than 1"
                )
                raise StoredNGramError(k, order[first[wrong[0]]], message)


def _unigrams(n_ids):
    return Level(
        key=np.arange(n_ids, dtype=np.int64),
        count=np.ones(n_ids, dtype=np.int32),
        suffix=np.zeros(n_ids, dtype=np.int32),
        first_child=np.array([0, n_ids], dtype=np.int32),
    )


def _sorted_order(key):
    """As `argsort`, and at once where the keys are sorted already."""
    if (key[1:] > key[:-1]).all():
        return np.arange(len(key))
    return np.argsort(key)


def _with_suffixes(orders):
    """Put in the last k − 1 words of n-grams where they are missing, top order first.

    What is put in has no probability of its own: that is NaN.
    """
    orders = list(orders)
    for k in range(len(orders), 2, -1):
        needed = orders[k - 1].words[1:]
        new = _not_among(needed, orders[k - 2].words)
        orders[k - 2] = _append(orders[k - 2], [word[new] for word in needed])
    return orders


def _not_among(ngrams, others):
    """Places of n-grams that are not among others, each of them once."""
    both = [np.concatenate(pair) for pair in zip(ngrams, others, strict=True)]
    number = both[0]
    for word in both[1:]:
        number = np.unique(pack(number, word), return_inverse=True)[1]
    n_ngrams = len(ngrams[0])
    different, place = np.unique(number[:n_ngrams], return_index=True)
    return place[~np.isin(different, number[n_ngrams:])]


def _append_each(orders, added):
    orders = list(orders)
    for k, words in added:
        orders[k - 1] = _append(orders[k - 1], words)
    return orders


def _append(stored, words):
    """Stored n-grams and some more, of no probability of their own."""
    size = len(words[0])
    return StoredNGrams(
        [np.concatenate(pair) for pair in zip(stored.words, words, strict=True)],
        np.append(stored.p, np.full(size, np.nan)),
        np.append(stored.backoff, np.ones(size)),
    )
