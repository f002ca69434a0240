"""Tests of `sklearn_sslm.ngrams.models._smoothed_weights` and `_compact_level`.

The law: what is computed on demand is what would have been precomputed.
"""

import numpy as np
import pytest
from _engine import (
    N_WORDS,
    assert_same_model,
    corpora,
    model_of,
    on_demand,
    stream_of,
    zipf_corpus,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from sklearn_sslm.ngrams import (
    Events,
    LanguageModel,
    Level,
    NGramCounts,
    needs_rebuild,
    update,
)
from sklearn_sslm.ngrams.models import _children_of_one
from sklearn_sslm.smoothing import SMOOTHINGS, MaximumLikelihood

smoothings = st.sampled_from(sorted(SMOOTHINGS))


@settings(max_examples=12)
@given(corpora, st.integers(1, 5), smoothings)
def test_a_model_on_demand_is_the_same(texts, n, smoothing):
    """So it scores and draws to the last bit, and so it is when it is settled."""
    model = model_of(texts, n, smoothing)
    assert_same_model(on_demand(model), model)
    assert_same_model(on_demand(model).precomputed(), model)


@pytest.mark.slow
@settings(max_examples=12)
@given(
    corpora,
    st.integers(1, 5),
    st.sampled_from(["witten_bell", "absolute_discounting", "kneser_ney"]),
    st.sampled_from([(2,), (1, 2), (1, 2, 3), (3, 4)]),
)
def test_a_model_on_demand_leaves_out_the_same(texts, n, smoothing, min_count):
    """What n-grams that are left out would keep is handed on, on demand, too."""
    whole = model_of(texts, n, smoothing)
    model = LanguageModel.of_counts(
        whole.counts, whole.smoothing, whole.events, min_count=min_count
    )
    assert_same_model(on_demand(model), model)
    assert_same_model(on_demand(model).precomputed(), model)


@settings(max_examples=12)
@given(corpora, st.integers(1, 5), smoothings)
def test_a_compact_model_is_the_same(texts, n, smoothing):
    """Nothing is rounded; only what learning on needs is left out."""
    model = model_of(texts, n, smoothing)
    compact = model.compact()
    assert_same_model(compact, model)
    assert_same_model(compact.precomputed(), model)
    assert not compact.knows_all_counts
    assert not compact.precomputed().knows_all_counts
    assert on_demand(model).knows_all_counts


@pytest.mark.parametrize("smoothing", ["kneser_ney", "stupid_backoff", "lidstone"])
def test_many_draws_at_once_are_the_same(smoothing):
    """More draws than are made one by one, from contexts of many sizes."""
    texts = zipf_corpus(seed=3)
    model = model_of(texts, 3, smoothing, n_words=25)
    for other in (on_demand(model), model.compact()):
        assert_same_model(other, model, texts)


@settings(max_examples=15)
@given(corpora, st.integers(1, 5))
def test_a_compact_level_has_the_face_of_a_level(texts, n):
    """Each n-gram is found where it was, and what is none is not found."""
    model = model_of(texts, n, "mle")
    compact = model.compact()
    for level, other in zip(model.counts.levels, compact.counts.levels, strict=True):
        assert len(other) == len(level)
        n_contexts = len(level.first_child) - 1
        contexts = np.repeat(np.arange(-1, n_contexts), N_WORDS + 2)
        words = np.tile(np.arange(N_WORDS + 2), n_contexts + 1)
        np.testing.assert_array_equal(
            other.find(contexts, words), level.find(contexts, words)
        )
        for context, word in zip(contexts.tolist(), words.tolist(), strict=True):
            if context >= 0:
                assert other.find_one(context, word) == level.find_one(context, word)
        for row in range(len(level)):
            assert other.word_at_one(row) == level.word_at_one(row)
        rows = np.arange(len(level))
        np.testing.assert_array_equal(other.word_at(rows), level.word_at(rows))
        for context in range(n_contexts):
            assert other.has_child(context) == level.has_child(context)
            np.testing.assert_array_equal(
                other.children(context), level.children(context)
            )
        contexts = np.arange(n_contexts)
        np.testing.assert_array_equal(
            other.has_children(contexts), level.has_children(contexts)
        )


@pytest.mark.slow
@settings(max_examples=10)
@given(corpora, corpora, st.integers(1, 5), smoothings)
def test_a_model_on_demand_learns_on(texts, more, n, smoothing):
    """What is learned is beside the arrays, or sorted in; these stay as they are."""
    before = on_demand(model_of(texts, n, smoothing))
    expected = model_of(texts + more, n, smoothing)
    words = N_WORDS + 1, Events(N_WORDS)
    assert_same_model(update(before, stream_of(more), 1, *words), expected)
    after = update(
        update(before, stream_of(more), 1, *words), stream_of(more), -1, *words
    )
    assert_same_model(after, model_of(texts, n, smoothing))
    assert_same_model(before, model_of(texts, n, smoothing))


def test_small_counts_are_added_up_in_full():
    """Counts stored in one byte each are learned on beyond 255."""
    level = Level.of_words(np.array([2, 200, 0, 0, 0, 0], dtype=np.uint8))
    counts = NGramCounts(1, (level,), n_texts=2)
    events = Events(N_WORDS)
    model = LanguageModel.on_demand(
        counts,
        [level.count],
        MaximumLikelihood(),
        events,
        counts_of_counts=[np.array([4, 0, 1, 0, 0])],
    )
    after = update(model, stream_of([[1] * 200]), 1, N_WORDS + 1, events)
    assert after.precomputed().counts.levels[0].count.tolist() == [3, 400, 0, 0, 0, 0]


def test_children_at_hand_are_no_more_than_so_many(monkeypatch):
    """Memory stays bounded however many contexts are asked about, and answers the same."""
    monkeypatch.setattr(_children_of_one, "_MAX_CACHED", 30)
    texts = zipf_corpus(seed=4)
    model = model_of(texts, 3, "kneser_ney", n_words=25)
    other = on_demand(model)
    assert_same_model(other, model, texts)
    for weights in other.weights:
        for context in range(len(weights.ngrams.first_child) - 1):
            asked = weights.children_of(context)
            kept = weights._children_cache._children.values()
            assert sum(len(children.row) for children, _ in kept) <= max(
                30, len(asked.row)
            )


def test_what_is_only_read_is_never_sorted():
    """However much a model on demand is used, its arrays stay those that were given."""
    model = on_demand(model_of([[1, 2]], 2, "mle"))
    assert not needs_rebuild(model)
    assert model.precomputed().is_precomputed
