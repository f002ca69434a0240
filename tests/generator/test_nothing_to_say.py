"""Tests of `sklearn_sslm.generator._nothing_to_say`, and of replies that are not empty."""

from collections import Counter

import numpy as np
import pytest
from _reference import MODELS
from _slow import smoothings
from scipy import stats

from sklearn_sslm import NGramTextGenerator
from sklearn_sslm.generator._nothing_to_say import warn_of_nothing
from sklearn_sslm.memory import RecentWords

TEXTS = ["a b c d e", "a b c", "f g c b a", "f a"]
PAIRS = (["a b", "c", "d e f", "c"], ["e d", "a", "b", "c a a"])
WORDS = ["e", "c", "zebra", "zebra c", "c zebra a", "a b"]


def said_in_all_ways(model, message):
    """A reply by each of the four methods that reply."""
    yield model.predict([message])[0]
    yield " ".join(model.stream(message))
    yield model.session().predict([message])[0]
    yield " ".join(model.session().stream(message))


@pytest.mark.parametrize("learned", [(TEXTS,), PAIRS], ids=["texts", "replies"])
@pytest.mark.parametrize("n", [1, 3])
@pytest.mark.parametrize("name", smoothings(MODELS))
def test_backing_off_never_gives_an_empty_reply(name, n, learned):
    """With ``unknown="backoff"`` replies have a word, known or unknown as the message is."""
    model = NGramTextGenerator(n, smoothing=name, unknown="backoff", echo="none")
    model.fit(*learned)
    for seed in range(2):
        model.random_state = seed
        for message in WORDS:
            for reply in said_in_all_ways(model, message):
                assert reply not in ("", model.fallback_response), (message, seed)


def test_such_a_reply_is_drawn_given_that_it_has_a_word():
    """After "x": nothing half the time, "a" once and "b" twice in six; 1/3 and 2/3 are left."""
    model = NGramTextGenerator(echo="none", random_state=0)
    model.fit(["x", "x", "x", "x a", "x b", "x b"])
    assert Counter(model.predict(["x"] * 600))[""] > 200
    model.unknown = "backoff"
    found = Counter(model.predict(["x"] * 3000))
    assert stats.chisquare([found["a"], found["b"]], [1000, 2000]).pvalue > 1e-4
    assert found.keys() == {"a", "b"}
    model.set_params(num_return_sequences=3)
    found = Counter(model.predict(["x"] * 1000).ravel())
    assert stats.chisquare([found["a"], found["b"]], [1000, 2000]).pvalue > 1e-4


@pytest.mark.parametrize("name", MODELS)
def test_such_a_reply_depends_on_its_message_only(name):
    """It is the same reply, whether it is drawn alone, among a few or among many."""
    model = NGramTextGenerator(
        3, smoothing=name, echo="none", unknown="backoff", max_length=30, random_state=3
    )
    model.fit(["x", "x", "x a", "x b", "y", "y c", "y d e"])
    messages = [f"{first} {last}" for first in "xyabcde" for last in "xyabcde"]
    alone = [model.predict([message])[0] for message in messages]
    few = [model.predict(messages[at : at + 4]) for at in range(0, len(messages), 4)]
    assert list(np.concatenate(few)) == alone
    assert list(model.predict(messages)) == alone
    model.set_params(num_return_sequences=2)
    (both,) = model.predict(["x"]).tolist()
    assert model.predict(["y", "y", "x"]).tolist()[2] == both


@pytest.mark.parametrize("method", ["predict", "stream"])
@pytest.mark.parametrize("echo", ["context", "none", "message"])
def test_a_session_begins_a_text_where_nothing_known_leads_to_one(echo, method):
    """An unknown message gets a text from its start in a session, too, as without one."""
    texts = ["a b c d e", "f g h i j"]
    silent = RecentWords(start=1, strength=1e12)  # leaves all to the model
    settings = {"unknown": "backoff", "echo": echo, "random_state": 0}
    model = NGramTextGenerator(3, memory=silent, **settings)
    model.fit(texts)
    for message in ("zebra", "e zebra", "zebra quagga"):
        begin = f"{message} " if echo == "message" else ""
        session = model.session()
        reply = getattr(session, method)([message] if method == "predict" else message)
        said = reply[0] if method == "predict" else " ".join(reply)
        assert said in {begin + text for text in texts}


def test_a_model_of_empty_replies_has_the_fallback():
    """Where no reply has a word, a message gets the fall-back, never nothing."""
    model = NGramTextGenerator(unknown="backoff", fallback_response="?")
    model.fit(["a", "b"], ["", ""])
    with pytest.warns(UserWarning, match="nothing to say"):
        assert model.predict(["a", "b zebra"]).tolist() == ["?", "?"]


def test_a_warning_names_ten_messages():
    """Ten messages are all named; of eleven, the last one is only counted."""
    names = ", ".join(map(str, range(10)))
    with pytest.warns(UserWarning, match=f"to messages {names}; the reply"):
        warn_of_nothing(range(10))
    with pytest.warns(UserWarning, match=f"to messages {names} and 1 more; the reply"):
        warn_of_nothing(range(11))
