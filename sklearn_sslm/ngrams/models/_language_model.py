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
    """p(w | h) = discounted(h, w) + backoff_weight(h) · p(w | h') over word ids.

    h' is the context h without its first word. Make one by `of_counts`, `on_demand` or
    `stored`.

    Parameters
    ----------
    counts : NGramCounts
        The n-grams, in which contexts are found.
    weights : list of SmoothedWeights or StoredWeights
        ``weights[k - 1]`` holds order k.
    smoothing : object
        Answers ``continuation_counts`` (bool), ``lower_order`` (str),
        ``estimate_discounts(k, counts_of_counts)``, ``discounted(count, context)`` and
        ``backoff_weight(context)``, as `sklearn_sslm.smoothing.Smoothing` documents.
    events : Events
    min_count : tuple of int, default=(1,)
        How often an n-gram of each order was seen at least, or it is left out: its
        probability adds to the backoff weight of its context. The numbers do not fall,
        and the last one holds for higher orders. With more than 1 the smoothing
        interpolates.
    knows_all_counts : bool, default=True
        Whether texts can be learned and forgotten, because it is known how often each
        n-gram occurs, and not only the weights.

    Attributes
    ----------
    n : int
        The highest order.
    counts_of_counts : list of ndarray of shape (5,), int
        How many n-grams of each order have count 0, 1, 2, 3 and 4.
    computed : Computed
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
        """A model that has computed the backoff weights of all contexts.

        Parameters
        ----------
        counts : NGramCounts
        smoothing, events, min_count
            As `LanguageModel` takes them.
        n_threads : int, default=1
            Orders that are worked on at the same time.
        track : callable, default=iter
            Takes the orders and gives them as they are worked on, for a progress bar.

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
        adjusted = adjusted_counts(counts, smoothing)
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
        """A model that computes only what it is asked for, and copies nothing.

        Parameters
        ----------
        counts : NGramCounts
            Its levels may be `CompactLevel` or `OnlineLevel`, or arrays in a file.
        adjusted : list of column
            What `adjusted_counts` gives for each order.
        smoothing, events, min_count, knows_all_counts
            As `LanguageModel` takes them.
        counts_of_counts : list of ndarray of shape (5,), int, default=None
            None counts them.
        """
        if counts_of_counts is None:
            counts_of_counts = list(map(counts_of_counts_of, adjusted))
            counts_of_counts[0][0] -= len(events.unused_ids)
            for of_order in counts_of_counts[1:]:
                of_order[0] = 0  # what is in messages only is no n-gram
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
        put_in: Sequence[NDArray | None] | None = None,
    ) -> LanguageModel:
        """A model of stored probabilities, as an ARPA file holds them.

        Parameters
        ----------
        n : int
            The highest order.
        levels : tuple of Level
            The n-grams of each order.
        p, backoff_weight : list of ndarray of float64
            For each order what `StoredWeights` takes. The backoff weight of the empty
            context goes to the uniform distribution over all events.
        unknown_id : int, default=-1
            The id that stands for unknown words in n-grams; −1 if none does.
        put_in : list of (ndarray of bool or None), default=None
            For each order what `StoredWeights` takes. None stands for none of any order.
        """
        put_in = put_in or [None] * len(levels)
        levels = tuple(map(with_contexts, levels, backoff_weight, put_in))
        counts = NGramCounts(n, levels, n_texts=0, unknown_id=unknown_id)
        unused = np.array([unknown_id][: unknown_id + 1], dtype=np.int64)
        weights = [
            StoredWeights(*columns, unused)
            for columns in zip(levels, p, backoff_weight, put_in, strict=True)
        ]
        events = Events(counts.n_ids - 1 - len(unused), unused)
        return cls(
            counts, weights, StoredProbabilities(), events, knows_all_counts=False
        )

    @property
    def undrawn_ids(self) -> NDArray[np.int64]:
        """Ids that texts are never drawn with: those of no word, and the unknown word's."""
        unused, unknown_id = self.events.unused_ids, self.counts.unknown_id
        return unused if unknown_id < 0 else np.union1d(unused, unknown_id)

    def compact(self) -> LanguageModel:
        """The same model in as few bits as can be searched, with the very same answers.

        Nothing can be learned on, as it knows the adjusted counts alone.

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
        """The same model, without what was computed from this one.

        What is kept in `computed` refers to such a model. Were it this one, the circle of
        references would stay in memory after its last use.
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
        """The model for a reader, which no later change is seen in: itself."""
        return self

    def restore(self) -> None:
        """Repair what an interrupted change left half done: here nothing."""

    def note_use(self, n_words: int) -> None:
        """Count words that are read with this model, if that is of interest."""

    def rebuilt(self) -> LanguageModel:
        """The same model with all n-grams sorted: itself."""
        return self

    def precomputed(self, track: Callable[..., Iterable] = iter) -> LanguageModel:
        """The same model in plain arrays, with all backoff weights computed.

        Returns
        -------
        LanguageModel
            Itself, if it is such already.
        """
        if self.is_precomputed:
            return self
        model = self if self.counts.is_plain else self.plain()
        for weights in track(model.weights):
            weights.precompute()
        return model

    def plain(self) -> LanguageModel:
        """The same model with n-grams in plain arrays, of which no weight is computed."""
        counts = self.counts.plain()
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
        """Whether all backoff weights are at hand, in memory."""
        return all(weights.is_precomputed for weights in self.weights)

    @property
    def is_stored(self) -> bool:
        """Whether probabilities are stored, so that there are no counts at all."""
        return isinstance(self.smoothing, StoredProbabilities)

    @property
    def adjusted(self) -> list[Any]:
        """For each order the counts that the smoothing works on."""
        return [weights.count for weights in self.weights]

    @property
    def discounts(self) -> list[NDArray | None]:
        """What is subtracted from counts of 0, 1, 2 and 3 or more, or None, per order."""
        return [weights.discounts for weights in self.weights]

    def occurrences(self, word: int) -> int:
        """How often a word was learned, in messages too."""
        lowest = self.counts.levels[0]
        given = 0 if lowest.given is None else lowest.given.item(word)
        return lowest.count.item(word) + given

    def frequency(self, word: int) -> tuple[int, int]:
        """How often a word was learned in messages, and outside; 0 for stored models."""
        lowest = self.counts.levels[0]
        count = 0 if self.is_stored else lowest.count.item(word)
        given = getattr(lowest, "given", None)
        return 0 if given is None else given.item(word), count

    def commonness(self, word: int) -> float:
        """How often a word was learned outside messages; for stored models p(word)."""
        if not self.is_stored:
            return float(self.counts.levels[0].count.item(word))
        return abs(self.discounted(1, np.zeros(1, int), np.array([word])).item())

    def discounted(self, k: int, context: NDArray, row: NDArray) -> NDArray[np.float64]:
        """α: the discounted probability of n-grams of order k.

        Parameters
        ----------
        k : int
            Order of the n-grams.
        context : ndarray of int
            Rows in level k − 1 of contexts that were seen with a word after them.
        row : ndarray of int
            Rows of the n-grams in level k; −1 is an n-gram never seen.

        Returns
        -------
        ndarray of float64
        """
        return self.weights[k - 1].discounted(context, row)

    def backoff_weight(self, k: int, context: NDArray) -> NDArray[np.float64]:
        """γ: the weight that contexts of k − 1 words give to shorter ones, float64."""
        return self.weights[k - 1].backoff_weight(context)

    def both_weights(
        self, k: int, context: NDArray, row: NDArray
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """`discounted` and `backoff_weight`, in less time than these."""
        return self.weights[k - 1].both(context, row)

    def probabilities(
        self, k: int, context: NDArray, row: NDArray, shorter: NDArray
    ) -> NDArray[np.float64]:
        """p(w | h) of words after contexts of k − 1 words.

        Parameters
        ----------
        k, context, row
            As `discounted` takes them.
        shorter : ndarray of float64
            p(w | h') of each.

        Returns
        -------
        ndarray of float64
        """
        return self.combine(*self.both_weights(k, context, row), shorter)

    def left_out(self, k: int, row: NDArray) -> NDArray[np.bool_]:
        """Whether n-grams of order k were seen too rarely, as a bool for each row."""
        return self.weights[k - 1].left_out(row)

    def combine(self, discounted: Any, backoff_weight: Any, shorter: Any) -> Any:
        """p(w | h) from the two weights and p(w | h').

        A discounted probability of −0.0 is one that is stored, and 0.
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
