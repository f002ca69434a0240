"""The language model: n-grams, and the two weights of each order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..counting import Level, NGramCounts, for_each
from ._adjusted_counts import adjusted_counts, counts_of_counts_of
from ._compact_level import CompactLevel
from ._computed import Computed
from ._event_space import Events
from ._smoothed_weights import smoothed_weights
from ._stored_weights import StoredProbabilities, StoredWeights, with_contexts


class LanguageModel:
    """An n-gram model p(w | h) = discounted(h, w) + backoff_weight(h) · p(w | h').

    h' is the context h without its first word; words are ids. The classmethods
    `of_counts`, `on_demand` and `stored` construct models.

    Parameters
    ----------
    counts : NGramCounts
        The n-grams.
    weights : list of SmoothedWeights or StoredWeights
        ``weights[k - 1]`` are those of order k.
    smoothing : Smoothing
        An object with ``continuation_counts`` (bool), ``lower_order`` (str),
        ``estimate_discounts(k, counts_of_counts)``, ``discounted(count, context)`` and
        ``backoff_weight(context)``, as `sklearn_sslm.smoothing.Smoothing` documents.
    events : Events
    min_count : tuple of int, default=(1,)
        The minimal count of n-grams of each order; the last one holds for all higher
        orders. Rarer n-grams are pruned: their discounted probabilities are added to the
        backoff weight of their context. In rising order; if one is above 1, `lower_order`
        of the smoothing must be "interpolate".
    knows_all_counts : bool, default=True
        Whether the count of each n-gram is known, and not only its weights, so that the
        model can learn and forget.

    Attributes
    ----------
    n : int
        The highest order.
    counts_of_counts : list of ndarray of shape (5,), int
        For each order, the number of n-grams with count 0, 1, 2, 3 and 4.
    computed : Computed
        A cache of what was computed from the model.
    """

    counts_of_counts: Any

    def __init__(
        self,
        counts: NGramCounts,
        weights: list[Any],
        smoothing: Any,
        events: Events,
        min_count: tuple[int, ...] = (1,),
        knows_all_counts: bool = True,
    ) -> None:
        self.n = counts.n
        self.counts = counts.with_unknown(events.unknown_id)
        self.weights = weights
        self.smoothing = smoothing
        self.events = events
        self.min_count = min_count
        self.knows_all_counts = knows_all_counts
        self.computed = Computed()

    @classmethod
    def of_counts(
        cls,
        counts: NGramCounts,
        smoothing: Any,
        events: Events,
        *,
        min_count: tuple[int, ...] = (1,),
        n_threads: int = 1,
        track: Callable[..., Iterable] = iter,
    ) -> LanguageModel:
        """A model of counts, with the backoff weights of all contexts precomputed.

        Parameters
        ----------
        counts : NGramCounts
        smoothing, events, min_count
            As of `LanguageModel`.
        n_threads : int, default=1
            Number of threads; each works on an order.
        track : callable, default=iter
            Wraps the iterable of orders, for a progress bar.

        Returns
        -------
        LanguageModel

        Examples
        --------
        >>> import numpy as np
        >>> from sklearn_sslm.ngrams import NGramCounts, TokenStream
        >>> from sklearn_sslm.smoothing import WittenBell
        >>> texts = np.array([1, 2, 1, 3]), np.array([2, 2])
        >>> counts = NGramCounts.from_stream(TokenStream.from_texts(*texts), 2, 4)
        >>> model = LanguageModel.of_counts(counts, WittenBell(), Events(n_words=3))
        >>> root, words = np.zeros(4, dtype=int), np.arange(4)
        >>> model.discounted(1, root, words)  # 6 tokens, 4 types
        array([0.2, 0.2, 0.1, 0.1])
        """
        adjusted = adjusted_counts(counts, smoothing, n_threads)
        model = cls.on_demand(counts, adjusted, smoothing, events, min_count=min_count)
        done = for_each(lambda weights: weights.precompute(), model.weights, n_threads)
        for _ in zip(track(model.weights), done, strict=True):
            pass
        return model

    @classmethod
    def on_demand(
        cls,
        counts: NGramCounts,
        adjusted: list[Any],
        smoothing: Any,
        events: Events,
        *,
        counts_of_counts: list[NDArray] | None = None,
        min_count: tuple[int, ...] = (1,),
        knows_all_counts: bool = True,
    ) -> LanguageModel:
        """A model of counts that computes weights on demand, and copies nothing.

        Parameters
        ----------
        counts : NGramCounts
            The levels may be `CompactLevel`, `OnlineLevel`, or have memory-mapped arrays.
        adjusted : list of ndarray, PackedIntegers or LazyArray
            The `adjusted_counts` of each order.
        smoothing, events, min_count, knows_all_counts
            As of `LanguageModel`.
        counts_of_counts : list of ndarray of shape (5,), int, default=None
            None computes them.

        Returns
        -------
        LanguageModel
        """
        if counts_of_counts is None:
            counts_of_counts = list(map(counts_of_counts_of, adjusted))
            counts_of_counts[0][0] -= len(events.unused_ids)
            for of_order in counts_of_counts[1:]:
                of_order[0] = 0  # n-grams that occur in messages only are no events
        weights = smoothed_weights(
            counts.levels, adjusted, counts_of_counts, smoothing, events, min_count
        )
        model = cls(counts, weights, smoothing, events, min_count, knows_all_counts)
        model.counts_of_counts = counts_of_counts
        return model

    @classmethod
    def stored(
        cls,
        n: int,
        levels: tuple[Level, ...],
        p: list[NDArray],
        backoff_weight: list[NDArray],
        unknown_id: int = -1,
        is_blank: Sequence[NDArray | None] | None = None,
    ) -> LanguageModel:
        """A model of stored probabilities and backoff weights, as in an ARPA file.

        Parameters
        ----------
        n : int
            The highest order.
        levels : tuple of Level
            The n-grams of each order.
        p, backoff_weight : list of ndarray of float64
            For each order, as of `StoredWeights`. The empty context backs off to the
            uniform distribution over all events.
        unknown_id : int, default=-1
            The id of unknown words in n-grams; −1 if there is none.
        is_blank : list of (ndarray of bool or None), default=None
            For each order, as of `StoredWeights`; None if no order has blanks.

        Returns
        -------
        LanguageModel
        """
        is_blank = is_blank or [None] * len(levels)
        levels = tuple(map(with_contexts, levels, backoff_weight, is_blank))
        counts = NGramCounts(n, levels, n_texts=0, unknown_id=unknown_id)
        unused = np.array([unknown_id][: unknown_id + 1], dtype=np.int64)
        weights = [
            StoredWeights(*columns, unused)
            for columns in zip(levels, p, backoff_weight, is_blank, strict=True)
        ]
        events = Events(counts.n_ids - 1 - len(unused), unused)
        return cls(
            counts, weights, StoredProbabilities(), events, knows_all_counts=False
        )

    @property
    def undrawn_ids(self) -> NDArray[np.int64]:
        """Ids that are never drawn: those of no word, and that of the unknown word."""
        unused, unknown_id = self.events.unused_ids, self.counts.unknown_id
        return unused if unknown_id < 0 else np.union1d(unused, unknown_id)

    def compact(self) -> LanguageModel:
        """The same model in integers of few bits, with bit-identical probabilities.

        It has adjusted counts only, so that it cannot learn.

        Returns
        -------
        LanguageModel
        """
        levels = tuple(
            CompactLevel.of(level, count, is_of_words=k == 0)
            for k, (level, count) in enumerate(
                zip(self.counts.levels, self.adjusted, strict=True)
            )
        )
        return LanguageModel.on_demand(
            NGramCounts(self.n, levels, self.counts.n_texts),
            [level.count for level in levels],
            self.smoothing,
            self.events,
            counts_of_counts=self.counts_of_counts,
            knows_all_counts=False,
        )

    def without_computed(self) -> LanguageModel:
        """The same model with an empty cache `computed`.

        Objects in `computed` refer to such a model. If they referred to their own one, the
        reference cycle would keep it in memory after its last use.
        """
        return LanguageModel(
            self.counts,
            self.weights,
            self.smoothing,
            self.events,
            self.min_count,
            self.knows_all_counts,
        )

    def snapshot(self) -> LanguageModel | None:
        """A model that no later change affects: itself, as it never changes."""
        return self

    def restore(self) -> None:
        """Repair the levels after an interrupted change: nothing to do here."""

    def note_use(self, n_words: int) -> None:
        """Record a use of the model for `n_words` words; only `OnlineModel` does."""

    def rebuilt(self) -> LanguageModel:
        """The model without an overlay of changes: itself, as it has none."""
        return self

    def precomputed(self, track: Callable[..., Iterable] = iter) -> LanguageModel:
        """The same model in plain arrays, with the backoff weights of all contexts.

        Returns
        -------
        LanguageModel
            The model itself, if it has these already.
        """
        if self.is_precomputed:
            return self
        model = self if self.counts.is_plain else self.plain()
        for weights in track(model.weights):
            weights.precompute()
        return model

    def plain(self) -> LanguageModel:
        """The same model with n-grams in plain arrays, and weights on demand."""
        return self._with_counts(self.counts.plain())

    def up_to(self, n: int) -> LanguageModel:
        """The model of the same texts with a lower order n.

        Parameters
        ----------
        n : int

        Returns
        -------
        LanguageModel
            Its backoff weights are precomputed if those of this model are.
        """
        if n == self.n:
            return self
        model = self._with_counts(self.counts.plain().up_to(n))
        return model.precomputed() if self.is_precomputed else model

    def _with_counts(self, counts):
        """A model of other n-grams in plain arrays, with weights on demand."""
        adjusted = (
            adjusted_counts(counts, self.smoothing)
            if self.knows_all_counts
            else [level.count for level in counts.levels]
        )
        return LanguageModel.on_demand(
            counts,
            adjusted,
            self.smoothing,
            self.events,
            min_count=self.min_count,
            knows_all_counts=self.knows_all_counts,
        )

    @property
    def is_precomputed(self) -> bool:
        """Whether the backoff weights of all contexts are in memory."""
        return all(weights.is_precomputed for weights in self.weights)

    @property
    def is_stored(self) -> bool:
        """Whether the model has stored probabilities, and no counts."""
        return isinstance(self.smoothing, StoredProbabilities)

    @property
    def adjusted(self) -> list[Any]:
        """The adjusted counts of each order."""
        return [weights.count for weights in self.weights]

    @property
    def discounts(self) -> list[NDArray | None]:
        """For each order, the discounts of counts 0, 1, 2 and 3 or more, or None."""
        return [weights.discounts for weights in self.weights]

    def occurrences(self, word: int) -> int:
        """The count of a word, in messages and elsewhere."""
        lowest = self.counts.levels[0]
        given = 0 if lowest.given is None else lowest.given.item(word)
        return lowest.count.item(word) + given

    def frequency(self, word: int) -> tuple[int, int]:
        """The count of a word in messages, and elsewhere; (0, 0) for stored models."""
        lowest = self.counts.levels[0]
        count = 0 if self.is_stored else lowest.count.item(word)
        given = getattr(lowest, "given", None)
        return 0 if given is None else given.item(word), count

    def commonness(self, word: int) -> float:
        """The count of a word outside of messages; for stored models p(word)."""
        if not self.is_stored:
            return float(self.counts.levels[0].count.item(word))
        return abs(self.discounted(1, np.zeros(1, int), np.array([word])).item())

    def discounted(self, k: int, context: NDArray, row: NDArray) -> NDArray[np.float64]:
        """α: the discounted probability of n-grams of order k.

        Parameters
        ----------
        k : int
            Order of the n-grams.
        context : ndarray of shape (n_ngrams,), int
            Rows of the contexts in level k − 1; each must have children.
        row : ndarray of shape (n_ngrams,), int
            Rows of the n-grams in level k; −1 is an n-gram never seen.

        Returns
        -------
        ndarray of shape (n_ngrams,), float64
        """
        return self.weights[k - 1].discounted(context, row)

    def backoff_weight(self, k: int, context: NDArray) -> NDArray[np.float64]:
        """γ: the backoff weights of contexts of k − 1 words, float64."""
        return self.weights[k - 1].backoff_weight(context)

    def both_weights(
        self, k: int, context: NDArray, row: NDArray
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """`discounted` and `backoff_weight`, in less time than by two calls."""
        return self.weights[k - 1].both(context, row)

    def probabilities(
        self, k: int, context: NDArray, row: NDArray, shorter: NDArray
    ) -> NDArray[np.float64]:
        """p(w | h) of n-grams h w of order k.

        Parameters
        ----------
        k, context, row
            As of `discounted`.
        shorter : ndarray of shape (n_ngrams,), float64
            p(w | h') of each n-gram.

        Returns
        -------
        ndarray of shape (n_ngrams,), float64
        """
        return self.combine(*self.both_weights(k, context, row), shorter)

    def left_out(self, k: int, row: NDArray) -> NDArray[np.bool_]:
        """Whether n-grams of order k are pruned or blank, a bool for each row."""
        return self.weights[k - 1].left_out(row)

    def combine(self, discounted: Any, backoff_weight: Any, shorter: Any) -> Any:
        """p(w | h), given the two weights and p(w | h').

        A discounted probability of −0.0 is a stored probability of 0, rather than that of
        an n-gram that was never seen.
        """
        match self.smoothing.lower_order:
            case "none":
                return discounted
            case "interpolate":
                return discounted + backoff_weight * shorter
            case "uniform":
                return discounted + backoff_weight / len(self.events)
            case _:  # backoff
                seen = (discounted > 0) | np.signbit(discounted)
                return np.where(seen, discounted, backoff_weight * shorter)
