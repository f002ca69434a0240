"""Tests of `sklearn_sslm.ngrams.generation._controlled`."""

from dataclasses import replace

import numpy as np
import pytest
from _draws import CONTEXTS, SMOOTHINGS, assert_drawn_from, expected_next, small_model
from _engine import continuations_after, model_of
from _replies import allowed, reshaped
from hypothesis import given
from hypothesis import strategies as st

from sklearn_sslm.ngrams import Controls, sample, sample_one
from sklearn_sslm.ngrams.generation import _controlled as choosing
from sklearn_sslm.ngrams.generation._controlled import (
    DistributionCache,
    choices_of,
    controlled_sampler,
    pick,
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
def test_a_chance_picks_the_word_it_falls_on(weights, chance):
    """Words own intervals as long as their weights, one after the other."""
    words = np.arange(len(weights)) * 10
    picked = pick(*choices_of(words, np.array(weights, dtype=float)), chance)
    # As many intervals as there are words, each an integer long: "0 0 1 3 3 3".
    owners = np.repeat(words, weights)
    assert picked == owners[int(chance * len(owners))]


@pytest.mark.parametrize("chance", [0.0, np.nextafter(1, 0)])
def test_words_without_weight_are_never_picked(chance):
    """Neither at the borders nor by rounding."""
    weights = np.array([0, 0.1, 0, 0.2, 0.3, 0.4, 0])
    assert pick(*choices_of(np.arange(7), weights), chance) in (1, 5)


@pytest.mark.parametrize("size", [0, 3, 1000])
def test_a_cache_gives_what_weighing_anew_gives(size):
    """Contexts are weighed once, or again where there is no room to keep them."""
    weighed = []

    def weigh(*context):
        weighed.append(context)
        return np.arange(5), np.random.default_rng(context).random(5)

    cache = DistributionCache(size)
    rng = np.random.default_rng(0)
    for _ in range(200):
        context = (int(rng.integers(4)), int(rng.integers(2)))
        chance = rng.random()
        expected = pick(*choices_of(*weigh(*context)), chance)
        assert cache.draw(context, weigh, chance) == expected
    assert len(set(weighed)) == 8
    again = len(weighed) - 200
    assert again == 8 if size == 1000 else again > 8
    assert len(cache._choices) <= max(size, 1) + 1


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
        lanes = continuations_after(model, words, 1, 1000)
        lanes = replace(lanes, min_new=np.full(1000, seed % 2))
        controls = Controls(bad_words=np.array([3]), **shape)
        rows = sample(model, lanes, controls, np.random.default_rng(seed))
        assert_drawn_from(expected, rows[:, 0])


@pytest.mark.parametrize("write", [sample, sample_one], ids=["sample", "walk"])
def test_where_nothing_is_left_the_text_ends_if_it_may(write):
    """With every word barred a text ends; where it may not, an error says why."""
    model = model_of([[1, 2]], 2, "mle", 2)
    lanes = continuations_after(model, [0], 5)
    controls = Controls(bad_words=np.array([1, 2]))
    rng = np.random.default_rng(0)
    assert np.count_nonzero(list(write(model, lanes, controls, rng))) == 0
    lanes = replace(lanes, min_new=np.array([1]))
    with pytest.raises(ValueError, match=r"bad_words.*min_length"):
        list(write(model, lanes, controls, rng))


def test_without_controls_there_is_no_chooser():
    """Only what changes the next word takes the slower way; `stop` alone does not."""
    model = small_model("kneser_ney")
    lanes = continuations_after(model, [0], 5, 3)
    assert controlled_sampler(model, lanes, Controls()) is None
    assert controlled_sampler(model, lanes, Controls(stop=np.array([1]))) is None
    for controls in (Controls(temperature=2), Controls(bad_words=np.array([1]))):
        assert controlled_sampler(model, lanes, controls) is not None
    late = replace(lanes, min_new=np.array([0, 0, 2]))
    assert controlled_sampler(model, late, Controls()) is not None


def test_lanes_of_one_context_are_weighed_once(monkeypatch):
    """The distribution after a context is worked out once for all its lanes."""
    model = small_model("kneser_ney")
    asked = []

    def candidates(model, length, row):
        asked.append((length, row))
        return np.arange(3), np.array([0.2, 0.3, 0.5])

    monkeypatch.setattr(choosing, "next_word_candidates", candidates)
    lanes = continuations_after(model, [0, 1], 1, 50)
    sample(model, lanes, Controls(top_k=2), np.random.default_rng(0))
    assert len(asked) == 1
