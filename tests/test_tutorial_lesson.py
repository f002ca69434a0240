"""The tutorial's lesson: a message that the model learns."""

import math

import numpy as np
import pytest
from _tutorial import FALLBACK, as_dict, tutorial_table

from sklearn_sslm import NGramTextGenerator, WordIndexTransformer
from sklearn_sslm.datasets import load_greetings


@pytest.fixture(scope="module")
def greetings():
    """The ten sentences of the tutorial."""
    return load_greetings().data


LESSON = "carros são automóveis movidos a combustível"


def learned(greetings, **params):
    """A model that knows the greetings and has learned one message more."""
    model = NGramTextGenerator(n=2, random_state=0, **params)
    return model.fit(greetings).partial_fit([LESSON])


def test_learned_words_get_the_next_ids(greetings):
    """The six new words of the lesson are numbered 42 to 47, all others stay."""
    model = learned(greetings)
    assert model.word_index_.words_[:42] == (
        WordIndexTransformer().fit(greetings).words_
    )
    assert model.word_index_.words_[42:] == LESSON.split()
    assert model.n_words_ == 47
    assert model.n_texts_seen_ == 11


def test_learned_words_chain_on(greetings):
    """Each word of the lesson is followed by the next, since it has no other."""
    model = learned(greetings)
    replies = model.predict(["O que são carros", "Tudo são", "Boa combustível"])
    assert replies.tolist() == [
        "carros são automóveis movidos a combustível",
        "são automóveis movidos a combustível",
        "combustível",
    ]


def test_learning_changes_only_what_the_message_touches(greetings):
    """All old rows of the table stay, and 1 text in 11 now begins with "carros"."""
    model = learned(greetings)
    proba = model.next_word_proba(list(tutorial_table()))
    for row, expected in zip(proba, tutorial_table().values(), strict=True):
        assert as_dict(model, row) == pytest.approx(expected)
    assert model.score_samples([LESSON])[0] == pytest.approx(math.log(1 / 11))


def test_learning_is_the_same_as_having_known(greetings):
    """The model is the one that was fitted on all eleven sentences."""
    known = NGramTextGenerator(n=2, random_state=0).fit([*greetings, LESSON])
    messages = ["Olá!", "carros", "O que são carros?", "Espero que"] * 5
    model = learned(greetings)
    assert model.predict(messages).tolist() == known.predict(messages).tolist()
    np.testing.assert_array_equal(
        model.next_word_proba(messages[:2]), known.next_word_proba(messages[:2])
    )


def test_question_about_the_lesson_falls_back(greetings):
    """The word "carros?" is not "carros": the answer is the fallback, as there."""
    assert learned(greetings).predict(["O que são carros?"])[0] == FALLBACK
    custom = learned(greetings, fallback_response="Hein?")
    assert custom.predict(["O que são carros?"])[0] == "Hein?"


def test_question_about_the_lesson_backs_off(greetings):
    """With ``unknown="backoff"`` the model says something it has learned."""
    model = learned(greetings, unknown="backoff")
    reply = model.predict(["O que são carros?"])[0]
    assert reply != FALLBACK
    assert set(reply.split()) <= set(model.word_index_.vocabulary_)
    # With n=3 the context "O carros" has its known ending "carros".
    third = NGramTextGenerator(n=3, unknown="backoff").fit([*greetings, LESSON])
    assert third.predict(["O carros"])[0].endswith(LESSON)


def test_question_about_the_lesson_is_an_error(greetings):
    """With ``unknown="error"`` the error names the word and leaves the model alone."""
    model = learned(greetings, unknown="error")
    with pytest.raises(ValueError, match=r"carros\?"):
        model.predict(["O que são carros?"])
    assert model.predict(["O que são carros"])[0] == LESSON
