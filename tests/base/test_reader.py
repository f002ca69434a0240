"""Tests of `sklearn_sslm.base._reader`: bad rows, and replies that do not fit."""

import numpy as np
import pytest
from _refusals import GENERATOR_METHODS, REFUSED, TEXTS, answers, call, refusal, state
from scipy import sparse

from sklearn_sslm import NGramTextGenerator

# What is not rows of ids, neither to learn from nor as messages.
NOT_ROWS = {
    "floats": (np.array([[1.0, 2.0, 0.0]]), ["float"]),
    "NaN": (np.array([[1.0, np.nan, 0.0]]), ["float"]),
    "less than -1": (np.array([[1, 2, 0], [1, -2, 0]]), ["-2", "row 1"]),
    "complex numbers": (np.array([[1j, 2, 0]]), ["complex|1.?j"]),
    "booleans": (np.array([[True, False]]), ["bool"]),
    "one row without its brackets": (np.array([1, 2, 0]), ["1-D"]),
    "three dimensions": (np.zeros((1, 2, 3), dtype=int), ["3-D"]),
    "ragged rows": ([[1, 2, 0], [1, 0]], ["2-D"]),
    "rows of words": ([["a", "b"], ["c", "d"]], ["lists of words; join the words"]),
    "ragged rows of words": ([["a", "b"], ["c"]], ["lists of words; join the words"]),
    "rows beside numbers": ([[1, 2], 3], ["2-D"]),
    "a sparse matrix": (sparse.csr_matrix(np.array([[1, 2, 0]])), ["[Ss]parse|csr"]),
}


@pytest.mark.parametrize("case", NOT_ROWS)
@pytest.mark.parametrize("method", ["fit", *GENERATOR_METHODS])
def test_what_is_no_rows_of_ids_is_refused(rows_model, method, case):
    """The error says what came in, and the fitted model stays as it was."""
    X, message = NOT_ROWS[case]
    rows = np.array([[1, 2, 3, 0], [3, 3, 1, 2], [2, 1, 0, 0]])
    before, said = state(rows_model), answers(rows_model, rows, rows)
    with refusal(*message, r"\bX\b", "NGramTextGenerator"):
        call(rows_model, method, X)
    assert state(rows_model) == before
    assert answers(rows_model, rows, rows) == said


@pytest.mark.parametrize("method", ["fit", "partial_fit", "partial_forget"])
def test_rows_without_columns_tell_nothing(rows_model, method):
    """An empty text is a row of 0; a message may be without columns, its reply not."""
    none, empty = np.zeros((1, 0), dtype=int), np.zeros((1, 1), dtype=int)
    before = state(rows_model)
    with pytest.raises(ValueError, match=r"'X' of .* at least one column"):
        getattr(rows_model, method)(none)
    assert state(rows_model) == before
    replying = NGramTextGenerator(2).fit([[1, 2, 0]], [[2, 1, 0]])
    replying.partial_fit(none, empty).partial_forget(none, empty)
    with pytest.raises(ValueError, match=r"'y' of .* at least one column"):
        getattr(replying, method)([[1, 2, 0]], none)


def test_rows_may_carry_words_that_a_model_has_not_learned(index):
    """Where their index has learned more than the model, what is new is unknown to it."""
    model = NGramTextGenerator(n=3).fit(index.transform(TEXTS))
    rows = index.partial_fit(["zebra"]).transform([f"{TEXTS[0]} zebra"])
    assert model.predict(rows).tolist() == [model.fallback_response]
    with pytest.raises(ValueError, match="of message 0 is not known"):
        model.set_params(unknown="error").predict(rows)


def test_unknown_words_cannot_be_learned(rows_model):
    """-1 in a row to learn from is refused, with the place where it stands."""
    rows = np.array([[1, 2, 0], [1, -1, 0]])
    before = state(rows_model)
    for method in [rows_model.fit, rows_model.partial_fit]:
        with refusal(r"\bX\b", "-1|unknown word", "row 1"):
            method(rows)
    assert state(rows_model) == before


def test_unknown_words_are_understood_in_messages(rows_model):
    """-1 in a message is an unknown word, whose text has probability 0."""
    rows = np.array([[-1, 0, 0], [1, -1, 2]])
    with pytest.warns(UserWarning, match="probability 0"):
        assert rows_model.score_samples(rows).tolist() == [-np.inf, -np.inf]
    assert len(rows_model.predict(rows)) == 2


@pytest.mark.parametrize(
    "method", ["predict", "score_samples", "score", "next_word_proba", "next_words"]
)
def test_ids_beyond_the_vocabulary_are_refused(rows_model, method):
    """Ids that no word has are named together with the largest that one has."""
    before = state(rows_model)
    # a, b and c are 1, 2 and 3.
    for beyond in [4, 99, 2**31 - 1]:
        with pytest.raises(ValueError, match=rf"\b{beyond}\b"):
            getattr(rows_model, method)(np.array([[1, 2, 0], [1, beyond, 0]]))
    assert state(rows_model) == before


def test_ids_that_do_not_fit_are_refused(rows_model):
    """An id of 32 bits or more is refused in place of being cut to another one."""
    before = state(rows_model)
    for huge in [2**31, 2**32 + 1]:
        with pytest.raises(REFUSED, match=str(huge)):
            rows_model.partial_fit(np.array([[1, huge, 0]]))
        with pytest.raises(REFUSED, match=str(huge)):
            rows_model.predict(np.array([[1, huge, 0]]))
    with pytest.raises(REFUSED):
        rows_model.predict(np.array([[1, 2**64 - 1, 0]], dtype=np.uint64))
    assert state(rows_model) == before


def test_texts_for_a_model_of_rows_are_refused(rows_model):
    """A model that has only seen ids knows no words to look texts up in."""
    before = state(rows_model)
    for method in ["predict", "score", "partial_fit", "next_words"]:
        with pytest.raises(REFUSED, match=r"(?i)word|text|integer|ids"):
            getattr(rows_model, method)(["a b"])
    assert state(rows_model) == before


def test_word_index_refuses_ids_it_never_gave(index):
    """``inverse_transform`` names an id that no word has."""
    with pytest.raises(ValueError, match=r"\b4\b"):
        index.inverse_transform(np.array([[1, 4, 0]]))
    with pytest.raises(REFUSED, match="float"):
        index.inverse_transform(np.array([[1.0, 2.0, 0.0]]))
    with pytest.raises(ValueError, match="-2"):
        index.inverse_transform(np.array([[1, -2, 0]]))


# Messages and replies -----------------------------------------------------------------


def test_as_many_replies_as_messages(model):
    """X and y of different lengths are refused with both lengths."""
    pairs = NGramTextGenerator().fit(["a", "b"], ["c", "d"])
    before = state(model), state(pairs)
    for method in [model.fit, pairs.fit, pairs.partial_fit, pairs.score]:
        with refusal(r"\by\b", r"\b3\b", r"\b1\b"):
            method(["a", "b", "a"], ["c"])
    assert (state(model), state(pairs)) == before


@pytest.mark.parametrize(
    ("y", "message"),
    [
        ("ab", ["'ab'"]),
        (["a", 3], ["index 1", "3"]),
        ([None, "a"], ["index 0", "None"]),
    ],
    ids=["a bare str", "an int", "None"],
)
def test_replies_are_texts_like_messages(model, y, message):
    """What is refused as X is refused as y, under its own name."""
    pairs = NGramTextGenerator().fit(["a", "b"], ["c", "d"])
    before = state(model), state(pairs)
    for method in [model.fit, pairs.fit, pairs.partial_fit, pairs.score]:
        with refusal(*message, r"\by\b"):
            method(["a", "b"], y)
    assert (state(model), state(pairs)) == before


def test_replies_are_given_always_or_never(model):
    """A model of texts learns no replies later, nor the other way round."""
    pairs = NGramTextGenerator().fit(["a", "b"], ["c", "d"])
    before = state(model), state(pairs)
    with refusal("without", r"\by\b", r"\bfit\b"):
        model.partial_fit(["a"], ["b"])
    with refusal("with", r"\by\b", r"\bfit\b"):
        pairs.partial_fit(["a"])
    assert (state(model), state(pairs)) == before
    assert model.fit(["a"], ["b"]).partial_fit(["b"], ["c"]).n_texts_seen_ == 2


def test_unknown_words_are_an_error_only_if_asked_for():
    """``unknown="error"`` names the word and the message it stands in."""
    model = NGramTextGenerator(n=3, unknown="error").fit(TEXTS)
    before = state(model)
    with pytest.raises(ValueError, match=r"(?s)zebra") as error:
        model.predict(["a b", "a zebra b"])
    assert "1" in str(error.value)
    # Only the last two words have to be known.
    assert len(model.predict(["zebra a b"])) == 1
    assert state(model) == before
