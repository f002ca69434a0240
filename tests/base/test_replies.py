"""Tests of `sklearn_sslm.base._replies`: labels are not learned as replies unnoticed."""

import warnings

import numpy as np
import pandas as pd
import pytest

from sklearn_sslm import NGramTextGenerator

TEXTS = ["a b", "b c", "c d", "d a"]


@pytest.mark.parametrize(
    ("y", "label"),
    [
        ([0, 1, 0, 1], "0"),
        (np.array([1, 0, 1, 0]), "1"),
        (np.array([True, False, True, False]), "True"),
        (pd.Series([1.0, 2.0, 1.0, 2.0], index=[3, 4, 5, 6]), "1.0"),
        (iter([7, 8, 7, 8]), "7"),
    ],
    ids=["list", "int", "bool", "Series", "iterator"],
)
@pytest.mark.parametrize(
    "X", [TEXTS, np.array([[1], [2], [1], [2]])], ids=["texts", "rows"]
)
@pytest.mark.parametrize("method", ["fit", "partial_fit"])
def test_numbers_are_no_replies(method, X, y, label):
    """The error names the estimator that learns classes, and nothing is learned."""
    model = NGramTextGenerator()
    told = rf"'y' of NGramTextGenerator\.{method} must be replies, .*{label}.*NGramClassifier"
    if not hasattr(y, "__len__"):
        y = iter([7, 8, 7, 8])  # a parameter is used several times
    with pytest.raises(TypeError, match=told):
        getattr(model, method)(X, y)
    assert not hasattr(model, "n_words_")


@pytest.mark.parametrize(
    "y",
    [
        ["spam", "ham", "spam", "ham"],
        np.array(["spam", "ham", "ham", "ham"]),
        pd.Series(["spam"] * 4, dtype="category"),
        (word for word in ["spam", "ham", "spam", "spam"]),
    ],
    ids=["list", "array", "category", "generator"],
)
def test_few_different_words_are_warned_of(y):
    """They are learned all the same, and the warning points at the caller."""
    if not hasattr(y, "__len__"):
        y = (word for word in ["spam", "ham", "spam", "spam"])
    with pytest.warns(UserWarning, match="NGramClassifier") as warned:
        model = NGramTextGenerator().fit(TEXTS, y)
    assert warned[0].filename == __file__
    assert model.has_replies_
    with pytest.warns(
        UserWarning,
        match=r"'y' of NGramTextGenerator\.partial_fit holds 3 times one of 1 words, 'ham'",
    ):
        model.partial_fit(TEXTS[:3], ["ham"] * 3)


@pytest.mark.parametrize(
    "y",
    [
        ["how are you", "fine", "fine", "fine"],
        ["fine", "how are you", "fine", "how are you"],
        ["one", "two", "three", "four"],
        ["yes", "", "yes", "yes"],
    ],
    ids=str,
)
def test_replies_are_learned_without_a_word(y):
    """Texts of several words, or all different, are no labels."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # setup.cfg ignores this one for other tests
        model = NGramTextGenerator().fit(TEXTS, y)
    assert model.has_replies_


def test_rows_are_replies():
    """Integer rows stay what they are, as an array or as lists."""
    rows = np.array([[1, 2, 0], [2, 1, 0]])
    assert NGramTextGenerator().fit(rows, rows).has_replies_
    assert NGramTextGenerator().fit(rows.tolist(), rows.tolist()).has_replies_
