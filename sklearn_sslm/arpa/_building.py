"""Construction of a backoff model from n-grams in any order."""

from typing import Any, NamedTuple

import numpy as np

from ..ngrams.counting import BOUNDARY, KeyTable, Level, first_children, pack
from ..ngrams.models import LanguageModel
from ._sums import Excess, find_excess


class StoredNGrams(NamedTuple):
    """The n-grams of one order k, in any order.

    Attributes
    ----------
    words : list of k ndarray of shape (n_ngrams,), int32
        The ids of the first, …, last words. 0 as a first word is the start of a text, as
        a last word its end. There is a unigram for each id; 0 is the end.
    p : ndarray of shape (n_ngrams,), float64
        p(last word | the words before).
    backoff : ndarray of shape (n_ngrams,), float64
        The backoff weight of each n-gram as a context; that of the unigram 0 is of the
        start of a text.
    """

    words: list
    p: np.ndarray
    backoff: np.ndarray

    def first(self, size):
        """The first `size` n-grams."""
        words = [word[:size] for word in self.words]
        return StoredNGrams(words, self.p[:size], self.backoff[:size])


class StoredNGramError(ValueError):
    """The n-grams are not those of a valid model.

    Attributes
    ----------
    order, row : int
        The invalid n-gram, in the arguments of `backoff_model`.
    """

    def __init__(self, order, row, message):
        super().__init__(message)
        self.order = order
        self.row = int(row)


class BackoffModel(NamedTuple):
    """A model of stored n-grams, and its contexts with probabilities that exceed 1.

    Attributes
    ----------
    language_model : LanguageModel
    direct, through_backoff : Excess or None
        Contexts after which the stored probabilities sum to more than 1, and contexts
        after which those of all words do, due to backoff weights.
    """

    language_model: LanguageModel
    direct: Excess | None
    through_backoff: Excess | None


def backoff_model(orders, p_unknown, unknown_id=-1, least_unknown=0.0):
    """Make a model of stored n-grams.

    The suffix of an n-gram may be missing, as after pruning; it is then added as a blank
    n-gram with the probability of backing off. So is the end of a text after contexts
    that have a backoff weight, but no children.

    Parameters
    ----------
    orders : list of StoredNGrams
        The n-grams of order 1, 2, …
    p_unknown : float
        The unigram probability of an unknown word.
    unknown_id : int, default=-1
        The id of unknown words in n-grams, the highest one; −1 if there is none.
    least_unknown : float, default=0
        Replaces `p_unknown` if this is 0.

    Returns
    -------
    BackoffModel

    Raises
    ------
    StoredNGramError
        If an n-gram occurs twice, if its context is missing, or if the probabilities
        after a context sum to much more than 1.

    Examples
    --------
    >>> import numpy as np
    >>> ids = np.arange(3, dtype=np.int32)
    >>> unigrams = StoredNGrams([ids], np.array([0.5, 0.3, 0.1]), np.array([0.2, 1, 1]))
    >>> one = np.ones(1)
    >>> bigram = StoredNGrams([ids[:1], ids[1:2]], 0.9 * one, one)  # 1 begins a text
    >>> model = backoff_model([unigrams, bigram], 0.1).language_model
    >>> model.discounted(2, np.array([0]), np.array([0])), model.backoff_weight(2, np.array([0]))
    (array([0.9]), array([0.2]))
    """
    sorted_ = _SortedOrders(orders)
    if not sorted_.suffixes_complete:
        orders = _with_suffixes(orders)
        sorted_ = _SortedOrders(orders)
    sizes = [len(stored.p) for stored in orders]
    if loose := sorted_.contexts_without_words():
        sorted_ = _SortedOrders(_with_suffixes(_append_each(orders, loose)))
    return sorted_.model(p_unknown, unknown_id, least_unknown, sizes)


class _SortedOrders:
    """Stored n-grams, sorted into levels.

    Attributes
    ----------
    levels : list of Level
    order : list of ndarray of int
        For each level, the index of the stored n-gram of each row.
    suffixes_complete : bool
        Whether no suffix of an n-gram is missing.
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
        """The contexts with a backoff weight, but without children.

        Returns
        -------
        list of (int, list of ndarray)
            Orders, and the words of blank n-grams to add as children.
        """
        found = []
        for k in range(1, len(self.levels)):
            stored, order = self.orders[k - 1], self.order[k - 1]
            loose = np.diff(self.levels[k].first_child) == 0
            loose &= stored.backoff[order] != 1
            if k > 1:  # n-grams that end a text are no contexts
                loose &= self.levels[k - 1].word != BOUNDARY
            row = order[loose]
            if len(row):
                end = np.full(len(row), BOUNDARY, dtype=np.int32)
                found.append((k + 1, [*(word[row] for word in stored.words), end]))
        return found

    def model(self, p_unknown, unknown_id, least_unknown, sizes):
        """The result of `backoff_model`; `sizes` are those without blank n-grams."""
        p, of_file, backoff_weight = [], [], [np.ones(1)]
        for k, (stored, order) in enumerate(
            zip(self.orders, self.order, strict=True), start=1
        ):
            p.append(stored.p[order])
            of_file.append(p[-1])
            missing = np.flatnonzero(np.isnan(p[-1]))
            if len(missing):
                of_file[-1] = np.nan_to_num(p[-1])
                self._add_blanks(k, p, backoff_weight[-1], missing)
            backoff_weight.append(stored.backoff[order])
        beside_words = 0 if unknown_id >= 0 else p_unknown
        excess = self._excess(p, of_file, backoff_weight, beside_words)
        p_unknown = p_unknown or least_unknown
        if unknown_id >= 0:
            p[0][unknown_id] = p_unknown
        n_levels = max(k for k, level in enumerate(self.levels, start=1) if len(level))
        levels = tuple(self.levels[:n_levels])
        p = [np.where(stored > 0, stored, -0.0) for stored in p[:n_levels]]
        n_outcomes = len(levels[0]) + (unknown_id < 0)
        backoff_weight[0] = np.array([p_unknown * n_outcomes])
        is_blank = [
            rows >= size if len(rows) > size else None
            for rows, size in zip(self.order[:n_levels], sizes, strict=False)
        ]
        language_model = LanguageModel.stored(
            len(self.orders), levels, p, backoff_weight[:n_levels], unknown_id, is_blank
        )
        return BackoffModel(language_model, *excess)

    def _add_blanks(self, k, p, backoff_weight, missing):
        """Set the probabilities of blank n-grams of order k to those of backing off."""
        level = self.levels[k - 1]
        with np.errstate(over="ignore", invalid="ignore"):
            weight = backoff_weight[level.context[missing]]
            p[-1][missing] = weight * p[-2][level.suffix[missing]]
        endless = ~np.isfinite(p[-1][missing])
        if endless.any():
            row = self.order[k - 1][missing[np.argmax(endless)]]
            message = "backoff weights make its probability larger than any number"
            raise StoredNGramError(k, row, message)

    def _excess(self, p, of_file, backoff_weight, p_unknown):
        """The contexts with probabilities that exceed 1, directly and by backing off."""
        direct, through_backoff = find_excess(
            self.levels, self.order, p, of_file, backoff_weight, p_unknown
        )
        if direct and not direct.is_a_little:
            message = (
                "the probabilities of all words after the same context add up to "
                f"{direct.total:.4g}, more than 1"
            )
            raise StoredNGramError(direct.order, direct.row, message)
        return direct, through_backoff


def _unigrams(n_ids):
    return Level(
        key=np.arange(n_ids, dtype=np.int64),
        count=np.ones(n_ids, dtype=np.int32),
        suffix=np.zeros(n_ids, dtype=np.int32),
        first_child=np.array([0, n_ids], dtype=np.int32),
    )


def _sorted_order(key):
    """`argsort`, without sorting if the keys are sorted."""
    if (key[1:] > key[:-1]).all():
        return np.arange(len(key))
    return np.argsort(key)


def _with_suffixes(orders):
    """Add missing suffixes of n-grams as blank ones, from the highest order down.

    Their probability is NaN for now.
    """
    orders = list(orders)
    for k in range(len(orders), 2, -1):
        needed = orders[k - 1].words[1:]
        new = _not_among(needed, orders[k - 2].words)
        orders[k - 2] = _append(orders[k - 2], [word[new] for word in needed])
    return orders


def _not_among(ngrams, others):
    """The indices of the distinct n-grams that are not among others."""
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
    """Append blank n-grams to stored ones."""
    size = len(words[0])
    return StoredNGrams(
        [np.concatenate(pair) for pair in zip(stored.words, words, strict=True)],
        np.append(stored.p, np.full(size, np.nan)),
        np.append(stored.backoff, np.ones(size)),
    )
