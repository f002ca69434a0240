"""Tests of `sklearn_sslm.ngrams.conditions._proposals`."""

from functools import cache

import numpy as np
import pytest
from _draws import after_of, assert_texts_drawn_from
from _engine import context_of, count, model_of, stream_of
from _replies import texts_given
from _slow import rest_slow

from sklearn_sslm.base import as_smoothing
from sklearn_sslm.ngrams import Events, LanguageModel, OnlineModel, Start
from sklearn_sslm.ngrams.conditions._proposals import (
    FreeTexts,
    OccurrenceTexts,
    is_reversible,
)

TEXTS = [[1, 2, 1], [1, 2], [3], [2, 2, 3], [1, 3], [], [2, 3, 1, 2], [1, 2, 3, 1, 2]]

PHRASES = [(1,), (3,), (1, 2), (2, 3), (2, 3, 1), (1, 2, 3), (2, 3, 1, 2), (1, 2, 3, 1)]


def online(n):
    """A model of `TEXTS` that learned one of them, and forgot another text."""
    base = model_of([*TEXTS[1:], [3, 3, 2]], n, "mle", 3)
    model = OnlineModel(base)
    for texts, sign in ((TEXTS[:1], 1), ([[3, 3, 2]], -1)):
        model = model.update(stream_of(texts), sign, 4, Events(3))
    return model


@cache
def all_texts(n):
    """The texts of up to nine words of a model of `TEXTS`, by brute force."""
    return texts_given(after_of(model_of(TEXTS, n, "mle", 3)), 9)


def shares(texts, n):
    """Probabilities of texts given that they are among these."""
    expected = {text: p for text, p in all_texts(n).items() if texts(text)}
    return {text: p / sum(expected.values()) for text, p in expected.items()}


def has(phrase):
    """Whether a text has a phrase."""
    return lambda text: any(
        text[at : at + len(phrase)] == phrase for at in range(len(text))
    )


@pytest.mark.parametrize("phrase", PHRASES, ids=str)
@pytest.mark.parametrize("n", rest_slow([2, 3, 4, 7], [2, 4]))
def test_texts_with_a_phrase_are_as_frequent_as_they_are_likely(n, phrase):
    """Walked backward and forward from the phrase, texts come as those kept of all."""
    model = model_of(TEXTS, n, "mle", 3)
    texts = OccurrenceTexts(model, [phrase], at_end=False)
    if not any(map(has(phrase), map(tuple, TEXTS))) and n > 4:
        assert not texts.is_possible
        return
    drawn = texts.draw(4000, np.random.default_rng(0))
    assert all(has(phrase)(tuple(text)) for text in drawn)
    drawn = [text for text in drawn if len(text) <= 9]
    assert_texts_drawn_from(shares(has(phrase), n), drawn)


@pytest.mark.parametrize("endings", [[(2,)], [(2,), (1, 2)], [(3, 1), (3,)]], ids=str)
@pytest.mark.parametrize("n", [2, 3, 4, 7])
def test_texts_with_an_ending_are_as_frequent_as_they_are_likely(n, endings):
    """Walked backward from the end, a text counts once, with however many endings."""
    model = model_of(TEXTS, n, "mle", 3)
    texts = OccurrenceTexts(model, endings, at_end=True)

    def ends(text):
        return any(text[len(text) - len(end) :] == end for end in endings)

    drawn = texts.draw(4000, np.random.default_rng(0))
    assert all(ends(tuple(text)) for text in drawn)
    drawn = [text for text in drawn if len(text) <= 9]
    assert_texts_drawn_from(shares(ends, n), drawn)


@pytest.mark.parametrize("kind", ["online", "compact"])
@pytest.mark.parametrize("n", [2, 4])
def test_models_of_all_kinds_are_walked_backward(n, kind):
    """What was learned and forgotten since counts, and so do compact counts."""
    plain = model_of(TEXTS, n, "mle", 3)
    model = online(n) if kind == "online" else plain.compact()
    for phrase in [(1,), (2, 3), (1, 2, 3)]:
        texts = OccurrenceTexts(model, [phrase], at_end=False)
        drawn = texts.draw(3000, np.random.default_rng(0))
        drawn = [text for text in drawn if len(text) <= 9]
        assert_texts_drawn_from(shares(has(phrase), n), drawn)


def test_free_texts_begin_as_asked():
    """They go on from the first words; those longer than the largest are cut."""
    model = model_of([[1, 2, 3], [1, 2, 3, 3, 3, 3]], 3, "mle", 3)
    start = Start(*context_of(model, [0, 1]), (1,))
    drawn = FreeTexts(model, start, max_length=3).draw(50, np.random.default_rng(0))
    assert {tuple(text) for text in drawn} == {(1, 2, 3), (1, 2, 3, 3)}


@pytest.mark.parametrize(
    ("smoothing", "n", "closed", "expected"),
    [
        ("mle", 2, True, True),
        ("mle", 5, True, True),
        ("mle", 1, True, False),  # no context is left or entered
        ("mle", 2, False, False),  # the last text was cut off: it enters, and stays
        ("kneser_ney", 2, True, False),
    ],
)
def test_texts_are_walked_backward_only_where_that_is_exact(
    smoothing, n, closed, expected
):
    """Under maximum likelihood, each context is left as often as it is entered."""
    counts = count([[1, 2], [2, 3, 1]], n, 4, closed=np.array([True, closed]))
    model = LanguageModel.of_counts(counts, as_smoothing(smoothing), Events(3))
    assert is_reversible(model) == expected


def test_a_phrase_that_no_text_has_is_impossible():
    """Words that never stood so, within n-grams or beyond them, cannot be asked for."""
    model = model_of([[1, 2, 3], [2, 2]], 2, "mle", 4)
    for phrase, possible in [((4,), False), ((3, 1), False), ((1, 2, 3, 2), False),
                             ((1, 2, 2, 3), True)]:  # fmt: skip
        texts = OccurrenceTexts(model, [phrase], at_end=False)
        assert texts.is_possible == possible
