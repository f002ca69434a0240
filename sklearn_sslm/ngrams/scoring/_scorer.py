"""A scorer of single words, with Python numbers and caches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from ..counting import BOUNDARY, NGramCounts
from ..models import LanguageModel
from ._known_probabilities import KnownProbabilities
from ._probability_cache import WeightCache, probability_caches

_FEW = 160
"""Up to so many tokens are scored one by one."""

_MAX_STEPS = 1 << 16
"""Limit of the number of cached steps, each a word after a context."""


def are_few(stream):
    """Whether texts are scored one by one faster than by sorting their n-grams."""
    return len(stream.ids) <= _FEW


class Scorer:
    """Scores single words after contexts, with Python numbers.

    A context is a pair (length, row): the longest suffix of the words so far that has
    children. All predictions depend on the words so far only through their context.

    Parameters
    ----------
    model : LanguageModel

    Attributes
    ----------
    start, empty : tuple of (int, int)
        The context at the start of a text, and the empty context.
    known : KnownProbabilities or None
        Probabilities of n-grams that it reads.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_sslm.ngrams import Events, LanguageModel, NGramCounts, TokenStream
    >>> from sklearn_sslm.smoothing import WittenBell
    >>> texts = np.array([1, 2, 1, 3]), np.array([2, 2])
    >>> counts = NGramCounts.from_stream(TokenStream.from_texts(*texts), 2, 4)
    >>> scorer = Scorer(LanguageModel.of_counts(counts, WittenBell(), Events(3)))
    >>> p, context = scorer.score(scorer.start, 1)  # "a", the first word of both texts
    >>> round(p, 2), round(scorer.score(context, 2)[0], 2)  # then "b"
    (0.76, 0.34)
    """

    known: KnownProbabilities | None = None

    def __init__(self, model: LanguageModel) -> None:
        self.model = model
        self.start = (0, 0)
        if len(model.counts.levels) > 1:
            self.start = model.counts.back_off(1, BOUNDARY)
        self.empty = (0, 0)
        self._levels = model.counts.levels
        self._has_messages = model.counts.has_messages
        self._n_events = len(model.events)
        self._uniform = 1 / self._n_events
        self._unknown_id = model.counts.unknown_id
        self._lower_order = model.smoothing.lower_order
        self._looks_once = self._lower_order == "uniform"
        look_ups = [level.look_ups() for level in self._levels]
        self._find, has_child, self._suffix = zip(*look_ups, strict=True)
        self._has_child = (*has_child, _never)  # the highest order has no children
        self._weight = self._look_ups_of_weights()
        self._caches = probability_caches(model, self._suffix, self._weight)
        self._steps: dict[tuple, tuple] = {}  # results of `score` by its arguments

    def __reduce__(self):
        return type(self), (self.model,)

    def score(
        self, context: tuple[int, int], word: int
    ) -> tuple[float, tuple[int, int]]:
        """Score a word.

        Parameters
        ----------
        context : tuple of (int, int)
            `start`, `empty`, or the context returned for the word before.
        word : int
            The id of the word; 0 is the end of the text, −1 an unknown word.

        Returns
        -------
        p : float
            p(word | context).
        context : tuple of (int, int)
            The context after the word.
        """
        if word < 0:
            word = self._unknown_id
        length, row = context
        find, weight, suffix = self._find, self._weight, self._suffix
        weights = []  # of contexts without the word among their children, longest first
        while (child := find[length](row, word)) < 0:
            weights.append(weight[length](row))
            if not length:
                break
            length -= 1
            row = suffix[length](row)
        if child < 0:
            p, context = self._uniform, (0, 0)
        else:
            cache = self._caches[length]
            cached = cache.get(child)
            p = cache.compute(row, child) if cached is None else cached
            order, has_child = length + 1, self._has_child
            while order and not has_child[order](child):
                order -= 1
                child = suffix[order](child)
            context = order, child
        if self._looks_once and weights:
            p = weights[0] / self._n_events
        else:
            for backoff_weight in reversed(weights):
                p = backoff_weight * p
        return p, context

    def score_text(
        self, words: Iterable[int], given: Sequence[int] = (BOUNDARY,)
    ) -> tuple[list[float], list[int]]:
        """Score the words of a text, and its end.

        Parameters
        ----------
        words : iterable of int
            Ids; −1 is an unknown word, 0 the end of the text.
        given : sequence of int, default=(BOUNDARY,)
            The ids before: the opening boundary, or a message between boundaries.

        Returns
        -------
        p : list of float
            The probability of each word.
        length : list of int
            The length of the context of each word.
        """
        score, steps, context = self.score, self._steps, self.given(given)
        scores, lengths = [], []
        if len(steps) > _MAX_STEPS:
            steps.clear()
        for word in words:
            key = context, word
            step = steps.get(key)
            if step is None:
                steps[key] = step = score(context, word)
            lengths.append(context[0])
            p, context = step
            scores.append(p)
        return scores, lengths

    def explain_text(
        self, words: Iterable[int], given: Sequence[int] = (BOUNDARY,)
    ) -> list[tuple[float, int, int, int, float]]:
        """Explain the words of a text, and its end.

        Parameters
        ----------
        words, given
            As of `score_text`.

        Returns
        -------
        list of (float, int, int, int, float)
            The fields of an `Explanation` of each word.
        """
        context, explained = self.given(given), []
        for word in words:
            origin = self.origin(context, word)
            p, after = self.score(context, word)
            explained.append((p, context[0], *origin))
            context = after
        return explained

    def origin(self, context: tuple[int, int], word: int) -> tuple[int, int, float]:
        """Explain the probability of a word.

        Parameters
        ----------
        context, word
            As of `score`.

        Returns
        -------
        seen, order : int
        weight : float
            The fields of an `Explanation`.
        """
        if word < 0:
            word = self._unknown_id
        length, row = context
        slopes: list[float] = []
        order = None
        while True:
            child = self._find[length](row, word) if word >= 0 else -1
            if child >= 0 and self._is_seen(length, child):
                seen = length + 1
                break
            if order is None:
                weight = self._weight[length](row)
                slopes.append(weight)
                if weight <= 0 or self._lower_order == "uniform":
                    order = 0
            if length == 0:
                seen = 0
                break
            row = self._suffix[length - 1](row)
            length -= 1
        weight = 1.0
        for slope in reversed(slopes):
            weight = slope * weight
        return seen, seen if order is None else order, weight

    def backoff_product(self, context: tuple[int, int]) -> float:
        """The product of the backoff weights of a context and its non-empty suffixes."""
        length, row = context
        weight = 1.0
        while length:
            weight *= self._weight[length](row)
            row = self._suffix[length - 1](row)
            length -= 1
        return weight

    def score_many(
        self, length: NDArray, row: NDArray, word: NDArray
    ) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
        """Score a word after each of many contexts, with results identical to `score`.

        Parameters
        ----------
        length, row : ndarray of shape (n_words,), int64
            The contexts.
        word : ndarray of shape (n_words,), int64
            Ids; 0 is the end of the text, −1 an unknown word.

        Returns
        -------
        p : ndarray of shape (n_words,), float64
        length, row : ndarray of shape (n_words,), int64
            The contexts after the words.
        """
        model, levels = self.model, self._levels
        word = model.counts.as_in_ngrams(word)
        p = np.full(len(word), self._uniform)
        next_length, next_row = np.zeros((2, len(word)), dtype=np.int64)
        for k, context in enumerate(_suffixes_of(model.counts, length, row), start=1):
            at = np.flatnonzero(context >= 0)
            context = context[at]
            found = levels[k - 1].find(context, word[at])
            p[at] = model.probabilities(k, context, found, p[at])
            seen = at[found >= 0]
            next_length[seen], next_row[seen] = k, found[found >= 0]
        for k in range(int(next_length.max(initial=0)), 0, -1):
            at = np.flatnonzero(next_length == k)
            at = at[~model.counts.has_children(k, next_row[at])]
            next_length[at] = k - 1
            next_row[at] = levels[k - 1].suffix[next_row[at]]
        return p, next_length, next_row

    def without_pruned(self, context: tuple[int, int]) -> tuple[int, int]:
        """The longest suffix of a context that has children which are not pruned.

        In a model with a `min_count`, predictions after a context whose children are all
        pruned are those after its suffix.

        Parameters
        ----------
        context : tuple of (int, int)

        Returns
        -------
        tuple of (int, int)
        """
        length, row = context
        while length:
            children = self._levels[length].children(row)
            if not self.model.left_out(length + 1, children).all():
                break
            row = self._suffix[length - 1](row)
            length -= 1
        return length, row

    def given(self, words: Sequence[int]) -> tuple[int, int]:
        """The context after an opening boundary, or a message between boundaries.

        Parameters
        ----------
        words : sequence of int
            Ids, of which the first is the boundary; −1 is an unknown word.

        Returns
        -------
        tuple of (int, int)
        """
        if len(words) == 1:
            return self.start
        last = words[max(len(words) - self.model.n + 1, 0) :]
        return self.model.counts.longest_context_of(last)

    def _is_seen(self, length, child):
        """Whether an n-gram was seen, and is not pruned."""
        weights = self.model.weights[length]
        may_be_unseen = length == 0 or self._has_messages
        if may_be_unseen and not weights.count.item(child):
            return False
        return not weights.left_out(np.array([child]))[0]

    def _look_ups_of_weights(self) -> list[Callable[[int], float]]:
        """For each order, a function that returns the backoff weight of a context."""
        if self._lower_order == "none":
            return [_nothing] * len(self._levels)
        return [
            WeightCache(weights).__getitem__
            if weights.backoff_weights is None
            else weights.backoff_weights.data.__getitem__
            for weights in self.model.weights
        ]


def _never(_):
    return False


def _nothing(_):
    return 0.0


def _suffixes_of(counts: NGramCounts, length: NDArray, row: NDArray) -> list[NDArray]:
    """The rows of the suffixes of contexts, by length; −1 beyond the length of a context.

    Contexts "a b" and "c" -> the rows of "", of "b" and "c", of "a b" and −1.
    """
    chain = [np.full(len(length), -1) for _ in range(int(length.max(initial=0)) + 1)]
    row = row.copy()
    for k in range(len(chain) - 1, -1, -1):
        here = length >= k
        chain[k][here] = row[here]
        if k:
            row[here] = counts.levels[k - 1].suffix[row[here]]
    return chain
