"""Leave-one-out probabilities of the texts that a model was fitted to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from ..counting import BOUNDARY, NeverLearnedError, TokenStream
from ..models import ContextStatistics, LanguageModel
from ..scoring import TokenSurprises
from ._by_class import entries_at, rows_of, with_whole_row
from ._class_counts import index_by_class
from ._class_model import NEVER, Counted, combine


def leave_one_out(model: LanguageModel, stream: TokenStream) -> TokenSurprises:
    """Score each text by the model without this text.

    The counts of the text are subtracted, as forgetting it would do: from the counts of
    its n-grams and of their contexts, from continuation counts and counts of counts.
    Words that no other text has are unknown, unless the vocabulary is closed. All texts
    are scored at once, given the counts of their n-grams by text. This is the
    leaving-one-out of Ney, Essen & Kneser [1]_, of texts rather than tokens.

    Parameters
    ----------
    model : LanguageModel
        With all counts: no n-gram was pruned.
    stream : TokenStream
        Texts that the model was fitted to. Of a text with copies, one is left out.

    Returns
    -------
    TokenSurprises
        Of each word of the texts.

    Raises
    ------
    NeverLearnedError
        If the model was not fitted to an n-gram of the texts.

    References
    ----------
    .. [1] H. Ney, U. Essen and R. Kneser, "On the Estimation of 'Small' Probabilities
       by Leaving-One-Out", IEEE Transactions on Pattern Analysis and Machine
       Intelligence 17 (12), 1995.

    Examples
    --------
    >>> from sklearn_sslm.ngrams import Events, NGramCounts
    >>> from sklearn_sslm.smoothing import WittenBell
    >>> stream = TokenStream.from_texts(np.array([1, 1, 2]), np.array([1, 2]))
    >>> counts = NGramCounts.from_stream(stream, 1, n_ids=3)
    >>> model = LanguageModel.of_counts(counts, WittenBell(), Events(2))
    >>> left_out = np.exp(leave_one_out(model, stream).log_proba)
    >>> left_out[-3:].round(3)  # of "1 2" after "1": 1/4 + 1/2 · 1/3, 1/2 · 1/3, 1/4 + …
    array([0.417, 0.167, 0.417])
    """
    model = model.precomputed()
    ids = model.counts.as_in_ngrams(stream.ids)
    stream = TokenStream(ids, stream.lengths)  # one copy of each
    n_texts = len(stream.lengths)
    texts = np.arange(n_texts)
    text_at = np.repeat(texts, stream.lengths)
    size = len(stream.ids)
    scores = TokenSurprises(*np.zeros((2, size)), *np.zeros((2, size), dtype=bool))
    positions = np.delete(np.arange(size), stream.starts)  # of all predicted tokens
    orders: list[_Order] = []
    places = []  # for each order, positions and the rows of the n-grams that start there
    for level, own, windows in index_by_class(
        stream, texts, n_texts, model.n, model.counts.n_ids
    ):
        k = windows.k
        orders.append(_Order.of(model, k, level, own, orders))
        starts = stream.starts[stream.lengths >= k]
        if k == model.n:
            starts = np.flatnonzero(stream.room(k) >= k)
        if k == 1:
            starts = positions
        places.append((starts, windows.row_at()[starts].copy()))
    left_out = _LeftOut(model, orders, n_texts)
    shorter = 1 / left_out.n_events
    with np.errstate(divide="ignore"):
        for k, (order, (starts, rows)) in enumerate(
            zip(orders, places, strict=True), 1
        ):
            shorter = left_out.p(k, shorter)
            entry = entries_at(order.own, rows, text_at[starts])
            scores.log_proba[starts + (k - 1)] = np.log(shorter[entry])
            scores.is_unseen[starts + (k - 1)] = order.vanishes[entry]
            if k == 1:
                scores.log_prior[:] = scores.log_proba
                scores.is_unknown[:] = left_out.are_unknown(ids, scores.is_unseen)
    return scores


@dataclass(frozen=True)
class _Order:
    """The n-grams of one order in the texts, and their counts in the model.

    An entry is an n-gram in a text that has it.

    Attributes
    ----------
    level : Level
        The n-grams of the texts.
    row : ndarray of shape (n_ngrams,), int
        The row of each n-gram in the model.
    own : csr_array of shape (n_ngrams, n_texts), int32
        The count of each n-gram in each text.
    contexts : csr_array of shape (n_contexts, n_texts)
        The contexts in each text: `own` of the order below, with the start of texts.
    context, suffix : ndarray of shape (n_entries,), int
        The index of the entry of the context in `contexts`, and of the suffix in `own` of
        the order below.
    count, adjusted : ndarray of shape (n_entries,), int
        Count and adjusted count of the n-gram in the model.
    """

    level: Any
    row: np.ndarray
    own: Any
    contexts: Any
    context: np.ndarray
    suffix: np.ndarray
    count: np.ndarray
    adjusted: np.ndarray

    @classmethod
    def of(cls, model, k, level, own, below):
        """The n-grams of order k, given those of the lower orders."""
        entry, text = rows_of(own), own.indices
        if k == 1:
            row = np.arange(len(level))
            contexts = csr_array(np.ones((1, own.shape[1]), dtype=np.int32))
            context = suffix = text
        else:
            lower = below[-1]
            if k > len(model.counts.levels):
                raise NeverLearnedError
            known = model.counts.levels[k - 1]
            row = known.find(lower.row[level.context], level.word)
            contexts = lower.own
            if k == 2:  # texts that were cut off have a start, but no end
                contexts = with_whole_row(contexts, BOUNDARY)
            context = entries_at(contexts, level.context[entry], text)
            suffix = entries_at(lower.own, level.suffix[entry], text)
        if (row < 0).any():
            raise NeverLearnedError
        count = model.counts.levels[k - 1].count[row[entry]]
        if (count < own.data).any():
            raise NeverLearnedError
        adjusted = np.asarray(model.adjusted[k - 1])[row[entry]]
        return cls(level, row, own, contexts, context, suffix, count, adjusted)

    @property
    def vanishes(self):
        """For each entry, whether the n-gram occurs in no other text."""
        return self.count == self.own.data


class _LeftOut:
    """The models without one text each.

    Parameters
    ----------
    model : LanguageModel
        The model of all texts.
    orders : list of _Order
    n_texts : int

    Attributes
    ----------
    n_events : ndarray of shape (n_texts,), int64
        Number of events of each model: its words, the end, and the unknown word.
    """

    def __init__(self, model, orders, n_texts):
        self.model = model
        self.orders = orders
        self.n_texts = n_texts
        words, self.is_closed = orders[0], model.events.unknown_id >= 0
        gone = words.vanishes & (rows_of(words.own) != BOUNDARY) & (not self.is_closed)
        gone = np.bincount(words.own.indices[gone], minlength=n_texts)
        self.n_events = len(model.events) - gone

    def are_unknown(self, ids, are_unseen):
        """Whether words are unknown, given their ids and whether no other text has them."""
        if self.is_closed:
            return ids == self.model.events.unknown_id
        return are_unseen & (ids != BOUNDARY)

    @cached_property
    def adjusted(self):
        """For each order, the adjusted count of each entry without its text."""
        adjusted = [order.adjusted - order.own.data for order in self.orders]
        if self.model.smoothing.continuation_counts:
            for k, above in enumerate(self.orders[1 : self.model.n], start=1):
                order = self.orders[k - 1]
                gone = np.bincount(
                    above.suffix[above.vanishes], minlength=order.own.nnz
                )
                opening = order.own.indptr[_opening(self.orders, k)]
                adjusted[k - 1][opening:] = (order.adjusted - gone)[opening:]
        return adjusted

    def p(self, k, shorter):
        """p(w | h) of each entry h w of order k, given those of order k − 1."""
        order, count = self.orders[k - 1], self.adjusted[k - 1]
        text, context_text = order.own.indices, order.contexts.indices
        counted = self._counted(k)
        discounted = np.zeros(len(count))
        backoff = np.full(len(context_text), NEVER)
        seen = counted.total > 0
        asked = seen[order.context]
        for discounts, of_text in self._discounts(k):
            some = np.flatnonzero(asked & of_text[text])
            given = self._statistics(
                counted, order.context[some], discounts, text[some]
            )
            discounted[some] = self.model.smoothing.discounted(count[some], given)
            some = np.flatnonzero(seen & of_text[context_text])
            given = self._statistics(counted, some, discounts, context_text[some])
            backoff[some] = self.model.smoothing.backoff_weight(given)
        return combine(
            self.model.smoothing.lower_order,
            discounted,
            backoff[order.context],
            shorter[order.suffix],
            self.n_events[text],
        )

    def _counted(self, k):
        """The statistics of each context without the text, by entry of `contexts`."""
        order, after = self.orders[k - 1], self.adjusted[k - 1]
        below = np.zeros(1, dtype=np.int64) if k == 1 else self.orders[k - 2].row
        row = below[rows_of(order.contexts)]
        known = self.model.weights[k - 1].statistics(row)
        before = order.adjusted

        def change(measure):
            by = measure(after).astype(np.int64) - measure(before)
            return np.bincount(order.context, by, len(row)).astype(np.int64)

        return Counted(
            known.total + change(lambda count: count),
            known.types + change(lambda count: count > 0),
            known.ones + change(lambda count: count == 1),
            known.twos + change(lambda count: count == 2),
        )

    def _statistics(self, counted, context, discounts, text):
        return ContextStatistics(counted, context, discounts, self.n_events[text])

    def _discounts(self, k):
        """Yield different discounts of order k, with a mask of the texts they apply to."""
        order, after = self.orders[k - 1], self.adjusted[k - 1]
        text = order.own.indices
        table = np.tile(self.model.counts_of_counts[k - 1], (self.n_texts, 1))
        for times in range(1, 5):
            for count, sign in ((order.adjusted, -1), (after, 1)):
                some = text[count == times]
                table[:, times] += sign * np.bincount(some, minlength=self.n_texts)
        if (
            k == 1
        ):  # words that no text has are no events, unless the vocabulary is closed
            kept = (after == 0) & ((rows_of(order.own) == BOUNDARY) | self.is_closed)
            table[:, 0] += np.bincount(text[kept], minlength=self.n_texts)
        different, which = np.unique(table, axis=0, return_inverse=True)
        discounts = [
            self.model.smoothing.estimate_discounts(k, row) for row in different
        ]
        if discounts[0] is None:
            yield None, np.ones(self.n_texts, dtype=bool)
            return
        for number, of_texts in enumerate(discounts):
            yield of_texts, which.ravel() == number


def _opening(orders, k):
    """Number of n-grams of order k that start a text, as in `NGramCounts.opening`."""
    end = 0 if k == 1 else 1
    for order in orders[1:k]:
        end = int(order.level.first_child[end])
    return end
