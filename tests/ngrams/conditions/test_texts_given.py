"""Tests of `sklearn_sslm.ngrams.conditions._texts_given`."""

import numpy as np
import pytest
from _draws import after_of, assert_texts_drawn_from
from _engine import context_of, model_of
from _replies import fits
from _replies import texts_given as all_texts_given

from sklearn_sslm.ngrams import (
    ConditionalSampler,
    Constraints,
    OnlineModel,
    Start,
    TextsGiven,
    no_text_fits,
    texts_given,
)
from sklearn_sslm.ngrams.conditions import _texts_given
from sklearn_sslm.ngrams.conditions._proposals import FreeTexts
from sklearn_sslm.smoothing import Lidstone

SMALL = [[1, 2, 1], [1, 2], [3], [2, 2, 3], [1, 3], [], [2, 3, 1, 2]]

ASKED = [
    Constraints(contained=((3,),), max_length=5),
    Constraints(contained=((1, 2), (3,)), max_length=5),
    Constraints(endings=((2,), (3,)), max_length=4),
    Constraints(endings=((2,), (3, 1)), contained=((3,),), max_length=5),
    Constraints(forbidden=((2,),), max_length=4),
    Constraints(forbidden=((1, 2), (3, 3)), contained=((1,),), max_length=5),
    Constraints(min_length=3, max_length=4),
]


def shares(model, constraints, prefix=()):
    """Probabilities of texts that fit, given that they do, by brute force."""
    texts = all_texts_given(after_of(model), constraints.max_length, prefix)
    fitting = {text: p for text, p in texts.items() if fits(text, constraints)}
    total = sum(fitting.values())
    return {text: p / total for text, p in fitting.items()}


@pytest.fixture(params=["tried", "of any length", "of each length"])
def way(request, monkeypatch):
    """Each of the ways to draw: by trying, and by both kinds of probabilities."""
    if request.param != "tried":
        monkeypatch.setattr(_texts_given, "_TRIALS", ())
    if request.param == "of any length":
        monkeypatch.setattr(TextsGiven, "_completed", _of_any_length)
    if request.param == "of each length":
        monkeypatch.setattr(TextsGiven, "_completed", _of_each_length)
    return request.param


def _of_any_length(given_, n_texts, start, rng):
    return given_._of_length(given_.completed, n_texts, start, rng)


def _of_each_length(given_, n_texts, start, rng):
    return given_._of_length(given_.timed, n_texts, start, rng)


@pytest.mark.parametrize("constraints", ASKED, ids=str)
@pytest.mark.parametrize("name", ["mle", "kneser_ney"])
def test_all_ways_draw_the_same_texts(name, constraints, way):
    """Texts are as frequent as they are likely, given the constraints."""
    model = model_of(SMALL, 2, name, 3)
    start = Start(*context_of(model, [0]))
    expected = shares(model, constraints)
    drawn = texts_given(model, constraints).sample(800, start, np.random.default_rng(0))
    assert all(tuple(text) in expected for text in drawn)
    assert_texts_drawn_from(expected, drawn)


@pytest.mark.parametrize("name", ["mle", "lidstone"])
def test_first_words_are_part_of_the_text(name, way):
    """They can meet constraints, count as words, and are not among the new ones."""
    model = model_of(SMALL, 3, name, 3)
    constraints = Constraints(contained=((1,), (3,)), max_length=5)
    start = Start(*context_of(model, [0, 2, 3]), (2, 3))
    expected = {t[2:]: p for t, p in shares(model, constraints, (2, 3)).items()}
    drawn = texts_given(model, constraints).sample(800, start, np.random.default_rng(0))
    assert_texts_drawn_from(expected, drawn)


def test_texts_that_are_walked_backward_begin_as_asked():
    """Where the phrase is rarer than the beginning, others that have it do not count."""
    model = model_of([*[[1, 2, 3]] * 50, [1, 2, 4], [3, 5, 4]], 3, "mle", 5)
    asked = texts_given(model, Constraints(contained=((4,),)))
    start = Start(*context_of(model, [0, 1]), (1,))
    assert asked.sample(9, start, np.random.default_rng(0)) == [[2, 4]] * 9


@pytest.mark.parametrize("name", ["mle", "kneser_ney"])
def test_the_way_goes_by_the_share_that_fits(name):
    """What is in many texts is tried, what is in few drawn from there, else computed."""
    model = model_of([*[[1, 2, 3]] * 5000, [1, 4, 3], [5]], 2, name, 5)
    start = Start(*context_of(model, [0]))
    rng = np.random.default_rng(0)
    often, rare, rarest = (
        texts_given(model, Constraints(contained=phrases))
        for phrases in [((2,),), ((4,), (4, 3)), ((4,), (3, 2), (5, 5), (5, 1), (4, 4))]
    )
    for given_, best in ((often, 0), (rare, 1)):
        assert len(given_.sample(20, start, rng)) == 20
        assert given_.cache.completed is None
        assert given_.cache.rates[start][0] == best
    if name != "mle":  # with which there are none
        assert len(rarest.sample(2, start, rng)) == 2
        assert rarest.cache.completed is not None


def test_additive_smoothing_is_tried_long_enough():
    """A word of one text in 20,000 is in none of thousands, but not worth computing."""
    # As many n-grams as let so many words be tried: 20,000 texts of 3 tokens.
    texts = [[1 + k % 300, 301 + k % 299] for k in range(20_000)]
    model = model_of([*texts, [602, 301]], 2, Lidstone(1e-6), 602)
    asked = texts_given(model, Constraints(contained=((602,),)))
    start = Start(*context_of(model, [0]))
    drawn = asked.sample(1, start, np.random.default_rng(0))
    assert 602 in drawn[0]
    assert asked.cache.completed is None
    _, rate = asked.cache.rates[start]
    assert rate == pytest.approx(1 / 20_001, rel=1e-6)


def lidstone_of_many_words():
    """A model of which each of 3000 words, and the end, is equally likely."""
    texts = [[1 + k % 7, 1 + k % 5] for k in range(20)]
    return model_of(texts, 2, Lidstone(1e6), 3000)


@pytest.mark.parametrize("most", [None, 9**9])
def test_few_long_texts_are_tried(most, monkeypatch):
    """Trials go by their words, so that a text takes no more words than a few do."""
    model = lidstone_of_many_words()
    n_words, draw = [], FreeTexts.draw

    def drawn(texts, n_tries, rng):
        words = draw(texts, n_tries, rng)
        n_words.extend(map(len, words))
        return words

    monkeypatch.setattr(FreeTexts, "draw", drawn)
    monkeypatch.delattr(TextsGiven, "_expected_rate")  # for what is not tried
    monkeypatch.setattr(_texts_given, "_TRIALS", ((32, 1 << 13), (512, 1 << 15)))
    asked = texts_given(model, Constraints(contained=((1,),), max_length=most))
    start = Start(*context_of(model, [0]))
    (text,) = asked.sample(1, start, np.random.default_rng(0))
    assert 1 in text
    assert 0 < sum(n_words) < 20_000


@pytest.mark.parametrize("rate", [1, 1 / 60])
def test_long_texts_are_not_tried_for_longer_than_computing_takes(rate, monkeypatch):
    """A few texts drawn one by one cost more a word; a rate that is wrong is found out."""
    model = lidstone_of_many_words()
    n_tries, draw = [], FreeTexts.draw

    def cut(texts, n_texts, rng):
        n_tries.append(n_texts)
        return [text[:1] for text in draw(texts, n_texts, rng)]

    monkeypatch.setattr(FreeTexts, "draw", cut)
    asked = texts_given(model, Constraints(endings=((1,),)))
    start = Start(*context_of(model, [0]))
    asked.cache.add_rate(start, 0, rate)
    (text,) = asked.sample(1, start, np.random.default_rng(0))
    assert text[-1] == 1
    assert asked.cache.completed is not None
    n_words_alone = 20 * 3000 * sum(n_tries)
    assert n_words_alone < 3 * asked._budget(1)


def test_texts_that_may_be_short_only_are_tried_as_short_ones():
    """They are cut when they are too long: many are tried, and nothing is computed."""
    model = lidstone_of_many_words()
    asked = texts_given(model, Constraints(min_length=1, max_length=20))
    start = Start(*context_of(model, [0]))
    texts = asked.sample(5, start, np.random.default_rng(0))
    assert all(1 <= len(text) <= 20 for text in texts)
    assert asked.cache.completed is None
    assert asked.cache.timed is None


def test_long_texts_are_cut_when_they_are_too_long(monkeypatch):
    """By completion probabilities, too, no text of thousands of words is drawn to its end."""
    model, drawn = lidstone_of_many_words(), []
    monkeypatch.setattr(_texts_given, "_TRIALS", ())
    sample = ConditionalSampler.sample

    def lengths(*args):
        texts = sample(*args)
        drawn.extend(map(len, texts))
        return texts

    monkeypatch.setattr(ConditionalSampler, "sample", lengths)
    asked = texts_given(model, Constraints(max_length=200))
    start = Start(*context_of(model, [0]))
    (text,) = asked.sample(1, start, np.random.default_rng(0))
    assert len(text) <= 200
    assert max(drawn) == 201


@pytest.mark.parametrize("n_texts", [1, 200])
def test_a_rare_word_takes_no_more_draws_than_a_few_of_its_texts(n_texts, monkeypatch):
    """Under a smoothing neither free texts are drawn nor is a system solved for it."""
    texts = [[2 + k % 300, 302 + k % 299] for k in range(20_000)]
    model = model_of([*texts, [1, 301]], 2, "kneser_ney", 602)
    asked = texts_given(model, Constraints(contained=((1,),)))
    start = Start(*context_of(model, [0]))
    monkeypatch.setattr(FreeTexts, "draw", None)
    drawn = asked.sample(n_texts, start, np.random.default_rng(0))
    assert all(1 in text for text in drawn)
    assert asked.cache.completed is None


def test_what_is_kept_does_not_change_what_is_drawn():
    """The first call and all others draw the same texts with the same seed."""
    model = model_of(SMALL, 2, "kneser_ney", 3)
    start = Start(*context_of(model, [0]))
    asked = Constraints(contained=((3, 3),), max_length=8)
    first, second = (
        texts_given(model, asked).sample(20, start, np.random.default_rng(5))
        for _ in range(2)
    )
    assert first == second


@pytest.mark.parametrize("contained", [(), ((1,),), ((3, 2), (2, 2))], ids=str)
@pytest.mark.parametrize("name", ["mle", "kneser_ney", "lidstone"])
def test_a_least_length_beyond_all_texts_is_refused(name, contained, monkeypatch):
    """A text of 2**31 words is too long, which is said before anything is computed."""
    model = model_of(SMALL, 2, name, 3)
    start = Start(*context_of(model, [0]))
    asked = texts_given(model, Constraints(contained, min_length=2**31))
    monkeypatch.setattr(TextsGiven, "_best_proposal", None)
    with pytest.raises(ValueError, match=r"'min_length'.*at most 100000"):
        asked.sample(1, start, np.random.default_rng(0))


def test_long_texts_are_drawn():
    """A least length far above what texts have is met exactly where it is possible."""
    model = model_of([[1, 2, 3], [1, 3, 2], [2, 3]], 2, "kneser_ney", 3)
    start = Start(*context_of(model, [0]))
    asked = texts_given(model, Constraints(min_length=2000, contained=((1, 1),)))
    for text in asked.sample(2, start, np.random.default_rng(0)):
        assert len(text) >= 2000
        assert "1, 1" in str(text)


def test_what_no_text_meets_is_an_error():
    """It is the same error, whichever way finds it out."""
    model = model_of(SMALL, 3, "mle", 4)
    start = Start(*context_of(model, [0]))
    message = str(no_text_fits())
    for asked in (
        Constraints(contained=((4,),)),
        Constraints(contained=((3, 1), (3, 3))),
        Constraints(endings=((3, 1, 3),)),
        Constraints(contained=((1,),), max_length=0),
    ):
        with pytest.raises(ValueError) as error:  # noqa: PT011 - compared below
            texts_given(model, asked).sample(1, start, np.random.default_rng(0))
        assert str(error.value) == message


def test_a_changed_model_computes_completion_probabilities_once():
    """The sorted model, which is read after the first question, has them, too."""
    model = OnlineModel(model_of(SMALL, 2, "kneser_ney", 4))
    constraints = Constraints(contained=((1,),), min_length=2)
    given_ = texts_given(model, constraints)
    completed, timed = given_.completed, given_.timed
    again = texts_given(model.rebuilt(), constraints)
    assert again.completed is completed
    assert again.timed is timed
