"""Tests of what decides over the random numbers of generation."""

import copy
import subprocess
import sys
import threading

import joblib
import numpy as np
import pytest
from _backings import BACKINGS
from _controlled_texts import fit
from _slow import rest_slow

from sklearn_sslm import NGramTextGenerator

NAMES = ["mle", "kneser_ney", "lidstone", "stupid_backoff"]
MANY = 8192 + 101
"""More messages than are answered side by side."""


@pytest.mark.parametrize("controls", [{}, {"top_p": 0.9, "stop": "c"}], ids=str)
def test_replies_do_not_depend_on_n_jobs(controls):
    """The same model, messages and random state give the same replies on any n_jobs."""
    model = fit("kneser_ney", random_state=7, **controls)
    messages = ["a", "b", "c a"] * (MANY // 3)
    expected = model.predict(messages).tolist()
    for n_jobs in (1, 2, -1):
        assert model.set_params(n_jobs=n_jobs).predict(messages).tolist() == expected


def test_blocks_of_messages_are_drawn_for_themselves():
    """What is said in one block is not said again in the next."""
    model = fit("kneser_ney", max_length=20)
    replies = model.predict(["a"] * MANY).tolist()
    assert replies[:101] != replies[8192:]
    assert len(replies) == MANY


@pytest.mark.parametrize(
    "controls", [{}, {"min_p": 0.1}, {"num_return_sequences": 3}], ids=str
)
def test_calls_repeat_themselves(controls):
    """An int as random state makes every call the same, also on a copy."""
    model = fit("kneser_ney", random_state=5, max_length=10, **controls)
    messages = ["a", "b", "zebra", "a"] * 5
    expected = model.predict(messages).tolist()
    assert model.predict(messages).tolist() == expected
    assert copy.deepcopy(model).predict(messages).tolist() == expected
    assert model.sample(5).tolist() == copy.deepcopy(model).sample(5).tolist()
    assert model.set_params(random_state=6).predict(messages).tolist() != expected


@pytest.mark.slow
def test_other_processes_say_the_same(tmp_path):
    """A model that was written to a file and read elsewhere gives the same texts."""
    model = fit("kneser_ney", max_length=10, top_p=0.9)
    joblib.dump(model, tmp_path / "model.joblib")
    script = (
        "import sys, joblib\n"
        "model = joblib.load(sys.argv[1])\n"
        "print(*model.predict(['a', 'b c', 'a'] * 4), sep='|')\n"
        "print(*model.sample(5), sep='|')\n"
        "print(*model.stream('a'))\n"
        "model.set_params(top_p=None)\n"
        "print(*model.sample(5, contains='b', ends_with='c'), sep='|')\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", script, tmp_path / "model.joblib"],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": ":".join(filter(None, sys.path)), "PYTHONHASHSEED": "1"},
    ).stdout.splitlines()
    assert said[0] == "|".join(model.predict(["a", "b c", "a"] * 4))
    assert said[1] == "|".join(model.sample(5))
    assert said[2] == " ".join(model.stream("a"))
    model.set_params(top_p=None)
    assert said[3] == "|".join(model.sample(5, contains="b", ends_with="c"))


@pytest.mark.parametrize("state", [np.random.RandomState, np.random.default_rng])
def test_a_source_of_chance_goes_on(state):
    """A generator as random state gives other replies in the next call."""
    model = fit("kneser_ney", max_length=20, random_state=state(0))
    first, second = model.predict(["a"] * 20), model.predict(["a"] * 20)
    assert first.tolist() != second.tolist()
    again = fit("kneser_ney", max_length=20, random_state=state(0))
    assert again.predict(["a"] * 20).tolist() == first.tolist()


@pytest.mark.parametrize("controls", [{}, {"temperature": 2.0}], ids=str)
def test_the_same_message_gets_different_replies(controls):
    """Each row is answered for itself."""
    model = fit("kneser_ney", max_length=30, **controls)
    assert len(set(model.predict(["a"] * 50))) > 10


def test_streams_and_threads_do_not_disturb_each_other():
    """Two streams of one model, word by word in turns, say what each would say alone."""
    model = fit("kneser_ney", max_length=50)
    alone = list(model.stream("a"))
    one, other = model.stream("a"), model.stream("a")
    taken = [word for pair in zip(one, other, strict=True) for word in pair]
    assert taken[::2] == taken[1::2] == alone
    expected = model.predict(["a"] * 100).tolist()
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(model.predict(["a"] * 100)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [replies.tolist() for replies in found] == [expected] * 4


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "controls", [{}, {"min_length": 3}, {"top_p": 0.9}, {"unknown": "backoff"}], ids=str
)
def test_a_reply_does_not_depend_on_its_place(name, controls):
    """A message has the reply that it has alone, in any order and among any others."""
    model = fit(name, 3, random_state=4, max_length=9, **controls)
    messages = ["a", "b c", "zebra", "c", "a b", "d a", "b"] + [f"a {i}" for i in "acd"]
    alone = {message: model.predict([message])[0] for message in messages}
    for some in (messages, messages[::-1], messages[3:7]):
        assert model.predict(some).tolist() == [alone[message] for message in some]
    again = model.predict([*messages, *messages])
    assert again[: len(messages)].tolist() == list(alone.values())
    assert again[len(messages) :].tolist() != list(alone.values())
    model.set_params(num_return_sequences=3)
    several = model.predict(messages)
    assert model.predict(messages[4:6]).tolist() == several[4:6].tolist()
    texts = model.set_params(num_return_sequences=1).sample(30).tolist()
    assert model.sample(10).tolist() == texts[:10]
    assert len(set(texts)) > 5


@pytest.mark.parametrize(
    "settings", [{}, {"num_beams": 3}, {"temperature": 2}], ids=str
)
@pytest.mark.parametrize("n", rest_slow([1, 2, 3, 5], [3]))
@pytest.mark.parametrize("name", rest_slow(NAMES, ["mle"]))
def test_min_length_never_raises(name, n, settings):
    """Where only the end was seen, a reply goes on from a shorter context."""
    model = fit(name, n, min_length=12, max_length=15, random_state=0, **settings)
    for message in ("a", "b c", "d", "zebra d", ""):
        for echo in ("context", "message", "none"):
            model.set_params(echo=echo, unknown="backoff")
            for reply in [
                *model.predict([message] * 3),
                " ".join(model.stream(message)),
            ]:
                assert (
                    12 <= len(reply.split()) <= 15 or reply == model.fallback_response
                )
    if not settings:
        model.set_params(unknown="fallback")
        for reply in model.session().predict(["a", "d", "zebra"]):
            assert 12 <= len(reply.split()) <= 15 or reply == model.fallback_response


@pytest.mark.parametrize("name", ["mle", "kneser_ney"])
def test_min_length_never_raises_in_models_of_replies(name):
    """The same, also for messages that were never seen."""
    model = NGramTextGenerator(n=4, smoothing=name, unknown="backoff", random_state=0)
    model.fit(["oi", "e aí ?", "tchau"], ["olá !", "tudo bem !", "até logo !"])
    model.set_params(min_length=6, max_length=9)
    for reply in model.predict(["oi", "e aí ?", "tchau", "zebra", "zebra ?"] * 20):
        assert 6 <= len(reply.split()) <= 9


def test_replies_of_some_length_are_whole_where_there_are_any(tmp_path):
    """They are the model's replies that are so long, on every backing of the model.

    "a" is followed by b, which ends, nine times of ten; only "a c d e" has four words.
    """
    texts = ["a b"] * 9 + ["a c d e", "f g", "h i j"]
    for name, backing in BACKINGS.items():
        model = backing(NGramTextGenerator(n=3, min_length=4), texts, tmp_path)
        assert set(model.predict(["a"] * 20)) == {"a c d e"}, name
        assert min(len(reply.split()) for reply in model.predict(["c"] * 20)) == 4, name


@pytest.mark.parametrize("name", ["mle", "kneser_ney", "stupid_backoff"])
def test_unknown_messages_get_words_from_unigrams_too(name):
    """With n = 1, for which no word of a message counts, the reply is not empty either."""
    model = fit(name, 1, unknown="backoff", echo="none", random_state=0)
    assert all(model.predict(["zebra", "a zebra"] * 100))


@pytest.mark.parametrize("n", [2, 3, 4])
def test_unknown_messages_get_a_whole_text(n):
    """With backoff they are answered by a text from its start, never by nothing."""
    model = fit("mle", n, unknown="backoff", random_state=0).partial_fit([""] * 50)
    starts = {text.split()[0] for text in model.sample(300) if text}
    replies = model.predict(["zebra", "quagga"] * 100)
    assert {reply.split()[0] for reply in replies} <= starts
