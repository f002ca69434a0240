"""Tests of controls that are out of range, and of messages of any size."""

from itertools import pairwise

import pytest
from _controlled_texts import fit
from sklearn.utils._param_validation import InvalidParameterError

from sklearn_sslm import NGramTextGenerator, WordIndexTransformer


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
    n_words = 10**6 if echo == "message" else 10**5
    model = fit(texts=["a b c"], n=3, echo=echo, max_length=10**6 + 10, **controls)
    reply = model.predict(["c " * n_words + "a b"])[0]
    start = {"context": "a b ", "message": "c " * n_words + "a b ", "none": ""}[echo]
    assert reply == start + "c"


@pytest.mark.parametrize("texts", [[""], ["  ", ""], []])
def test_an_empty_vocabulary_is_an_error(texts):
    """There is nothing to say without a word."""
    with pytest.raises(ValueError, match="at least one"):
        NGramTextGenerator().fit(texts)


@pytest.mark.parametrize("name", ["bad_words", "stop"])
def test_words_of_controls_are_read_as_texts_are(name):
    """A lower-casing index knows a control's word in capitals."""
    index = WordIndexTransformer(lowercase=True)
    model = NGramTextGenerator(2, word_index=index, random_state=0, max_length=9)
    model.fit(["a b c", "a c c"]).set_params(**{name: ["B"]})
    replies = set(model.predict(["a"] * 50))
    # Without b only "a c …" is left; b as the last word ends its reply.
    expected = "a b" if name == "stop" else None
    assert {reply for reply in replies if "b" in reply} == {expected} - {None}


def test_what_ends_a_reply_is_one_word():
    """A stop of two words is refused, as is a bad word without any."""
    model = NGramTextGenerator(stop=["b c"]).fit(["a b c"])
    with pytest.raises(ValueError, match=r"'stop' parameter .* one word"):
        model.predict(["a"])
    with pytest.raises(ValueError, match=r"'bad_words' parameter .* one word"):
        model.set_params(stop=None, bad_words=[" "]).predict(["a"])


def test_the_end_is_no_bad_word_of_rows():
    """In models of rows, 0 is the end and cannot be barred as a word."""
    model = NGramTextGenerator(2, bad_words=[0]).fit([[1, 2, 0]])
    with pytest.raises(ValueError, match=r"'bad_words' parameter .* id of at least 1"):
        model.predict([[1, 0]])
