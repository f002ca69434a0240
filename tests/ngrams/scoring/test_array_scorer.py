"""Tests of `sklearn_sslm.ngrams.scoring._array_scorer`."""

import pickle

import numpy as np
import pytest
from _engine import (
    N_WORDS,
    corpora,
    model_of,
    on_demand,
    pairs_of_ids,
    stream_of,
    stream_of_pairs,
    zipf_corpus,
)
from _stored import model_of_ngrams, stored_like
from hypothesis import given, settings
from hypothesis import strategies as st

from sklearn_sslm.arpa._backoff_form import unknown_probability
from sklearn_sslm.base import as_smoothing
from sklearn_sslm.ngrams import (
    Events,
    LanguageModel,
    NGramCounts,
    Scorer,
    precomputed_scorer,
    scorer_for,
    scorer_of,
)
from sklearn_sslm.ngrams.models import _compact_level, _smoothed_weights
from sklearn_sslm.ngrams.scoring import _table_cache
from sklearn_sslm.ngrams.scoring._array_scorer import ArrayScorer
from sklearn_sslm.ngrams.scoring._known_probabilities import KnownProbabilities
from sklearn_sslm.smoothing import SMOOTHINGS, MaximumLikelihood

names = st.sampled_from(sorted(SMOOTHINGS))
texts_of_ids = st.lists(st.integers(-1, 6).filter(bool), max_size=9)


def assert_same_steps(scorers, texts):
    """All scorers give the same bits, contexts and origins, word by word."""
    for text in [*texts, []]:
        for context in (scorers[0].start, scorers[0].empty):
            for word in [*text, 0]:
                steps = [scorer.score(context, word) for scorer in scorers]
                assert all(step == steps[0] for step in steps)
                origins = [scorer.origin(context, word) for scorer in scorers]
                assert all(origin == origins[0] for origin in origins)
                products = [scorer.backoff_product(context) for scorer in scorers]
                assert all(weight == products[0] for weight in products)
                context = steps[0][1]


def array_scorers(model):
    """Those that compute probabilities when asked, and have words' ones or all before."""
    every = KnownProbabilities(model)
    every.compute_all()
    known = None, KnownProbabilities(model), every
    return [ArrayScorer(model, those) for those in known]


@settings(max_examples=60)
@given(corpora, st.integers(1, 5), names, st.lists(texts_of_ids, max_size=3))
def test_scorers_that_know_all_and_those_that_compute_are_the_same(
    texts, n, name, asked
):
    """So are those of models on demand and of compact ones."""
    model = model_of(texts, n, name)
    scorers = [Scorer(model), *array_scorers(model)]
    for other in (on_demand(model), model.compact()):
        scorers += [Scorer(other), precomputed_scorer(other)]
    assert_same_steps([*scorers, pickle.loads(pickle.dumps(scorers[-1]))], asked)


@settings(max_examples=30)
@given(
    corpora,
    st.integers(1, 4),
    st.sampled_from(["witten_bell", "kneser_ney"]),
    st.sampled_from([(2,), (1, 2), (1, 2, 3)]),
    texts_of_ids,
)
def test_models_that_leave_ngrams_out(texts, n, name, min_count, asked):
    """N-grams that are left out have what their contexts hand on."""
    whole = model_of(texts, n, name)
    model = LanguageModel.of_counts(
        whole.counts, whole.smoothing, whole.events, min_count=min_count
    )
    assert_same_steps(
        [Scorer(model), Scorer(on_demand(model)), *array_scorers(model)], [asked]
    )


@settings(max_examples=30)
@given(pairs_of_ids, st.integers(1, 4), names, texts_of_ids)
def test_models_of_replies(pairs, n, name, asked):
    """N-grams of messages alone have no probability of their own."""
    counts = NGramCounts.from_stream(stream_of_pairs(pairs), n, N_WORDS + 1)
    model = LanguageModel.of_counts(counts, as_smoothing(name), Events(N_WORDS))
    assert_same_steps(
        [Scorer(model), Scorer(on_demand(model)), *array_scorers(model)], [asked]
    )


@settings(max_examples=30)
@given(corpora, st.integers(1, 4), texts_of_ids, st.integers(0, 9))
def test_stored_models(texts, n, asked, seed):
    """Probabilities that are stored are looked up by either, those of 0 as well."""
    rng = np.random.default_rng(seed)
    smoothed = model_of(texts, n, "kneser_ney")
    orders = stored_like(smoothed, rng)
    for ngrams in orders[1:]:
        ngrams.p[rng.random(len(ngrams.p)) < 0.3] = 0
    model = model_of_ngrams(orders, unknown_probability(smoothed))
    assert type(scorer_for(model)) is ArrayScorer
    assert_same_steps([Scorer(model), scorer_for(model)], [asked])


@pytest.mark.parametrize("name", sorted(SMOOTHINGS))
def test_contexts_of_many_words(name, monkeypatch):
    """Their words are unpacked and their statistics kept, and nothing else changes."""
    monkeypatch.setattr(_compact_level, "_MANY", 3)
    monkeypatch.setattr(_compact_level, "_MAX_UNPACKED", 20)
    monkeypatch.setattr(_smoothed_weights, "_SOME_CHILDREN", 1)
    monkeypatch.setattr(_smoothed_weights, "_MANY_CHILDREN", 2)
    monkeypatch.setattr(_smoothed_weights, "_FEW", 1)
    texts = zipf_corpus(seed=5)
    model = model_of(texts, 3, name, n_words=25)
    others = [Scorer(on_demand(model)), Scorer(model.compact())]
    asked = [[*text[:9], -1, *text[:2]] for text in texts[:20]]
    assert_same_steps([*array_scorers(model), *others], asked * 2)
    length, row, word = (np.array([0, 1, 1, 2]), np.array([0, 1, 2, 5]), np.arange(4))
    expected = ArrayScorer(model).score_many(length, row, word)
    for scorer in others:
        for part, same in zip(
            expected, scorer.score_many(length, row, word), strict=True
        ):
            np.testing.assert_array_equal(part, same)


class OnlySeen(MaximumLikelihood):
    """A smoothing of one's own that hands on nothing, whatever its weights are."""

    def backoff_weight(self, context):
        return np.full(np.shape(context.total), 0.5)


class NothingSeen(OnlySeen):
    """The same, with a probability of 0 for n-grams that were seen."""

    def discounted(self, count, context):
        return count * 0.0


@pytest.mark.parametrize("smoothing", [OnlySeen(), NothingSeen()])
def test_what_is_not_handed_on_is_0(smoothing):
    """Where the lower order is "none", backoff weights are not asked."""
    model = model_of([[1, 2], [2, 3, 1]], 3, smoothing)
    scorers = [Scorer(model), *array_scorers(model)]
    assert_same_steps(scorers, [[1, 3], [2, 1, -1]])
    for scorer in scorers:
        assert scorer.score(scorer.start, 3)[0] == 0


def test_a_model_keeps_one_scorer_until_it_keeps_probabilities(monkeypatch):
    """Once texts are looked up in tables, single words are looked up there, too."""
    model = model_of(zipf_corpus(seed=1), 3, "kneser_ney", n_words=25)
    first = scorer_of(model)
    assert first.known is None
    assert scorer_of(model) is first
    monkeypatch.setattr(_table_cache, "_ASKED", 1 << 30)
    tables = _table_cache.tables_of(model, 1)
    second = scorer_of(model)
    assert second.known is tables.known
    assert scorer_of(model) is second
    assert_same_steps([first, second], [[1, 2, 3]])
    tables.score(stream_of(zipf_corpus(seed=2)))
    assert_same_steps([first, second], zipf_corpus(seed=2))


@pytest.mark.parametrize("name", sorted(SMOOTHINGS))
def test_plain_arrays_are_read_as_they_are(name):
    """Models in plain arrays have a scorer for these; compact and changed ones do not."""
    model = model_of([[1, 2], [2, 3, 1]], 3, name)
    assert type(scorer_for(model)) is ArrayScorer
    assert type(scorer_for(on_demand(model))) is ArrayScorer
    assert type(scorer_for(model.compact())) is Scorer


def test_precomputing_changes_no_model():
    """What is computed for a scorer is that scorer's."""
    model = on_demand(model_of([[1, 2], [2, 3, 1]], 3, "kneser_ney"))
    precomputed_scorer(model)
    assert not model.is_precomputed
