"""Tests of generation under controls, as users of the estimator meet it."""

import copy
import re
import subprocess
import sys
import threading
from itertools import pairwise

import joblib
import numpy as np
import pytest
from _replies import all_replies, assert_drawn_from, likeliest, next_of
from sklearn.utils._param_validation import InvalidParameterError

from sklearn_sslm import NGramTextGenerator, WordIndexTransformer
from sklearn_sslm.ngrams import _choosing as choosing
from sklearn_sslm.smoothing import Lidstone

# After each word something may follow, but for "d".
TEXTS = "a b a c|b c b|c a b c|a|b a a|c c a c b|a b d".split("|")

SMOOTHINGS = ["mle", "kneser_ney", "stupid_backoff", Lidstone(0.2)]

CONTROLS = [
    {},
    {"temperature": 0},
    {"temperature": 0.5},
    {"temperature": 3.0},
    {"top_k": 2},
    {"top_p": 0.6},
    {"min_p": 0.4},
    {"no_repeat_ngram_size": 1},
    {"no_repeat_ngram_size": 2},
    {"min_length": 2},
    {"bad_words": ["b"]},
    {"bad_words": ("a", "b", "c", "d")},
    {"stop": "c"},
    {"stop": {"b", "c"}},
    {"temperature": 0.7, "top_k": 3, "top_p": 0.9, "min_p": 0.1},
    {"bad_words": {"b", "d"}, "min_length": 3, "temperature": 2},
    {"no_repeat_ngram_size": 2, "min_length": 2, "top_p": 0.8, "stop": ["b"]},
    {"top_k": 1, "bad_words": ["c"], "no_repeat_ngram_size": 3},
]


def fit(smoothing="mle", n=2, texts=TEXTS, **parameters):
    """A model of few short texts, whose replies are short too."""
    parameters = {"random_state": 0, "max_length": 4, **parameters}
    return NGramTextGenerator(n, smoothing=smoothing, **parameters).fit(texts)


def ids(model, words):
    """Ids of words: ``"a b" -> (1, 2)``."""
    words = words.split() if isinstance(words, str) else words
    return tuple(model.word_index_.vocabulary_[word] for word in words)


def by_hand(model, echo=()):
    """Every reply that the parameters of a model allow, by brute force."""
    names = ["temperature", "top_k", "top_p", "min_p", "no_repeat_ngram_size"]
    names += ["min_length", "max_length"]
    controls = {name: getattr(model, name) for name in names}
    for name in ("bad_words", "stop"):
        controls[name] = ids(model, getattr(model, name) or ())
    return all_replies(next_of(model), echo, **controls)


# --- controls ------------------------------------------------------------------------


@pytest.mark.parametrize("controls", CONTROLS, ids=str)
@pytest.mark.parametrize("smoothing", SMOOTHINGS, ids=str)
def test_a_batch_of_replies_has_the_frequencies_of_brute_force(smoothing, controls):
    """Whole replies to many messages come as often as their steps say, and no others."""
    model = fit(smoothing, **controls)
    drawn = model.predict(["a"] * 1500)
    assert_drawn_from(by_hand(model, ids(model, "a")), [ids(model, t) for t in drawn])


@pytest.mark.parametrize("controls", CONTROLS, ids=str)
@pytest.mark.parametrize(("smoothing", "n"), [("mle", 2), ("kneser_ney", 3)])
def test_texts_from_the_start_too(smoothing, n, controls):
    """What `sample` writes, with nothing said before it, has its frequencies as well."""
    model = fit(smoothing, n, max_length=3, **controls)
    drawn = model.sample(1000)
    assert_drawn_from(by_hand(model), [ids(model, text) for text in drawn])


@pytest.mark.parametrize(
    "controls", [CONTROLS[i] for i in (0, 2, 8, 9, 12, 14, 15, 16)], ids=str
)
@pytest.mark.parametrize("way", ["predict", "stream"])
@pytest.mark.parametrize("smoothing", SMOOTHINGS, ids=str)
def test_one_message_at_a_time_too(smoothing, way, controls):
    """Messages answered one by one, as texts or word by word, get the same replies."""
    model = fit(smoothing, random_state=np.random.default_rng(0), **controls)
    answer = {
        "predict": lambda: model.predict(["a"])[0].split(),
        "stream": lambda: list(model.stream("a")),
    }[way]
    drawn = [ids(model, answer()) for _ in range(200)]
    assert_drawn_from(by_hand(model, ids(model, "a")), drawn)


@pytest.mark.parametrize("controls", [*CONTROLS, {"num_beams": 4}], ids=str)
@pytest.mark.parametrize("echo", ["context", "message", "none"])
def test_a_stream_is_what_predict_replies(echo, controls):
    """Under every control, ``stream(message)`` gives the words of that message's reply."""
    for smoothing in ("mle", "kneser_ney", "stupid_backoff"):
        model = fit(smoothing, 3, echo=echo, max_length=9, **controls)
        for message in ("a", "b c", "c a b", "zebra", ""):
            try:
                expected = model.predict([message])[0]
            except ValueError as error:  # `min_length` led to where nothing is left
                with pytest.raises(ValueError, match=re.escape(str(error))):
                    list(model.stream(message))
            else:
                assert " ".join(model.stream(message)) == expected


@pytest.mark.parametrize("smoothing", SMOOTHINGS, ids=str)
def test_temperature_zero_takes_the_likeliest_word_each_time(smoothing):
    """Greedy replies are the argmax of ``next_word_proba``, step by step."""
    model = fit(smoothing, 3, temperature=0, max_length=8)
    for message in ("a", "b a", "c c", "d"):
        said = message.split()[-2:]
        while len(said) < 8:
            word = int(np.argmax(model.next_word_proba([" ".join(said)])[0]))
            if word == 0:
                break
            said.append(model.word_index_.words_[word])
        assert model.predict([message] * 2).tolist() == [" ".join(said)] * 2


def test_of_equally_likely_words_the_first_learned_is_taken():
    """Greedy replies break ties by the lower id, the end being the lowest."""
    model = fit(texts=["a c", "a b"], temperature=0)
    assert model.predict(["a"])[0] == "a c"
    # After "a" the text ends or goes on, once each.
    assert fit(texts=["a", "a b"], temperature=0).predict(["a"])[0] == "a"


def test_ties_are_kept_by_top_k():
    """What is as likely as the last of the k is as good as it."""
    model = fit(texts=["a b", "a c", "a d", "a d"], top_k=2)
    drawn = set(model.predict(["a"] * 200))
    assert drawn == {"a b", "a c", "a d"}
    assert set(model.set_params(top_k=1).predict(["a"] * 200)) == {"a d"}


@pytest.mark.parametrize("smoothing", ["mle", "kneser_ney", "stupid_backoff"])
def test_without_controls_no_distribution_is_worked_out(smoothing, monkeypatch):
    """The common case draws by count, for batches and alone; `stop` does not slow it."""

    def fail(*args):
        raise AssertionError("this is the slow way")

    monkeypatch.setattr(choosing.Chooser, "__init__", fail)
    monkeypatch.setattr(choosing, "next_word_candidates", fail)
    model = fit(smoothing, temperature=1, bad_words=[], stop=["b"], top_k=None)
    assert len(model.predict(["a"] * 10)) == 10
    assert model.predict(["a"])[0].startswith("a")
    assert next(iter(model.stream("a"))) == "a"
    assert len(model.sample(3)) == 3
    with pytest.raises(AssertionError, match="slow"):
        model.set_params(min_p=0.1).predict(["a"])


@pytest.mark.parametrize("echo", ["context", "message", "none"])
@pytest.mark.parametrize("smoothing", ["mle", "kneser_ney"])
def test_lengths_count_the_words_that_are_echoed(smoothing, echo):
    """A reply has from `min_length` to `max_length` words, those it repeats included."""
    texts = ["a b c a", "b a c b", "c b a", "a c", "c a b"]
    model = fit(smoothing, texts=texts, echo=echo, min_length=4, max_length=6)
    replies = model.predict(["c b a"] * 500)
    lengths = {len(reply.split()) for reply in replies}
    assert lengths == {4, 5, 6}
    lengths = {len(list(model.stream("c b a"))) for _ in range(2)}
    assert lengths <= {4, 5, 6}
    # A message longer than that is repeated whole, and nothing is added to it.
    if echo == "message":
        assert model.predict(["a b c a b c a"])[0] == "a b c a b c a"


def test_a_stop_word_ends_a_reply_that_keeps_it():
    """It does so wherever it is said, but not where it is only repeated."""
    model = fit(texts=["a b c d"], stop="c", max_length=10)
    assert model.predict(["a"])[0] == "a b c"
    assert list(model.stream("a")) == ["a", "b", "c"]
    assert model.sample()[0] == "a b c"
    assert model.predict(["c"])[0] == "c d"
    model.set_params(stop=["c", "b", "zebra"])
    assert model.predict(["a", "b"]).tolist() == ["a b", "b c"]


@pytest.mark.parametrize("name", ["bad_words", "stop"])
@pytest.mark.parametrize("unknown", [3, 2**63, 2**70])
def test_ids_that_nothing_has_are_never_said_anyway(name, unknown):
    """Ids not known, however high, are left out as words not known are."""
    model = NGramTextGenerator(random_state=0).fit([[1, 2, 0], [2, 1, 0]])
    expected = model.predict([[1, 0]] * 20)
    model.set_params(**{name: [unknown]})
    np.testing.assert_array_equal(model.predict([[1, 0]] * 20), expected)
    only = model.set_params(**{name: [1]}).predict([[2, 0]] * 20)
    model.set_params(**{name: [1, unknown]})
    np.testing.assert_array_equal(model.predict([[2, 0]] * 20), only)


@pytest.mark.parametrize("smoothing", SMOOTHINGS, ids=str)
@pytest.mark.parametrize("num_beams", [1, 5])
def test_bad_words_are_only_said_where_the_message_is_repeated(smoothing, num_beams):
    """A reply may echo a bad word; it never adds one."""
    model = fit(smoothing, echo="message", max_length=12, num_beams=num_beams)
    model.set_params(bad_words=["b", "zebra"])
    for reply in model.predict(
        ["a b b", "b", "c b a"] * (100 if num_beams == 1 else 1)
    ):
        echoed = next(
            len(m.split()) for m in ("a b b", "b", "c b a") if reply.startswith(m)
        )
        assert "b" not in reply.split()[echoed:]
    assert "b" not in set(" ".join(model.sample(20)).split())


@pytest.mark.parametrize("smoothing", SMOOTHINGS, ids=str)
@pytest.mark.parametrize("num_beams", [1, 3])
def test_where_all_words_are_bad_the_reply_ends(smoothing, num_beams):
    """With nothing left to say, a reply is what it echoes."""
    model = fit(smoothing, bad_words=list("abcd"), num_beams=num_beams)
    assert model.predict(["a", "b a"]).tolist() == ["a", "a"]
    assert model.predict(["a"]).tolist() == ["a"]
    assert list(model.stream("a")) == ["a"]
    assert model.sample(2).tolist() == ["", ""]


@pytest.mark.parametrize("num_beams", [1, 3])
def test_where_even_the_end_is_barred_an_error_says_why(num_beams):
    """The controls that bar everything are named, and the model works on."""
    model = fit(num_beams=num_beams)
    before = model.predict(["a"] * 3).tolist()
    harmful = {"bad_words": list("abcd"), "min_length": 3}
    model.set_params(**harmful)
    for messages in (["a"], ["a", "b"], ["zebra", "a", "b"]):
        with pytest.raises(ValueError, match=r"'bad_words'.*'min_length'"):
            model.predict(messages)
    with pytest.raises(ValueError, match=r"'bad_words'.*'min_length'"):
        model.sample(3)
    with pytest.raises(ValueError, match=r"'bad_words'.*'min_length'"):
        list(model.stream("a"))
    model.set_params(bad_words=None, min_length=0)
    assert model.predict(["a"] * 3).tolist() == before


def test_nothing_is_repeated_that_the_reply_echoes():
    """Sequences of the repeated message count as said."""
    texts = ["a b a b a b a c"] * 3
    model = fit(texts=texts, echo="message", no_repeat_ngram_size=2, max_length=20)
    for reply in model.predict(["a b a"] * 50):
        pairs = list(pairwise(reply.split()))
        assert len(pairs) == len(set(pairs))
        # "a b" and "b a" were said; after "a" only "c" is left.
        assert reply == "a b a c"


def test_controls_understand_words_as_the_index_does():
    """Words are those the model knows, whatever the kind of collection."""
    index = WordIndexTransformer(tokenizer=list)
    model = NGramTextGenerator(word_index=index, random_state=0).fit(["abcd"])
    for bad in (["c"], ("c",), {"c"}, frozenset("c"), np.array(["c"])):
        assert model.set_params(bad_words=bad).predict(["a"])[0] == "a b"


def test_models_of_plain_rows_are_controlled_by_ids():
    """Where there are no words, bad words and stops are ids, and replies are rows."""
    rows = np.array([[1, 2, 3, 4, 0]])
    model = NGramTextGenerator(stop=[3], random_state=0).fit(rows)
    assert model.predict([[1, 0]]).tolist() == [[1, 2, 3]]
    model.set_params(stop=None, bad_words=np.array([3]))
    assert model.predict([[1, 0]]).tolist() == [[1, 2]]
    model.set_params(bad_words=None, num_return_sequences=2)
    assert model.predict([[3, 0], [2, 0]]).tolist() == [
        [[3, 4, 0], [3, 4, 0]],
        [[2, 3, 4], [2, 3, 4]],
    ]
    with pytest.raises(ValueError, match=r"'bad_words'.*'x'"):
        model.set_params(bad_words=["x"]).predict(rows)


# --- several replies -----------------------------------------------------------------


def test_several_replies_are_columns():
    """One reply a message is 1-D; more have a column each, fall-backs included."""
    model = fit(num_return_sequences=3, fallback_response="?")
    replies = model.predict(["a", "zebra", "b", ""])
    assert replies.shape == (4, 3)
    assert replies[[1, 3]].tolist() == [["?"] * 3] * 2
    assert all(reply.startswith("a") for reply in replies[0])
    assert all(reply.startswith("b") for reply in replies[2])
    assert model.sample(2).shape == (2, 3)
    assert model.predict(["a"]).shape == (1, 3)
    assert model.predict(["zebra"]).tolist() == [["?"] * 3]
    assert model.set_params(num_return_sequences=1).predict(["a", "b"]).shape == (2,)


@pytest.mark.parametrize("controls", [{}, {"top_p": 0.7}], ids=str)
def test_several_replies_are_drawn_for_themselves(controls):
    """Each column has the frequencies of a single reply, and columns differ."""
    model = fit("kneser_ney", num_return_sequences=2, **controls)
    replies = model.predict(["a"] * 2000)
    expected = by_hand(model, ids(model, "a"))
    for column in replies.T:
        assert_drawn_from(expected, [ids(model, reply) for reply in column])
    # Two draws agree as often as two independent ones: sum of p squared.
    agree = np.mean(replies[:, 0] == replies[:, 1])
    assert agree == pytest.approx(sum(p**2 for p in expected.values()), abs=0.04)


# --- best instead of random ----------------------------------------------------------


@pytest.mark.parametrize("controls", [CONTROLS[i] for i in (0, 7, 9, 10, 12)], ids=str)
@pytest.mark.parametrize("smoothing", SMOOTHINGS, ids=str)
def test_wide_beams_give_the_likeliest_replies_in_order(smoothing, controls):
    """With beams for every reply, the best are those of exhaustive search."""
    model = fit(smoothing, num_beams=300, num_return_sequences=5, **controls)
    bar = {
        name: ids(model, getattr(model, name) or ()) for name in ("bad_words", "stop")
    }

    def after(said):
        text = " ".join(model.word_index_.words_[j] for j in said)
        return model.next_word_proba([text])[0]

    for message in ("a", "c"):
        expected = likeliest(
            after,
            ids(model, message),
            min_length=model.min_length,
            max_length=4,
            no_repeat_ngram_size=model.no_repeat_ngram_size,
            **bar,
        )
        found = [ids(model, reply) for reply in model.predict([message])[0]]
        best = min(5, len(expected))
        log_p = {words: log_p for log_p, words in expected}
        np.testing.assert_allclose(
            [log_p[words] for words in found[:best]],
            [log_p for log_p, _ in expected[:best]],
        )
        assert len(set(found[:best])) == best
        # Where there are fewer than asked for, they come again.
        assert found[best:] == (found[:best] * 5)[best:5]


def test_beams_leave_nothing_to_chance():
    """Whatever the random state, the likeliest reply is the same."""
    replies = {
        tuple(fit(num_beams=3, random_state=seed).predict(["a", "b", "a"]))
        for seed in (0, 1, None)
    }
    assert len(replies) == 1
    (found,) = replies
    assert found[0] == found[2]


@pytest.mark.parametrize(
    ("parameters", "named"),
    [
        ({"num_beams": 2, "temperature": 0.5}, ["temperature", "num_beams"]),
        ({"num_beams": 2, "temperature": 0}, ["temperature", "num_beams"]),
        ({"num_beams": 2, "top_k": 5}, ["top_k", "num_beams"]),
        ({"num_beams": 2, "top_p": 0.5}, ["top_p", "num_beams"]),
        ({"num_beams": 2, "min_p": 0.5}, ["min_p", "num_beams"]),
        (
            {"num_beams": 2, "num_return_sequences": 3},
            ["num_return_sequences", "num_beams"],
        ),
        ({"min_length": 5, "max_length": 4}, ["min_length", "max_length"]),
    ],
)
def test_contradictions_are_named(parameters, named):
    """Controls that cannot be meant together are refused, each by its name."""
    model = fit().set_params(**parameters)
    for write in (
        lambda: model.predict(["a"]),
        lambda: model.predict(["zebra"]),
        lambda: model.sample(2),
        lambda: model.stream("a"),
    ):
        with pytest.raises(ValueError, match=r".*".join(named)):
            write()


# --- reproducible --------------------------------------------------------------------

MANY = 8192 * 2 + 100
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
    assert replies[:8000] != replies[8192 : 8192 + 8000]
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


# --- bad input -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("temperature", -0.1),
        ("temperature", float("nan")),
        ("temperature", float("inf")),
        ("temperature", "hot"),
        ("temperature", None),
        ("top_k", 0),
        ("top_k", 2.5),
        ("top_p", 0),
        ("top_p", 1.1),
        ("top_p", -0.5),
        ("min_p", -0.1),
        ("min_p", 1.5),
        ("no_repeat_ngram_size", -1),
        ("no_repeat_ngram_size", 1.5),
        ("no_repeat_ngram_size", None),
        ("min_length", -1),
        ("min_length", None),
        ("max_length", 0),
        ("max_length", None),
        ("bad_words", "b"),
        ("bad_words", 3),
        ("stop", 3),
        ("num_beams", 0),
        ("num_beams", 1.5),
        ("num_return_sequences", 0),
        ("num_return_sequences", None),
        ("n_jobs", 1.5),
        ("detokenizer", "complex"),
        ("detokenizer", 3),
    ],
)
def test_controls_out_of_range_are_named(name, value):
    """Each is refused with its name and value, by `fit` and on a fitted model."""
    message = f"The '{name}' parameter of NGramTextGenerator must be"
    with pytest.raises(InvalidParameterError, match=message):
        fit(**{name: value})
    model = fit()
    expected = getattr(model, name)
    model.set_params(**{name: value})
    for write in (
        lambda: model.predict(["a"]),
        lambda: model.sample(2),
        lambda: model.stream("a"),
    ):
        with pytest.raises(InvalidParameterError, match=message):
            write()
    model.set_params(**{name: expected})
    assert model.predict(["a"]).tolist() == fit().predict(["a"]).tolist()


@pytest.mark.parametrize("name", ["bad_words", "stop"])
def test_bad_words_and_stops_are_words(name):
    """What is no word among them is named."""
    model = fit(**{name: ["a", 3]})
    with pytest.raises(ValueError, match=f"'{name}'.* Got 3"):
        model.predict(["a"])


@pytest.mark.parametrize("temperature", [1e-300, 1e-9, 1e9, 1e300])
def test_extreme_temperatures_stay_within_the_model(temperature):
    """From greedy to even, no rounding lets in what has no probability."""
    # One follower of each word is likelier than the others.
    texts = ["a b c a b", "a b c c d", "b c a c a", "c a b b"]
    replies = set(fit(texts=texts, temperature=temperature).predict(["a"] * 300))
    seen = {pair for text in texts for pair in pairwise(text.split())}
    assert {pair for reply in replies for pair in pairwise(reply.split())} <= seen
    if temperature < 1:
        assert replies == set(fit(texts=texts, temperature=0).predict(["a"]))
    else:
        assert len(replies) > 5


def test_a_hundred_thousand_messages_are_answered():
    """A large batch is answered whole, row for row."""
    model = fit(texts=["a b c", "x y"], n=3)
    messages = ["a", "x", "zebra", "y"] * 25_000
    replies = model.predict(messages)
    assert replies.shape == (100_000,)
    fallback = model.fallback_response
    assert replies.tolist() == ["a b c", "x y", fallback, "y"] * 25_000


@pytest.mark.parametrize("controls", [{}, {"min_p": 0.1}, {"num_beams": 2}], ids=str)
@pytest.mark.parametrize("echo", ["context", "message", "none"])
def test_a_message_of_a_million_words_is_answered(echo, controls):
    """Its last words count, and it is repeated if so asked for."""
    model = fit(texts=["a b c"], n=3, echo=echo, max_length=10**6 + 10, **controls)
    reply = model.predict(["c " * 10**6 + "a b"])[0]
    start = {"context": "a b ", "message": "c " * 10**6 + "a b ", "none": ""}[echo]
    assert reply == start + "c"


@pytest.mark.parametrize("texts", [[""], ["  ", ""], []])
def test_an_empty_vocabulary_is_an_error(texts):
    """There is nothing to say without a word."""
    with pytest.raises(ValueError, match="at least one"):
        NGramTextGenerator().fit(texts)


@pytest.mark.parametrize("name", ["bad_words", "stop"])
def test_words_of_controls_are_read_as_texts_are(name):
    """A lower-casing index knows a control's word in capitals; two words are refused."""
    index = WordIndexTransformer(lowercase=True)
    model = NGramTextGenerator(2, word_index=index, random_state=0, max_length=9)
    model.fit(["a b c", "a c c"]).set_params(**{name: ["B"]})
    replies = set(model.predict(["a"] * 50))
    # Without b only "a c …" is left; b as the last word ends its reply.
    expected = "a b" if name == "stop" else None
    assert {reply for reply in replies if "b" in reply} == {expected} - {None}
    with pytest.raises(ValueError, match=rf"'{name}' parameter .* one word"):
        model.set_params(**{name: ["b c"]}).predict(["a"])


def test_the_end_is_no_bad_word_of_rows():
    """In models of rows, 0 is the end and cannot be barred as a word."""
    model = NGramTextGenerator(2, bad_words=[0]).fit([[1, 2, 0]])
    with pytest.raises(ValueError, match=r"'bad_words' parameter .* id of at least 1"):
        model.predict([[1, 0]])
