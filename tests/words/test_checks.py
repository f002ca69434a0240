"""Tests of `sklearn_sslm.words._checks`: what is no texts is refused, and does no harm."""

import numpy as np
import pandas as pd
import pytest
from _refusals import GENERATOR_METHODS, REFUSED, answers, call, refusal, state
from sklearn.exceptions import NotFittedError

from sklearn_sslm import NGramTextGenerator, WordIndexTransformer
from sklearn_sslm.ngrams import NGramCounts
from sklearn_sslm.words import check_texts

# What is not a collection of texts, and what the message has to say about it.
NOT_TEXTS = {
    "a bare str": ("a b c", ["'a b c'", "list"]),
    "an empty str": ("", ["''", "list"]),
    "bytes": (b"a b c", ["bytes"]),
    "a list with bytes": (["a b", b"c"], ["index 1", "b'c'|bytes"]),
    "a number": (3, ["3|int"]),
    "None": (None, ["None"]),
    "an int among texts": (["a b", "c", 3], ["index 2", "3|int"]),
    "a float among texts": (("a b", 0.5), ["index 1", "0.5|float"]),
    "None among texts": ([None, "a b"], ["index 0", "None"]),
    "a list of words": (["a b", ["a", "b"]], ["index 1", "list|\\['a', 'b'\\]"]),
    "a dict": ({"a b": 1}, ["dict"]),
    "a Series with NaN": (
        pd.Series(["a b", np.nan, "c"], dtype=object),
        ["index 1", "nan"],
    ),
    "a Series with None": (
        pd.Series(["a b", "c", None], dtype=object),
        ["index 2", "None"],
    ),
    "a str Series with a gap": (
        pd.Series(["a b", None], dtype="string"),
        ["index 1", "NA|nan"],
    ),
    "a Series of numbers": (pd.Series([1.5, 2]), ["1-D|1.5"]),
    "a DataFrame": (pd.DataFrame({"text": ["a b", "c"]}), ["DataFrame"]),
    "a 2-D array of str": (np.array([["a b"], ["c"]]), [r"\(2, 1\)|2-D"]),
    "a 2-D array of object": (
        np.array([["a b"], ["c"]], dtype=object),
        [r"\(2, 1\)|2-D"],
    ),
    "a 0-D array": (np.array("a b"), ["a b|0-D"]),
    "a 1-D array of ints": (np.array([1, 2]), ["1|1-D"]),
    "a generator with an int": ((text for text in ["a", 7]), ["index 1", "7|int"]),
}


def fresh(X):
    """A copy of an input that can be read once only."""
    return (text for text in ["a", 7]) if hasattr(X, "send") else X


@pytest.mark.parametrize("case", NOT_TEXTS)
def test_generator_refuses_what_is_no_texts(model, case):
    """Each method's error says what came in and where, and the model stays as it was."""
    X, message = NOT_TEXTS[case]
    before, said = state(model), answers(model)
    for method in GENERATOR_METHODS:
        with refusal(*message, r"\bX\b", "NGramTextGenerator"):
            call(model, method, fresh(X))
        assert state(model) == before, method
    assert answers(model) == said


@pytest.mark.parametrize("case", NOT_TEXTS)
def test_generator_cannot_be_fitted_on_what_is_no_texts(case):
    """``fit`` refuses it too, and an estimator that was never fitted stays unfitted."""
    X, message = NOT_TEXTS[case]
    model = NGramTextGenerator()
    with refusal(*message):
        model.fit(fresh(X))
    with pytest.raises(NotFittedError):
        model.predict(["a"])


@pytest.mark.parametrize("method", ["fit", "partial_fit", "transform", "fit_transform"])
@pytest.mark.parametrize("case", NOT_TEXTS)
def test_word_index_refuses_what_is_no_texts(index, method, case):
    """The word index says the same, and keeps its words."""
    X, message = NOT_TEXTS[case]
    before = state(index)
    with refusal(*message, r"\bX\b", "WordIndexTransformer"):
        getattr(index, method)(fresh(X))
    assert state(index) == before


@pytest.mark.parametrize("message", [None, 3, b"a", ["a", "b"], np.array(["a"])])
def test_stream_takes_one_text(model, message):
    """``stream`` answers one message, which is a str."""
    before = state(model)
    with pytest.raises(REFUSED, match="message"):
        list(model.stream(message))
    assert state(model) == before


def test_a_bare_str_is_told_to_become_a_list(model):
    """The error for a bare str shows how it should have been passed."""
    with pytest.raises(REFUSED, match=r"\['a b'\]|list"):
        model.predict("a b")


def test_a_failing_refit_leaves_the_model_as_it_was(model):
    """A ``fit`` that is refused does not forget what had been learned."""
    before, said = state(model), answers(model)
    for X in ["a b", ["a", 3], [], ["", ""], np.array([[1.5]]), np.array([[-1, 0]])]:
        with pytest.raises(REFUSED):
            model.fit(X)
        assert state(model) == before
    assert answers(model) == said


def test_an_iterator_that_fails_half_way_does_no_harm(model):
    """An error raised by the texts themselves comes through and nothing was learned."""

    def texts():
        yield "d e f"
        raise OSError("the disk is gone")

    before = state(model)
    for method in [model.partial_fit, model.fit, model.predict, model.score]:
        with pytest.raises(OSError, match="the disk is gone"):
            method(texts())
    assert state(model) == before


def test_running_out_of_memory_does_no_harm(model, monkeypatch):
    """When counting fails after the words were read, no word and no count has changed."""

    def fail(*args):
        raise MemoryError

    before = state(model)
    monkeypatch.setattr(NGramCounts, "from_stream", fail)
    for method in [model.partial_fit, model.fit]:
        with pytest.raises(MemoryError):
            method(["a new word"])
    assert state(model) == before


# Nothing to learn ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "empty",
    [[], (), iter(()), np.array([], dtype=str), pd.Series([], dtype=object)],
    ids=["list", "tuple", "iterator", "array", "Series"],
)
def test_no_texts_at_all_are_refused(empty):
    """An empty X is an error that says so."""
    with pytest.raises(ValueError, match=r"(?i)at least one|empty|no text|0 sample"):
        NGramTextGenerator().fit(empty)


def test_no_rows_at_all_are_refused():
    """Rows without any row are an error too."""
    with pytest.raises(ValueError, match=r"(?i)at least one|empty|no text|0 sample"):
        NGramTextGenerator().fit(np.zeros((0, 3), dtype=int))


@pytest.mark.parametrize(
    "X", [[""], ["", "  ", "\t\n"], np.zeros((2, 3), dtype=int)], ids=str
)
def test_only_empty_texts_are_refused(X):
    """Texts without a single word leave nothing to learn."""
    with pytest.raises(ValueError, match=r"(?i)word|empty"):
        NGramTextGenerator().fit(X)


def test_word_index_refuses_only_empty_texts_or_none():
    """The word index needs at least one word as well."""
    with pytest.raises(ValueError, match=r"(?i)at least one|empty|no text"):
        WordIndexTransformer().fit([])
    with pytest.raises(ValueError, match=r"(?i)word|empty"):
        WordIndexTransformer().fit(["", " "])


def test_empty_texts_beside_others_are_learned():
    """An empty text among others is a text that ends at once."""
    model = NGramTextGenerator(n=2).fit(["a", "", "a b", "  "])
    # Of four texts two begin with "a" and two end before any word.
    assert model.n_texts_seen_ == 4
    np.testing.assert_allclose(
        model.score_samples(["", "a"]), np.log([2 / 4, 2 / 4 * 1 / 2])
    )


@pytest.mark.parametrize(
    "missing", [None, float("nan"), np.nan, pd.NA, pd.NaT], ids=repr
)
def test_missing_values_are_counted(missing):
    """The error says where the first one is, how many there are, and what drops them."""
    column = pd.Series(["a", missing, "b", missing], dtype=object)
    told = r"at index 1 instead; leave it out\. 2 of 4 texts are missing.*\.dropna\(\)"
    with pytest.raises(TypeError, match=told):
        NGramTextGenerator().fit(column)
    assert NGramTextGenerator().fit(column.dropna()).n_texts_seen_ == 2


@pytest.mark.parametrize("dtype", ["string", "object", "category"])
def test_columns_of_strings_are_texts(dtype):
    """A column is read, whatever pandas stores its strings in; its index plays no part."""
    column = pd.Series(["a b", "c"], dtype=dtype, index=[7, 3])
    assert check_texts(column, "Model") == ["a b", "c"]


class PyArrowArray:
    """Gone through by objects that are no str, as arrays of pyarrow are."""

    def __init__(self, values):
        self.values = values

    def __iter__(self):
        return map(memoryview, (value.encode() for value in self.values))

    def to_pylist(self):
        return self.values


def test_what_turns_into_a_list_of_str_is_texts():
    """Whoever has ``to_pylist``, as arrays of pyarrow have, is asked for it."""
    assert check_texts(PyArrowArray(["a b", "c"]), "Model") == ["a b", "c"]


def test_arrays_of_pyarrow_are_texts():
    """Their values are turned into str first; missing ones are counted."""
    pyarrow = pytest.importorskip("pyarrow")
    for make in (
        pyarrow.array,
        lambda values: pyarrow.chunked_array([values[:1], values[1:]]),
    ):
        assert check_texts(make(["a b", "c"]), "Model") == ["a b", "c"]
        assert NGramTextGenerator().fit(make(["a b", "c"])).n_texts_seen_ == 2
    with pytest.raises(TypeError, match="1 of 2 texts is missing"):
        check_texts(pyarrow.array(["a", None]), "Model")
    table = pyarrow.table({"text": ["a"]})
    with pytest.raises(TypeError, match="give the column"):
        NGramTextGenerator().fit(table)


def test_collections_of_dask_are_texts():
    """They are computed first: arrays and bags."""
    pytest.importorskip("dask")
    import dask.array
    import dask.bag

    array = dask.array.from_array(np.array(["a b", "c", "d"], dtype=object), chunks=2)
    assert check_texts(array, "Model") == ["a b", "c", "d"]
    assert NGramTextGenerator().fit(array).n_texts_seen_ == 3
    assert check_texts(dask.bag.from_sequence(["a b", "c"]), "Model") == ["a b", "c"]
    assert NGramTextGenerator().fit(dask.bag.from_sequence(["a"])).n_texts_seen_ == 1


def test_columns_of_dask_are_texts():
    """So are those of its data frames, which need pyarrow."""
    dataframe = pytest.importorskip("dask.dataframe")
    column = dataframe.from_pandas(pd.DataFrame({"text": ["a b", "c"]}), npartitions=2)[
        "text"
    ]
    assert check_texts(column, "Model") == ["a b", "c"]
    assert NGramTextGenerator().fit(column).n_texts_seen_ == 2
