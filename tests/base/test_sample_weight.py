"""Tests of `sklearn_sslm.base._sample_weight`: texts that count several times, or not at all."""

import tracemalloc

import numpy as np
import pandas as pd
import pytest
from _counts import assert_same_counts
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import config_context
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline

from sklearn_sslm import NGramTextGenerator, WordIndexTransformer
from sklearn_sslm.base import _shards
from sklearn_sslm.base._sample_weight import check_sample_weight
from sklearn_sslm.ngrams import NGramCounts, TokenStream
from sklearn_sslm.ngrams.models import _updating
from sklearn_sslm.smoothing import SMOOTHINGS

texts_of_words = st.lists(st.sampled_from("abcde"), max_size=6).map(" ".join)
weighted = st.lists(
    st.tuples(texts_of_words, texts_of_words, st.integers(0, 4)), min_size=1, max_size=6
).filter(lambda samples: any(text and weight for text, _, weight in samples))
TEXTS = ["a b", "c", "a b c", "d a"]
WEIGHTS = [2, 0, 3, 1]
REPEATED = ["a b", "a b", "a b c", "a b c", "a b c", "d a"]


def repeated(samples):
    """The samples as columns, each as often as its weight says."""
    texts, replies, weights = zip(*samples, strict=True)
    once = [
        np.repeat(np.array(part, object), weights).tolist() for part in (texts, replies)
    ]
    return list(texts), list(replies), list(weights), *once


def assert_same(model, other):
    """Equal counts, words and numbers of texts and tokens."""
    assert_same_counts(model.counts_, other.counts_)
    assert model.word_index_.words_ == other.word_index_.words_
    assert model.n_texts_seen_ == other.n_texts_seen_
    assert model.n_tokens_seen_ == other.n_tokens_seen_
    np.testing.assert_array_equal(
        model.score_samples(TEXTS), other.score_samples(TEXTS)
    )


@settings(max_examples=25)
@given(weighted, st.integers(1, 4), st.booleans(), st.sampled_from(sorted(SMOOTHINGS)))
@pytest.mark.filterwarnings("ignore:A text has probability 0")
def test_a_weight_is_a_number_of_repetitions(samples, n, replies, smoothing):
    """Texts with weights are learned and forgotten as texts that come so often, by any path."""
    texts, answers, weights, same_texts, same_answers = repeated(samples)
    X, y = (texts, answers) if replies else (texts, None)
    same_X, same_y = (same_texts, same_answers) if replies else (same_texts, None)

    def model():
        return NGramTextGenerator(n, smoothing=smoothing)

    known, reply = ["e d c b a", "f"], ["a", "f"] if replies else None
    assert_same(model().fit(X, y, weights), model().fit(same_X, same_y))
    before = _updating.REBUILD_RATIO
    try:
        for _updating.REBUILD_RATIO in (0, 10**9):  # text by text, and sorted
            mine, theirs = model().fit(known, reply), model().fit(known, reply)
            mine.partial_fit(X, y, sample_weight=weights)
            assert_same(mine, theirs.partial_fit(same_X, same_y))
            mine.partial_forget(X, y, sample_weight=weights)
            assert_same(mine, model().fit(known, reply))
    finally:
        _updating.REBUILD_RATIO = before


def test_a_weight_of_0_leaves_a_text_out():
    """Not even the words of such a text are learned, and ids go by the others."""
    model = NGramTextGenerator(n=2).fit(["z y", "b", "a"], sample_weight=[0, 1, 2])
    assert model.word_index_.words_ == ["", "b", "a"]
    assert model.n_texts_seen_ == 3
    model.partial_fit(["q", "b c"], sample_weight=[0, 1])
    assert model.word_index_.words_ == ["", "b", "a", "c"]


@pytest.mark.parametrize("n_threads", [1, 2])
def test_counts_of_weighted_texts_by_hand(n_threads):
    """The counts of "1 2" three times and "1" once, and of n-grams in the middle of both."""
    stream = TokenStream.from_texts(np.array([1, 2, 1]), np.array([2, 1]))
    stream = stream.weighted(np.array([3, 1], dtype=np.int32))
    counts = NGramCounts.from_stream(stream, 2, 3, n_threads)
    assert counts.n_texts == 4
    assert counts.levels[0].count.tolist() == [4, 4, 3]  # ends, "1", "2"
    bigrams = counts.levels[1]
    grams = zip(
        bigrams.context.tolist(),
        bigrams.word.tolist(),
        bigrams.count.tolist(),
        strict=True,
    )
    assert list(grams) == [(0, 1, 4), (1, 0, 1), (1, 2, 3), (2, 0, 3)]


@pytest.mark.parametrize(
    "weights",
    [
        np.array(WEIGHTS, dtype=np.uint8),
        np.array(WEIGHTS, dtype=float),
        pd.Series(WEIGHTS, index=list("wxyz")),
        tuple(WEIGHTS),
        np.array(WEIGHTS, dtype=object),
    ],
    ids=["uint8", "float", "Series", "tuple", "object"],
)
def test_whole_numbers_of_any_type(weights):
    """Lists, arrays of any numbers and Series are weights."""
    model = NGramTextGenerator(smoothing="witten_bell")
    assert_same(
        model.fit(TEXTS, sample_weight=weights),
        NGramTextGenerator(smoothing="witten_bell").fit(REPEATED),
    )


def test_weights_of_a_mask_and_of_any_iterable():
    """True and False are 1 and 0; texts may come one after the other."""
    model = NGramTextGenerator().fit(
        iter(TEXTS), sample_weight=[True, False, True, False]
    )
    assert model.n_texts_seen_ == 2
    assert model.word_index_.words_ == ["", "a", "b", "c"]


@pytest.mark.parametrize(
    ("weights", "told"),
    [
        ([1, 2, 3], r"as long as 'X', 4\. Got shape \(3,\)"),
        ([[1], [2], [3], [4]], r"must be 1-D .* Got shape \(4, 1\)"),
        (2, r"Got shape \(\)"),
        ([1, -1, 0, 1], "at least 0, .* Got -1 at index 1"),
        ([1, 1, 0.5, 1], "Got 0.5 at index 2; fractions"),
        ([1, np.nan, 1, 1], "Got nan at index 1"),
        ([1, np.inf, 1, 1], "Got inf at index 1"),
        ([1, 1, 1, 2**31], "Got 2147483648 at index 3; counts have 32 bits"),
        ([0, 0, 0, 0], "more than 0 for at least one sample"),
        (["1", "x", "1", "1"], "whole numbers of at least 0"),
        (["1", "2", "1", "1"], "Got an array of <U1"),
        (np.array([1, "2", 1, 1], dtype=object), "Got an array of object"),
        (np.array([1, 2, 1, 1], dtype=complex), "Got an array of complex"),
        ([None, 1, 1, 1], "Got nan at index 0"),
    ],
    ids=str,
)
@pytest.mark.parametrize("method", ["fit", "partial_fit", "partial_forget"])
def test_what_is_no_weight_is_named(method, weights, told):
    """The error says what is wrong, and the model stays as it was."""
    model = NGramTextGenerator().fit(TEXTS)
    with pytest.raises(
        ValueError, match=f"'sample_weight' of NGramTextGenerator .*{told}"
    ):
        getattr(model, method)(TEXTS, sample_weight=weights)
    assert_same(model.set_params(smoothing="mle"), NGramTextGenerator().fit(TEXTS))


def test_too_many_repetitions_are_refused():
    """More words than can be counted are no reason to count wrongly."""
    model = NGramTextGenerator().fit(["a"])
    with pytest.raises(
        ValueError, match=r"counts at most 2147483647 .* Got 4294967294"
    ):
        model.fit(["a b", "c"], sample_weight=[2**30, 2**29 - 1])
    assert model.n_texts_seen_ == 1


@pytest.mark.parametrize("ratio", [0, 10**9])
def test_what_was_not_learned_so_often_is_named(ratio, monkeypatch):
    """The error names the text by its place among all, also those with weight 0."""
    monkeypatch.setattr(_updating, "REBUILD_RATIO", ratio)
    model = NGramTextGenerator(n=3, smoothing="lidstone")
    model.fit(TEXTS, sample_weight=WEIGHTS)
    for weights, text in (
        ([2, 0, 4, 0], "text 2, 'a b c'"),
        ([9, 0, 1, 0], "text 0, 'a b'"),
    ):
        with pytest.raises(ValueError, match=text):
            model.partial_forget(TEXTS, sample_weight=weights)
    same = NGramTextGenerator(n=3, smoothing="lidstone").fit(REPEATED)
    assert_same(model, same)
    model.partial_forget(TEXTS, sample_weight=WEIGHTS)
    assert not hasattr(model, "n_words_")


@pytest.mark.parametrize("ratio", [0, 10**9])
def test_rows_that_were_cut_off_have_weights_too(ratio, monkeypatch):
    """Rows without an end are learned, and forgotten, as often as their weight says."""
    monkeypatch.setattr(_updating, "REBUILD_RATIO", ratio)
    rows, weights = np.array([[1, 2], [3, 0], [1, 1]]), [2, 0, 3]
    model = NGramTextGenerator(n=2).fit(rows, sample_weight=weights)
    same = NGramTextGenerator(n=2).fit(np.repeat(rows, weights, axis=0))
    assert_same_counts(model.counts_, same.counts_)
    assert model.n_words_ == 2  # 3 is in no row that counts
    for estimator in (model, same):
        with pytest.raises(ValueError, match="row 2"):
            estimator.partial_forget(rows[[1, 1, 2]], sample_weight=[0, 0, 4])
    model.partial_forget(rows, sample_weight=[1, 0, 2])
    same = NGramTextGenerator(n=2).fit(rows[[0, 2]])
    assert_same_counts(model.counts_, same.counts_)


@pytest.mark.parametrize("sharded", [False, True])
def test_weights_of_files_are_those_of_their_texts(sharded, tmp_path, monkeypatch):
    """Each file is learned and forgotten as if its path came so often, also in shards."""
    if sharded:
        monkeypatch.setattr(_shards, "_MIN_SHARDED_BYTES", 0)
        monkeypatch.setattr(_shards, "_SHARD_BYTES", 8)
    paths = []
    for name, lines in (("a", "x y\nz\n"), ("b", "q\n"), ("c", "z x\n\ny y\n")):
        paths.append(tmp_path / name)
        paths[-1].write_text(lines, encoding="utf-8")
    weights, often = [2, 0, 3], [paths[0]] * 2 + [paths[2]] * 3
    for arguments, same in (((paths,), (often,)), ((paths, paths), (often, often))):
        mine = NGramTextGenerator(n=3, input="filename").fit(
            *arguments, sample_weight=weights
        )
        theirs = NGramTextGenerator(n=3, input="filename").fit(*same)
        assert_same_counts(mine.counts_, theirs.counts_)
        assert (
            mine.word_index_.vocabulary_.keys() == theirs.word_index_.vocabulary_.keys()
        )
        mine.partial_fit(*arguments, sample_weight=[1, 1, 0])
        mine.partial_forget(*arguments, sample_weight=[1, 1, 0])
        assert_same_counts(mine.counts_, theirs.counts_)


def test_texts_are_not_copied():
    """A weight of a million takes no more memory than a weight of two."""
    texts = ["um dois três", "quatro cinco"] * 500

    def peak(weight):
        tracemalloc.start()
        NGramTextGenerator(n=3).fit(texts, sample_weight=[weight] * len(texts))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    peak(2)  # what is imported and cached at first
    assert peak(100_000) < 1.2 * peak(2)


def test_weights_are_routed():
    """A search hands the weights of its folds on, and a pipeline those of its last step."""
    texts = REPEATED * 2
    weights = np.array([1, 0, 2, 1, 1, 3] * 2)
    with config_context(enable_metadata_routing=True):
        model = NGramTextGenerator(smoothing="lidstone").set_fit_request(
            sample_weight=True
        )
        search = GridSearchCV(model, {"n": [1, 2]}, cv=2).fit(
            texts, sample_weight=weights
        )
        assert model.set_partial_fit_request(sample_weight=True) is model
    assert search.best_estimator_.n_texts_seen_ == weights.sum()
    pipeline = make_pipeline(WordIndexTransformer(), NGramTextGenerator())
    pipeline.fit(TEXTS, ngramtextgenerator__sample_weight=WEIGHTS)
    assert_same_counts(
        pipeline[-1].counts_,
        make_pipeline(WordIndexTransformer(), NGramTextGenerator())
        .fit(TEXTS)[-1]
        .fit(pipeline[0].transform(REPEATED))
        .counts_,
    )


def test_weights_of_1_are_none():
    """Where every sample counts once, nothing is weighted."""
    assert check_sample_weight([1.0, 1], 2, "Model") is None
    assert check_sample_weight(None, 2, "Model") is None
