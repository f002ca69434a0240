"""A single text or row of ids, and its words."""

from __future__ import annotations

from numbers import Integral
from typing import Any

import numpy as np

from ..words import Samples, Vocabulary, shown
from ._batch import Batch


def as_sample(text: Any, name: str, owner: str) -> Samples:
    """A single text or row of ids, as samples of size 1.

    >>> as_sample("a b", "text", "Model")
    ['a b']
    >>> as_sample(["a", "b"], "text", "Model")
    Traceback (most recent call last):
    ...
    TypeError: 'text' of Model must be one text, a str, or one row of int ids. Got ...
    """
    if isinstance(text, str):
        return [text]
    if isinstance(text, np.ndarray):
        if text.ndim == 1 and text.dtype.kind in "iu":
            return text[None]
    elif _holds_ids(text):
        return np.array([text], dtype=np.int64)
    msg = (
        f"{name!r} of {owner} must be one text, a str, or one row of int ids. Got "
        f"{shown(text)} instead; explain several texts one by one."
    )
    raise TypeError(msg)


def _holds_ids(text):
    return isinstance(text, (list, tuple)) and all(
        isinstance(word, Integral) for word in text
    )


def words_of(batch: Batch, vocabulary: Vocabulary | None) -> list[str] | list[int]:
    """The words of a single sample as spelled in its text, or its ids.

    Parameters
    ----------
    batch : Batch
    vocabulary : Vocabulary or None

    Returns
    -------
    list of str or of int
    """
    if vocabulary is None:
        return batch.ids.tolist()
    return batch.spelled(vocabulary.word_of)
