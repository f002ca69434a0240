"""Tests of `sklearn_sslm.ngrams.models._frozen_model`, `_compact_level` and `_on_demand_level`.

The law: what is worked out on demand is what would have been worked out in advance.
"""

import numpy as np
import pytest
from _engine import (
    N_WORDS,
    assert_same_model,
    corpora,
    model_of,
    stream_of,
    zipf_corpus,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from sklearn_sslm.ngrams import (
    FrozenModel,
    Level,
    NGramCounts,
    SmoothedCounts,
    StoredCounts,
    changed,
    is_worn,
)
from sklearn_sslm.ngrams.models import _on_demand_level
from sklearn_sslm.smoothing import SMOOTHINGS, MaximumLikelihood

smoothings = st.sampled_from(sorted(SMOOTHINGS))


def frozen(model):
    """The same model, with nothing worked out in advance."""
    stored = StoredCounts(model.counts, model.adjusted, model.counts_of_counts)
    words = model.n_outcomes - 2, model.holes
    return FrozenModel(stored, model.smoothing, *words, model.min_count)


@settings(max_examples=25)
@given(corpora, st.integers(1, 5), smoothings)
def test_a_frozen_model_is_the_same(texts, n, smoothing):
    """So it scores and draws to the last bit, and so it is when it is settled."""
    model = model_of(texts, n, smoothing)
    assert_same_model(frozen(model), model)
    assert_same_model(frozen(model).settled(), model)


@settings(max_examples=25)
@given(
    corpora,
    st.integers(1, 5),
    st.sampled_from(["witten_bell", "absolute_discounting", "kneser_ney"]),
    st.sampled_from([(2,), (1, 2), (1, 2, 3), (3, 4)]),
)
def test_a_frozen_model_leaves_out_the_same(texts, n, smoothing, min_count):
    """What n-grams that are left out would keep is handed on, on demand, too."""
    whole = model_of(texts, n, smoothing)
    n_words = whole.n_outcomes - 2
    model = SmoothedCounts(whole.counts, whole.smoothing, n_words, min_count=min_count)
    assert_same_model(frozen(model), model)
    assert_same_model(frozen(model).settled(), model)


@settings(max_examples=25)
@given(corpora, st.integers(1, 5), smoothings)
def test_a_compact_model_is_the_same(texts, n, smoothing):
    """Nothing is rounded; only what learning on needs is left out."""
    model = model_of(texts, n, smoothing)
    compact = FrozenModel.compact(model)
    assert_same_model(compact, model)
    assert_same_model(compact.settled(), model)
    assert not compact.knows_all_counts
    assert not compact.settled().knows_all_counts
    assert frozen(model).knows_all_counts


@pytest.mark.parametrize("smoothing", ["kneser_ney", "stupid_backoff", "lidstone"])
def test_many_draws_at_once_are_the_same(smoothing):
    """More draws than are made one by one, from contexts of many sizes."""
    texts = zipf_corpus(seed=3)
    model = model_of(texts, 3, smoothing, n_words=25)
    for other in (frozen(model), FrozenModel.compact(model)):
        assert_same_model(other, model, texts)


@settings(max_examples=30)
@given(corpora, st.integers(1, 5))
def test_a_compact_level_has_the_face_of_a_level(texts, n):
    """Each n-gram is found where it was, and what is none is not found."""
    model = model_of(texts, n, "mle")
    compact = FrozenModel.compact(model)
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


@settings(max_examples=20)
@given(corpora, corpora, st.integers(1, 5), smoothings)
def test_a_frozen_model_learns_on(texts, more, n, smoothing):
    """What is learned is beside the arrays, or sorted in; these stay as they are."""
    before = frozen(model_of(texts, n, smoothing))
    expected = model_of(texts + more, n, smoothing)
    words = N_WORDS + 1, N_WORDS
    assert_same_model(changed(before, stream_of(more), 1, *words), expected)
    after = changed(
        changed(before, stream_of(more), 1, *words), stream_of(more), -1, *words
    )
    assert_same_model(after, model_of(texts, n, smoothing))
    assert_same_model(before, model_of(texts, n, smoothing))


def test_small_counts_are_added_up_in_full():
    """Counts stored in one byte each are learned on beyond 255."""
    level = Level.of_words(np.array([2, 200, 0, 0, 0, 0], dtype=np.uint8))
    counts = NGramCounts(1, (level,), n_texts=2)
    stored = StoredCounts(counts, [level.count], [np.array([4, 0, 1, 0, 0])])
    model = FrozenModel(stored, MaximumLikelihood(), N_WORDS)
    after = changed(model, stream_of([[1] * 200]), 1, N_WORDS + 1, N_WORDS)
    assert after.settled().counts.levels[0].count.tolist() == [3, 400, 0, 0, 0, 0]


def test_children_at_hand_are_no_more_than_so_many(monkeypatch):
    """Memory stays bounded however many contexts are asked about, and answers the same."""
    monkeypatch.setattr(_on_demand_level, "_MOST_CACHED", 30)
    texts = zipf_corpus(seed=4)
    model = model_of(texts, 3, "kneser_ney", n_words=25)
    other = frozen(model)
    assert_same_model(other, model, texts)
    for level in other.levels:
        for context in range(len(level.base.first_child) - 1):
            level.family(context)
            assert sum(len(family.row) for family in level._families.values()) <= 30


def test_what_is_only_read_is_never_sorted():
    """However much a frozen model is used, its arrays stay those that were given."""
    model = frozen(model_of([[1, 2]], 2, "mle"))
    assert not is_worn(model)
    assert isinstance(model.settled(), SmoothedCounts)
