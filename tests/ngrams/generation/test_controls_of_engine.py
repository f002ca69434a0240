"""Tests of `sklearn_sslm.ngrams.generation._generation_controls`."""

import numpy as np
import pytest
from _replies import allowed, reshaped, windows
from hypothesis import given
from hypothesis import strategies as st

from sklearn_sslm.ngrams import CONTROLS, Controls
from sklearn_sslm.ngrams.generation._generation_controls import Control, _repeats

# Multiples of 1/8, so that there are zeros and ties.
weights = st.lists(st.integers(0, 8), min_size=1, max_size=8).filter(any)
texts = st.lists(st.integers(1, 3), max_size=10)
warps = st.fixed_dictionaries(
    {},
    optional={
        "temperature": st.sampled_from([0, 0.01, 0.5, 1, 1.5, 100]),
        "top_k": st.integers(1, 10),
        "top_p": st.sampled_from([1e-9, 0.1, 0.3, 0.5, 0.77, 0.95, 1]),
        "min_p": st.sampled_from([0, 0.1, 0.3, 0.9, 1]),
    },
)


def warped(p, **values):
    """What controls that ban no word make of the probabilities of words 0, 1, 2, …"""
    return Controls(**values).distribution(np.arange(len(p)), p)


@given(weights, warps)
def test_what_is_left_is_what_brute_force_leaves(weights, values):
    """Temperature, then top-k, top-p and min-p, alone or together, step by step."""
    p = np.array(weights) / sum(weights)
    left = warped(p, **values)
    expected = reshaped({word: q for word, q in enumerate(p) if q > 0}, **values)
    assert np.flatnonzero(left).tolist() == sorted(expected)
    for word, q in expected.items():
        assert left[word] / left.sum() == pytest.approx(q, rel=1e-9)


@given(weights, warps)
def test_a_common_factor_does_not_matter(weights, values):
    """Probabilities that do not add up to 1 are warped in the same way."""
    p = np.array(weights, dtype=float)
    whole, part = warped(p / p.sum(), **values), warped(p / p.sum() / 4, **values)
    np.testing.assert_allclose(part / part.sum(), whole / whole.sum())


@pytest.mark.parametrize(
    ("values", "expected"),
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
def test_controls_by_hand(values, expected):
    """What is left of 1, 4, 3 and 4 twelfths."""
    left = warped(np.array([1, 4, 3, 4]) / 12, **values)
    np.testing.assert_allclose(left / left.sum(), np.array(expected) / sum(expected))


@given(
    st.lists(st.integers(0, 8), min_size=4, max_size=4),
    texts,
    st.booleans(),
    st.sets(st.integers(1, 5)),
    st.integers(0, 4),
)
def test_banned_words_are_those_of_brute_force(weights, text, may_end, bad, size):
    """Bad words, repeats and an early end get 0; all else stays as it is."""
    p = np.array(weights, dtype=float)
    controls = Controls(no_repeat_ngram_size=size, bad_words=np.array(sorted(bad), int))
    left = controls.distribution(np.arange(4), p, text, may_end)
    expected = allowed(p, text, may_end, bad_words=bad, no_repeat_ngram_size=size)
    assert {word: left[word] for word in np.flatnonzero(left)} == expected


@given(weights, warps, st.sets(st.integers(0, 8)), st.booleans())
def test_bans_come_before_warps(weights, values, bad, may_end):
    """What is banned takes no part in the shares and ranks of what is left."""
    p = np.array(weights) / sum(weights)
    controls = Controls(bad_words=np.array(sorted(bad), int), **values)
    left = controls.distribution(np.arange(len(p)), p, [], may_end)
    choices = allowed(p, may_end=may_end, bad_words=bad)
    expected = reshaped(choices, **values) if choices else {}
    assert np.flatnonzero(left).tolist() == sorted(expected)
    for word, q in expected.items():
        assert left[word] / left.sum() == pytest.approx(q, rel=1e-9)


@given(weights, warps, st.sets(st.integers(0, 8)))
def test_controls_do_not_change_what_they_are_given(weights, values, bad):
    """Distributions are stored for contexts that come again."""
    p, text = np.array(weights, dtype=float), [1, 2, 1]
    controls = Controls(
        bad_words=np.array(sorted(bad), int), no_repeat_ngram_size=2, **values
    )
    controls.distribution(np.arange(len(p)), p, text, may_end=False)
    assert p.tolist() == weights
    assert text == [1, 2, 1]


def test_words_are_banned_by_their_ids():
    """Candidates need not be all words there are."""
    controls = Controls(bad_words=np.array([7, 2]))
    left = controls.distribution(np.array([0, 2, 5, 7]), np.full(4, 0.25))
    assert left.tolist() == [0.25, 0, 0.25, 0]


@given(weights, texts, st.sampled_from(sorted(CONTROLS)))
def test_controls_that_only_ban_leave_the_other_words_as_they_are(weights, text, name):
    """What a control that says so leaves has the probability that it had."""
    value = np.array([1, 3]) if name == "bad_words" else 1
    controls = Controls(**{name: value})
    if controls.temperature == 1:
        p = np.array(weights) / sum(weights)
        left = controls.distribution(np.arange(len(p)), p, text)
        assert ((left == p) | (left == 0)).all()


def test_a_new_control_does_more_than_ban(monkeypatch):
    """One that does not say that it only bans, such as a penalty, is never tried as a ban."""
    half = Control(
        lambda value, words, p, text: np.where(words == 1, p / value, p), 1.0
    )
    monkeypatch.setitem(CONTROLS, "half", half)
    ban = {"bad_words": np.array([1])}
    assert Controls(**ban).temperature == 1
    assert Controls(half=2.0).temperature is None
    assert Controls(half=2.0, **ban).temperature is None


def test_a_temperature_is_told_where_others_only_ban():
    """That of 0, which leaves one word, and one beside other controls is not."""
    ban = {"bad_words": np.array([1])}
    assert Controls().temperature == 1
    assert Controls(temperature=0.5, **ban).temperature == 0.5
    for others in ({"temperature": 0}, {"top_p": 0.5}, {"min_p": 0.1}, {"top_k": 3}):
        assert Controls(**{"temperature": 2.0, **ban, **others}).temperature is None


@given(texts, st.integers(1, 4))
def test_a_repeat_completes_an_n_gram_that_is_there(text, size):
    """A word is a repeat if and only if it completes an n-gram of the text again."""
    before = windows(text, size)
    ends = {word: tuple([*text, word][-size:]) for word in (1, 2, 3, 4)}
    expected = [word for word, end in ends.items() if end in before]
    assert sorted(set(_repeats(text, size))) == expected


@pytest.mark.parametrize(
    ("values", "is_set", "needs_text"),
    [
        ({}, False, False),
        ({name: control.off for name, control in CONTROLS.items()}, False, False),
        ({"temperature": 1, "bad_words": np.array([], int)}, False, False),
        ({"bad_words": np.array([1])}, True, False),
        ({"no_repeat_ngram_size": 2}, True, True),
        ({"temperature": 0}, True, False),
        ({"top_k": 3}, True, False),
        ({"top_p": 0.5}, True, False),
        ({"min_p": 0.5}, True, False),
    ],
)
def test_controls_know_whether_they_change_anything(values, is_set, needs_text):
    """What is not set is not paid for."""
    controls = Controls(**values)
    assert (bool(controls), controls.needs_text) == (is_set, needs_text)


def test_a_control_that_does_not_exist_is_an_error():
    """A misspelt name is not overlooked."""
    with pytest.raises(TypeError, match="no control 'topk'"):
        Controls(topk=3)
