"""Tests of `sklearn_sslm.chat._suggestions`."""

import pytest

from sklearn_sslm import NGramTextGenerator
from sklearn_sslm.chat._suggestions import Suggestions, Typed, can_be_typed

MESSAGES = ["bom dia", "boa noite", "boa tarde", "oi"]
REPLIES = ["bom dia !", "boa noite !", "como vai ?", "oi"]


def of_replies(**parameters):
    """A model of messages and replies."""
    return NGramTextGenerator(**parameters).fit(MESSAGES, REPLIES)


@pytest.mark.parametrize("smoothing", ["mle", "kneser_ney"])
def test_half_a_word_of_a_message_is_completed(smoothing):
    """Words that messages had, the commonest first, with their shares of all of these."""
    model = of_replies(smoothing=smoothing)
    found = Suggestions.of(model, "ola bo")
    assert found.typed == Typed("ola ", "bo")
    assert found.words == [("boa", 2 / 3), ("bom", 1 / 3)]
    assert found.typed.with_word(model, "boa") == "ola boa "
    # "vai" and "como" are words of replies only.
    assert Suggestions.of(model, "va").typed == Typed("va", "")
    assert Suggestions.of(model, "como").typed == Typed("como", "")


def test_words_of_messages_can_be_typed():
    """In a model of texts all words can, in one of replies those that messages had."""
    model = of_replies()
    words = [word for word in model.word_index_.words_ if can_be_typed(model, word)]
    assert words == ["bom", "dia", "boa", "noite", "tarde", "oi"]
    texts = NGramTextGenerator().fit(REPLIES)
    assert all(can_be_typed(texts, word) for word in texts.word_index_.words_[1:])
    assert not can_be_typed(texts, "")


@pytest.mark.parametrize("match", ["exact", "loose"])
def test_a_word_is_half_typed_if_one_can_come_next_that_begins_so(match):
    """After an unknown word a text begins, with "a"; "b" can only come after that."""
    model = NGramTextGenerator(match=match).fit(["aa bb"])
    assert Suggestions.of(model, "zebra a") == (Typed("zebra ", "a"), [("aa", 1.0)])
    for session in (None, model.session()):
        found = Suggestions.of(model, "zebra `b`", session)
        assert found.words, session
    assert Suggestions.of(model, "zebra b").typed == Typed("zebra b", "")
