"""Checks of arguments that are texts or paths."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from itertools import repeat
from numbers import Real
from typing import Any

from numpy.typing import ArrayLike

Samples = Iterable[str] | Iterable[os.PathLike[str]] | ArrayLike
"""Texts, integer rows, or paths of files."""


_MARK = "\ufeff"
"""The byte order mark."""


def check_texts(X: Any, owner: str, *, name: str = "X") -> list[str]:
    """Return texts as a list of str.

    Parameters
    ----------
    X : iterable of str
        Any iterable: list, tuple, 1-D array, Series, generator, open file.
    owner : str
        Class that the message of an error names.
    name : str, default="X"
        Name of the parameter.

    Raises
    ------
    TypeError
        If `X` is no iterable of str.
    ValueError
        If there is no text.

    Examples
    --------
    >>> check_texts(("a b", "c"), "Model")
    ['a b', 'c']
    >>> check_texts(["a b", None], "Model")
    Traceback (most recent call last):
    ...
    TypeError: Each text in 'X' of Model must be a str. Got None at index 1 instead; ...
    """
    texts = list(check_iterable(X, owner, name=name))
    if not texts:
        msg = f"{name!r} of {owner} must hold at least one text. Got none."
        raise ValueError(msg)
    if set(map(type, texts)) == {str}:
        return _without_marks(texts)
    for index, text in enumerate(texts):
        if not isinstance(text, str):
            msg = (
                f"Each text in {name!r} of {owner} must be a str. Got "
                f"{shown(text)} at index {index} instead; {_advice(text, texts)}."
            )
            raise TypeError(msg)
    return _without_marks(texts)


def _without_marks(texts):
    """Texts without byte order marks, which some programs write before the first letter.

    >>> _without_marks(["\ufeffa b", "c"])
    ['a b', 'c']
    """
    if any(map(str.startswith, texts, repeat(_MARK))):
        return [text.removeprefix(_MARK) for text in texts]
    return texts


def _advice(value, values):
    """The advice, in an error, for a value that is no text.

    >>> _advice(b"a b", [b"a b"]), _advice(None, [None, "a"])
    ('decode it, or open its file as text', 'leave it out. 1 of 2 texts ... .dropna()')
    """
    if isinstance(value, (bytes, bytearray)):
        return "decode it, or open its file as text"
    if isinstance(value, os.PathLike):
        return "read its file, or learn it with input='filename'"
    if not _is_missing(value):
        return "leave it out or turn it into a str"
    n_missing = sum(map(_is_missing, values))
    are = "is" if n_missing == 1 else "are"
    return (
        f"leave it out. {n_missing} of {len(values)} texts {are} missing, which a pandas "
        "column loses by .dropna()"
    )


def _is_missing(value):
    """Whether a value is missing: None, NaN, or pandas' NA and NaT."""
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    return isinstance(value, Real) and bool(value != value)


def check_paths(X: Any, owner: str, *, name: str = "X") -> list[str]:
    """Return paths of files as a list of str.

    Parameters
    ----------
    X : iterable of str or os.PathLike
    owner, name : str
        As `check_texts` takes them.

    Raises
    ------
    TypeError
        If `X` is no iterable of paths.
    ValueError
        If there is no path, or an empty one.

    Examples
    --------
    >>> check_paths(["news.txt", "letters.txt.gz"], "Model")
    ['news.txt', 'letters.txt.gz']
    >>> check_paths("news.txt", "Model")
    Traceback (most recent call last):
    ...
    TypeError: 'X' of Model must be an iterable of paths with input='filename'. Got ...
    """
    if isinstance(X, (str, bytes, os.PathLike)) or not isinstance(X, Iterable):
        reason = f"{shown(X)}; put it in a list: [path]"
        raise TypeError(_no_paths(reason, owner, name))
    paths = list(X)
    for path in paths:
        if not isinstance(path, (str, os.PathLike)):
            raise TypeError(_no_paths(shown(path) + " among them", owner, name))
    if not paths:
        msg = f"{name!r} of {owner} must hold at least one path. Got none."
        raise ValueError(msg)
    paths = list(map(os.fsdecode, paths))  # the path of a PathLike may be bytes
    if "" in paths:
        msg = (
            f"Each path in {name!r} of {owner} must name a file. Got '' at index "
            f"{paths.index('')} instead; leave it out."
        )
        raise ValueError(msg)
    return paths


def _no_paths(reason, owner, name):
    return (
        f"{name!r} of {owner} must be an iterable of paths with input='filename'. Got "
        f"{reason}."
    )


def check_iterable(X, owner, *, name="X"):
    """Return `X` in memory if it is an iterable of samples; else raise a TypeError."""
    if isinstance(X, list):
        return X
    X = _in_memory(X)
    if isinstance(X, str):
        reason = f"the single text {shown(X)}; put it in a list: [text]"
    elif isinstance(X, os.PathLike):
        reason = f"{shown(X)}; learn files with input='filename' and a list: [path]"
    elif isinstance(X, (bytes, bytearray)):
        reason = f"{type(X).__name__}; decode it and put it in a list"
    elif isinstance(X, Mapping) or hasattr(X, "columns"):
        reason = (
            f"a {type(X).__name__}, which is gone through by its keys; give the column "
            "that holds the texts"
        )
    elif not isinstance(X, Iterable) or getattr(X, "ndim", 1) == 0:
        reason = shown(X)
    elif getattr(X, "ndim", 1) > 1:
        reason = f"an array of shape {getattr(X, 'shape', ())}; use X.ravel()"
    else:
        return X
    msg = f"{name!r} of {owner} must be a 1-D iterable of texts. Got {reason}."
    raise TypeError(msg)


def _in_memory(X):
    """Texts of other libraries as str in memory."""
    if hasattr(X, "__dask_graph__"):
        X = X.compute()
    if hasattr(X, "to_pylist") and not hasattr(X, "columns"):
        return X.to_pylist()  # iterating an array of pyarrow yields pyarrow scalars
    return X


def shown(value: object) -> str:
    """The repr of a value, shortened for a message.

    >>> shown("x" * 100)
    "'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx..."
    """
    text = repr(value[:100] if isinstance(value, (str, bytes)) else value)
    return text if len(text) <= 40 else text[:37] + "..."
