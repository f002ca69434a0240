"""Labels of classes, and their numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.utils import check_array, column_or_1d
from sklearn.utils.multiclass import check_classification_targets


def check_labels(y: Any, owner: str) -> NDArray:
    """Check labels of classes, and return them as an array.

    Parameters
    ----------
    y : array-like of shape (n_samples,)
    owner : str
        The class and method that the message of an error names.

    Returns
    -------
    ndarray of shape (n_samples,)

    Raises
    ------
    TypeError
        If they are of types that cannot be sorted together.
    ValueError
        If there are none, if one is missing, or if they are targets of a regression.

    Examples
    --------
    >>> check_labels(["en", "pt"], "Model")
    array(['en', 'pt'], dtype='<U2')
    """
    if y is None:
        msg = (
            f"{owner} requires y to be passed, but the target y is None. Give the class "
            "of each text."
        )
        raise ValueError(msg)
    labels = column_or_1d(y, warn=True)
    missing = np.array([_is_missing(label) for label in labels.tolist()], dtype=bool)
    if missing.any():
        msg = (
            f"'y' of {owner} must hold the class of each text. Input y contains NaN or "
            f"None: {missing.sum()} labels are missing, the first at index "
            f"{missing.argmax()}; leave those texts out."
        )
        raise ValueError(msg)
    check_array(labels, ensure_2d=False, dtype=None, input_name="y")
    classes_of(labels, owner)
    check_classification_targets(labels)
    return labels


def _is_missing(label):
    """Whether a label is None, NaN or a missing value of pandas."""
    try:
        return label is None or not label == label  # noqa: SIM201 - NaN
    except TypeError:  # pandas.NA is neither equal nor different
        return True


def classes_of(labels: ArrayLike, owner: str) -> NDArray:
    """The different labels, sorted.

    Raises
    ------
    TypeError
        If they are of types that cannot be sorted together.
    """
    try:
        return np.unique(np.asarray(labels))
    except TypeError:
        msg = (
            f"Labels of {owner} must be of one type, so that they have an order. Got "
            "several."
        )
        raise TypeError(msg) from None


def encode_labels(labels: NDArray, classes: NDArray, owner: str) -> NDArray[np.int32]:
    """The index of each label among the classes.

    Raises
    ------
    ValueError
        If a label is not among the classes.

    Examples
    --------
    >>> encode_labels(np.array(["b", "a"]), np.array(["a", "b"]), "Model")
    array([1, 0], dtype=int32)
    """
    number = {label: i for i, label in enumerate(classes.tolist())}
    numbers = [number.get(label, -1) for label in labels.tolist()]
    encoded = np.array(numbers, dtype=np.int32)
    if (encoded < 0).any():
        label = labels.tolist()[int((encoded < 0).argmax())]
        msg = (
            f"'y' of {owner} must hold labels of the classes that the first call set, "
            f"{shown_classes(classes)}. Got {label!r}; call fit, or name all classes "
            "in the first call of partial_fit."
        )
        raise ValueError(msg)
    return encoded


def shown_classes(classes: NDArray) -> str:
    """Classes as listed in a message.

    >>> shown_classes(np.arange(9))
    '0, 1, 2, 3, 4, …'
    """
    names = [repr(label) for label in classes.tolist()]
    return ", ".join([*names[:5], "…"] if len(names) > 5 else names)
