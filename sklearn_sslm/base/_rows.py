"""Reading integer rows."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import issparse

from ..words import UNKNOWN, WordIds
from ._batch import Batch

MAX_IDS = 2**24
"""Number of ids that rows without words may use: memory is allocated for each."""


def looks_like_rows(X: Any) -> bool:
    """Whether samples look like integer rows, rather than texts."""
    if isinstance(X, (list, tuple)):
        return bool(X) and isinstance(X[0], (list, tuple, np.ndarray))
    if hasattr(X, "columns") and getattr(X, "ndim", 2) == 2:
        dtypes = getattr(X, "dtypes", ())
        return len(dtypes) > 0 and all(getattr(t, "kind", "O") in "iuf" for t in dtypes)
    return getattr(getattr(X, "dtype", None), "kind", "O") in "iufcb"


def read_rows(X: Any, owner: str, *, name: str = "X") -> Batch:
    """Read integer rows, each up to its first padding.

    Parameters
    ----------
    X : array-like of shape (n_samples, n_columns), int
        Rows of ids, 0 being the padding and −1 an unknown word, or `WordIds`.
    owner, name : str
        Class and parameter that the message of an error names.

    Returns
    -------
    Batch

    Raises
    ------
    ValueError
        If `X` is not 2-D, not of int, empty, or holds an id below −1 or too high.

    Examples
    --------
    >>> batch = read_rows([[1, 2, 0, 0], [3, 1, 1, 2]], "Model")
    >>> batch.ids, batch.lengths, batch.closed
    (array([1, 2, 3, 1, 1, 2], dtype=int32), array([2, 4]), array([ True, False]))
    """
    carries = isinstance(X, WordIds) and X.words is not None
    rows = _as_2d_integers(X, owner, name)
    padding = rows == (X.padding_value if carries else 0)
    if carries and X.padding == "pre":
        inside = np.cumsum(padding[:, ::-1], axis=1)[:, ::-1] == 0
    else:
        inside = np.cumsum(padding, axis=1) == 0
    unknown = rows == (X.unknown_value if carries else UNKNOWN)
    limit = len(X.words) if carries else MAX_IDS
    wrong = inside & ~unknown & ((rows < 1) | (rows >= limit))
    if wrong.any():
        row, column = np.argwhere(wrong)[0]
        msg = (
            f"Integer rows in {name!r} of {owner} must hold ids from 1 to {limit - 1}, "
            f"0 as padding, and -1 for an unknown word. Got {rows[row, column]} in row "
            f"{row}."
        )
        raise ValueError(msg)
    return Batch(
        np.where(unknown, UNKNOWN, rows)[inside].astype(np.int32),
        inside.sum(axis=1),
        closed=padding.any(axis=1),
        words=X.words if carries else None,
        tokenizer=X.tokenizer if carries else None,
        is_closed=bool(carries and X.is_closed),
    )


def _as_2d_integers(X, owner, name):
    if issparse(X):
        msg = (
            f"Integer rows in {name!r} of {owner} must be a dense array. Got a sparse "
            "one; use X.toarray()."
        )
        raise TypeError(msg)
    try:
        rows = np.asarray(X)
    except ValueError:  # rows of different lengths
        rows = np.empty(0, dtype=object)
    if _are_words(X):
        msg = (
            f"{name!r} of {owner} must be texts or integer rows. Got lists of words; "
            'join the words of each: [" ".join(words) for words in X].'
        )
        raise TypeError(msg)
    if rows.ndim != 2 or rows.dtype.kind not in "iu":
        msg = (
            f"Integer rows in {name!r} of {owner} must be a 2-D array of int, as "
            f"WordIndexTransformer.transform gives it. Got {rows.ndim}-D "
            f"{rows.dtype} instead."
        )
        raise ValueError(msg)
    if not len(rows):
        raise ValueError(f"{name!r} of {owner} must hold at least one row. Got none.")
    return rows


def _are_words(X):
    """Whether samples are lists of words, as of other libraries."""
    return isinstance(X, (list, tuple)) and any(
        isinstance(words, (list, tuple)) and words and isinstance(words[0], str)
        for words in X
    )
