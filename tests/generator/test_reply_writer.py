"""Tests of `sklearn_sslm.generator._reply_writer`."""

from collections import Counter

import numpy as np
import pytest
from _controlled_texts import CONTROLS, SMOOTHINGS, fit, ids, names
from _replies import END, OFF, WARPS, all_replies, allowed, next_of, reshaped

from sklearn_sslm import NGramTextGenerator
from sklearn_sslm.generator import first_words
from sklearn_sslm.ngrams import CONTROLS as OF_ENGINE
from sklearn_sslm.ngrams.generation._generation_controls import Control


def first_by_hand(model, message, echo):
    """The distribution of the first new word of a reply, by brute force."""
    after = next_of(model)
    others = {name: getattr(model, name) for name in OF_ENGINE}
    if len(echo) < model.min_length and all(v in OFF for v in others.values()):
        before, expected = ids(model, message), Counter()
        replies = all_replies(
            lambda words: after((*before, *words[len(echo) :])),
            echo,
            min_length=model.min_length,
            max_length=len(echo) + 3,
        )
        for reply, p in replies.items():
            expected[reply[len(echo)]] += p
        return expected
    p = after(ids(model, message))
    may_end = len(echo) >= model.min_length
    bans = {
        "bad_words": ids(model, model.bad_words or ()),
        "no_repeat_ngram_size": model.no_repeat_ngram_size,
    }
    choices = allowed(p, echo, may_end, **bans) or {END: 1.0}
    return reshaped(choices, **{name: getattr(model, name) for name in WARPS})


@pytest.mark.parametrize("controls", CONTROLS, ids=names)
@pytest.mark.parametrize("echo", ["context", "message", "none"])
@pytest.mark.parametrize("smoothing", SMOOTHINGS, ids=str)
def test_first_words_are_what_replies_are_drawn_by(smoothing, echo, controls):
    """Under every control, the first new word is shown with the chance it is drawn by."""
    model = fit(smoothing, 2, echo=echo, max_length=6, **controls)
    for message in ("a", "b c", "c a b a", "d"):
        words = message.split()
        echoed = {"context": words[-1:], "message": words, "none": []}[echo]
        if len(echoed) < model.min_length and message == "d" and smoothing == "mle":
            continue  # a text ends after "d", which is not allowed yet
        expected = first_by_hand(model, message, ids(model, echoed))
        found = first_words(model, message, k=100)
        known = model.word_index_.words_
        assert {word for word, _ in found} == {known[word] for word in expected}
        for word, p in found:
            number = model.word_index_.vocabulary_.get(word, END)
            assert p == pytest.approx(expected[number], rel=1e-9)
        assert [p for _, p in found] == sorted((p for _, p in found), reverse=True)


def test_only_so_many_first_words_as_asked_for():
    """The likeliest come first; of equally likely ones the end, then by their ids."""
    model = fit(texts=["a", "a b", "a c", "a c"])
    assert first_words(model, "a", 2) == [("c", 0.5), ("", 0.25)]
    assert first_words(model, "a", 9) == [("c", 0.5), ("", 0.25), ("b", 0.25)]
    letters = "abcdefghijklmnopqrstuvwxyz"
    found = first_words(fit(texts=list(letters)), "", 25)
    assert "".join(word for word, _ in found) == letters[:25]


def test_first_words_without_a_word():
    """After nothing a text begins; where no new word fits in, the reply is at its end."""
    model = fit(texts=["a b", "b a", "b"], unknown="error")
    assert first_words(model, "", 5) == [("b", pytest.approx(2 / 3)), ("a", 1 / 3)]
    model.set_params(echo="message", max_length=3)
    assert first_words(model, "a b a", 5) == [("", 1.0)]


@pytest.mark.parametrize("unknown", ["fallback", "backoff", "error"])
def test_first_words_after_an_unknown_one(unknown):
    """Where the reply would be a fallback or an error, known words are the context.

    Where no word is known at the end of the message, a text begins.
    """
    model = fit(texts=["a b", "a c"], unknown=unknown)
    assert first_words(model, "a zebra", 5) == [("a", 1.0)]
    assert first_words(model, "zebra a", 5) == [("b", 0.5), ("c", 0.5)]


def test_where_no_word_is_left_there_is_no_first_one():
    """With every word banned a reply ends, or goes on from a shorter context."""
    model = fit(texts=["a b"], bad_words=["b"])
    assert first_words(model, "a", 5) == [("", 1.0)]
    model.set_params(min_length=2)
    assert first_words(model, "a", 5) == [("a", 1.0)]
    model.set_params(bad_words=["a", "b"])
    with pytest.raises(ValueError, match=r"bad_words.*min_length"):
        first_words(model, "a", 5)


def test_every_control_of_the_engine_is_a_parameter():
    """Its value when not set is the one with which it changes nothing."""
    defaults = NGramTextGenerator().get_params(deep=False)
    assert {name: control.off for name, control in OF_ENGINE.items()}.items() <= (
        defaults.items()
    )


@pytest.mark.parametrize("num_beams", [1, 3])
def test_a_new_control_of_the_text_acts_everywhere(monkeypatch, num_beams):
    """A control may look at all of the text, its echo included."""

    def no_double(value, words, p, text):
        return np.where(np.isin(words, text[-1:]), 0, p) if value else p

    texts = ["a a a b b a a b", "b b b a"]
    model = fit(texts=texts, max_length=8, num_beams=num_beams)
    assert "a" in dict(first_words(model, "b a", 9))
    control = Control(no_double, off=False, needs_text=True)
    monkeypatch.setitem(OF_ENGINE, "no_double", control)
    model.no_double = True
    written = [*model.predict(["a"] * 50), " ".join(model.stream("a"))]
    assert all(" a a" not in text and "b b" not in text for text in written)
    assert [word for word, _ in first_words(model, "b a", 9)] == ["b", ""]


@pytest.mark.parametrize("num_beams", [1, 3])
def test_a_new_control_acts_everywhere(monkeypatch, num_beams):
    """A function among the controls and a parameter of its name are all it takes."""

    def max_id(value, words, p, text):
        return np.where(words > value, 0, p)

    model = fit("kneser_ney", max_length=8, num_beams=num_beams)
    monkeypatch.setitem(OF_ENGINE, "max_id", Control(max_id, off=None))
    for value, expected in ((1, {"a"}), (2, {"a", "b"}), (None, {"a", "b", "c", "d"})):
        model.max_id = value
        said = " ".join([*model.predict(["a"] * 50), *model.stream("a")])
        shown = {word for word, _ in first_words(model, "a", 9)} - {""}
        assert set(said.split()) <= expected
        assert shown == expected
        if num_beams == 1:
            assert set(" ".join(model.sample(50)).split()) == expected
