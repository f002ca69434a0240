"""Tests of phrases that are never said, with and without conditions."""

import numpy as np
import pytest
from _replies import all_replies, assert_drawn_from, fulfils, next_of
from _replies import texts_given as all_texts_given

from sklearn_sslm import NGramTextGenerator

TEXTS = "a b a|a b|c|b b c|a c|b c a b|a b c|c a a b".split("|")

BAD = [["a b"], ["b", "c a"], ["b c", "a b a", "c c"], ["b b b", "zebra", "zebra a"]]


def fit(name="kneser_ney", n=2, texts=TEXTS, **parameters):
    """A model of few texts of three words."""
    parameters = {"random_state": 0, "max_length": 4, **parameters}
    return NGramTextGenerator(n, smoothing=name, **parameters).fit(texts)


def ids(model, text):
    """Ids of the words of a text."""
    return tuple(model.word_index_.vocabulary_[word] for word in text.split())


def bad_ids(model):
    """What is bad, as brute force takes it: single ids, or tuples of several."""
    known = [phrase for phrase in model.bad_words if "zebra" not in phrase]
    phrases = [ids(model, phrase) for phrase in known]
    return [phrase if len(phrase) > 1 else phrase[0] for phrase in phrases]


@pytest.mark.parametrize("bad", BAD, ids=str)
@pytest.mark.parametrize("name", ["mle", "kneser_ney", "stupid_backoff"])
def test_replies_are_drawn_without_bad_phrases(name, bad):
    """At each step the words that would complete one have no probability."""
    model = fit(name, bad_words=bad)
    echo = ids(model, "a")
    expected = all_replies(next_of(model), echo, max_length=4, bad_words=bad_ids(model))
    drawn = [ids(model, text) for text in model.predict(["a"] * 800)]
    assert_drawn_from(expected, drawn)
    one_by_one = [ids(model, " ".join(model.stream("a"))) for _ in range(20)]
    assert set(one_by_one) <= set(expected)
    best = model.set_params(num_beams=20, num_return_sequences=20).predict(["a"])[0]
    assert {ids(model, text) for text in best} <= set(expected)


def test_a_phrase_may_begin_in_the_message():
    """What is echoed and what is new are one text."""
    model = fit("mle", texts=["a b c", "b d"], bad_words=["b c"], max_length=9)
    assert set(model.predict(["a b"] * 30)) == {"b d"}


@pytest.mark.parametrize("bad", BAD, ids=str)
@pytest.mark.parametrize(
    "conditions",
    [{"contains": "c"}, {"ends_with": "b"}, {"starts_with": "a", "max_length": 3}],
    ids=str,
)
@pytest.mark.parametrize("name", ["mle", "kneser_ney"])
def test_under_conditions_texts_are_given_that_they_hold_none(name, conditions, bad):
    """They are as frequent as those kept of all texts, of which none has a bad phrase."""
    model = fit(name, bad_words=bad)
    conditions = {"max_length": 4, **conditions}
    asked = {
        "starts": ids(model, conditions.get("starts_with", "")),
        "ends": ids(model, conditions.get("ends_with", "")),
        "contains": [ids(model, conditions.get("contains", "c"))][
            : "contains" in conditions
        ],
    }
    phrases = [p if isinstance(p, tuple) else (p,) for p in bad_ids(model)]
    texts = {
        text: p
        for text, p in all_texts_given(
            next_of(model), conditions["max_length"], **asked
        ).items()
        if not any(fulfils(text, contains=[phrase]) for phrase in phrases)
    }
    if not texts:
        with pytest.raises(ValueError, match="no text"):
            model.sample(**conditions)
        return
    total = sum(texts.values())
    drawn = [ids(model, text) for text in model.sample(500, **conditions)]
    assert_drawn_from({text: p / total for text, p in texts.items()}, drawn)


def test_a_bad_start_is_impossible():
    """Where the text must begin with what must not be in it, no text fits."""
    with pytest.raises(ValueError, match="no text"):
        fit(bad_words=["a b"]).sample(starts_with="a b", contains="c")


def test_models_of_rows_have_phrases_of_ids():
    """There a phrase is a sequence of ids, a word a single id."""
    rows = np.array([[1, 2, 3, 0], [1, 3, 2, 0]])
    model = NGramTextGenerator(2, bad_words=[[2, 3], 9], random_state=0).fit(rows)
    replies = model.predict(np.array([[1, 0]] * 40)).tolist()
    assert not any(fulfils(reply, contains=[(2, 3)]) for reply in replies)
    assert any(3 in reply for reply in replies)
    with pytest.raises(ValueError, match=r"'bad_words'.*\[2, 'x'\]"):
        model.set_params(bad_words=[[2, "x"]]).predict(rows)
