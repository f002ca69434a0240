"""The argument y of estimators that learn replies."""

from __future__ import annotations

import warnings
from numbers import Number
from typing import Any

import numpy as np


def check_replies(y: Any, owner: str, stacklevel: int) -> Any:
    """Detect labels, as for a classifier, that are passed in place of replies.

    Parameters
    ----------
    y : as `NGramEstimator.fit` takes it
    owner : str
        Class and method that messages name.
    stacklevel : int
        As of `warnings.warn`.

    Returns
    -------
    y : the same, as a list if it was an iterator

    Raises
    ------
    TypeError
        If these are labels: numbers, one for each text.

    Warns
    -----
    UserWarning
        If these may be labels: a single word for each text, few of them different.

    Examples
    --------
    >>> check_replies([0, 1], "Model.fit", 2)
    Traceback (most recent call last):
    ...
    TypeError: 'y' of Model.fit must be replies, ... Got the label 0; ...
    """
    if y is None or isinstance(y, str) or getattr(y, "ndim", 1) != 1:
        return y
    if not hasattr(y, "__len__") and hasattr(y, "__iter__"):
        y = list(y)
    first = next(iter(y), None) if hasattr(y, "__iter__") else None
    if _is_number(first):
        msg = (
            f"'y' of {owner} must be replies, a text for each message in 'X', or None. "
            f"Got the label {first!r}; to learn the classes of texts, use "
            "NGramClassifier."
        )
        raise TypeError(msg)
    labels = _as_labels(y)
    if labels:
        warnings.warn(
            f"'y' of {owner} holds {len(y)} times one of {len(labels)} words, "
            f"{', '.join(map(repr, sorted(labels)[:3]))}: these are learned as replies. "
            "To learn the classes of texts, use NGramClassifier.",
            stacklevel=stacklevel,
        )
    return y


def _is_number(value):
    """Whether a value is a number, also True or False, and not a missing one."""
    kind = getattr(getattr(value, "dtype", None), "kind", "O")
    return (isinstance(value, Number) or kind == "b") and bool(value == value)


def _as_labels(y):
    """The different replies, if each is a single word, and few are different.

    >>> sorted(_as_labels(["good", "bad", "good"])), _as_labels(["how are you"] * 9)
    (['bad', 'good'], None)
    """
    labels: set[str] = set()
    for reply in y if np.iterable(y) else [None]:
        if not isinstance(reply, str) or len(reply.split()) != 1:
            return None
        labels.add(reply)
    n = len(y)
    return labels if len(labels) < n and len(labels) <= max(2, n // 2) else None
