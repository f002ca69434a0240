"""Tests of `sklearn_sslm.ngrams.conditions._phrase_texts`."""

from functools import cache

import numpy as np
import pytest
from _draws import (
    SMOOTHINGS,
    TEXTS,
    after_of,
    assert_texts_drawn_from,
    model_with_a_gap,
    small_model,
)
from _engine import count, model_of, stream_of
from _replies import texts_given
from _slow import rest_slow
from _stored import stored_model

from sklearn_sslm.ngrams import Events, LanguageModel, OnlineModel
from sklearn_sslm.ngrams.conditions import _phrase_texts, _visits
from sklearn_sslm.ngrams.conditions._phrase_texts import PhraseTexts, has_phrase_texts
from sklearn_sslm.smoothing import (
    KneserNey,
    Lidstone,
    MaximumLikelihood,
    StupidBackoff,
    WittenBell,
)

POSSIBLE = [s for s in SMOOTHINGS if s.lower_order != "uniform"]
FEW = [SMOOTHINGS[i] for i in (5, 8)]  # one that interpolates, one that backs off
LONGEST = 4
WALK = _phrase_texts.BackwardWalk


def has(text, phrase):
    """Whether a text has a phrase."""
    return any(text[at : at + len(phrase)] == phrase for at in range(len(text)))


def ends(text, phrases):
    """Whether a text ends with one of some phrases."""
    return any(text[len(text) - len(phrase) :] == phrase for phrase in phrases)


@cache
def all_texts(model):
    """The texts of a model that are not too long, by brute force."""
    return texts_given(after_of(model), LONGEST)


def shares(model, is_right):
    """Probabilities of texts, given that they are right and not too long."""
    every = all_texts(model)
    right = {text: p for text, p in every.items() if is_right(text)}
    return {text: p / sum(right.values()) for text, p in right.items()}


def check(model, phrases, at_end=False, like=None):
    """Texts that are drawn are those of the model that have a phrase, as frequent."""
    is_right = (
        (lambda text: ends(text, phrases))
        if at_end
        else (lambda text: has(text, phrases[0]))
    )
    texts = PhraseTexts(model, phrases, at_end)
    drawn = texts.draw(6000, np.random.default_rng(0))
    assert all(is_right(tuple(text)) for text in drawn)
    drawn = [text for text in drawn if len(text) <= LONGEST]
    assert len(drawn) > 20
    assert_texts_drawn_from(shares(like or model, is_right), drawn)


@cache
def model_by(smoothing, n):
    """A model of `TEXTS` in plain arrays."""
    return small_model(smoothing, n)


@pytest.mark.parametrize("phrase", [(4,), (5, 1), (2, 3), (1, 2, 3), (3, 5)], ids=str)
@pytest.mark.parametrize("n", rest_slow([2, 3], [3]))
@pytest.mark.parametrize("smoothing", rest_slow(POSSIBLE, FEW), ids=repr)
def test_texts_with_a_phrase_are_as_frequent_as_they_are_likely(smoothing, n, phrase):
    """Walked backward and forward from the phrase, texts come as those kept of all."""
    check(model_by(smoothing, n), [phrase])


@pytest.mark.slow
@pytest.mark.parametrize("phrase", [(4,), (2, 3), (1, 2, 3)], ids=str)
@pytest.mark.parametrize("smoothing", [KneserNey(), WittenBell(), StupidBackoff()])
def test_whole_texts_as_contexts_are_walked_backward(smoothing, phrase):
    """Where n is larger than most texts are long, they come as often, too."""
    check(model_by(smoothing, 5), [phrase])


@pytest.mark.parametrize("endings", [[(4,)], [(2, 3), (3,)], [(1,), (5, 1)]], ids=str)
@pytest.mark.parametrize("smoothing", rest_slow(POSSIBLE, FEW), ids=repr)
def test_texts_with_an_ending_are_as_frequent_as_they_are_likely(smoothing, endings):
    """Walked backward from the end, a text counts once, with however many endings."""
    check(model_by(smoothing, 3), endings, at_end=True)


def test_a_surplus_of_visits_is_rejected(monkeypatch):
    """Texts are as frequent as they are likely, however many visits are too many."""
    monkeypatch.setattr(_visits, "_SURPLUS", 1 / 4)
    monkeypatch.setattr(_visits, "_REJECTED", 1 / 2)
    check(small_model(KneserNey(), 3), [(2, 3)])


def base_of_online():
    """The model that `online` begins with."""
    return model_of([*TEXTS[1:], [3, 3, 2]], 3, KneserNey(), 6)


def online(base=None):
    """A model of `TEXTS` that learned one of them, and forgot another text."""
    model = OnlineModel(base or base_of_online())
    for texts, sign in ((TEXTS[:1], 1), ([[3, 3, 2]], -1)):
        model = model.update(stream_of(texts), sign, 7, Events(6))
    return model


@pytest.mark.parametrize("phrase", [(4,), (2, 3)], ids=str)
def test_models_of_all_kinds_are_walked_backward(phrase):
    """Also those that learned since, are compact, or store what they answer."""
    plain = model_by(KneserNey(), 3)
    for model in online(), plain.compact(), stored_model(plain):
        check(model, [phrase], like=plain)


def test_a_changed_model_computes_its_walk_once(monkeypatch):
    """The sorted model, which is read after the first question, has it, too."""
    model, made = online(), []
    monkeypatch.setattr(
        _phrase_texts,
        "BackwardWalk",
        lambda visits: made.append(visits) or WALK(visits),
    )
    for _ in range(3):
        texts = PhraseTexts(model.snapshot(), [(4,)], at_end=False)
        assert texts.draw(9, np.random.default_rng(0))
    assert len(made) == 1


def test_a_changed_model_begins_with_the_walk_of_before(monkeypatch):
    """Texts that are drawn after a lesson are as frequent as they are likely."""
    base, given = base_of_online(), []
    assert PhraseTexts(base, [(4,)], False).draw(9, np.random.default_rng(0))
    visits = _phrase_texts.Visits
    monkeypatch.setattr(
        _phrase_texts, "Visits", lambda *args: given.append(args[1]) or visits(*args)
    )
    check(online(base), [(2, 3)], like=model_by(KneserNey(), 3))
    assert given == [base.computed.walk]


def test_models_without_rare_ngrams_or_all_ends_are_walked_backward():
    """N-grams that are left out add to what is backed off; of cut texts no end is known."""
    for smoothing, min_count, n_cut in [
        (KneserNey(), (1, 2), 0),
        (WittenBell(), (1,), 2),
        (MaximumLikelihood(), (1,), 2),
    ]:
        counts = count(TEXTS, 3, 7, closed=np.arange(len(TEXTS)) >= n_cut)
        model = LanguageModel.of_counts(
            counts, smoothing, Events(6), min_count=min_count
        )
        check(model, [(2, 3)])


def test_words_that_were_forgotten_are_never_drawn():
    """Ids in use alone are in texts, and their numbers are right beside a gap."""
    check(model_with_a_gap(KneserNey()), [(4,)])


def test_a_word_that_nothing_is_known_to_follow_is_left_to_others():
    """Texts go on from it in contexts that do not show it: none is drawn, not a wrong one."""
    texts = PhraseTexts(model_by(KneserNey(), 3), [(6,)], at_end=False)
    assert texts.draw(100, np.random.default_rng(0)) == []


def test_texts_that_are_too_long_are_given_up():
    """A walk is not longer than texts may be."""
    texts = PhraseTexts(model_by(WittenBell(), 3), [(4,)], False, 2)
    drawn = texts.draw(500, np.random.default_rng(0))
    assert drawn
    assert max(text.index(4) for text in drawn) == 1


@pytest.mark.parametrize(
    ("smoothing", "n", "expected"),
    [(Lidstone(), 2, False), (KneserNey(), 2, True), (KneserNey(), 1, False)],
)
def test_only_contexts_of_words_are_walked(smoothing, n, expected):
    """Additive smoothing skips the shorter contexts, and unigrams have none."""
    assert has_phrase_texts(model_by(smoothing, n)) == expected
