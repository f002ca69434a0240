"""Tables that explain the probability of each token of texts."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..base import (
    Batch,
    FittedModel,
    NGramEstimator,
    as_sample,
    check_same_length,
    fitted_model,
    read,
    stream_of,
    words_of,
)
from ..ngrams import BOUNDARY, Origins, origins
from ..utils import as_frame_of, check_flag, import_extra
from ..words import UNKNOWN, Samples
from ._matching import matched
from ._score_warnings import warn_above_1
from ._scores import tracked
from ._with_memory import remembered

_OF_ONE_TEXT = ("word", "probability", "surprise", "order", "weight")
_OF_TEXTS = ("text", "position", "word", "log_proba", "order", "weight")
_INTEGERS = ("text", "position", "order")


def table_of_tokens(model: Any, X: Samples, as_frame: bool = False) -> Any:
    """The table that `NGramTextGenerator.score_tokens` returns.

    Parameters
    ----------
    model : NGramTextGenerator
    X, as_frame
        Those of the method.

    Returns
    -------
    ndarray or DataFrame
    """
    owner = type(model).__name__ + ".score_tokens"
    check_flag(as_frame, "as_frame", owner)
    pandas = import_extra("pandas", f"{owner}(as_frame=True)") if as_frame else None
    fitted, batch = read(model, X, distinct=model.memory is None)
    stream = stream_of(batch)
    tokens = _Tokens.of(model, fitted, stream)
    if model.memory is not None:
        tokens = tokens.remembered(model.memory, fitted, stream, batch.unknown)
    table = tokens.table(_OF_TEXTS, words_of(batch, fitted.vocabulary))
    warn_above_1(table["log_proba"], stacklevel=3)
    if batch.places is not None:  # repeat equal texts
        table = table[tokens.rows_of(batch.places)]
        n_tokens = tokens.n_tokens[batch.places]
        table["text"] = np.repeat(np.arange(len(n_tokens)), n_tokens)
    return table if pandas is None else as_frame_of(pandas, table)


def explain_text(model, text, message=None, as_frame=False):
    """The table that `NGramTextGenerator.explain` returns.

    Parameters
    ----------
    model : NGramTextGenerator
        A fitted one.
    text, message, as_frame
        Those of the method.

    Returns
    -------
    ndarray or DataFrame
    """
    owner = type(model).__name__ + ".explain"
    check_flag(as_frame, "as_frame", owner)
    pandas = import_extra("pandas", f"{owner}(as_frame=True)") if as_frame else None
    fitted = fitted_model(model)
    _, batch = read(model, as_sample(text, "text", owner), "text", fitted=fitted)
    before = None
    if message is not None:
        sample = as_sample(message, "message", owner)
        _, before = read(model, sample, "message", fitted=fitted)
        before = matched(before, fitted, model.match)
        check_same_length((before, batch), owner)
    table = explained(model, fitted, batch, before)
    warn_above_1(-table["surprise"], stacklevel=3)
    return table if pandas is None else as_frame_of(pandas, table)


def explain_words(
    model: NGramEstimator, words: list[str], message: str | None = None
) -> NDArray:
    """Explain a text that is given by its words.

    Parameters
    ----------
    model : NGramTextGenerator
        A fitted one that knows words.
    words : list of str
        The words of the text, however its text is split.
    message : str, default=None
        The message that the text replies to.

    Returns
    -------
    ndarray
        As `explain_text` returns it.

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
        before = matched(before, fitted, model.match)
    batch = Batch(ids, np.array([len(ids)]))
    return explained(model, fitted, batch, before, words)


def explained(
    model: NGramEstimator,
    fitted: FittedModel,
    batch: Batch,
    before: Batch | None = None,
    words: list[Any] | None = None,
) -> NDArray:
    """The table of a single text that was read.

    Parameters
    ----------
    model : NGramTextGenerator
    fitted : FittedModel
        What it has learned.
    batch : Batch
        The text.
    before : Batch, default=None
        The message that it replies to.
    words : list of str, default=None
        The words of the text. None are those of `batch`.

    Returns
    -------
    ndarray
        As `explain_text` returns it.
    """
    words = words_of(batch, fitted.vocabulary) if words is None else words
    stream = stream_of(batch) if before is None else stream_of(before, batch)
    return _Tokens.of(model, fitted, stream).table(_OF_ONE_TEXT, words)


class _Tokens(NamedTuple):
    """The tokens of some texts, one text after the other, and their explanations.

    Attributes
    ----------
    ids : ndarray of shape (n_tokens,), int32
        0 is the end of a text.
    position : ndarray of shape (n_tokens,), int64
        Place in the text, from 0.
    n_tokens : ndarray of shape (n_texts,), int64
        Number of tokens of each text.
    origins : Origins
        The n-gram that the probability of each token comes from.
    """

    ids: np.ndarray
    position: np.ndarray
    n_tokens: np.ndarray
    origins: Origins

    @classmethod
    def of(cls, model, fitted, stream):
        """Explain the texts of a stream."""
        found = origins(fitted.language_model, stream, tracked(model))
        n_tokens = stream.lengths - stream.n_before
        place = stream.places() - np.repeat(stream.n_before, stream.lengths)
        is_token = place >= 0
        return cls(stream.ids[is_token], place[is_token], n_tokens, found)

    def remembered(self, memory, fitted, stream, unknown):
        """The same tokens with their probabilities under a memory of the texts so far."""
        scored = ~stream.is_given()
        log_proba = np.zeros(len(scored))
        with np.errstate(divide="ignore"):
            log_proba[scored] = np.log(self.origins.p)
        log_proba = remembered(
            memory, fitted, stream, log_proba, scored, (None, unknown)
        )
        p = np.exp(log_proba[scored])
        return self._replace(origins=self.origins._replace(p=p))

    def table(self, columns, words):
        """A structured array with some columns, a row for each token."""
        has_words = not words or isinstance(words[0], str)
        word = np.zeros(len(self.ids), dtype=object if has_words else np.int64)
        word[self.ids == BOUNDARY] = "" if has_words else BOUNDARY
        word[self.ids != BOUNDARY] = words
        p = self.origins.p
        with np.errstate(divide="ignore"):
            values = {
                "text": np.repeat(np.arange(len(self.n_tokens)), self.n_tokens),
                "position": self.position,
                "word": word,
                "probability": p,
                "log_proba": np.log(p),
                "surprise": 0 - np.log2(p),  # no -0.0
                "order": self.origins.order,
                "weight": self.origins.weight,
            }
        kinds = dict.fromkeys(_INTEGERS, np.int64) | {"word": word.dtype}
        fields = [(name, kinds.get(name, np.float64)) for name in columns]
        table = np.empty(len(p), dtype=fields)
        for name in columns:
            table[name] = values[name]
        return table

    def rows_of(self, texts):
        """Rows of the tokens of some texts, one text after the other."""
        # Texts of two tokens and of one; texts [1, 0] -> [0, 1, 2] + [2, -1, -1].
        ends = np.cumsum(self.n_tokens)
        n_tokens = self.n_tokens[texts]
        shift = ends[texts] - np.cumsum(n_tokens)
        return np.arange(n_tokens.sum()) + np.repeat(shift, n_tokens)
