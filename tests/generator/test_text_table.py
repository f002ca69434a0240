"""Tests of `sklearn_sslm.generator._text_table`, by way of `score_texts`."""

import sys
import warnings

import numpy as np
import pandas as pd
import pytest
from _backings import BACKINGS
from _reference import MODELS, UNKNOWN, marked
from hypothesis import given
from hypothesis import strategies as st
from sklearn.exceptions import NotFittedError

from sklearn_sslm import NGramTextGenerator
from sklearn_sslm.arpa import read_arpa, write_arpa
from sklearn_sslm.datasets import load_greetings
from sklearn_sslm.ngrams.scoring import _scorer
from sklearn_sslm.smoothing import SMOOTHINGS

GREETINGS = load_greetings().data
ASKED = [*GREETINGS, "", "Oi! Que bom dia!", "você você zero hoje?", "zero", ""]
FIELDS = (
    "log_proba", "n_tokens", "n_unknown", "perplexity", "mean_surprise",
    "max_surprise", "share_seen",
)  # fmt: skip

word_lists = st.lists(st.sampled_from("abcd"), max_size=6)
corpora = st.lists(word_lists, min_size=1, max_size=6).filter(any)
asked = st.lists(
    st.lists(st.sampled_from([*"abcd", "zebra"]), max_size=6), min_size=1, max_size=4
)


@pytest.fixture(params=["all at once", "one by one"])
def _way(request, monkeypatch):
    """Let texts be scored in either way."""
    few = 0 if request.param == "all at once" else 1 << 20
    monkeypatch.setattr(_scorer, "_FEW", few)


def join(texts):
    """Texts of lists of words."""
    return [" ".join(words) for words in texts]


def row_by_the_book(text, reference, n, contexts, unknown):
    """The numbers of a text by recursion; it is ``(0, w1, …, wk, 0)``."""
    kept = [
        (p, text[max(0, i - n + 1) : i] in contexts)
        for i, p in enumerate(reference.ps(text), start=1)
        if unknown == "include" or text[i] != UNKNOWN
    ]
    bits = -np.log2([p for p, _ in kept])
    return (
        -bits.sum() * np.log(2), len(kept), text.count(UNKNOWN), 2 ** bits.mean(),
        bits.mean(), bits.max(), np.mean([seen for _, seen in kept]),
    )  # fmt: skip


@pytest.mark.usefixtures("_way")
@pytest.mark.parametrize("unknown", ["include", "exclude"])
@given(
    texts=corpora,
    test=asked,
    n=st.integers(1, 4),
    name=st.sampled_from(sorted(set(SMOOTHINGS) - {"mle"})),
)
def test_rows_are_those_of_the_recursion(unknown, texts, test, n, name):
    """Every number is what dictionaries and recursion give, for all words or the known."""
    model = NGramTextGenerator(n, smoothing=name).fit(join(texts))
    ids = model.word_index_.vocabulary_
    learned = marked([[ids[word] for word in words] for words in texts])
    reference = MODELS[name](learned, n, model.n_words_)
    contexts = {
        text[max(0, i - k) : i]
        for text in learned
        for i in range(1, len(text))
        for k in range(n)
    }
    table = model.score_texts(join(test), unknown=unknown)
    assert table.dtype.names == FIELDS
    for row, words in zip(table, test, strict=True):
        (text,) = marked([[ids.get(word, UNKNOWN) for word in words]])
        expected = row_by_the_book(text, reference, n, contexts, unknown)
        np.testing.assert_allclose(row.tolist(), expected, rtol=1e-9, atol=1e-12)


@pytest.mark.usefixtures("_way")
def test_a_row_worked_out_by_hand():
    """Sum, mean, maximum and share, with an unknown word and without it."""
    model = NGramTextGenerator(2, smoothing="stupid_backoff").fit(["a b", "b"])
    # Start: "a" 1/2. After "a" only "b" was seen: "z" 0.4 · 0.4 of 1/4, 0.04. "z" was no
    # context: the end is 2 of 5 tokens.
    for unknown, p in {"include": [0.5, 0.04, 0.4], "exclude": [0.5, 0.4]}.items():
        (row,) = model.score_texts(["a z"], unknown=unknown)
        assert row["log_proba"] == pytest.approx(np.log(np.prod(p)))
        assert (row["n_tokens"], row["n_unknown"]) == (len(p), 1)
        assert row["perplexity"] == pytest.approx(np.prod(p) ** (-1 / len(p)))
        assert row["mean_surprise"] == pytest.approx(-np.log2(p).mean())
        assert row["max_surprise"] == pytest.approx(-np.log2(min(p)))
        assert row["share_seen"] == pytest.approx((len(p) - 1) / len(p))


@pytest.mark.parametrize("backing", BACKINGS)
def test_rows_fit_to_the_other_scores(backing, tmp_path):
    """On every backing sums are `score_samples`, and means those of `perplexity`, to the bits."""
    model = NGramTextGenerator(3, smoothing="kneser_ney")
    model = BACKINGS[backing](model, GREETINGS, tmp_path)
    table = model.score_texts(ASKED)
    np.testing.assert_array_equal(table["log_proba"], model.score_samples(ASKED))
    for unknown in ("include", "exclude"):
        table = model.score_texts(ASKED, unknown=unknown)
        mean = table["log_proba"].sum() / table["n_tokens"].sum()
        assert np.exp(-mean) == pytest.approx(model.perplexity(ASKED, unknown=unknown))
        for text, row in zip(ASKED, table, strict=True):
            expected = model.perplexity([text], unknown=unknown)
            assert row["perplexity"] == pytest.approx(expected)


def test_a_model_read_from_a_file_has_the_same_rows(tmp_path):
    """Stored probabilities give the numbers of the model that they came from."""
    model = NGramTextGenerator(3, smoothing="kneser_ney").fit(GREETINGS)
    write_arpa(model, tmp_path / "model.arpa")
    mine = model.score_texts(ASKED, unknown="exclude")
    theirs = read_arpa(tmp_path / "model.arpa").score_texts(ASKED, unknown="exclude")
    for name in FIELDS:
        np.testing.assert_allclose(mine[name], theirs[name], rtol=1e-5)


def test_impossible_texts():
    """A word of probability 0 is infinitely surprising; there is one warning."""
    model = NGramTextGenerator(2).fit(["a b"])
    with pytest.warns(UserWarning, match="A text has probability 0") as warned:
        impossible, certain = model.score_texts(["b", "a b"])
    assert len(warned) == 1
    assert impossible.tolist()[:6] == (-np.inf, 2, 0, np.inf, np.inf, np.inf)
    assert certain.tolist() == (0, 3, 0, 1, 0, 0, 1)
    assert not np.signbit(certain.tolist()).any()  # no -0.0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        (row,) = model.score_texts(["a zero b"], unknown="exclude")
    # After an unknown word "b" has no context: one of three tokens is it.
    assert row["log_proba"] == pytest.approx(np.log(1 / 3))


def test_rows_of_ids_may_hold_no_token():
    """A row that was cut off has no end: without known words its means are nan."""
    model = NGramTextGenerator(2, smoothing="witten_bell").fit([[1, 2, 0]])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        none, one = model.score_texts([[-1, -1], [1, -1]], unknown="exclude")
    assert none.tolist()[:3] == (0, 0, 2)
    assert np.isnan(none.tolist()[3:]).all()
    assert one["n_tokens"] == 1
    assert one["log_proba"] == model.score_samples([[1]])[0]


def test_as_frame():
    """A DataFrame has the columns, the values, and the index of a Series that was given."""
    model = NGramTextGenerator(2, smoothing="witten_bell").fit(["a b", "a c"])
    texts = ["a b", "c", "a b"]
    frame = model.score_texts(texts, as_frame=True)
    assert tuple(frame.columns) == FIELDS
    assert frame.index.tolist() == [0, 1, 2]
    assert frame.to_records(index=False).tolist() == model.score_texts(texts).tolist()
    series = pd.Series(texts, index=[7, 3, 5])
    assert model.score_texts(series, as_frame=True).index.tolist() == [7, 3, 5]


def test_pandas_is_asked_for_where_it_is_missing(monkeypatch):
    """Without pandas the message names it, before anything is read; an array needs none."""
    monkeypatch.setitem(sys.modules, "pandas", None)
    model = NGramTextGenerator(n=2).fit(["a b"])
    assert len(model.score_texts(["a b"])) == 1
    with pytest.raises(ImportError, match=r"score_texts\(as_frame=True\) needs"):
        model.score_texts(iter(["a b"]), as_frame=True)


def test_mistakes_are_told():
    """A third way with unknown words, a single text, and a model that learned nothing."""
    model = NGramTextGenerator(n=2).fit(["a b"])
    message = "'unknown' parameter of NGramTextGenerator.score_texts must be"
    with pytest.raises(ValueError, match=message):
        model.score_texts(["a b"], unknown="skip")
    with pytest.raises(TypeError, match="'X' of NGramTextGenerator"):
        model.score_texts("a b")
    with pytest.raises(NotFittedError):
        NGramTextGenerator().score_texts(["a"])
