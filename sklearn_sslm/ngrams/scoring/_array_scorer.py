"""A scorer of single words for n-grams in plain arrays."""

from __future__ import annotations

from bisect import bisect_left
from typing import Any

from ..counting import WORD_BITS, Level
from ..models import LanguageModel
from ._known_probabilities import KnownProbabilities, known_probabilities
from ._scorer import Scorer


class ArrayScorer(Scorer):
    """A `Scorer` for n-grams in plain arrays, which is faster.

    Parameters
    ----------
    model : LanguageModel
        Its levels are of the class `Level`.
    known : KnownProbabilities, default=None
        The probabilities of the model, as far as they are computed; others are computed
        when first asked for, and cached.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_sslm.ngrams import Events, LanguageModel, NGramCounts, TokenStream
    >>> from sklearn_sslm.smoothing import WittenBell
    >>> texts = np.array([1, 2, 1, 3]), np.array([2, 2])
    >>> counts = NGramCounts.from_stream(TokenStream.from_texts(*texts), 2, 4)
    >>> scorer = ArrayScorer(LanguageModel.of_counts(counts, WittenBell(), Events(3)))
    >>> p, context = scorer.score(scorer.start, 1)
    >>> round(p, 2), round(scorer.score(context, 2)[0], 2)
    (0.76, 0.34)
    """

    def __init__(
        self, model: LanguageModel, known: KnownProbabilities | None = None
    ) -> None:
        super().__init__(model)
        self.known = known
        self._n_levels, self._n_ids = len(self._levels), len(self._levels[0])
        # Python reads single numbers of a memoryview faster than those of an ndarray.
        self._keys = [level.key.data for level in self._levels]
        self._first_child = [level.first_child.data for level in self._levels]
        self._suffixes = [level.suffix.data for level in self._levels]
        self._p: list[Any] = self._caches
        if known is not None:
            self._p = [p.data for p in known.p]
            has_children = [has.data.__getitem__ for has in known.has_children]
            self._has_child = (*has_children, self._has_child[-1])
            if self._lower_order != "none":
                self._weight = [weight.data.__getitem__ for weight in known.weight]

    def __reduce__(self):
        return type(self), (self.model, self.known)

    def score(
        self, context: tuple[int, int], word: int
    ) -> tuple[float, tuple[int, int]]:
        """Score a word; see `Scorer.score`."""
        # The same steps, inlined: a function call takes longer than a look-up.
        if word < 0:
            word = self._unknown_id
        length, row = context
        suffixes, weight, weights = self._suffixes, self._weight, []
        while length:
            key, first = self._keys[length], self._first_child[length]
            needle, end = row << WORD_BITS | word, first[row + 1]
            child = bisect_left(key, needle, first[row], end)
            if child < end and key[child] == needle:
                break
            weights.append(weight[length](row))
            length -= 1
            row = suffixes[length][row]
        else:
            child = word if word < self._n_ids else -1
        if child < 0:
            p, context = self._uniform, (0, 0)
            weights.append(weight[0](0))
        else:
            p = self._p[length][child] or self._caches[length][child]
            order, n_levels, has = length + 1, self._n_levels, self._has_child
            while order and not (order < n_levels and has[order](child)):
                order -= 1
                child = suffixes[order][child]
            context = order, child
        if self._looks_once and weights:
            p = weights[0] / self._n_events
        else:
            for backoff_weight in reversed(weights):
                p = backoff_weight * p
        return p, context


def scorer_for(model: LanguageModel) -> Scorer:
    """A new scorer of a model, the fastest one that needs no precomputation.

    Parameters
    ----------
    model : LanguageModel

    Returns
    -------
    Scorer
    """
    return _scorer(model, _known(model))


def scorer_of(model: LanguageModel) -> Scorer:
    """The scorer of a model, cached in `model.computed`.

    Parameters
    ----------
    model : LanguageModel

    Returns
    -------
    Scorer
    """
    computed = model.computed
    scorer: Scorer | None = computed.scorer
    if scorer is None or scorer.known is not computed.known:
        known = _known(model)
        scorer = computed.scorer = _scorer(model.without_computed(), known)
    return scorer


def precomputed_scorer(model: LanguageModel) -> ArrayScorer:
    """A scorer of a model that computes all probabilities first.

    Parameters
    ----------
    model : LanguageModel
        It does not change. N-grams that are not in plain arrays are unpacked; with
        probabilities, they take some 30 bytes each.

    Returns
    -------
    ArrayScorer
    """
    model = model.rebuilt()
    if not model.is_precomputed:
        model = model.plain().precomputed()
    known = _known(model) or KnownProbabilities(model)
    known.compute_all()
    return ArrayScorer(model.without_computed(), known)


def _scorer(model, known):
    is_plain = all(isinstance(level, Level) for level in model.counts.levels)
    return ArrayScorer(model, known) if is_plain else Scorer(model)


def _known(model):
    """The probabilities that are kept of a model, or None if none are."""
    return known_probabilities(model) if model.is_stored else model.computed.known
