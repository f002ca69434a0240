"""All n-grams of a model with their probabilities, found without sorting what is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from ..counting import KeyTable, TokenStream, blocks, pack
from ..models import LanguageModel
from ._known_probabilities import KnownProbabilities

_BLOCK = 1 << 16
"""Positions that are scored together: few enough for the cache."""

_ASKED = 4
"""Tables are made once the words asked are as many as a quarter of the n-grams."""


class NGramTables:
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
    known : KnownProbabilities
        Those of the model.

    Notes
    -----
    The tables take 16 to 24 bytes an n-gram: a probability, and two to four places of
    a hash table. They do not refer to the model.
    """

    def __init__(self, model: LanguageModel) -> None:
        self.n = model.n
        self._counts = model.counts
        self._levels = model.counts.levels
        self._lower_order = model.smoothing.lower_order
        self._n_events = len(model.events)
        self._tables = [KeyTable(level.key) for level in self._levels[1:]]
        self.known = KnownProbabilities.of(model)
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
        self._put_in = [weights.is_blank for weights in model.weights]
        self._occurs = np.asarray(model.weights[0].count) > 0
        # An unknown word, −1, is the last one of these.
        unseen = self._backed_off(1, np.zeros(1, int), np.full(1, 1 / self._n_events))
        self._p[0] = np.append(self._p[0], unseen)

    def score(
        self, stream: TokenStream, track: Callable[..., Iterable] = iter
    ) -> tuple[NDArray, NDArray[np.bool_]]:
        """Score the words of texts and their ends.

        Parameters
        ----------
        stream : TokenStream
            Texts; −1 is an unknown word.
        track : callable, default=iter
            As `score_stream` takes it.

        Returns
        -------
        p : ndarray of shape (n_positions,), float64
            p(w | up to n − 1 words before it), 1 at opening boundaries.
        known : ndarray of shape (n_positions,), bool
            Whether these words were seen with a word after them; see `StreamScores`.
        """
        ids = self._counts.as_in_ngrams(stream.ids)
        p, known = np.empty(len(stream.ids)), np.empty(len(stream.ids), dtype=bool)
        opens = np.zeros(len(stream.ids), dtype=bool)
        opens[stream.starts] = True
        for around, part, before in track(list(self._parts(len(stream.ids)))):
            scores = self._score(ids[around], opens[around])
            p[part], known[part] = (values[before:] for values in scores)
        p[opens], known[opens] = 1, False
        return p, known

    def explain(
        self, stream: TokenStream, track: Callable[..., Iterable] = iter
    ) -> tuple[NDArray, NDArray, NDArray]:
        """Explain the words of texts and their ends; see `Origins`.

        Parameters
        ----------
        stream, track
            As `score` takes them.

        Returns
        -------
        p, order, weight : ndarray of shape (n_positions,)
            Without meaning at opening boundaries.
        """
        size = len(stream.ids)
        ids = self._counts.as_in_ngrams(stream.ids)
        p, own = np.empty((2, size))
        order = np.empty(size, dtype=np.int32)
        opens = np.zeros(size, dtype=bool)
        opens[stream.starts] = True
        for around, part, before in track(list(self._parts(size))):
            longest = (
                np.empty(around.stop - around.start, np.int32),
                np.empty(around.stop - around.start),
            )
            scores = self._score(ids[around], opens[around], longest)
            columns = scores[0], *longest
            p[part], order[part], own[part] = (values[before:] for values in columns)
        backs_off = p != own
        weight = np.divide(p, own, out=np.ones(size), where=backs_off)
        order[weight <= 0] = 0
        return p, order, weight

    def _parts(self, size):
        """Positions that are worked on together, with what stands before them."""
        for part in blocks(size, _BLOCK):
            # The n − 1 positions before are read again: there are the contexts.
            before = min(self.n - 1, part.start)
            yield slice(part.start - before, part.stop), part, before

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
            found = self._tables[k - 2].find(pack(context[asked], words[asked]))
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
        put_in = self._put_in[order - 1]
        if put_in is not None:
            here = np.flatnonzero(put_in.take(row))
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


def tables_of(model: LanguageModel, n_words: int) -> NGramTables | None:
    """The tables of a model, which it keeps, if enough was asked for them to pay.

    Parameters
    ----------
    model : LanguageModel
    n_words : int
        Words that are asked now.

    Returns
    -------
    NGramTables or None
    """
    if not model.is_precomputed:
        return None
    tables = model.computed.tables
    if isinstance(tables, int):  # as many words were asked before
        tables += n_words
        if tables * _ASKED > sum(map(len, model.counts.levels)):
            tables = NGramTables(model)
        model.computed.tables = tables
    return tables if isinstance(tables, NGramTables) else None
