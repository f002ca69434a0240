"""Which words of a text speak for which class."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import logsumexp

from ..base import FittedClasses, as_sample, read, stream_of, words_of
from ..ngrams import class_token_log_probabilities
from ..utils import check_flag, import_extra


def explain_text(model: Any, text: Any, as_frame: bool = False) -> Any:
    """Make the table that `NGramClassifier.explain` documents.

    Parameters
    ----------
    model : NGramClassifier
        A fitted one.
    text, as_frame
        As the method takes them.

    Returns
    -------
    structured ndarray or DataFrame
    """
    owner = type(model).__name__ + ".explain"
    check_flag(as_frame, "as_frame", owner)
    pandas = import_extra("pandas", f"{owner}(as_frame=True)") if as_frame else None
    fitted, batch = read(model, as_sample(text, "text", owner), "text")
    assert isinstance(fitted, FittedClasses)
    log_p = class_token_log_probabilities(fitted.language_model, stream_of(batch))[1:]
    table = _table(fitted, words_of(batch, fitted.vocabulary), evidence_of(log_p))
    if pandas is None:
        return table
    columns = {"word": table["word"], "speaks_for": table["speaks_for"]}
    for label, column in zip(fitted.classes.tolist(), table["evidence"].T, strict=True):
        columns[label] = column
    return pandas.DataFrame(columns)


def evidence_of(log_p: np.ndarray) -> np.ndarray:
    """How much likelier tokens are in each class than in the classes on average, in bits.

    Parameters
    ----------
    log_p : ndarray of shape (n_tokens, n_classes), float64
        In nats.

    Returns
    -------
    ndarray of shape (n_tokens, n_classes), float64
        0 where a token is impossible in all classes.

    Examples
    --------
    >>> evidence_of(np.log([[0.5, 0.125, 0.125], [0.2, 0.2, 0.2]])).round(2) + 0.0
    array([[ 1., -1., -1.],
           [ 0.,  0.,  0.]])
    """
    mean = logsumexp(log_p, axis=1, keepdims=True) - np.log(log_p.shape[1])
    difference = np.zeros_like(log_p)
    np.subtract(log_p, mean, out=difference, where=np.isfinite(mean))
    return difference / np.log(2)


def _table(fitted, words, evidence):
    has_words = fitted.word_index is not None
    fields = [
        ("word", object if has_words else np.int64),
        ("speaks_for", fitted.classes.dtype),
        ("evidence", np.float64, (len(fitted.classes),)),
    ]
    table = np.empty(len(evidence), dtype=fields)
    table["word"] = [*words, "" if has_words else 0][: len(evidence)]
    table["speaks_for"] = fitted.classes[evidence.argmax(axis=1)]
    table["evidence"] = evidence
    return table
