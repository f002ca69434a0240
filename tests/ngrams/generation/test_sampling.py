"""Tests of `sklearn_sslm.ngrams.generation._sampling`."""

import numpy as np
import pytest
from _draws import (
    CONTEXTS,
    N_KNOWN,
    SMOOTHINGS,
    all_texts,
    assert_drawn_from,
    assert_texts_drawn_from,
    expected_next,
    model_with_a_gap,
    small_model,
)
from _engine import context_of, continuations_after, corpora, model_of, sample_after
from hypothesis import given
from hypothesis import strategies as st

from sklearn_sslm.ngrams import Continuations, Controls, sample
from sklearn_sslm.ngrams.generation._sampling import draw, next_contexts
from sklearn_sslm.smoothing import SMOOTHINGS as BY_NAME

N_DRAWS = 200_000


def repeated(context, size):
    """The same context many times."""
    length, row = context
    return np.full(size, length), np.full(size, row)


@pytest.mark.parametrize("smoothing", SMOOTHINGS, ids=str)
def test_next_words_are_drawn_from_their_distribution(smoothing):
    """200 000 draws after each context are as frequent as ``next_word_probabilities``."""
    model = small_model(smoothing)
    for seed, words in enumerate(CONTEXTS):
        rng = np.random.default_rng(seed)
        drawn = draw(model, *repeated(context_of(model, words), N_DRAWS), rng)
        assert_drawn_from(expected_next(model, words), drawn.word)


@pytest.mark.parametrize("n", [1, 2, 5, 8])
@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_next_words_of_other_orders(name, n):
    """It holds for the lowest order, and for orders that hardly a text reaches."""
    model = small_model(name, n)
    for seed, words in enumerate(([0], [0, 1, 2, 3], [1, 1, 2])):
        rng = np.random.default_rng(seed)
        drawn = draw(model, *repeated(context_of(model, words), 50_000), rng)
        assert_drawn_from(expected_next(model, words), drawn.word)


@pytest.mark.parametrize("name", ["mle", "lidstone", "kneser_ney", "stupid_backoff"])
def test_contexts_side_by_side_are_drawn_for_themselves(name):
    """Continuations with contexts of every length do not disturb each other."""
    model = small_model(name)
    contexts = np.array([context_of(model, words) for words in CONTEXTS])
    which = np.arange(N_DRAWS) % len(CONTEXTS)
    rng = np.random.default_rng(0)
    drawn = draw(model, *contexts[which].T, rng).word
    for i, words in enumerate(CONTEXTS):
        assert_drawn_from(expected_next(model, words), drawn[which == i])


@given(
    corpora.filter(any),
    st.lists(st.integers(1, 5), max_size=5),
    st.integers(1, 5),
    st.sampled_from(sorted(BY_NAME)),
)
def test_each_word_leads_to_the_longest_context(texts, words, n, name):
    """After a draw, ``next_contexts`` knows the context that looking it up would find."""
    model = model_of(texts, n, name)
    start = [0, *words]
    state = repeated(context_of(model, start), 20)
    drawn = draw(model, *state, np.random.default_rng(0))
    length, row = next_contexts(model.counts, *state, *drawn)
    for i, number in enumerate(drawn.word.tolist()):
        if number:  # after the end there is nothing to go on to
            assert (length[i], row[i]) == context_of(model, [*start, number])


@pytest.mark.parametrize("smoothing", SMOOTHINGS, ids=str)
def test_whole_texts_are_drawn_from_their_distribution(smoothing):
    """Word after word, texts are as frequent as the product of their steps."""
    model = small_model(smoothing)
    expected = all_texts(model, N_KNOWN, 3, expected_next)
    drawn = sample_after(model, [0], 4, 50_000, np.random.default_rng(0))
    assert_texts_drawn_from(expected, drawn)


@pytest.mark.parametrize("smoothing", SMOOTHINGS, ids=str)
def test_forgotten_words_are_never_drawn(smoothing):
    """An id without a word is passed over, by draws that back off from all contexts too."""
    model = model_with_a_gap(smoothing)
    for words in ([0], [0, 1], [3]):
        state = repeated(context_of(model, words), 20_000)
        drawn = draw(model, *state, np.random.default_rng(0))
        expected = expected_next(model, words)
        assert expected[2] == 0
        assert_drawn_from(expected, drawn.word)


def test_texts_have_at_most_as_many_words_as_asked_for():
    """Where there is no end, each text goes on as far as it may, and not at all for 0."""
    model = model_of([[1] * 1000], 2, "mle")
    start = continuations_after(model, [1], 0, 5)
    start = Continuations(
        start.length, start.row, np.array([3, 0, 1, 5, 0]), start.min_new
    )
    rows = sample(model, start, Controls(), np.random.default_rng(0))
    expected = [[1, 1, 1, 0, 0], [0] * 5, [1, 0, 0, 0, 0], [1] * 5, [0] * 5]
    assert rows.tolist() == expected
    assert rows.dtype == np.int32


@pytest.mark.parametrize("size", [0, 3])
def test_nothing_to_draw(size):
    """No texts, or none that may have a word, give rows without columns."""
    model = small_model("mle")
    start = continuations_after(model, [0], 0, size)
    rows = sample(model, start, Controls(), np.random.default_rng(0))
    assert rows.shape == (size, 0)


def test_drawing_changes_nothing_in_what_it_is_given():
    """The contexts that texts start from are still there afterwards."""
    model = small_model("kneser_ney")
    start = continuations_after(model, [0, 1], 5, 100)
    before = start.length.copy(), start.row.copy()
    sample(model, start, Controls(), np.random.default_rng(0))
    np.testing.assert_array_equal((start.length, start.row), before)
