"""Tests of `sklearn_sslm.generator._explanations`, by way of `NGramTextGenerator.explain`."""

import sys

import numpy as np
import pandas as pd
import pytest
from _backings import BACKINGS
from hypothesis import given
from hypothesis import strategies as st
from sklearn.exceptions import NotFittedError

from sklearn_sslm import NGramTextGenerator, WordIndexTransformer
from sklearn_sslm.arpa import read_arpa, write_arpa
from sklearn_sslm.datasets import load_greetings
from sklearn_sslm.smoothing import SMOOTHINGS

GREETINGS = load_greetings().data
ASKED = [*GREETINGS, "", "Oi! Que bom dia!", "você você zero hoje?", "zero"]
FIELDS = ("word", "probability", "surprise", "order", "weight")
TOKEN_FIELDS = ("text", "position", "word", "log_proba", "order", "weight")


@pytest.mark.filterwarnings("ignore:A text has probability 0")
@pytest.mark.parametrize("smoothing", sorted(SMOOTHINGS))
def test_probabilities_multiply_to_the_score_of_the_text(smoothing):
    """The logarithms of an explanation add up to `score_samples`, the bits to the same."""
    model = NGramTextGenerator(n=3, smoothing=smoothing).fit(GREETINGS)
    for text, score in zip(ASKED, model.score_samples(ASKED), strict=True):
        table = model.explain(text)
        assert table.dtype.names == FIELDS
        assert table["word"].tolist() == [*text.split(), ""]
        with np.errstate(divide="ignore"):
            logs = np.log(table["probability"])
        np.testing.assert_allclose(logs.sum(), score, rtol=1e-12)
        np.testing.assert_allclose(table["surprise"].sum(), -score / np.log(2))
        assert not np.signbit(table["surprise"]).any()  # no -0.0 where p is 1


def test_orders_and_weights_worked_out_by_hand():
    """A word that a context never saw comes from the shorter one, 0.4 at a step."""
    model = NGramTextGenerator(n=3, smoothing="stupid_backoff").fit(["a b c", "b d"])
    table = model.explain("a b d zero")
    # "start a" 1/2 and "start a b" 1/1 were seen. "a b d" was not, "b d" was, once in
    # two: 0.4 · 1/2. "b d zero", "d zero" and "zero" were not: 0.4 · 0.4 · 0.4 of 1/6,
    # for 4 words, the end and an unknown word. After it nothing is known but that 2 of 7
    # tokens are ends.
    assert table["order"].tolist() == [2, 3, 2, 0, 1]
    np.testing.assert_allclose(table["weight"], [1, 1, 0.4, 0.4**3, 1])
    np.testing.assert_allclose(
        table["probability"], [1 / 2, 1, 0.4 / 2, 0.4**3 / 6, 2 / 7]
    )


def test_an_impossible_word_is_infinitely_surprising():
    """Where nothing is handed on, an unseen word has order 0, weight 0 and inf bits."""
    table = NGramTextGenerator(n=2).fit(["a b", "a c"]).explain("a a")
    assert table[1].tolist() == ("a", 0.0, np.inf, 0, 0.0)


def test_replies_are_explained_after_their_message():
    """The reply's words and end are what is explained, given the message."""
    messages, replies = ["hi you", "bye", "hi"], ["hello !", "ciao", "hello you"]
    model = NGramTextGenerator(n=4, smoothing="kneser_ney").fit(messages, replies)
    table = model.explain("hello !", "hi you")
    assert table["word"].tolist() == ["hello", "!", ""]
    mean = model.score(["hi you"], ["hello !"])
    np.testing.assert_allclose(np.log(table["probability"]).mean(), mean, rtol=1e-12)
    assert table["order"].tolist() == [4, 4, 4]
    # The first word after a message: as `next_words` tells it.
    words = dict(model.next_words(["hi you"])[0])
    assert table["probability"][0] == pytest.approx(words["hello"], rel=1e-12)
    # Without one it is a text like any other, the same as `score_samples` takes it.
    alone = np.log(model.explain("hi you")["probability"]).sum()
    np.testing.assert_allclose(alone, model.score_samples(["hi you"])[0], rtol=1e-12)


def test_rows_of_ids():
    """Plain rows are told as ids, up to their first 0; without one the end is unknown."""
    model = NGramTextGenerator(n=2, smoothing="witten_bell").fit([[1, 2, 0], [1, 3, 0]])
    texts = NGramTextGenerator(n=2, smoothing="witten_bell").fit(["a b", "a c"])
    whole = model.explain([1, 3, -1, 0, 2])
    assert whole["word"].tolist() == [1, 3, -1, 0]
    expected = texts.explain("a c zero")
    for name in FIELDS[1:]:
        np.testing.assert_array_equal(whole[name], expected[name])
    assert model.explain(np.array([1, 3]))["word"].tolist() == [1, 3]
    assert len(model.explain([])) == 0


def test_rows_that_carry_words():
    """Rows of a word index are told in its words, however they are padded."""
    index = WordIndexTransformer(padding="pre", padding_value=-7, max_length=4)
    rows = index.fit_transform(["a b", "a c"])
    model = NGramTextGenerator(n=2).fit(rows)
    table = model.explain(index.transform(["a zero"])[0])
    assert table["word"].tolist() == ["a", "<unk>", ""]


def test_words_are_told_as_the_index_splits_them():
    """A tokenizer and lower case of one's own decide what a word is."""
    index = WordIndexTransformer(tokenizer=list, lowercase=True)
    model = NGramTextGenerator(n=2, word_index=index).fit(["ab"])
    assert model.explain("AB")["word"].tolist() == ["a", "b", ""]


def test_a_model_read_from_a_file_is_explained_alike(tmp_path):
    """Stored probabilities have the orders and weights of the counts they came from."""
    model = NGramTextGenerator(n=3, smoothing="kneser_ney").fit(GREETINGS)
    write_arpa(model, tmp_path / "model.arpa")
    again = read_arpa(tmp_path / "model.arpa")
    for text in ASKED:
        mine, theirs = model.explain(text), again.explain(text)
        assert mine["order"].tolist() == theirs["order"].tolist()
        for name in ("probability", "weight"):
            np.testing.assert_allclose(mine[name], theirs[name], rtol=1e-5)


def test_as_frame():
    """A DataFrame has the same columns and values."""
    model = NGramTextGenerator(n=2).fit(["a b", "a c"])
    frame = model.explain("a b", as_frame=True)
    assert isinstance(frame, pd.DataFrame)
    assert tuple(frame.columns) == FIELDS
    assert frame.to_records(index=False).tolist() == model.explain("a b").tolist()


def test_pandas_is_asked_for_where_it_is_missing(monkeypatch):
    """Without pandas the message names it; an array needs none."""
    monkeypatch.setitem(sys.modules, "pandas", None)
    model = NGramTextGenerator(n=2).fit(["a b"])
    assert len(model.explain("a b")) == 3
    with pytest.raises(
        ImportError, match=r"explain\(as_frame=True\) needs the package"
    ):
        model.explain("a b", as_frame=True)


@pytest.mark.parametrize("text", [["a", "b"], 3, None, np.zeros((1, 2), int), [1.5]])
def test_what_is_no_single_text_is_refused(text):
    """Neither several texts nor anything else is taken for one."""
    model = NGramTextGenerator(n=2).fit(["a b"])
    with pytest.raises(TypeError, match=r"'text' of NGramTextGenerator.explain must"):
        model.explain(text)
    with pytest.raises(
        TypeError, match=r"'message' of NGramTextGenerator.explain must"
    ):
        model.explain("a", text if text is not None else b"a")


def test_a_model_that_learned_nothing_explains_nothing():
    """Without `fit` the error is scikit-learn's."""
    with pytest.raises(NotFittedError):
        NGramTextGenerator().explain("a")


# --- score_tokens -------------------------------------------------------------------


@pytest.mark.parametrize("backing", BACKINGS)
@pytest.mark.parametrize("smoothing", ["mle", "lidstone", "kneser_ney"])
def test_tokens_of_many_texts_are_those_of_each(backing, smoothing, tmp_path):
    """A row of `score_tokens` is the one of `explain`, with its text and its place."""
    model = NGramTextGenerator(3, smoothing=smoothing)
    model = BACKINGS[backing](model, GREETINGS, tmp_path)
    asked = [*ASKED, *ASKED[::-2]]  # some of them twice
    table = model.score_tokens(asked)
    assert table.dtype.names == TOKEN_FIELDS
    place = 0
    for number, text in enumerate(asked):
        alone = model.explain(text)
        rows = table[place : place + len(alone)]
        assert rows["text"].tolist() == [number] * len(alone)
        assert rows["position"].tolist() == list(range(len(alone)))
        for name in ("word", "order"):
            assert rows[name].tolist() == alone[name].tolist()
        with np.errstate(divide="ignore"):
            np.testing.assert_array_equal(
                rows["log_proba"], np.log(alone["probability"])
            )
        np.testing.assert_allclose(rows["weight"], alone["weight"], rtol=1e-15)
        place += len(alone)
    assert place == len(table)


@given(
    texts=st.lists(st.text("ab ", max_size=9), min_size=1, max_size=9),
    n=st.integers(1, 4),
    min_count=st.integers(1, 3),
)
def test_tokens_add_up_to_their_texts(texts, n, min_count):
    """By text, logarithms are summed up to `score_samples`, also where n-grams are left out."""
    model = NGramTextGenerator(n, smoothing="witten_bell", min_count=min_count)
    model.fit(["a b a", "b b a b", "c"])
    table = model.score_tokens(texts)
    sums = np.bincount(table["text"], table["log_proba"], len(texts))
    np.testing.assert_allclose(sums, model.score_samples(texts), rtol=1e-12)
    assert table["word"].tolist() == [w for t in texts for w in (*t.split(), "")]


def test_tokens_of_rows():
    """Plain rows have ids for words; a row that was cut off has no end, and may be empty."""
    model = NGramTextGenerator(2, smoothing="witten_bell").fit([[1, 2, 0], [1, 3, 0]])
    table = model.score_tokens([[1, 3, -1, 0], [1, 3, 2, 2]])
    assert table["word"].tolist() == [1, 3, -1, 0, 1, 3, 2, 2]
    assert table["text"].tolist() == [0] * 4 + [1] * 4
    index = WordIndexTransformer(max_length=2)
    rows = index.fit_transform(["a b", "a"])
    carried = (
        NGramTextGenerator(2).fit(rows).score_tokens(index.transform(["z", "a b"]))
    )
    assert carried["word"].tolist() == ["<unk>", "", "a", "b"]


def test_tokens_as_frame(monkeypatch):
    """A DataFrame has the same columns and values; without pandas its name is told."""
    model = NGramTextGenerator(n=2).fit(["a b", "a c"])
    frame = model.score_tokens(["a b", "a"], as_frame=True)
    assert isinstance(frame, pd.DataFrame)
    assert tuple(frame.columns) == TOKEN_FIELDS
    expected = model.score_tokens(["a b", "a"]).tolist()
    assert frame.to_records(index=False).tolist() == expected
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match=r"score_tokens\(as_frame=True\) needs"):
        model.score_tokens(["a b"], as_frame=True)


def test_tokens_of_what_is_no_texts():
    """The mistakes of `score_samples` are those of `score_tokens`."""
    with pytest.raises(TypeError, match="'X' of NGramTextGenerator"):
        NGramTextGenerator(n=2).fit(["a b"]).score_tokens("a b")
    with pytest.raises(NotFittedError):
        NGramTextGenerator().score_tokens(["a"])
