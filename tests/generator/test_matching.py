"""Tests of `sklearn_sslm.generator._matching` and of the text of replies."""

import unicodedata

import numpy as np
import pytest

from sklearn_sslm import NGramTextGenerator

TEXTS = ["Olá! Como vai?", "Oi! Tudo bem?", "oi é outra palavra", "Oi! Que bom!"]


def fit(texts=TEXTS, y=None, **parameters):
    """A model that understands messages as people write them."""
    parameters = {"match": "loose", "random_state": 0, **parameters}
    return NGramTextGenerator(**parameters).fit(texts, y)


@pytest.mark.parametrize(
    "message",
    ["ola", "OLA", "Olá", "Ola !", "olá?!", unicodedata.normalize("NFD", "Olá!")],
)
def test_messages_as_people_write_them(message):
    """The reply is the one to the message as it was learned, in the learned spelling."""
    model = fit()
    assert model.predict([message]).tolist() == ["Olá! Como vai?"]
    assert list(model.stream(message)) == ["Olá!", "Como", "vai?"]
    np.testing.assert_array_equal(
        model.next_word_proba([message]), model.next_word_proba(["Olá!"])
    )
    assert model.next_words([message]) == model.next_words(["Olá!"])
    exact = model.set_params(match="exact").predict([message])
    assert (exact[0] == model.fallback_response) == (message != "Olá!")


def test_exact_hits_win():
    """A word that is known as it stands is never taken for another one."""
    # "oi" is known, "Oi!" comes more often; of "OI" the commonest is "Oi!".
    model = fit(n=2)
    assert set(model.predict(["oi"] * 20)) == {"oi é outra palavra"}
    assert {reply.split()[0] for reply in model.predict(["OI"] * 20)} == {"Oi!"}
    for text in TEXTS:
        for word in text.split():
            loose = model.next_words([word])
            assert loose == model.set_params(match="exact").next_words([word])
            model.set_params(match="loose")


@pytest.mark.parametrize("message", ["oiii", "OOOII", "Oiiii!!", "oii"])
def test_stretched_letters_are_understood(message):
    """Where no word is known so, a stretched one stands for the commonest that it can be."""
    model = fit()
    assert model.next_words([message]) == model.next_words(["Oi!"])
    assert model.session().next_words([message]) == model.session().next_words(["Oi!"])
    assert model.predict(["tudooo palavraa"]).tolist() == ["palavra"]
    # As it stands, or folded, a known word is no other one.
    model.partial_fit(["oii você", "oiii eu"])
    assert {reply.split()[0] for reply in model.predict(["oii"] * 9)} == {"oii"}
    assert {reply.split()[0] for reply in model.predict(["OIII"] * 9)} == {"oiii"}


def test_learned_and_forgotten_online():
    """New spellings are understood at once, and no longer once they are forgotten."""
    model = fit()
    assert model.predict(["CARROS"])[0] == model.fallback_response
    model.partial_fit(["carros: são bons"])
    assert model.predict(["CARROS", "Carros"]).tolist() == ["carros: são bons"] * 2
    model.partial_fit(["Carros! sim"]).partial_fit(["Carros! sim"])
    assert model.predict(["CARROS"]).tolist() == ["Carros! sim"]
    model.partial_forget(["Carros! sim"] * 2)
    assert model.predict(["CARROS"]).tolist() == ["carros: são bons"]
    model.partial_forget(["carros: são bons"])
    assert model.predict(["CARROS"])[0] == model.fallback_response


def test_messages_come_before_replies():
    """In a model of replies the commonest word of messages is taken."""
    model = fit(["Oi!", "Tchau!"], ["Oi, Oi, amigo", "Até"], n=4)
    assert model.predict(["oi"]).tolist() == ["Oi, Oi, amigo"]
    assert model.predict(["tchau"]).tolist() == ["Até"]
    scores = (model.score([oi], ["Oi, Oi, amigo"]) for oi in ("oi", "Oi!"))
    assert len(set(scores)) == 1
    table = model.explain("Até", message="TCHAU")
    assert table["probability"].tolist() == [1, 1]
    assert model.session().predict(["tchau"])[0].split()[0] == "Até"


def test_a_message_is_echoed_as_it_was_typed():
    """`echo="message"` begins with the text of the message, blanks and spelling alike."""
    model = fit(echo="message")
    for message in ("  ola", "Ola  !", "Olá!"):
        (reply,) = model.predict([message])
        assert reply == message + " Como vai?"
        assert " ".join(model.stream(message)) == reply
    model.set_params(detokenizer="simple")
    assert model.predict(["Ola  !"]).tolist() == ["Ola  ! Como vai?"]


def test_a_byte_order_mark_is_no_letter():
    """Texts with a mark at the start are those without it, learned and asked."""
    model = NGramTextGenerator(random_state=0).fit(["\ufeffa b", "a c"])
    assert model.word_index_.words_ == ["", "a", "b", "c"]
    assert model.predict(["\ufeffa"])[0] in ("a b", "a c")
    assert model.partial_forget(["a b"]).n_words_ == 2


def test_what_a_detokenizer_returns_is_a_text():
    """Anything else is an error that names the parameter and what was returned."""
    model = fit(detokenizer=list)
    with pytest.raises(TypeError, match=r"must return a str\. Got"):
        model.predict(["ola"])
