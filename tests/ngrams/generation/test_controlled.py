"""Tests of `sklearn_sslm.ngrams.generation._controlled`."""

from dataclasses import replace

import numpy as np
import pytest
from _draws import CONTEXTS, SMOOTHINGS, assert_drawn_from, expected_next, small_model
from _engine import continuations_after, model_of
from _replies import allowed, reshaped
from hypothesis import given
from hypothesis import strategies as st

from sklearn_sslm.ngrams import NO_WORD, Controls, sample_one
from sklearn_sslm.ngrams.generation import _controlled, sample
from sklearn_sslm.ngrams.generation._controlled import (
    DistributionCache,
    controlled_sampler,
    cumulative,
    draw_from,
)

SHAPES = [
    {"temperature": 0.6},
    {"top_k": 2},
    {"top_p": 0.7},
    {"min_p": 0.3},
    {"temperature": 1.7, "top_k": 4, "top_p": 0.9, "min_p": 0.2},
]


@given(
    st.lists(st.integers(0, 5), min_size=1, max_size=8).filter(any),
    st.floats(0, 1, exclude_max=True),
)
def test_a_random_number_selects_words_by_their_weights(weights, u):
    """Words cover intervals as long as their weights, one after the other."""
    words = np.arange(len(weights)) * 10
    drawn = draw_from(*cumulative(words, np.array(weights, dtype=float)), u)
    # As many intervals as there are words, each an integer long: "0 0 1 3 3 3".
    by_number = np.repeat(words, weights)
    assert drawn == by_number[int(u * len(by_number))]


@pytest.mark.parametrize("u", [0.0, np.nextafter(1, 0)])
def test_words_without_weight_are_never_drawn(u):
    """Neither at the borders nor by rounding."""
    weights = np.array([0, 0.1, 0, 0.2, 0.3, 0.4, 0])
    assert draw_from(*cumulative(np.arange(7), weights), u) in (1, 5)


@pytest.mark.parametrize("size", [0, 3, 1000])
def test_a_cache_draws_what_would_be_drawn_without_it(size):
    """Distributions are worked out once, or again where there is no room for them."""
    asked = []

    def distribution(*key):
        asked.append(key)
        return np.arange(5), np.random.default_rng(key).random(5)

    cache = DistributionCache(distribution, size)
    rng = np.random.default_rng(0)
    for _ in range(200):
        key = (int(rng.integers(4)), int(rng.integers(2)))
        u = rng.random()
        expected = draw_from(*cumulative(*distribution(*key)), u)
        assert cache.draw(key, u) == expected
    assert len(set(asked)) == 8
    again = len(asked) - 200
    assert again == 8 if size == 1000 else again > 8
    assert len(cache._stored) <= max(size, 1) + 1


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("smoothing", SMOOTHINGS, ids=str)
def test_next_words_are_drawn_from_what_controls_leave(smoothing, shape):
    """After every context, draws are as frequent as brute force on its distribution."""
    model = small_model(smoothing)
    for seed, words in enumerate(CONTEXTS):
        p = expected_next(model, words)
        choices = allowed(p, bad_words=[3], may_end=seed % 2 == 0)
        expected = np.zeros(len(p))
        if choices:
            choices = reshaped(choices, **shape)
            expected[list(choices)] = list(choices.values())
        else:
            expected[0] = 1  # nothing is left to say, so the text ends
        if not (choices or seed % 2 == 0):
            continue
        texts = continuations_after(model, words, 1, 1000)
        texts = replace(texts, min_new=np.full(1000, seed % 2))
        controls = Controls(bad_words=np.array([3]), **shape)
        rows = sample(model, texts, controls, np.random.default_rng(seed))
        assert_drawn_from(expected, rows[:, 0])


@pytest.mark.parametrize("write", [sample, sample_one], ids=["sample", "sample_one"])
def test_where_nothing_is_left_the_text_ends_if_it_may(write):
    """With every word banned a text ends, and tells that it did so for this reason."""
    model = model_of([[1, 2]], 2, "mle", 2)
    texts = continuations_after(model, [0], 5)
    rng = np.random.default_rng(0)
    for banned, expected in (([1, 2], [NO_WORD]), ([2], [1, NO_WORD]), ([], [1, 2])):
        controls = Controls(bad_words=np.array(banned), no_repeat_ngram_size=3)
        assert (
            np.ravel(list(write(model, texts, controls, rng))).tolist()[:2] == expected
        )
    texts = replace(texts, min_new=np.array([1]))
    controls = Controls(bad_words=np.array([1, 2]))
    assert np.ravel(list(write(model, texts, controls, rng))).tolist() == [NO_WORD]


def test_without_controls_texts_are_drawn_by_count():
    """Only what changes the next word takes the slower way; `stop` alone does not."""
    model = small_model("kneser_ney")
    texts = continuations_after(model, [0], 5, 3)
    assert controlled_sampler(model, texts, Controls()) is None
    stopping = replace(texts, stop=np.array([1]))
    assert controlled_sampler(model, stopping, Controls()) is None
    for controls in (Controls(temperature=2), Controls(bad_words=np.array([1]))):
        assert controlled_sampler(model, texts, controls) is not None
    late = replace(texts, min_new=np.array([0, 0, 2]))
    assert controlled_sampler(model, late, Controls()) is not None


def test_a_distribution_is_worked_out_once(monkeypatch):
    """It serves all texts with the same context."""
    model = small_model("kneser_ney")
    asked = []

    def candidates(model, length, row):
        asked.append((length, row))
        return np.arange(3), np.array([0.2, 0.3, 0.5])

    monkeypatch.setattr(_controlled, "next_word_candidates", candidates)
    texts = continuations_after(model, [0, 1], 1, 50)
    sample(model, texts, Controls(top_k=2), np.random.default_rng(0))
    assert len(asked) == 1
