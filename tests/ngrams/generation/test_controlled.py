"""Tests of `sklearn_sslm.ngrams.generation._controlled`."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from _draws import CONTEXTS, FEW_QUICK, assert_drawn_from, expected_next, small_model
from _engine import context_of, continuations_after, model_of
from _replies import allowed, reshaped

from sklearn_sslm.ngrams import NO_WORD, Controls, next_distribution, sample_one
from sklearn_sslm.ngrams.generation import _controlled, _generation_controls, sample
from sklearn_sslm.ngrams.generation._controlled import controlled_sampler
from sklearn_sslm.ngrams.generation._generation_controls import CONTROLS, Control

SHAPES = [
    {"temperature": 0.6},
    {"temperature": 1.7},
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


@pytest.mark.parametrize(("temperature", "least"), [(1, 300), (0.5, 15), (2, 1000)])
@pytest.mark.parametrize("n_words", [50, 500])
def test_hardly_any_distribution_is_worked_out_where_few_words_are_banned(
    n_words, temperature, least, monkeypatch
):
    """However many words there are, a banned one is drawn again, at any temperature."""
    texts = [[k, n_words - k + 1, k] for k in range(1, n_words + 1)]
    model = model_of(texts, 3, "kneser_ney", n_words + 2)
    asked, candidates = [], _controlled.next_word_candidates

    def counted(*args):
        asked.append(args)
        return candidates(*args)

    monkeypatch.setattr(_controlled, "next_word_candidates", counted)
    controls = Controls(
        bad_words=[(1, n_words), 7], no_repeat_ngram_size=3, temperature=temperature
    )
    texts = continuations_after(model, [0], 20, 200)
    rows = sample(model, texts, controls, np.random.default_rng(0))
    assert np.count_nonzero(rows) > least
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


CUTS = [
    {"top_k": 1},
    {"top_k": 3},
    {"min_p": 0.4},
    {"temperature": 0},
    {"temperature": 0.5, "top_k": 2, "min_p": 0.1},
    {"top_k": 3, "top_p": 0.7},
    {"top_p": 0.7},  # whose limit depends on all words
    {"top_p": 0.5, "temperature": 1.6},
    {"top_p": 0.3, "temperature": 0.4, "min_p": 0.5},
    {"top_p": 0.6, "bad_words": [1]},
    {"top_p": 0.9, "min_p": 0.2},
    {"top_p": 0.5, "min_p": 0.01},
    {"bad_words": [1, (2, 3)], "top_k": 2},
    {"no_repeat_ngram_size": 1, "min_p": 0.3},
]


@pytest.mark.parametrize("cut", CUTS, ids=str)
@pytest.mark.parametrize("smoothing", FEW_QUICK, ids=str)
def test_the_likeliest_words_are_enough_where_others_are_cut_off(
    smoothing, cut, monkeypatch
):
    """Controls leave the same words, as likely to the last bit, of few words and of all."""
    model, controls = small_model(smoothing), Controls(**cut)
    for words, may_end in product(CONTEXTS, (True, False)):
        left = []
        for few in (1 << 20, 2):
            monkeypatch.setattr(_controlled, "_FEW_WORDS", few)
            context = context_of(model, [0, *words][-(model.n - 1) :])
            found = next_distribution(model, controls, *context, may_end, words)
            left.append([(w, p) for w, p in zip(*map(list, found), strict=True) if p])
        assert left[0] == left[1]


@pytest.mark.parametrize(
    ("cut", "needs_all"),
    [
        ({"top_k": 3}, False),
        ({"temperature": 0.9, "min_p": 0.9}, False),
        ({"top_p": 0.9, "min_p": 0.9}, False),
        ({"bad_words": [7], "top_k": 3}, False),
        ({"temperature": 0.9}, True),
        ({"top_p": 0.3}, False),
        ({"top_p": 0.2, "temperature": 1.7}, False),
        ({"top_p": 0.9999}, True),
        ({"top_k": 300}, True),
    ],
    ids=str,
)
def test_words_that_are_cut_off_are_not_looked_at(cut, needs_all, monkeypatch):
    """The probabilities of all words are only computed for controls that need them."""
    asked = []
    complete = _controlled.next_word_candidates
    monkeypatch.setattr(
        _controlled,
        "next_word_candidates",
        lambda *args: asked.append(args) or complete(*args),
    )
    texts = [[word] * (word % 7 + 1) for word in range(1, 200)]
    model = model_of(texts, 2, "witten_bell")
    next_distribution(model, Controls(**cut), 0, 0)
    assert bool(asked) == needs_all


def test_controls_that_reorder_words_are_given_all(monkeypatch):
    """A word that a control makes the likeliest is not cut off by one after it."""
    contrary = Control(
        lambda value, words, p, text: np.where(p > 0, 1 - p, 0), off=None
    )
    controls = {"contrary": contrary, **CONTROLS}
    monkeypatch.setattr(_generation_controls, "CONTROLS", controls)
    monkeypatch.setattr(_controlled, "_FEW_WORDS", 2)
    model = model_of([[1, 1, 1, 2, 2, 3, 4, 4, 4, 4]], 1, "witten_bell")
    words, weights = next_distribution(
        model, Controls(contrary=True, top_k=1), 0, 0, False
    )
    assert words[weights > 0].tolist() == [5]  # which was never seen
