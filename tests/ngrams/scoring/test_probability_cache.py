"""Tests of `sklearn_sslm.ngrams.scoring._probability_cache`."""

import pytest
from _engine import model_of
from _stored import model_of_ngrams, stored_like

from sklearn_sslm.ngrams import Scorer
from sklearn_sslm.ngrams.scoring import _probability_cache
from sklearn_sslm.ngrams.scoring._array_scorer import ArrayScorer
from sklearn_sslm.smoothing import SMOOTHINGS

TEXTS = [[1, 2, 3, 4, 5], [2, 4, 1]]


@pytest.mark.parametrize("kind", [Scorer, ArrayScorer])
def test_caches_are_bounded(kind, monkeypatch):
    """However many n-grams are asked for, at most so many results are cached."""
    monkeypatch.setattr(_probability_cache, "_MAX_CACHED", 3)
    model = model_of(TEXTS, 3, "witten_bell")
    scorer, fresh = kind(model), kind(model)
    for _ in range(2):
        scorer.score_text([1, 2, 3, 4, 5, 2, 4, 1, 0])
        assert any(scorer._caches)
        assert all(len(cache) <= 3 for cache in scorer._caches)
    assert scorer.score_text([5, 4, 0]) == fresh.score_text([5, 4, 0])


def test_weights_that_are_computed_are_cached_up_to_a_limit(monkeypatch):
    """A cache of weights has the last three of four, and computes the first one again."""
    monkeypatch.setattr(_probability_cache, "_MAX_CACHED", 3)
    weights = model_of(TEXTS, 2, "witten_bell").weights[1]
    cache = _probability_cache.WeightCache(weights)
    expected = [weights.backoff_weight_one(row) for row in range(4)]
    assert [cache[row] for row in range(4)] == expected
    assert list(cache) == [3]
    assert cache[0] == expected[0]


def test_a_stored_probability_of_0_is_that_of_its_ngram():
    """Shorter n-grams are not asked, though their probabilities are above 0."""
    orders = stored_like(model_of(TEXTS, 2, "kneser_ney"))
    orders[1].p[:] = 0
    scorer = Scorer(model_of_ngrams(orders, 0.1))
    rows = range(len(orders[1].p))
    assert [scorer._caches[1][row] for row in rows] == [0] * len(rows)


@pytest.mark.parametrize("name", SMOOTHINGS)
def test_probabilities_are_equal_with_and_without_their_context(name):
    """A probability is the same whether the row of the context is given or found."""
    model = model_of(TEXTS, 3, name)
    given, found = Scorer(model)._caches, Scorer(model)._caches
    for level, with_context, without in zip(
        model.counts.levels, given, found, strict=True
    ):
        for row in range(len(level)):
            context, _ = level.context_and_word(row)
            assert with_context.compute(context, row) == without[row]
