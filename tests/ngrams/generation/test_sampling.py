"""Tests of `sklearn_sslm.ngrams.generation._sampling`."""

import numpy as np
import pytest
from _draws import (
    FEW_QUICK,
    N_KNOWN,
    all_texts,
    assert_texts_drawn_from,
    expected_next,
    repeated,
    small_model,
)
from _engine import context_of, continuations_after, corpora, model_of, sample_after
from hypothesis import given
from hypothesis import strategies as st

from sklearn_sslm.ngrams import Continuations, Controls, sample
from sklearn_sslm.ngrams.generation._draws import draw
from sklearn_sslm.ngrams.generation._sampling import next_contexts
from sklearn_sslm.smoothing import SMOOTHINGS as BY_NAME


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


@pytest.mark.parametrize("smoothing", FEW_QUICK, ids=str)
def test_whole_texts_are_drawn_from_their_distribution(smoothing):
    """Word after word, texts are as frequent as the product of their steps."""
    model = small_model(smoothing)
    expected = all_texts(model, N_KNOWN, 3, expected_next)
    drawn = sample_after(model, [0], 4, 50_000, np.random.default_rng(0))
    assert_texts_drawn_from(expected, drawn)


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
