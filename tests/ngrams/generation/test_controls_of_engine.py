"""Tests of `sklearn_sslm.ngrams.generation._generation_controls`."""

import numpy as np
import pytest
from _replies import allowed, reshaped, windows
from hypothesis import given
from hypothesis import strategies as st

from sklearn_sslm.ngrams import Controls
from sklearn_sslm.ngrams.generation._generation_controls import SaidNGrams

# Multiples of 1/8, so that there are zeros and ties.
weights = st.lists(st.integers(0, 8), min_size=1, max_size=8).filter(any)
words_said = st.lists(st.integers(1, 3), max_size=10)
shapes = st.fixed_dictionaries(
    {},
    optional={
        "temperature": st.sampled_from([0, 0.01, 0.5, 1, 1.5, 100]),
        "top_k": st.integers(1, 10),
        "top_p": st.sampled_from([1e-9, 0.1, 0.3, 0.5, 0.77, 0.95, 1]),
        "min_p": st.sampled_from([0, 0.1, 0.3, 0.9, 1]),
    },
)


@given(weights, shapes)
def test_what_is_left_is_what_brute_force_leaves(weights, shape):
    """Temperature, then top-k, top-p and min-p, alone or together, step by step."""
    p = np.array(weights) / sum(weights)
    left = Controls(**shape).warp(p)
    expected = reshaped({word: q for word, q in enumerate(p) if q > 0}, **shape)
    assert np.flatnonzero(left).tolist() == sorted(expected)
    for word, q in expected.items():
        assert left[word] / left.sum() == pytest.approx(q, rel=1e-9)


@given(weights, shapes)
def test_a_common_factor_does_not_matter(weights, shape):
    """Probabilities that do not add up to 1 are shared out in the same way."""
    p = np.array(weights, dtype=float)
    controls = Controls(**shape)
    whole, part = controls.warp(p / p.sum()), controls.warp(p / p.sum() / 4)
    np.testing.assert_allclose(part / part.sum(), whole / whole.sum())


@pytest.mark.parametrize(
    ("controls", "expected"),
    [
        ({"temperature": 0}, [0, 1, 0, 0]),  # the first of the two likeliest
        ({"temperature": 0.5}, [0.01, 0.16, 0.09, 0.16]),  # squares
        ({"temperature": 2}, [1, 2, 3**0.5, 2]),  # roots, ten times as much
        ({"top_k": 1}, [0, 4, 0, 4]),  # both likeliest: none comes before the other
        ({"top_k": 2}, [0, 4, 0, 4]),
        ({"top_k": 3}, [0, 4, 3, 4]),
        ({"top_p": 0.3}, [0, 4, 0, 0]),  # 4/12 are enough
        ({"top_p": 0.4}, [0, 4, 0, 4]),  # 4/12 are not; 8/12 are
        ({"top_p": 8 / 12}, [0, 4, 0, 4]),  # reached exactly
        ({"top_p": 0.7}, [0, 4, 3, 4]),
        ({"min_p": 0.75}, [0, 4, 3, 4]),  # 3 is 0.75 of 4, exactly
        ({"min_p": 0.76}, [0, 4, 0, 4]),
        ({"temperature": 0.5, "min_p": 0.75}, [0, 16, 0, 16]),  # 9 is less than that
        ({"top_k": 2, "top_p": 0.6}, [0, 4, 0, 4]),  # 4/8 are not enough
        ({"top_k": 2, "top_p": 0.5}, [0, 4, 0, 0]),  # of what top-k left
    ],
)
def test_controls_by_hand(controls, expected):
    """What is left of 1, 4, 3 and 4 twelfths."""
    left = Controls(**controls).warp(np.array([1, 4, 3, 4]) / 12)
    np.testing.assert_allclose(left / left.sum(), np.array(expected) / sum(expected))


@given(weights, shapes)
def test_reshaping_changes_nothing_in_what_it_is_given(weights, shape):
    """Choices are kept for contexts that come again, so they may not be overwritten."""
    p = np.array(weights, dtype=float)
    Controls(**shape).warp(p)
    assert p.tolist() == weights


@given(
    st.lists(st.integers(0, 8), min_size=4, max_size=4),
    words_said,
    st.booleans(),
    st.sets(st.integers(1, 5)),
    st.integers(0, 4),
)
def test_what_may_come_next_is_what_brute_force_allows(
    weights, said, may_end, bad, size
):
    """Bad words, repeats and an early end get 0; all else stays as it is."""
    p = np.array(weights, dtype=float)
    controls = Controls(no_repeat_ngram_size=size, bad_words=np.array(sorted(bad), int))
    repeats = SaidNGrams(size, said).repeats()
    left = controls.allow(np.arange(4), p, may_end, repeats)
    expected = allowed(p, said, may_end, bad_words=bad, no_repeat_ngram_size=size)
    assert {word: left[word] for word in np.flatnonzero(left)} == expected
    assert p.tolist() == weights


def test_words_are_barred_by_their_ids():
    """What may come next need not be every word there is."""
    controls = Controls(bad_words=np.array([7, 2]))
    left = controls.allow(np.array([0, 2, 5, 7]), np.full(4, 0.25), may_end=True)
    assert left.tolist() == [0.25, 0, 0.25, 0]


@given(words_said, st.integers(1, 4))
def test_what_would_repeat_is_what_was_said_after_the_same_words(said, size):
    """A word is barred if and only if it would end a sequence that is there already."""
    before = windows(said, size)
    ends = {word: tuple([*said, word][-size:]) for word in (1, 2, 3, 4)}
    expected = [word for word, end in ends.items() if end in before]
    assert sorted(set(SaidNGrams(size, said).repeats())) == expected


@pytest.mark.parametrize(
    ("controls", "bar", "reshape"),
    [
        ({}, False, False),
        ({"stop": np.array([1])}, False, False),
        ({"temperature": 1, "top_k": None}, False, False),
        ({"bad_words": np.array([1])}, True, False),
        ({"no_repeat_ngram_size": 2}, True, False),
        ({"temperature": 0}, False, True),
        ({"top_k": 3}, False, True),
        ({"top_p": 0.5}, False, True),
        ({"min_p": 0.5}, False, True),
    ],
)
def test_controls_know_whether_they_change_anything(controls, bar, reshape):
    """What is not set is not paid for."""
    controls = Controls(**controls)
    assert (controls.has_bans, controls.has_warps) == (bar, reshape)
