"""Laws of scikit-learn's estimators that its checks miss, on both of ours."""

import copy
import json
import pickle
from itertools import pairwise

import joblib
import numpy as np
import pandas as pd
import pytest
from _greetings import GREETINGS, MESSAGES, answers
from _processes import python
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.pipeline import make_pipeline

from sklearn_sslm import NGramTextGenerator, WordIndexTransformer

# That impossible texts are warned of is tested elsewhere; here they are only compared.
pytestmark = pytest.mark.filterwarnings("ignore:A text has probability 0:UserWarning")


# What is learned ----------------------------------------------------------------------


def test_fit_forgets_what_was_learned_before():
    """Fitting twice is fitting once, whatever came before."""
    once = NGramTextGenerator(n=3, random_state=0).fit(GREETINGS)
    twice = NGramTextGenerator(n=3, random_state=0).fit(["x y z"] * 5)
    twice.partial_fit(["Olá! x"]).fit(GREETINGS).fit(GREETINGS)
    assert answers(twice) == answers(once)
    index = WordIndexTransformer().fit(["x y z"]).fit(GREETINGS)
    assert index.words_ == WordIndexTransformer().fit(GREETINGS).words_


def test_partial_fit_remembers_what_was_learned_before():
    """What the first call taught is still there after the second."""
    model = NGramTextGenerator(n=2).partial_fit(["a b"]).partial_fit(["a c", "b"])
    # Three texts: "a" opens two of them and "b" one; after "a" come "b" and "c".
    np.testing.assert_allclose(
        model.next_word_proba(["a"]), [[0, 0, 1 / 2, 1 / 2]], atol=0
    )
    np.testing.assert_allclose(
        np.exp(model.score_samples(["a b", "a c", "b"])), [1 / 3, 1 / 3, 1 / 3]
    )
    assert model.n_texts_seen_ == 3
    index = WordIndexTransformer().partial_fit(["b a"]).partial_fit(["c a"])
    assert index.vocabulary_ == {"b": 1, "a": 2, "c": 3}


def test_learning_a_text_twice_counts_it_twice():
    """``partial_fit`` adds, as one text more would."""
    model = NGramTextGenerator(n=2).fit(["a b", "a c"]).partial_fit(["a c"])
    # "a" was followed by "b" once and by "c" twice.
    np.testing.assert_allclose(model.next_word_proba(["a"]), [[0, 0, 1 / 3, 2 / 3]])


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_answers_change_nothing_in_the_model(n):
    """After any number of answers the model is the same, byte by byte."""
    model = NGramTextGenerator(n=n, random_state=0).fit(GREETINGS[:5])
    model.partial_fit(GREETINGS[5:])
    before = pickle.dumps(model)
    keys = sorted(vars(model))
    for X in [MESSAGES, ["unseen words", "Olá! unseen"], [""]]:
        model.predict(X)
        model.score_samples(X)
        model.score(X)
        model.perplexity(X)
        model.next_word_proba(X[:1])
        model.next_words(X[:1])
    model.sample(10)
    list(model.stream("Olá!"))
    assert sorted(vars(model)) == keys
    assert pickle.dumps(model) == before


def test_transform_changes_nothing_in_the_index():
    """Unknown words do not become known by being asked about."""
    index = WordIndexTransformer().fit(GREETINGS)
    before = pickle.dumps(index)
    rows = index.transform(["unseen words", "Olá!"])
    index.inverse_transform(rows)
    assert pickle.dumps(index) == before
    assert rows.tolist() == [[-1, -1, 0], [1, 0, 0]]


def test_inputs_are_not_changed():
    """Lists and arrays that are passed in come back as they were."""
    texts = ["a b", "", "c"]
    rows = np.array([[1, 2, 0], [3, 3, 1]])
    given_texts, given_rows = copy.deepcopy(texts), rows.copy()
    NGramTextGenerator().fit(texts, ["x", "y", "z"]).predict(texts)
    model = NGramTextGenerator().fit(rows)
    model.predict(rows)
    model.score(rows)
    assert texts == given_texts
    np.testing.assert_array_equal(rows, given_rows)


texts_of_few_words = st.lists(
    st.lists(st.sampled_from("abcde"), max_size=6).map(" ".join),
    min_size=1,
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(
    first=st.lists(st.sampled_from("abc"), min_size=1, max_size=4).map(" ".join),
    texts=texts_of_few_words,
    cuts=st.lists(st.integers(1, 12), max_size=5),
    n=st.integers(1, 5),
)
def test_fit_is_partial_fit_in_any_chunks(first, texts, cuts, n):
    """However the texts are cut into chunks, the model is the one fitted on all."""
    texts = [first, *texts]
    model = NGramTextGenerator(n=n, random_state=0)
    edges = [0, *sorted({cut for cut in cuts if cut < len(texts)}), len(texts)]
    for start, stop in pairwise(edges):
        model.partial_fit(texts[start:stop])
    whole = NGramTextGenerator(n=n, random_state=0).fit(texts)
    asked = {"messages": ["a", "a b", "b a c", "e", ""] * 2, "texts": ["a b", "", "c"]}
    assert answers(model, **asked) == answers(whole, **asked)


@settings(max_examples=30, deadline=None)
@given(
    pairs=st.lists(
        st.tuples(*[st.lists(st.sampled_from("abc"), max_size=3).map(" ".join)] * 2),
        min_size=1,
        max_size=8,
    ),
    n=st.integers(1, 4),
)
def test_fit_is_partial_fit_with_replies(pairs, n):
    """Messages and replies that are learned one by one are learned all the same."""
    pairs = [("a", "b"), *pairs]
    model = NGramTextGenerator(n=n, random_state=0)
    for message, reply in pairs:
        model.partial_fit([message], [reply])
    whole = NGramTextGenerator(n=n, random_state=0).fit(*zip(*pairs, strict=True))
    messages = ["a", "b a", "c c", "c"]
    assert model.predict(messages).tolist() == whole.predict(messages).tolist()
    assert model.n_tokens_seen_ == whole.n_tokens_seen_


@settings(max_examples=40, deadline=None)
@given(texts=texts_of_few_words, n=st.integers(1, 5), asked=texts_of_few_words)
def test_probabilities_are_shares_of_one(texts, n, asked):
    """The next words of any message share a probability of 1, the end included."""
    model = NGramTextGenerator(n=n).fit(["a b c d e", *texts])
    proba = model.next_word_proba(asked)
    assert proba.shape == (len(asked), 6)
    assert (proba >= 0).all()
    np.testing.assert_allclose(proba.sum(axis=1), 1)


@settings(max_examples=40, deadline=None)
@given(texts=texts_of_few_words, n=st.integers(1, 5))
def test_texts_seen_have_the_probability_of_their_steps(texts, n):
    """What was learned is scored by counts: p(w | h) = c(h w) / c(h)."""
    texts = ["a b", *texts]
    streams = [["", *text.split(), ""] for text in texts]
    windows = [
        tuple(words[max(0, i - n + 1) : i + 1])
        for words in streams
        for i in range(1, len(words))
    ]
    # With n = 1 there is no context; else a window shorter than n opens its text.
    contexts = [window[:-1] for window in windows]
    scores = NGramTextGenerator(n=n).fit(texts).score_samples(texts)
    for words, score in zip(streams, scores, strict=True):
        expected = 0.0
        for i in range(1, len(words)):
            window = tuple(words[max(0, i - n + 1) : i + 1])
            share = windows.count(window) / contexts.count(window[:-1])
            expected += np.log(share)
        assert score == pytest.approx(expected)


# Inputs and outputs -------------------------------------------------------------------

CONTAINERS = {
    "tuple": tuple,
    "generator": lambda texts: (text for text in texts),
    "iterator": iter,
    "map": lambda texts: map(str, texts),
    "array of str": np.array,
    "array of object": lambda texts: np.array(texts, dtype=object),
    "array of StringDType": lambda texts: np.array(texts, np.dtypes.StringDType()),
    "read-only array": lambda texts: np.broadcast_to(np.array(texts), len(texts)),
    "strided array": lambda texts: np.repeat(texts, 2)[::2],
    "Series": pd.Series,
    "Series of object": lambda texts: pd.Series(texts, dtype=object),
    "Series of string": lambda texts: pd.Series(texts, dtype="string"),
    "Series with odd index": lambda texts: pd.Series(texts, index=range(99, 89, -1)),
    "categorical Series": lambda texts: pd.Series(texts, dtype="category"),
    "Index": pd.Index,
    "dict values": lambda texts: dict(enumerate(texts)).values(),
    "list of str subclass": lambda texts: [np.str_(text) for text in texts],
}


@pytest.mark.parametrize("container", CONTAINERS)
def test_texts_may_come_in_any_iterable(container):
    """Whatever holds the texts, the model and its answers are the same."""
    wrap = CONTAINERS[container]
    model = NGramTextGenerator(n=3, random_state=0).fit(wrap(GREETINGS))
    expected = NGramTextGenerator(n=3, random_state=0).fit(GREETINGS)
    assert answers(model) == answers(expected)
    assert all(type(word) is str for word in model.word_index_.words_)
    replies = model.predict(wrap(GREETINGS))
    assert replies.tolist() == expected.predict(GREETINGS).tolist()
    assert model.score(wrap(GREETINGS)) == expected.score(GREETINGS)
    index = WordIndexTransformer().fit(wrap(GREETINGS))
    np.testing.assert_array_equal(
        index.transform(wrap(GREETINGS)),
        WordIndexTransformer().fit_transform(GREETINGS),
    )


def test_texts_may_be_an_open_file(tmp_path):
    """A file is an iterable of its lines, one text each."""
    path = tmp_path / "texts.txt"
    path.write_text("\n".join(GREETINGS) + "\n", encoding="utf-8")
    with path.open(encoding="utf-8") as file:
        model = NGramTextGenerator(n=3, random_state=0).fit(file)
    expected = NGramTextGenerator(n=3, random_state=0).fit(GREETINGS)
    assert answers(model) == answers(expected)


def test_replies_come_as_an_array_of_texts():
    """``predict`` and ``sample`` give one str a message, in a 1-D object array."""
    model = NGramTextGenerator().fit(GREETINGS)
    for texts, length in [(model.predict(["Olá!", ""]), 2), (model.sample(3), 3)]:
        assert isinstance(texts, np.ndarray)
        assert texts.dtype == object
        assert texts.shape == (length,)
        assert all(type(text) is str for text in texts)
    assert model.sample().shape == (1,)
    assert model.score_samples(GREETINGS).shape == (10,)
    assert isinstance(model.score(GREETINGS), float)


def test_one_message_is_answered_as_the_first_of_many():
    """A message alone and the same message with others behind it agree."""
    model = NGramTextGenerator(n=1000).fit(["a b c d"])
    assert model.predict(["a"]).tolist() == ["a b c d"]
    assert model.predict(["a", "b", "d"]).tolist() == ["a b c d", "b c d", "d"]


# random_state -------------------------------------------------------------------------


def test_an_int_gives_the_same_replies_every_time():
    """With an int each call begins the same random stream."""
    model = NGramTextGenerator(n=2, random_state=5).fit(GREETINGS)
    assert model.predict(MESSAGES).tolist() == model.predict(MESSAGES).tolist()
    assert model.sample(9).tolist() == model.sample(9).tolist()
    assert list(model.stream("Olá!")) == list(model.stream("Olá!"))
    other = clone(model).set_params(random_state=6).fit(GREETINGS)
    assert model.predict(MESSAGES).tolist() != other.predict(MESSAGES).tolist()


@pytest.mark.parametrize("make", [np.random.RandomState, np.random.default_rng])
def test_a_stream_of_random_numbers_goes_on(make):
    """A ``RandomState`` or ``Generator`` is used up by each call, from its seed on."""
    model = NGramTextGenerator(n=2, random_state=make(5)).fit(GREETINGS)
    first, second = model.predict(MESSAGES).tolist(), model.predict(MESSAGES).tolist()
    assert first != second
    model.set_params(random_state=make(5))
    assert model.predict(MESSAGES).tolist() == first
    assert model.predict(MESSAGES).tolist() == second


def test_none_gives_other_replies_every_time():
    """Without ``random_state`` two long samples differ."""
    model = NGramTextGenerator(n=2).fit(GREETINGS)
    assert model.sample(200).tolist() != model.sample(200).tolist()


def test_messages_of_one_call_get_independent_replies():
    """The same message twice in one call is drawn for twice."""
    model = NGramTextGenerator(n=2, random_state=0).fit(GREETINGS)
    assert len(set(model.predict(["Olá!"] * 100))) > 5


# Saving -------------------------------------------------------------------------------


@pytest.mark.usefixtures("in_an_empty_folder")
def test_a_model_says_the_same_in_a_fresh_process():
    """After ``joblib.dump`` and ``load`` elsewhere the replies are the same."""
    model = NGramTextGenerator(n=3, random_state=11).fit(GREETINGS)
    pipeline = make_pipeline(WordIndexTransformer(), clone(model)).fit(GREETINGS)
    joblib.dump([model, pipeline], "models.joblib")
    script = """
import json, sys, joblib
model, pipeline = joblib.load(sys.argv[1])
messages = json.loads(sys.argv[2])
model.partial_fit(["Olá! mundo"])
print(json.dumps([
    pipeline.predict(messages).tolist(),
    model.predict(messages).tolist(),
    model.sample(5).tolist(),
    model.score_samples(messages).tolist(),
]))
"""
    printed, _ = python("-c", script, "models.joblib", json.dumps(MESSAGES))
    expected = [pipeline.predict(MESSAGES).tolist()]
    model.partial_fit(["Olá! mundo"])
    expected += [
        model.predict(MESSAGES).tolist(),
        model.sample(5).tolist(),
        model.score_samples(MESSAGES).tolist(),
    ]
    assert json.loads(printed) == expected


def test_a_copy_learns_for_itself():
    """What a pickled copy learns does not reach the model it was copied from."""
    model = NGramTextGenerator(n=2, random_state=0).fit(GREETINGS)
    said = answers(model)
    for twin in [pickle.loads(pickle.dumps(model)), copy.deepcopy(model)]:
        twin.partial_fit(["Olá! mundo novo"])
        assert twin.n_words_ == 43
        assert answers(model) == said


def test_a_memory_mapped_model_answers_and_learns(tmp_path):
    """A model whose arrays are read-only files works like any other."""
    model = NGramTextGenerator(n=3, random_state=0).fit(GREETINGS)
    joblib.dump(model, tmp_path / "model.joblib")
    mapped = joblib.load(tmp_path / "model.joblib", mmap_mode="r")
    assert answers(mapped) == answers(model)
    assert answers(mapped.partial_fit(["a"])) == answers(model.partial_fit(["a"]))
