"""A scorer of single words with precomputed probabilities of all n-grams."""

from __future__ import annotations

from bisect import bisect_left

import numpy as np

from ..counting import WORD_BITS
from ..models import LanguageModel
from ._known_probabilities import KnownProbabilities
from ._scorer import Scorer


class ArrayScorer(Scorer):
    """A `Scorer` with the probabilities of all n-grams in arrays; it is 3 × as fast.

    Parameters
    ----------
    model : LanguageModel
    known : KnownProbabilities, default=None
        The probabilities of the model; None computes them.

    Examples
    --------
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
        self._known = known = known or KnownProbabilities.of(model)
        self._n_levels, self._n_ids = len(self._levels), len(self._levels[0])
        # Python reads single numbers of a memoryview faster than those of an ndarray.
        self._keys = [level.key.data for level in self._levels]
        self._first_child = [level.first_child.data for level in self._levels]
        self._suffixes = [level.suffix.data for level in self._levels]
        self._known_p = [p.data for p in known.p]
        self._has_children = [has.data for has in known.has_children]
        weights = known.weight
        if self._lower_order == "none":
            weights = [np.broadcast_to(0.0, len(weight)) for weight in weights]
        self._backoff_weights = [weight.data for weight in weights]
        self._weight = [weight.__getitem__ for weight in self._backoff_weights]

    def __reduce__(self):
        return type(self), (self.model, self._known)

    def score(
        self, context: tuple[int, int], word: int
    ) -> tuple[float, tuple[int, int]]:
        """Score a word; see `Scorer.score`."""
        # The same steps, inlined: a function call takes longer than a look-up.
        if word < 0:
            word = self._unknown_id
        length, row = context
        suffixes, weights = self._suffixes, []
        while length:
            key, first = self._keys[length], self._first_child[length]
            needle, end = row << WORD_BITS | word, first[row + 1]
            child = bisect_left(key, needle, first[row], end)
            if child < end and key[child] == needle:
                break
            weights.append(self._backoff_weights[length][row])
            length -= 1
            row = suffixes[length][row]
        else:
            child = word if word < self._n_ids else -1
        if child < 0:
            p, context = self._uniform, (0, 0)
            weights.append(self._backoff_weights[0][0])
        else:
            p = self._known_p[length][child]
            order, n_levels, has = length + 1, self._n_levels, self._has_children
            while order and not (order < n_levels and has[order][child]):
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
    scorer: Scorer | None = model.computed.scorer
    known = _known(model)
    if scorer is None or (known and not isinstance(scorer, ArrayScorer)):
        scorer = model.computed.scorer = _scorer(model.without_computed(), known)
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
    return ArrayScorer(model.without_computed(), _known(model))


def _scorer(model, known):
    if known or model.is_stored:
        return ArrayScorer(model, known)
    return Scorer(model)


def _known(model):
    """The probabilities of all n-grams if they are cached; else None."""
    return getattr(model.computed.tables, "known", None)
