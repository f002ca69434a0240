"""Tests of `sklearn_sslm.base._labels`."""

import numpy as np
import pandas as pd
import pytest

from sklearn_sslm.base._labels import check_labels, classes_of, encode_labels


@pytest.mark.parametrize(
    "labels",
    [
        ["b", "a"],
        np.array(["b", "a"], dtype=object),
        pd.Series(["b", "a"], index=[5, 3]),
        pd.Series(["b", "a"], dtype="category"),
        pd.Series(["b", "a"], dtype="string"),
    ],
)
def test_labels_come_in_many_forms(labels):
    """Lists, arrays and columns of data frames are labels."""
    checked = check_labels(labels, "Model")
    classes = classes_of(checked, "Model")
    assert classes.tolist() == ["a", "b"]
    assert encode_labels(checked, classes, "Model").tolist() == [1, 0]


@pytest.mark.parametrize("missing", [None, np.nan, pd.NA, pd.NaT])
def test_missing_labels_are_counted(missing):
    """The message says how many labels are missing, and where the first is."""
    labels = pd.Series(["a", missing, "b", missing], dtype=object)
    with pytest.raises(ValueError, match="2 labels are missing, the first at index 1"):
        check_labels(labels, "Model")


def test_labels_of_no_class_are_named():
    """The first label that is of no class is in the message."""
    with pytest.raises(ValueError, match="Got 'c'; call fit"):
        encode_labels(np.array(["a", "c", "d"]), np.array(["a", "b"]), "Model")
