"""Tests of `sklearn_sslm.ngrams.generation._draws`."""

import numpy as np
import pytest
from _draws import (
    CONTEXTS,
    SMOOTHINGS,
    assert_drawn_from,
    expected_next,
    model_with_a_gap,
    repeated,
    small_model,
)
from _engine import context_of

from sklearn_sslm.ngrams.generation._draws import draw
from sklearn_sslm.smoothing import SMOOTHINGS as BY_NAME

N_DRAWS = 50_000


@pytest.mark.parametrize("smoothing", SMOOTHINGS, ids=str)
def test_next_words_are_drawn_from_their_distribution(smoothing):
    """50 000 draws after each context are as frequent as ``next_word_probabilities``."""
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
