"""Tests of `sklearn_sslm.ngrams.generation._sample_one`."""

from dataclasses import replace

import numpy as np
import pytest
from _draws import (
    CONTEXTS,
    FEW_QUICK,
    N_KNOWN,
    all_texts,
    assert_drawn_from,
    assert_texts_drawn_from,
    expected_next,
    model_with_a_gap,
    small_model,
)
from _engine import continuations_after, model_of, sample_one_after

from sklearn_sslm.ngrams import Controls, sample_one
from sklearn_sslm.smoothing import StupidBackoff


def n_draws(smoothing, most):
    """How many there is time for: stupid backoff steps by arrays of one."""
    return most // 10 if isinstance(smoothing, StupidBackoff) else most


@pytest.mark.parametrize("smoothing", FEW_QUICK, ids=str)
def test_next_words_are_drawn_from_their_distribution(smoothing):
    """The first word drawn is as frequent as ``next_word_probabilities`` says."""
    model = small_model(smoothing)
    each = n_draws(smoothing, 12_000) // len(CONTEXTS)
    for seed, words in enumerate(CONTEXTS):
        drawn = sample_one_after(model, words, 1, each, np.random.default_rng(seed))
        first = [word for text in drawn for word in (*text, 0)[:1]]
        assert_drawn_from(expected_next(model, words), np.array(first))


@pytest.mark.parametrize("smoothing", FEW_QUICK, ids=str)
def test_whole_texts_are_drawn_from_their_distribution(smoothing):
    """Texts from the start are as frequent as the product of their steps."""
    model = small_model(smoothing)
    expected = all_texts(model, N_KNOWN, 3, expected_next)
    size = n_draws(smoothing, 4000)
    drawn = sample_one_after(model, [0], 4, size, np.random.default_rng(0))
    assert_texts_drawn_from(expected, drawn)


@pytest.mark.parametrize("smoothing", FEW_QUICK, ids=str)
def test_forgotten_words_are_never_drawn(smoothing):
    """An id without a word is passed over, by draws that back off from all contexts too."""
    model, rng = model_with_a_gap(smoothing), np.random.default_rng(0)
    drawn = sample_one_after(model, [0, 1], 1, n_draws(smoothing, 2000), rng)
    first = [word for text in drawn for word in (*text, 0)[:1]]
    assert_drawn_from(expected_next(model, [0, 1]), np.array(first))


@pytest.mark.parametrize("smoothing", FEW_QUICK, ids=str)
def test_a_text_that_must_have_a_word_is_drawn_given_that(smoothing):
    """With one word at least, texts come as often as among those that are not empty."""
    model = small_model(smoothing)
    expected = all_texts(model, N_KNOWN, 3, expected_next)
    left = 1 - expected.pop(())
    expected = {text: p / left for text, p in expected.items()}
    text = replace(continuations_after(model, [0], 4), min_new=np.ones(1, dtype=int))
    rng = np.random.default_rng(0)
    drawn = [
        list(sample_one(model, text, Controls(), rng))
        for _ in range(n_draws(smoothing, 4000))
    ]
    assert_texts_drawn_from(expected, drawn)


def test_stop_words_end_a_text():
    """The first of them that is drawn is the last word."""
    model = model_of([[1, 2, 3, 4, 5]], 2, "mle")
    start = replace(continuations_after(model, [0], 10), stop=np.array([4, 3]))
    drawn = sample_one(model, start, Controls(), np.random.default_rng(0))
    assert list(drawn) == [1, 2, 3]


def test_a_text_without_choice():
    """Where each word has one follower, that is the text drawn."""
    model = model_of([[1, 2, 3, 4, 5]], 2, "mle")
    drawn = sample_one_after(model, [0], 10, 1, np.random.default_rng(0))
    assert drawn == [[1, 2, 3, 4, 5]]


def test_a_text_may_go_on_for_ever():
    """It is drawn word by word, so one may stop listening to a text without end."""
    model = model_of([[1] * 1000], 2, "mle")
    start = continuations_after(model, [1], 10**15)
    words = sample_one(model, start, Controls(), np.random.default_rng(0))
    assert [next(words) for _ in range(20)] == [1] * 20
