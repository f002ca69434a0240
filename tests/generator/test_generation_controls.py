"""Tests of what controls let a model say, compared with brute force."""

from itertools import pairwise

import numpy as np
import pytest
from _controlled_texts import CONTROLS, SMOOTHINGS, by_hand, fit, ids, names
from _replies import assert_drawn_from
from _slow import rest_slow

from sklearn_sslm import NGramTextGenerator, WordIndexTransformer
from sklearn_sslm.ngrams.generation import _controlled

QUICK = rest_slow(SMOOTHINGS, ["mle", "kneser_ney"])
SOME = rest_slow([CONTROLS[i] for i in (0, 2, 8, 9, 12, 14, 15, 16)], CONTROLS[0:17:8])


@pytest.mark.parametrize("controls", CONTROLS, ids=names)
@pytest.mark.parametrize("smoothing", QUICK, ids=str)
def test_a_batch_of_replies_has_the_frequencies_of_brute_force(smoothing, controls):
    """Whole replies to many messages come as often as their steps say, and no others."""
    model = fit(smoothing, **controls)
    drawn = model.predict(["a"] * 1500)
    assert_drawn_from(by_hand(model, ids(model, "a")), [ids(model, t) for t in drawn])


@pytest.mark.parametrize("controls", CONTROLS, ids=names)
@pytest.mark.parametrize(
    ("smoothing", "n"),
    [pytest.param("mle", 2, marks=pytest.mark.slow), ("kneser_ney", 3)],
)
def test_texts_from_the_start_too(smoothing, n, controls):
    """What `sample` writes, with nothing said before it, has its frequencies as well."""
    model = fit(smoothing, n, max_length=3, **controls)
    drawn = model.sample(1000)
    assert_drawn_from(by_hand(model), [ids(model, text) for text in drawn])


@pytest.mark.parametrize("controls", SOME, ids=names)
@pytest.mark.parametrize("way", ["predict", "stream"])
@pytest.mark.parametrize("smoothing", QUICK, ids=str)
def test_one_message_at_a_time_too(smoothing, way, controls):
    """Messages answered one by one, as texts or word by word, get the same replies."""
    model = fit(smoothing, random_state=np.random.default_rng(0), **controls)
    answer = {
        "predict": lambda: model.predict(["a"])[0].split(),
        "stream": lambda: list(model.stream("a")),
    }[way]
    drawn = [ids(model, answer()) for _ in range(200)]
    assert_drawn_from(by_hand(model, ids(model, "a")), drawn)


@pytest.mark.filterwarnings("ignore:There is nothing to say")
@pytest.mark.parametrize("controls", [*CONTROLS, {"num_beams": 4}], ids=names)
@pytest.mark.parametrize("echo", ["context", "message", "none"])
def test_a_stream_is_what_predict_replies(echo, controls):
    """Under every control, ``stream(message)`` gives the words of that message's reply."""
    for smoothing in ("mle", "kneser_ney", "stupid_backoff"):
        model = fit(smoothing, 3, echo=echo, max_length=9, **controls)
        for message in ("a", "b c", "c a b", "zebra", ""):
            expected = model.predict([message])[0]
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

    monkeypatch.setattr(_controlled.ControlledSampler, "__init__", fail)
    monkeypatch.setattr(_controlled, "next_word_candidates", fail)
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
def test_where_even_the_end_is_barred_a_warning_names_the_messages(num_beams):
    """They get the fallback; all others their replies, and texts are an error."""
    model = fit(num_beams=num_beams, echo="message")
    before = model.predict(["a", "b a c d", "zebra"]).tolist()
    # A message of three words is long enough by itself, a shorter one is not.
    model.set_params(bad_words=list("abcd"), min_length=3)
    fallback = model.fallback_response
    messages = ["a", "b a c d", "zebra", "b a", "b c d"]
    expected = [fallback, "b a c d", fallback, fallback, "b c d"]
    with pytest.warns(UserWarning, match=r"messages 0, 3; .*'bad_words'.*'min_length'"):
        assert model.predict(messages).tolist() == expected
    with pytest.warns(UserWarning, match=r"message 0; "):
        assert list(model.stream("a")) == [fallback]
    assert list(model.stream("b a c d")) == ["b", "a", "c", "d"]
    with pytest.raises(ValueError, match=r"'bad_words'.*'min_length'"):
        model.sample(3)
    model.set_params(bad_words=None, min_length=0)
    assert model.predict(["a", "b a c d", "zebra"]).tolist() == before


@pytest.mark.parametrize("num_beams", [1, 2])
def test_only_messages_whose_replies_are_barred_are_named(num_beams):
    """Bad words change nothing for messages that are replied to without them."""
    messages, replies = ["um", "dois", "três"] * 2, ["a b", "c d", "e"] * 2
    model = NGramTextGenerator(n=4, num_beams=num_beams, random_state=0)
    model.fit(messages, replies).set_params(bad_words=["c"])
    expected = ["a b", model.fallback_response, "e"]
    with pytest.warns(UserWarning, match=r"message 1; the reply is"):
        assert model.predict(messages[:3]).tolist() == expected
    with pytest.warns(UserWarning, match=r"messages 0, 1, .*, 9 and 30 more; "):
        assert set(model.predict(["dois"] * 40)) == {model.fallback_response}
    # In a session words of messages may be said, too, and the end may always come.
    model.set_params(num_beams=1, bad_words=[*"abcde", *messages], min_length=1)
    session = model.session()
    with pytest.warns(UserWarning, match=r"messages 0, 1; the reply is"):
        assert set(session.predict(messages[:2])) == {model.fallback_response}
    with pytest.warns(UserWarning, match=r"message 0; the reply is"):
        assert list(session.stream("dois")) == [model.fallback_response]


def test_rows_with_nothing_to_say_are_empty_rows():
    """Rows of ids that nothing can be said to are empty, and named."""
    model = NGramTextGenerator(echo="none", random_state=0).fit([[1, 2, 0], [3, 4, 0]])
    model.set_params(bad_words=[2])
    with pytest.warns(UserWarning, match="message 1;"):
        replies = model.predict([[3, 0], [1, 0], [3, 0]])
    np.testing.assert_array_equal(replies, [[4], [0], [4]])


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
