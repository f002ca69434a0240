"""Tests of `sklearn_sslm.ngrams.conditions._sampler`."""

from functools import cache

import numpy as np
import pytest
from _draws import FEW_QUICK, N_KNOWN, after_of, expected_next, small_model
from _engine import context_of, corpora, model_of
from _replies import assert_drawn_from, fulfils, probability_given, texts_given
from _slow import smoothings
from hypothesis import given, settings
from hypothesis import strategies as st

from sklearn_sslm.ngrams import ConditionalSampler, ConstraintAutomaton
from sklearn_sslm.ngrams.conditions import _sampler
from sklearn_sslm.ngrams.scoring import next_word_candidates as candidates
from sklearn_sslm.smoothing import SMOOTHINGS as BY_NAME

NAMES = sorted(BY_NAME)
ORDERS = [1, 2, 3, 4]

SMALL = [[1, 2, 1], [1, 2], [3], [2, 2, 3], [1, 3], [], [2, 3, 1, 2]]
"""Three words in few texts, all of which can be listed."""

CONDITIONS = [
    {},
    {"ends": (2,)},
    {"contains": ((3,),)},
    {"contains": ((1, 2),)},
    {"contains": ((1,), (3,))},
    {"contains": ((1, 2), (2, 3))},  # they may share a word
    {"contains": ((1, 2, 1),), "ends": (2, 1)},
    {"contains": ((2, 2),), "least": 4},
    {"contains": ((3, 1),), "ends": (1, 2), "least": 3},
    {"least": 3},
]


def after_tail(model, width):
    """As `after_of`, for words far from the start."""
    known = {}

    def after(tail):
        if tail not in known:
            begin = [] if len(tail) >= width > 0 else [0]
            known[tail] = expected_next(model, [*begin, *tail])
        return known[tail]

    return after


@cache
def model_of_few(name, n):
    """A model of `SMALL`, with the distribution after the last words of its texts."""
    model = model_of(SMALL, n, name, 3)
    return model, after_tail(model, n - 1)


@cache
def texts_of_few(name, n, most):
    """All texts of up to `most` words of such a model, with their probabilities."""
    return texts_given(after_of(model_of_few(name, n)[0]), most)


def sampler_of(model, ends=(), contains=(), least=0, most=None):
    """A sampler under conditions."""
    return ConditionalSampler(
        model, ConstraintAutomaton(contains, [ends] if ends else []), least, most
    )


@pytest.mark.parametrize("most", [0, 1, 3, 5])
@pytest.mark.parametrize("n", ORDERS)
@pytest.mark.parametrize("name", smoothings(NAMES))
def test_it_is_the_probability_of_all_texts_that_fulfil(name, n, most):
    """With a longest length, it is the sum over every text there is."""
    model, _ = model_of_few(name, n)
    everything = texts_of_few(name, n, 5)
    for conditions in CONDITIONS:
        expected = sum(
            p
            for text, p in everything.items()
            if fulfils(text, most=most, **conditions)
        )
        sampler = sampler_of(model, most=most, **conditions)
        found = sampler.probability(*context_of(model, [0]), ())
        assert found == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("n", ORDERS)
@pytest.mark.parametrize("name", smoothings(NAMES))
def test_it_is_so_for_texts_of_any_length(name, n):
    """Without a longest length, it is the limit that following all texts comes to."""
    model, after = model_of_few(name, n)
    # Longer contexts make many more ways to follow; they have every third condition.
    for conditions in CONDITIONS[(n - 1) % 3 :: 3 if n > 2 else 1]:
        sampler = sampler_of(model, **conditions)
        found = sampler.probability(*context_of(model, [0]), ())
        expected = probability_given(after, n, **conditions)
        assert found == pytest.approx(expected, abs=1e-7)


@pytest.mark.parametrize("said", [(1,), (3, 1), (2, 2, 2), (1, 2, 3, 3)])
@pytest.mark.parametrize("most", [None, 5])
@pytest.mark.parametrize("name", ["kneser_ney", "lidstone", "stupid_backoff"])
def test_first_words_count(name, most, said):
    """They can meet constraints, and are part of the length."""
    model, after = model_of_few(name, 3)
    after = after_of(model) if most else after
    for conditions in CONDITIONS[len(said) % 2 :: 2]:
        sampler = sampler_of(model, most=most, **conditions)
        found = sampler.probability(*context_of(model, [0, *said]), said)
        if most:
            expected = sum(texts_given(after, most, said, **conditions).values())
        else:
            expected = probability_given(after, 3, said, **conditions)
        assert found == pytest.approx(expected, abs=1e-7)


@settings(max_examples=30)
@given(
    corpora.filter(any),
    st.lists(
        st.lists(st.integers(1, 5), min_size=1, max_size=2).map(tuple), max_size=2
    ),
    st.lists(st.integers(1, 5), max_size=2).map(tuple),
    st.integers(0, 3),
    st.integers(0, 3),
    st.integers(1, 4),
    st.sampled_from(NAMES),
)
def test_any_small_corpus(texts, contains, ends, least, most, n, name):
    """It holds for any texts and constraints."""
    model = model_of(texts, n, name)
    conditions = {"contains": tuple(contains), "ends": ends, "least": least}
    expected = texts_given(after_of(model), most, **conditions)
    sampler = sampler_of(model, most=most, **conditions)
    found = sampler.probability(*context_of(model, [0]), ())
    assert found == pytest.approx(sum(expected.values()), abs=1e-12)
    assert (found > 0) == bool(expected)


@pytest.mark.parametrize("conditions", CONDITIONS[1::2], ids=str)
@pytest.mark.parametrize("smoothing", FEW_QUICK, ids=str)
def test_texts_are_drawn_as_often_as_they_are_likely(smoothing, conditions):
    """Their frequencies are their probabilities, divided by that of all that fulfil."""
    model = small_model(smoothing)
    expected = texts_given(after_of(model), 4, **conditions)
    total = sum(expected.values())
    sampler = sampler_of(model, most=4, **conditions)
    start = context_of(model, [0])
    if total == 0:
        assert sampler.probability(*start, ()) == 0
        return
    drawn = sampler.sample(1000, *start, (), np.random.default_rng(0))
    assert_drawn_from({text: p / total for text, p in expected.items()}, drawn)


@pytest.mark.parametrize("n_tries", [0, 1, 32])
@pytest.mark.parametrize("name", smoothings(NAMES))
def test_texts_of_any_length_too(name, n_tries, monkeypatch):
    """Short texts have their shares of all that fulfil; longer ones have the rest.

    So they have, however many words are proposed before a distribution is computed.
    """
    monkeypatch.setattr(_sampler, "_TRIES", n_tries)
    model = model_of(SMALL, 2, name, 3)
    conditions = {"contains": ((1, 2),), "ends": (3,)}
    sampler = sampler_of(model, **conditions)
    total = probability_given(after_tail(model, 1), 2, **conditions)
    expected = texts_given(after_of(model), 6, **conditions)
    expected = {text: p / total for text, p in expected.items()}
    expected["longer",] = 1 - sum(expected.values())
    start = context_of(model, [0])
    drawn = sampler.sample(2000, *start, (), np.random.default_rng(0))
    assert all(fulfils(text, **conditions) for text in drawn)
    drawn = [text if len(text) <= 6 else ("longer",) for text in drawn]
    assert_drawn_from(expected, drawn)


def test_long_texts_take_few_distributions(monkeypatch):
    """Of a text of a thousand words nearly all are accepted as the model proposes them."""
    model = model_of([[1, 2, 3], [1, 3, 2], [2, 3]], 3, "kneser_ney", 3)
    sampler, computed = sampler_of(model, least=1000), []
    monkeypatch.setattr(
        _sampler,
        "next_word_candidates",
        lambda *a: computed.append(a) or candidates(*a),
    )
    (text,) = sampler.sample(1, *context_of(model, [0]), (), np.random.default_rng(0))
    assert len(text) >= 1000
    assert len(computed) < 10


@pytest.mark.parametrize("said", [(), (1,)])
def test_texts_are_cut_where_asked(said):
    """They have no more new words; shorter ones are whole."""
    model = model_of([[1, 2, 3], [1]], 2, "mle")
    start = context_of(model, [0, *said])
    rng = np.random.default_rng(0)
    drawn = sampler_of(model).sample(50, *start, said, rng, 2)
    assert sorted(set(map(len, drawn))) == [1 - len(said), 2]
    assert sampler_of(model).sample(1, *start, said, rng, 0) == [[]]


def test_first_words_are_continued():
    """What is drawn are the words after them."""
    model = model_of([[1, 2, 3], [2, 2, 3]], 3, "mle")
    sampler = sampler_of(model, contains=((1, 2, 3),))
    rng = np.random.default_rng(0)
    assert sampler.sample(2, *context_of(model, [0, 1]), (1,), rng) == [[2, 3]] * 2


@pytest.mark.parametrize(
    ("conditions", "said", "expected"),
    [
        # Texts "1 2" twice, "1 3 2" once, "4" once; n = 2.
        ({}, (), 1),
        ({"contains": ((3,),)}, (), 1 / 4),  # 1 (3/4), then 3 (1/3), then 2, the end
        ({"contains": ((2,),)}, (), 3 / 4),
        ({"contains": ((2,), (3,))}, (1,), 1 / 3),
        ({"ends": (3,)}, (), 0),  # 3 was never last
        ({"contains": ((4, 1),)}, (), 0),
        ({"contains": ((3,),), "most": 2}, (), 0),
        ({"contains": ((3,),), "most": 3}, (), 1 / 4),
        ({"least": 2}, (), 3 / 4),
        ({"least": 2, "most": 2}, (), 1 / 2),  # 1 (3/4), 2 (2/3), the end
        ({"least": 4}, (), 0),
        ({"most": 0}, (), 0),
    ],
)
def test_probabilities_by_hand(conditions, said, expected):
    """Each number is a product of a few fractions."""
    model = model_of([[1, 2], [1, 2], [1, 3, 2], [4]], 2, "mle")
    sampler = sampler_of(model, **conditions)
    found = sampler.probability(*context_of(model, [0, *said]), said)
    assert found == pytest.approx(expected, abs=1e-12)


def test_impossible_is_exactly_zero():
    """What no text fulfils has probability 0, not a rounding error."""
    for n in ORDERS:
        model = model_of(SMALL, n, "mle", 4)  # word 4 is known and never came
        sampler = sampler_of(model, contains=((4,),))
        assert sampler.probability(*context_of(model, [0]), ()) == 0


def test_a_word_known_and_never_seen_can_be_asked_for():
    """Where the smoothing gives it a probability, it is drawn."""
    model = small_model("kneser_ney")
    sampler = sampler_of(model, contains=((N_KNOWN,),))
    drawn = sampler.sample(20, *context_of(model, [0]), (), np.random.default_rng(0))
    assert all(N_KNOWN in text for text in drawn)
