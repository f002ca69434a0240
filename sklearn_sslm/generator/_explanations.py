"""What the engine explains, told in words."""

from __future__ import annotations

from numbers import Integral
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..base import (
    Batch,
    NGramEstimator,
    check_same_length,
    fitted_model,
    read,
    stream_of,
)
from ..ngrams import explain_texts
from ..utils import import_extra
from ..words import UNKNOWN, Samples, Vocabulary, shown

_FIELDS = [
    ("word", object),
    ("probability", np.float64),
    ("surprise", np.float64),
    ("order", np.int64),
    ("weight", np.float64),
]


def explain_text(model, text, message=None, as_frame=False):
    """Explain a text, as `NGramTextGenerator.explain` documents.

    Parameters
    ----------
    model : NGramTextGenerator
        A fitted one.
    text, message, as_frame
        As the method takes them.

    Returns
    -------
    ndarray or DataFrame
    """
    owner = type(model).__name__ + ".explain"
    pandas = import_extra("pandas", f"{owner}(as_frame=True)") if as_frame else None
    fitted = fitted_model(model)
    _, batch = read(model, as_sample(text, "text", owner), "text", fitted=fitted)
    before = None
    if message is not None:
        sample = as_sample(message, "message", owner)
        _, before = read(model, sample, "message", fitted=fitted)
        check_same_length((before, batch), owner)
    table = _explained(fitted, words_of(batch, fitted.vocabulary), batch, before)
    if pandas is None:
        return table
    return pandas.DataFrame({name: table[name] for name in table.dtype.names})


def explain_words(
    model: NGramEstimator, words: list[str], message: str | None = None
) -> NDArray:
    """Explain a text by its words, which need not be those that its text is split into.

    Parameters
    ----------
    model : NGramTextGenerator
        A fitted one that knows words.
    words : list of str
    message : str, default=None
        What the text replies to.

    Returns
    -------
    ndarray
        As `explain_text` gives it.

    Examples
    --------
    >>> from sklearn_sslm import NGramTextGenerator, WordIndexTransformer
    >>> model = NGramTextGenerator(word_index=WordIndexTransformer(tokenizer=list))
    >>> explain_words(model.fit(["ab", "ac"]), ["a", "c"])["probability"]
    array([1. , 0.5, 1. ])
    """
    fitted = fitted_model(model)
    assert fitted.vocabulary is not None  # it knows words
    known = fitted.vocabulary
    ids = np.array([known.get(word, UNKNOWN) for word in words], dtype=np.int32)
    before = None
    if message is not None:
        _, before = read(model, [message], "message", fitted=fitted)
    return _explained(fitted, words, Batch(ids, np.array([len(ids)])), before)


def _explained(fitted, words, batch, before):
    """What is explained of a single sample, after a message if there is one."""
    if before is None:
        stream, skipped = stream_of(batch), 0
    else:
        stream, skipped = stream_of(before, batch), int(before.lengths[0]) + 1
    explanation = explain_texts(fitted.language_model, stream)
    n_predictions = len(explanation.p) - skipped
    end = 0 if fitted.word_index is None else ""
    table = np.empty(n_predictions, dtype=_fields(fitted.word_index))
    table["word"] = [*words, end][:n_predictions]  # a text cut off has no end
    table["probability"] = explanation.p[skipped:]
    with np.errstate(divide="ignore"):
        table["surprise"] = 0 - np.log2(table["probability"])  # no -0.0
    table["order"] = explanation.order[skipped:]
    table["weight"] = explanation.weight[skipped:]
    return table


def as_sample(text: Any, name: str, owner: str) -> Samples:
    """A single text or row of ids, as the only one of some samples.

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
    """The words of a single sample, as it spells them, or its ids.

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


def _fields(index):
    """The columns; words are ids where there are no words."""
    return [("word", np.int64), *_FIELDS[1:]] if index is None else _FIELDS
