"""Both estimators are scikit-learn estimators: its own checks, and what they miss."""

import copy
import json
import os
import pickle
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
import pytest
import sklearn
from _adapters import ArrayTextGenerator, ArrayWordIndex
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, KFold, train_test_split
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils import estimator_checks, estimator_html_repr
from sklearn.utils.fixes import parse_version

import sklearn_sslm
from sklearn_sslm import NGramTextGenerator, WordIndexTransformer
from sklearn_sslm.datasets import load_greetings

# That impossible texts are warned of is tested elsewhere; here they are only compared.
pytestmark = pytest.mark.filterwarnings("ignore:A text has probability 0:UserWarning")

ESTIMATORS = [NGramTextGenerator, WordIndexTransformer]
GREETINGS = load_greetings().data
MESSAGES = ["Olá!", "Oi!", "Boa", "que você", "zebra", "", "Olá! Como"] * 3


def answers(model, messages=MESSAGES, texts=GREETINGS):
    """Everything a fitted generator says, for comparison."""
    return {
        "words": list(model.word_index_.words_),
        "n_texts": model.n_texts_seen_,
        "n_tokens": model.n_tokens_seen_,
        "replies": model.predict(messages).tolist(),
        "samples": model.sample(5).tolist(),
        "scores": model.score_samples(texts).tolist(),
        "proba": model.next_word_proba(["Olá!", "que você", "Boa", ""]).tolist(),
    }


# Ring 1: scikit-learn's checks that need no data, on the real classes ----------------

DATA_FREE_CHECKS = [
    "check_do_not_raise_errors_in_init_or_set_params",
    "check_estimator_cloneable",
    "check_estimator_repr",
    "check_estimator_tags_renamed",
    "check_estimators_unfitted",
    "check_get_params_invariance",
    "check_mixin_order",
    "check_no_attributes_set_in_init",
    "check_param_validation",
    "check_parameters_default_constructible",
    "check_set_params",
    "check_valid_tag_types",
]


@pytest.mark.parametrize("check", DATA_FREE_CHECKS)
@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_scikit_learn_checks_without_data(estimator, check):
    """scikit-learn's checks of parameters, tags and names pass on the real classes."""
    getattr(estimator_checks, check)(estimator.__name__, estimator())


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_tags_say_texts(estimator):
    """Both take texts, and their tags say so; they are no 2-D number crunchers."""
    tags = estimator().__sklearn_tags__()
    assert tags.input_tags.string
    assert not tags.input_tags.two_d_array
    assert tags.requires_fit
    assert not tags.target_tags.required
    if estimator is WordIndexTransformer:
        assert tags.transformer_tags.preserves_dtype == []


# Ring 2: the whole suite on array adapters --------------------------------------------

EXPECTED_TO_FAIL = {
    ArrayTextGenerator: {
        "check_methods_sample_order_invariance": (
            "all messages of a call share one random stream, so a message drawn "
            "after others meets other random numbers than one drawn first"
        ),
        "check_methods_subset_invariance": (
            "all messages of a call share one random stream, so a message drawn "
            "in a smaller call meets other random numbers"
        ),
    },
    ArrayWordIndex: {},
}


# `parametrize_with_checks` itself hands pytest a generator up to scikit-learn 1.6, which
# pytest 9 warns of.
SUITE = [
    case
    for estimator in [ArrayTextGenerator(random_state=0), ArrayWordIndex()]
    for case in estimator_checks.estimator_checks_generator(
        estimator,
        expected_failed_checks=EXPECTED_TO_FAIL[type(estimator)],
        mark="xfail",
    )
]


def name_of(part):
    """The name under which a check or an estimator of the suite is reported."""
    return getattr(part, "func", type(part)).__name__


@pytest.mark.parametrize(("estimator", "check"), SUITE, ids=name_of)
def test_scikit_learn_suite_on_array_adapters(estimator, check):
    """Every check of scikit-learn passes once numbers are written as texts."""
    check(estimator)


# Ring 3: what those checks miss -------------------------------------------------------


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


# Parameters ---------------------------------------------------------------------------


def test_clone_copies_parameters_and_no_knowledge():
    """A clone has the same parameters, the word index too, and is not fitted."""
    model = NGramTextGenerator(
        n=4, word_index=WordIndexTransformer(lowercase=True), echo="none"
    ).fit(GREETINGS)
    twin = clone(model)
    assert twin.get_params()["word_index__lowercase"] is True
    assert (twin.n, twin.echo) == (4, "none")
    assert not hasattr(twin, "word_index_")
    assert twin.word_index is not model.word_index


def test_the_word_index_given_is_not_fitted_itself():
    """``word_index`` is a pattern: the fitted one is ``word_index_``."""
    index = WordIndexTransformer(lowercase=True)
    model = NGramTextGenerator(n=2, word_index=index, random_state=0).fit(["OLÁ B"])
    assert not hasattr(index, "vocabulary_")
    assert model.word_index_.words_ == ["", "olá", "b"]
    assert model.predict(["Olá"]).tolist() == ["olá b"]


def test_set_params_reaches_the_word_index():
    """Nested parameters are set by their double-underscore names."""
    model = NGramTextGenerator(word_index=WordIndexTransformer())
    model.set_params(n=3, word_index__lowercase=True, unknown="backoff")
    assert (model.n, model.unknown) == (3, "backoff")
    assert model.fit(["A b"]).word_index_.words_ == ["", "a", "b"]


def test_parameters_that_only_concern_answers_need_no_new_fit():
    """``set_params`` on a fitted model changes how it answers, not what it knows."""
    model = NGramTextGenerator(n=2, random_state=0).fit(["a b c"])
    assert model.predict(["x a", "zebra"]).tolist()[0] == "a b c"
    model.set_params(echo="none", fallback_response="?", max_length=1)
    assert model.predict(["x a", "zebra"]).tolist() == ["b", "?"]
    model.set_params(echo="message", max_length=100)
    assert model.predict(["x a"]).tolist() == ["x a b c"]


def test_repr_shows_what_was_changed():
    """The repr is scikit-learn's: the class and the parameters that differ."""
    assert repr(NGramTextGenerator()) == "NGramTextGenerator()"
    assert repr(NGramTextGenerator(n=3)) == "NGramTextGenerator(n=3)"
    index = WordIndexTransformer(lowercase=True)
    assert repr(index) == "WordIndexTransformer(lowercase=True)"


@pytest.mark.parametrize("fitted", [False, True])
def test_html_repr_shows_parameters(fitted):
    """In a notebook the estimator is shown with its parameters."""
    model = NGramTextGenerator(n=3, echo="message")
    pipeline = make_pipeline(WordIndexTransformer(lowercase=True), model)
    if fitted:
        pipeline.fit(GREETINGS)
    html = estimator_html_repr(pipeline)
    assert html == pipeline._repr_html_() or "sk-container-id" in html
    for shown in ["NGramTextGenerator", "WordIndexTransformer", "echo", "lowercase"]:
        assert shown in html
    assert "message" in html


@pytest.mark.skipif(
    parse_version(sklearn.__version__) < parse_version("1.9"),
    reason="the HTML repr shows docstrings since scikit-learn 1.9",
)
@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_html_repr_explains_every_parameter(estimator):
    """Each parameter has its docstring as a tooltip."""
    html = estimator_html_repr(estimator())
    for name in estimator().get_params(deep=False):
        assert re.search(rf'param-doc-description"[^>]*>\s*{name}:', html), name


# Composition --------------------------------------------------------------------------


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_texts_straight_in_or_through_a_word_index(n):
    """A generator of texts and a pipeline with a word index are the same model."""
    straight = NGramTextGenerator(n=n, random_state=3).fit(GREETINGS)
    pipeline = make_pipeline(
        WordIndexTransformer(), NGramTextGenerator(n=n, random_state=3)
    ).fit(GREETINGS)
    replies = pipeline.predict(MESSAGES)
    assert replies.dtype == object
    assert replies.shape == (len(MESSAGES),)
    assert replies.tolist() == straight.predict(MESSAGES).tolist()
    assert pipeline.score(GREETINGS) == straight.score(GREETINGS)
    np.testing.assert_array_equal(
        pipeline.score_samples(GREETINGS), straight.score_samples(GREETINGS)
    )


def test_a_pipeline_answers_in_texts():
    """The word index as a step gives texts in and texts out."""
    pipeline = make_pipeline(WordIndexTransformer(), NGramTextGenerator(n=2))
    reply = pipeline.fit(GREETINGS).predict(["Boa noite!"])[0]
    assert isinstance(reply, str)
    assert reply.startswith("noite! Espero que ")


def test_plain_rows_get_plain_rows_back():
    """Rows that carry no words are answered in rows of ids, padded with 0."""
    rows = np.array([[1, 2, 3, 0], [4, 2, 5, 0]])
    model = NGramTextGenerator(n=3, random_state=0).fit(rows)
    replies = model.predict(np.array([[1, 2], [4, 0]]))
    # 1 2 is followed by 3 and the end, 4 by 2, 5 and the end.
    assert replies.dtype == np.int32
    assert [[i for i in row if i] for row in replies.tolist()] == [[1, 2, 3], [4, 2, 5]]
    assert model.sample(4).dtype == np.int32
    # One of two rows, and then each step is the only one.
    np.testing.assert_allclose(model.score_samples(rows), np.log([1 / 2, 1 / 2]))


def test_a_row_without_padding_was_cut_off():
    """A row without any 0 teaches its words but no end."""
    model = NGramTextGenerator(n=2).fit(np.array([[1, 2], [1, 0]]))
    # 1 was followed by 2 once and by the end once; 2 was followed by nothing.
    np.testing.assert_allclose(
        model.next_word_proba(np.array([[1, 0]])), [[1 / 2, 0, 1 / 2]]
    )


def test_a_row_ends_at_its_first_zero():
    """What stands behind a 0 is not read."""
    model = NGramTextGenerator(n=2, random_state=0)
    model.fit(np.array([[1, 2, 0, 3, 1, 2], [2, 0, 1, 1, 1, 1]]))
    short = NGramTextGenerator(n=2, random_state=0).fit(
        np.array([[1, 2, 0], [2, 0, 0]])
    )
    rows = np.array([[1, 0, 2], [2, 0, 1]])
    np.testing.assert_array_equal(
        model.score_samples(rows), short.score_samples(rows * [1, 0, 0])
    )
    np.testing.assert_array_equal(model.predict(rows), model.predict(rows * [1, 0, 0]))


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int32, np.int64, np.uint64])
def test_rows_of_any_integer_type(dtype):
    """The type of the integers does not matter."""
    rows = np.array([[1, 2, 0], [1, 3, 0]], dtype=dtype)
    model = NGramTextGenerator(n=2).fit(rows)
    np.testing.assert_allclose(model.score_samples(rows), np.log([1 / 2, 1 / 2]))


def test_rows_may_be_lists_of_lists():
    """A list of rows of ints is read as an array is."""
    model = NGramTextGenerator(n=2).fit([[1, 2, 0], [1, 3, 0]])
    np.testing.assert_allclose(model.score_samples([[1, 2, 0]]), np.log([1 / 2]))


def test_left_padded_rows_keep_their_words():
    """``padding="pre"`` in a pipeline loses neither words nor replies."""
    pipeline = make_pipeline(
        WordIndexTransformer(padding="pre"), NGramTextGenerator(n=2, random_state=0)
    ).fit(["a b c", "d"])
    assert pipeline.predict(["a", "a b", "d"]).tolist() == ["a b c", "b c", "d"]


def test_grid_search_finds_the_best_n():
    """``GridSearchCV`` compares values of n by ``score``."""
    # After "b" comes "c" or "e", and only the word before tells which. Each fold of
    # 4 texts holds both texts, as do the other two.
    texts = ["a b c", "d b e"] * 6
    search = GridSearchCV(
        NGramTextGenerator(), {"n": [1, 2, 3]}, cv=KFold(3), error_score="raise"
    ).fit(texts)
    # n=1: per text b 2/8, end 2/8 and two words of 1/8 each.
    # n=2: 1/2 for the first word, 1/2 after "b"; n=3: 1/2 for the first word only.
    expected = np.log([(2 * 2 * 1 * 1) / 8**4, 1 / 4, 1 / 2]) / 4
    np.testing.assert_allclose(search.cv_results_["mean_test_score"], expected)
    assert search.best_params_ == {"n": 3}
    assert search.predict(["a b"]).tolist() == ["a b c"]


def test_grid_search_over_a_pipeline():
    """Parameters of both steps can be searched together."""
    pipeline = make_pipeline(WordIndexTransformer(), NGramTextGenerator())
    search = GridSearchCV(
        pipeline,
        {
            "wordindextransformer__lowercase": [False, True],
            "ngramtextgenerator__n": [1, 2],
        },
        cv=KFold(2),
        error_score="raise",
    ).fit(np.array(GREETINGS * 2, dtype=object))
    assert np.isfinite(search.cv_results_["mean_test_score"]).all()
    assert search.best_params_["ngramtextgenerator__n"] == 2


def lower(texts):
    """Lower-case all texts."""
    return [text.lower() for text in texts]


def test_a_function_transformer_may_come_first():
    """Texts can be prepared by any transformer that gives texts."""
    pipeline = make_pipeline(
        FunctionTransformer(lower), NGramTextGenerator(n=2, random_state=0)
    ).fit(GREETINGS)
    assert pipeline.predict(["HOJE?", "OLÁ!"])[0] == "hoje?"
    assert pipeline.predict(["OLÁ!"])[0].startswith("olá! ")
    three = make_pipeline(
        FunctionTransformer(lower), WordIndexTransformer(), NGramTextGenerator(n=2)
    ).fit(GREETINGS)
    assert three.predict(["HOJE?"]).tolist() == ["hoje?"]
    itself = make_pipeline(WordIndexTransformer(lowercase=True), NGramTextGenerator())
    assert itself.fit(GREETINGS).predict(["HOJE?"]).tolist() == ["hoje?"]


def test_a_pipeline_with_a_memory(tmp_path):
    """Rows that come back from joblib's cache still carry their words."""
    pipeline = Pipeline(
        [
            ("index", WordIndexTransformer()),
            ("generate", NGramTextGenerator(n=2, random_state=0)),
        ],
        memory=joblib.Memory(tmp_path, verbose=0),
    )
    first = pipeline.fit(GREETINGS).predict(MESSAGES).tolist()
    again = clone(pipeline).fit(GREETINGS)  # from the cache
    assert again.predict(MESSAGES).tolist() == first
    assert all(isinstance(reply, str) for reply in first)


ROUND_TRIPS = {
    "a slice": lambda rows: rows[2:5],
    "every other row": lambda rows: rows[::2],
    "chosen rows": lambda rows: rows[[4, 0, 4]],
    "a mask": lambda rows: rows[np.arange(len(rows)) % 3 == 0],
    "fewer columns": lambda rows: rows[:, :4],
    "a copy": lambda rows: rows.copy(),
    "a deep copy": copy.deepcopy,
    "a pickle": lambda rows: pickle.loads(pickle.dumps(rows)),
    "a pickled slice": lambda rows: pickle.loads(pickle.dumps(rows[::-1])),
    "train_test_split": lambda rows: train_test_split(rows, random_state=0)[1],
    "np.take": lambda rows: np.take(rows, [1, 2], axis=0),
}


@pytest.mark.parametrize("trip", ROUND_TRIPS)
def test_rows_keep_their_words(trip):
    """However rows are chosen and carried about, they are answered in texts."""
    pipeline = make_pipeline(
        WordIndexTransformer(), NGramTextGenerator(n=2, random_state=0)
    ).fit(GREETINGS)
    index, model = pipeline
    rows = ROUND_TRIPS[trip](index.transform(GREETINGS))
    texts = index.inverse_transform(rows)
    replies = model.predict(rows)
    assert all(isinstance(reply, str) for reply in replies)
    assert replies.tolist() == pipeline.predict(texts).tolist()
    learned = NGramTextGenerator(n=2, random_state=0).fit(rows)
    assert all(isinstance(text, str) for text in learned.sample(2))


def test_rows_keep_their_words_in_a_file(tmp_path):
    """Rows that were dumped and loaded, memory-mapped or not, are answered in texts."""
    rows = WordIndexTransformer().fit_transform(GREETINGS)
    model = NGramTextGenerator(n=2, random_state=0).fit(rows)
    joblib.dump(rows, tmp_path / "rows.joblib")
    loaded = joblib.load(tmp_path / "rows.joblib")
    np.testing.assert_array_equal(loaded, rows)
    assert model.predict(loaded).tolist() == model.predict(rows).tolist()


def test_rows_of_another_word_index_are_refused():
    """Rows that carry other words never have their ids taken for ours."""
    model = NGramTextGenerator(n=2, random_state=0).fit(["a b c", "c d"])
    before = pickle.dumps(model)
    rows = WordIndexTransformer().fit_transform(["d c b a"])  # "d" is 1, our "a"
    for method in [model.predict, model.score, model.partial_fit, model.next_words]:
        with pytest.raises(ValueError, match="another WordIndexTransformer"):
            method(rows)
    assert pickle.dumps(model) == before


def test_rows_of_a_word_index_that_has_learned_on():
    """Words that the index learned later are unknown, until the model learns them."""
    index = WordIndexTransformer()
    model = NGramTextGenerator(n=2, random_state=0).fit(index.fit_transform(["a b"]))
    later = index.partial_fit(["b c", "z"]).transform(["b c", "a"])
    assert model.predict(later).tolist() == [model.fallback_response, "a b"]
    model.partial_fit(later)
    # "b" was the end once and followed by "c" once; "a" was once followed by "b" and
    # once the end; "z" is known, though no text with it was learned.
    proba = model.next_word_proba(index.transform(["b", "a"]))
    np.testing.assert_allclose(proba, [[0.5, 0, 0, 0.5, 0], [0.5, 0, 0.5, 0, 0]])
    assert model.word_index_.words_ == ["", "a", "b", "c", "z"]
    assert index.words_ == ["", "a", "b", "c", "z"]


# Inputs -------------------------------------------------------------------------------

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


def test_a_model_says_the_same_in_a_fresh_process(tmp_path):
    """After ``joblib.dump`` and ``load`` elsewhere the replies are the same."""
    model = NGramTextGenerator(n=3, random_state=11).fit(GREETINGS)
    pipeline = make_pipeline(WordIndexTransformer(), clone(model)).fit(GREETINGS)
    joblib.dump([model, pipeline], tmp_path / "models.joblib")
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
    home = str(Path(sklearn_sslm.__file__).parents[1])
    output = subprocess.run(
        [sys.executable, "-c", script, "models.joblib", json.dumps(MESSAGES)],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": home},
        capture_output=True,
        check=True,
    ).stdout
    expected = [pipeline.predict(MESSAGES).tolist()]
    model.partial_fit(["Olá! mundo"])
    expected += [
        model.predict(MESSAGES).tolist(),
        model.sample(5).tolist(),
        model.score_samples(MESSAGES).tolist(),
    ]
    assert json.loads(output) == expected


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
