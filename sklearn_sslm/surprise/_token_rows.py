"""Rows of tokens, such as numbers of events, become texts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..words import Samples


def as_texts(X: Any) -> Samples:
    """Texts of rows of tokens; samples of any other kind as they are.

    Parameters
    ----------
    X : iterable
        Rows of tokens are lists, tuples or arrays in a list, a tuple, an array of
        objects or a Series. Tokens may be anything; blanks inside of them become "_".

    Returns
    -------
    iterable

    Examples
    --------
    >>> as_texts([[5, 5, 22], ["log in"], []])
    ['5 5 22', 'log_in', '']
    >>> as_texts(["a b"])
    ['a b']
    """
    if isinstance(X, Iterator):
        X = list(X)
    if isinstance(X, np.ndarray) and X.ndim == 1 and X.dtype == object:
        rows = X.tolist()
    elif isinstance(X, (list, tuple)):
        rows = X
    elif hasattr(X, "iloc") and getattr(X, "ndim", 0) == 1:
        rows = list(X)
    else:
        return X
    if not any(isinstance(row, (list, tuple, np.ndarray)) for row in rows):
        return X
    return [_text_of(row) if not isinstance(row, str) else row for row in rows]


def _text_of(row):
    """A text of a row of tokens; what is no row is left to who reads texts."""
    if not isinstance(row, (list, tuple)) and getattr(row, "ndim", 0) != 1:
        return row
    return " ".join("_".join(str(token).split()) or "_" for token in row)
