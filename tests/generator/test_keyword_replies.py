"""Replies about the rarest known word of a message."""

import warnings
from collections import Counter
from itertools import pairwise

import joblib
import numpy as np
import pytest
from _backings import BACKINGS
from _replies import assert_drawn_from, next_of, texts_given
from _slow import smoothings

from sklearn_sslm import NGramTextGenerator
from sklearn_sslm.arpa import read_arpa, write_arpa
from sklearn_sslm.base import fitted_model

TEXTS = "a b c|a b|b c d|a c b a|d a|e b a|a b c a".split("|")
# How often: a 9, b 7, c 4, d 2, e 1.
SMOOTHINGS = ["mle", "kneser_ney", "lidstone", "stupid_backoff"]


def fit(smoothing="mle", n=2, texts=TEXTS, **parameters):
    """A model that replies about words."""
    parameters = {"random_state": 0, "max_length": 5, **parameters}
    model = NGramTextGenerator(n, smoothing=smoothing, reply="keyword", **parameters)
    return model.fit(texts)


def ids(model, text):
    """The ids of the words of a text."""
    return tuple(model.word_index_.vocabulary_[word] for word in text.split())


def by_hand(model, **conditions):
    """Texts under conditions and their probabilities given these, by brute force."""
    found = texts_given(next_of(model), model.max_length, **conditions)
    total = sum(found.values())
    return {text: p / total for text, p in found.items()}


@pytest.mark.parametrize(
    ("smoothing", "n"),
    [
        ("mle", 2),
        ("kneser_ney", 3),
        pytest.param("mle", 1, marks=pytest.mark.slow),
        pytest.param("mle", 3, marks=pytest.mark.slow),
        pytest.param("lidstone", 2, marks=pytest.mark.slow),
    ],
)
def test_replies_are_the_texts_with_the_rarest_word(smoothing, n):
    """They have the frequencies of the model's texts given that the word is in them."""
    model = fit(smoothing, n)
    expected = by_hand(model, contains=[ids(model, "c")])
    replies = model.predict(["b a c", "c", "zebra c b c"] * 150)
    assert_drawn_from(expected, [ids(model, reply) for reply in replies])


@pytest.mark.parametrize("smoothing", ["mle", "kneser_ney"])
def test_lengths_and_bad_words_are_conditions_too(smoothing):
    """Replies are given that they are so long, and that no bad phrase is in them."""
    model = fit(smoothing, min_length=3, max_length=4, bad_words=["d", "a b"])
    expected = {
        text: p
        for text, p in by_hand(model, contains=[ids(model, "c")], least=3).items()
        if ids(model, "d")[0] not in text
        and ids(model, "a b") not in list(pairwise(text))
    }
    total = sum(expected.values())
    drawn = [ids(model, reply) for reply in model.predict(["c a"] * 500)]
    assert_drawn_from({text: p / total for text, p in expected.items()}, drawn)


def test_the_rarest_word_is_taken_and_of_equal_ones_the_first():
    """E was learned once, d twice, f and g once each: the order in the message counts."""
    model = fit(texts=[*TEXTS, "f a", "g a"])
    for message, word in [
        ("a b e d", "e"), ("d c", "d"), ("a", "a"), ("f g", "f"), ("b g f", "g"),
    ]:  # fmt: skip
        assert all(word in reply.split() for reply in model.predict([message] * 20))


def test_where_a_word_cannot_be_said_the_next_one_is_taken():
    """A bad word, or one whose texts are all too long, is no word to speak about."""
    model = fit(bad_words=["e"])
    assert all("d" in reply.split() for reply in model.predict(["a e d"] * 20))
    model = fit(texts=["a b", "a b", "c d e f g"], max_length=3)
    assert set(model.predict(["c b"] * 20)) == {"a b"}


@pytest.mark.parametrize("unknown", ["fallback", "backoff", "error"])
def test_messages_without_a_known_word(unknown):
    """What `unknown` says holds for them, and for them only."""
    model = fit(unknown=unknown)
    assert all("e" in reply.split() for reply in model.predict(["e zebra", "zebra e"]))
    if unknown == "error":
        with pytest.raises(ValueError, match=r"'zebra' of message 1 is not known"):
            model.predict(["e zebra", "a zebra zebra zebra", "zebra"][::2])
        return
    replies = model.predict(["zebra", "e zebra", ""] * 20).reshape(20, 3)
    assert set(replies[:, 2]) == {model.fallback_response}
    if unknown == "fallback":
        assert set(replies[:, 0]) == {model.fallback_response}
    else:
        assert {reply[0] for reply in replies[:, 0]} <= set("abde")  # as texts do


def test_a_word_that_nothing_can_be_said_about_is_replied_to_from_its_context():
    """Without a text about it, the reply goes on from the end of the message."""
    model = fit(texts=["a b c d e f"], max_length=4)
    assert model.predict(["c d"]).tolist() == ["d e f"]
    model.set_params(bad_words=["e"], echo="none")
    with pytest.warns(UserWarning, match="message 1;"):
        replies = model.predict(["c", "d"])
    assert replies.tolist() == ["d", model.fallback_response]


@pytest.mark.parametrize("echo", ["context", "message", "none"])
def test_nothing_is_echoed(echo):
    """A reply about a word is a whole text, also word by word."""
    model = fit(texts=["x y z", "a b"], echo=echo)
    assert model.predict(["y a", "b"]).tolist() == ["x y z", "a b"]
    assert list(model.stream("y a")) == ["x", "y", "z"]


@pytest.mark.parametrize("smoothing", smoothings(SMOOTHINGS))
@pytest.mark.parametrize(
    "settings", [{}, {"n_candidates": 3}, {"novel": True}], ids=str
)
def test_a_reply_does_not_depend_on_its_place(smoothing, settings):
    """With an int as random state a message has the reply that it has alone."""
    model = fit(smoothing, 2, random_state=3, **settings)
    messages = ["a c", "d", "zebra", "b", "c e", "a", "d b"]
    alone = {message: model.predict([message])[0] for message in messages}
    for some in (messages, messages[::-1], messages[2:5]):
        assert model.predict(some).tolist() == [alone[message] for message in some]
    for message in messages:
        assert " ".join(model.stream(message)) == alone[message]
    again = model.predict(messages * 2).tolist()
    assert again[: len(messages)] == list(alone.values())
    assert again[len(messages) :] != list(alone.values())


def test_of_the_candidates_the_most_surprising_is_taken():
    """Two candidates: the likelier of two texts is the reply only if both are it.

    "a x" comes 3 times of 4, "b x" once: it has log2(4) of 3 tokens, "a x" log2(4/3). So
    "a x" is the reply with (3/4) ** k of k candidates.
    """
    texts = ["a x"] * 3 + ["b x"]
    for k in (1, 3):
        model = fit(texts=texts, n_candidates=k)
        counts = Counter(model.predict(["x"] * 800).tolist())
        assert counts["a x"] / 800 == pytest.approx(0.75**k, abs=0.06)


def test_surprise_is_that_of_a_word():
    """A long text of little surprise a word is not taken for being long.

    "y x" has log2(2) / 3 bits a token, the other log2(2) / 7.
    """
    model = fit("mle", 3, ["y x", "x a b c d e"], max_length=9, n_candidates=30)
    assert set(model.predict(["x"] * 20)) == {"y x"}


def test_several_replies_each_of_its_candidates():
    """`num_return_sequences` replies are chosen separately."""
    model = fit(texts=["a x", "b x", "c x"], num_return_sequences=4, n_candidates=2)
    replies = model.predict(["x", "zebra", "x"] * 10)
    assert replies.shape == (30, 4)
    assert set(replies[::3].ravel()) == {"a x", "b x", "c x"}
    assert set(replies[1::3].ravel()) == {model.fallback_response}
    assert len(set(map(tuple, replies[::3].tolist()))) > 3


def test_novel_replies_about_a_word():
    """None was learned; without a new text about a word, another word is taken."""
    model = fit(texts=["a b c", "x b d", "y z"], novel=True)
    replies = set(model.predict(["b"] * 40))
    assert replies == {"a b d", "x b c"}
    assert set(model.predict(["c z", "z c"] * 5)) == {"x b c"}


def test_messages_are_matched_loosely():
    """Words are understood as people write them, then looked for in texts."""
    model = fit(texts=["Olá! Tudo bem?", "Bom dia!"], match="loose")
    assert model.predict(["ola", "DIA", "tudo ?"]).tolist() == [
        "Olá! Tudo bem?", "Bom dia!", "Olá! Tudo bem?",
    ]  # fmt: skip


@pytest.mark.parametrize("smoothing", ["mle", "kneser_ney"])
def test_models_of_replies_reply_about_words_of_replies(smoothing):
    """The text is a reply; words of messages alone are answered from the context."""
    messages = ["oi", "como vai ?", "quem ?", "oi"]
    replies = ["olá você", "vou bem", "um robô", "oi você"]
    model = NGramTextGenerator(
        4, smoothing=smoothing, reply="keyword", max_length=3, random_state=0
    )
    model.fit(messages, replies)
    said = model.predict(["quem é robô ?", "você e oi"] * 40)
    assert all("robô" in reply.split() for reply in said[::2])
    assert all("oi" in reply.split() for reply in said[1::2])
    if smoothing == "mle":
        assert set(said) == {"um robô", "oi você"}
        assert set(model.predict(["como vai ?"] * 5)) == {"vou bem"}


@pytest.mark.parametrize("name", BACKINGS)
@pytest.mark.parametrize("smoothing", ["mle", "kneser_ney"])
def test_all_backings_reply_alike(name, smoothing, tmp_path):
    """Replies have the word, however the model is stored, and are saved with it."""
    model = NGramTextGenerator(3, smoothing=smoothing, reply="keyword", n_candidates=2)
    model = BACKINGS[name](model, TEXTS, tmp_path)
    assert (model.reply, model.n_candidates) == ("keyword", 2)
    assert all("e" in reply.split() for reply in model.predict(["a e c"] * 10))
    assert all("d" in reply.split() for reply in model.predict(["d a"] * 10))


def test_models_of_arpa_files_reply_about_words(tmp_path):
    """The rarest word is then the one with the lowest probability of its own."""
    write_arpa(fit("kneser_ney"), tmp_path / "m.arpa")
    model = read_arpa(tmp_path / "m.arpa").set_params(reply="keyword", max_length=9)
    assert all("e" in reply.split() for reply in model.predict(["a e d"] * 10))
    assert all("d" in reply.split() for reply in model.predict(["a d c"] * 10))


def test_rows_of_ids():
    """Models of integer rows reply by rows."""
    model = NGramTextGenerator(reply="keyword", random_state=0)
    model.fit([[1, 2, 0], [1, 2, 0], [3, 4, 2]])
    np.testing.assert_array_equal(
        model.predict([[2, 4, 0], [1, 0, 0], [0, 0, 0]]),
        [[3, 4, 2], [1, 2, 0], [0] * 3],
    )


def test_a_session_hears_what_it_replies():
    """Replies are about the word, and are remembered with the messages."""
    model = fit(texts=["x y z", "a b"], unknown="backoff")
    session = model.session()
    assert session.predict(["y", "b zebra"]).tolist() == ["x y z", "a b"]
    assert session.n_tokens_ == 1 + 4 + 2 + 3  # a message has no end
    assert list(session.stream("z")) == ["x", "y", "z"]
    assert session.n_tokens_ == 10 + 1 + 4
    (p,) = session.next_word_proba(["x"])
    (before,) = model.session().next_word_proba(["x"])
    y = model.word_index_.vocabulary_["y"]
    assert p[y] > before[y] - 1e-12
    assert session.predict(["quagga"])[0] != model.fallback_response
    model.set_params(unknown="error")
    with pytest.raises(ValueError, match="zebra"):
        model.session().predict(["zebra"])
    assert model.session().predict(["zebra y"])[0] == "x y z"


def test_a_session_of_a_model_of_replies():
    """It hears the reply as one to the message."""
    model = NGramTextGenerator(4, reply="keyword", min_length=1, random_state=0)
    session = model.fit(["oi", "quem ?"], ["olá", "um eu"]).session()
    assert session.predict(["eu"])[0] == "um eu"
    assert session.n_tokens_ == 2 + 3
    twin = model.session().observe(["eu"], ["um eu"])
    assert session.next_words(["eu"]) == twin.next_words(["eu"])
    assert session.predict(["quem ?"])[0].split()[0] == "um"


@pytest.mark.parametrize(
    ("name", "value"),
    [("temperature", 0.5), ("top_k", 2), ("top_p", 0.5), ("min_p", 0.1), ("stop", ["a"]),
     ("no_repeat_ngram_size", 2), ("num_beams", 2)],
)  # fmt: skip
def test_controls_that_change_what_is_drawn_are_named(name, value):
    """Only lengths and bad words have a meaning for texts about a word."""
    model = fit(**{name: value})
    with pytest.raises(ValueError, match=rf"'{name}'.*reply='keyword'"):
        model.predict(["a"])
    with pytest.raises(ValueError, match=rf"'{name}'.*reply='keyword'"):
        model.stream("a")


def test_a_saved_model_replies_so(tmp_path):
    """Both parameters are saved with it."""
    model = fit(n_candidates=5)
    joblib.dump(model, tmp_path / "m.joblib")
    again = joblib.load(tmp_path / "m.joblib")
    assert again.get_params()["reply"] == "keyword"
    assert (
        again.predict(["c", "d"] * 5).tolist() == model.predict(["c", "d"] * 5).tolist()
    )


def test_a_large_model_replies_in_the_time_of_its_texts():
    """Under maximum likelihood no pass through the whole model is made for a word."""
    rng = np.random.default_rng(0)
    words = [f"w{j}" for j in range(2000)]
    texts = [" ".join(rng.choice(words, 12)) for _ in range(3000)]
    model = fit(texts=[*texts, "one rare thing"], n=3, max_length=50)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert set(model.predict(["w1 rare"] * 5)) == {"one rare thing"}
    assert fitted_model(model).language_model.computed.steps is None
