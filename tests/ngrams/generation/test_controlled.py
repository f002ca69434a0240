"""Tests of `sklearn_sslm.ngrams.generation._controlled`."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from _draws import CONTEXTS, FEW_QUICK, assert_drawn_from, expected_next, small_model
from _engine import continuations_after, model_of
from _replies import allowed, reshaped

from sklearn_sslm.ngrams import NO_WORD, Controls, sample_one
from sklearn_sslm.ngrams.generation import _controlled, sample
from sklearn_sslm.ngrams.generation._controlled import controlled_sampler

SHAPES = [
    {"temperature": 0.6},
    {"top_k": 2},
    {"top_p": 0.7},
    {"min_p": 0.3},
    {"temperature": 1.7, "top_k": 4, "top_p": 0.9, "min_p": 0.2},
]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("smoothing", FEW_QUICK, ids=str)
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


@pytest.mark.parametrize("n_tries", [1, 8])
@pytest.mark.parametrize("smoothing", FEW_QUICK, ids=str)
def test_words_that_are_not_banned_stay_in_proportion(smoothing, n_tries, monkeypatch):
    """It does not show whether banned words are drawn again or left out to begin with."""
    monkeypatch.setattr(_controlled, "_TRIES", n_tries)
    model = small_model(smoothing)
    banned = Controls(bad_words=[3]), Controls(bad_words=[(1, 2), 3])
    banned += (Controls(no_repeat_ngram_size=1), Controls())
    for seed, (words, controls) in enumerate(product(CONTEXTS[::2], banned)):
        p = expected_next(model, words)
        may_end = seed % 3 > 0
        left = controls.distribution(np.arange(len(p)), p, words, may_end)
        if not left.any():
            continue
        texts = continuations_after(model, words, 1, 400)
        texts = replace(texts, min_new=np.full(400, not may_end), prefix=[words] * 400)
        rows = sample(model, texts, controls, np.random.default_rng(seed))
        assert_drawn_from(left / left.sum(), rows[:, 0])


@pytest.mark.parametrize("n_words", [50, 500])
def test_hardly_any_distribution_is_worked_out_where_few_words_are_banned(
    n_words, monkeypatch
):
    """However many words there are, a banned one is drawn again."""
    texts = [[k, n_words - k + 1, k] for k in range(1, n_words + 1)]
    model = model_of(texts, 3, "kneser_ney", n_words + 2)
    asked, candidates = [], _controlled.next_word_candidates

    def counted(*args):
        asked.append(args)
        return candidates(*args)

    monkeypatch.setattr(_controlled, "next_word_candidates", counted)
    controls = Controls(bad_words=[(1, n_words), 7], no_repeat_ngram_size=3)
    texts = continuations_after(model, [0], 20, 200)
    rows = sample(model, texts, controls, np.random.default_rng(0))
    assert np.count_nonzero(rows) > 300
    assert not np.any(rows == 7)
    assert len(asked) < 10


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
