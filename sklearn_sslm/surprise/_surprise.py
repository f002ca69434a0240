"""The surprise of each token of texts, and statistics of these for each text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..base import FittedModel, NGramEstimator, fitted_model, read, stream_of
from ..ngrams import (
    BOUNDARY,
    TokenStream,
    TokenSurprises,
    leave_one_out,
    token_surprises,
)
from ..words import UNKNOWN, Samples, WordIds
from ._token_rows import as_texts


@dataclass(frozen=True)
class Surprise:
    """The surprises of the tokens of texts, in bits, and statistics for each text.

    Attributes
    ----------
    stream : TokenStream
        The texts.
    tokens : TokenSurprises
    places : ndarray of int, or None
        The index of each given text in `stream`, if equal texts are there once.
    """

    stream: TokenStream
    tokens: TokenSurprises
    places: np.ndarray | None = None

    @classmethod
    def of_new(cls, estimator: NGramEstimator, X: Samples) -> Surprise:
        """The surprises of new texts.

        Parameters
        ----------
        estimator : NGramEstimator
        X : as `NGramOutlierDetector.score_samples` takes it

        Returns
        -------
        Surprise
        """
        fitted = fitted_model(estimator)
        X = _with_unknown_ids(samples_of(estimator, X), fitted)
        fitted, batch = read(estimator, X, fitted=fitted, distinct=True)
        stream, places = stream_of(batch), batch.places
        return cls(stream, token_surprises(fitted.language_model, stream), places)

    @classmethod
    def of_learned(cls, fitted: FittedModel) -> Surprise:
        """The surprises of the distinct texts learned, each by the model without it.

        Parameters
        ----------
        fitted : FittedModel
            With its texts.

        Returns
        -------
        Surprise
        """
        assert fitted.texts is not None
        stream = fitted.texts.distinct
        return cls(stream, leave_one_out(fitted.language_model, stream))

    def aggregate(self, how: str | Callable) -> NDArray[np.float64]:
        """One number for each text.

        Parameters
        ----------
        how : str or callable
            As `NGramOutlierDetector` takes `aggregate`.

        Returns
        -------
        ndarray of shape (n_texts,), float64
        """
        numbers = self._apply(how) if callable(how) else getattr(self, how)()
        return numbers if self.places is None else numbers[self.places]

    @property
    def bits(self) -> NDArray[np.float64]:
        """−log2 p of each position, 0 at opening boundaries."""
        return _bits(self.tokens.log_proba)

    @property
    def n_tokens(self) -> NDArray[np.int64]:
        """Number of tokens of each text: its words and its end."""
        return self.stream.lengths - 1

    def max(self) -> NDArray[np.float64]:
        """The largest surprise of each text."""
        return np.maximum.reduceat(self.bits, self.stream.starts)

    def mean(self) -> NDArray[np.float64]:
        """The mean surprise of each text."""
        return self._mean(self.bits)

    def std(self) -> NDArray[np.float64]:
        """The standard deviation of the surprises of each text."""
        with np.errstate(invalid="ignore"):  # of infinite ones there is none
            off = self.bits - np.repeat(self.mean(), self.stream.lengths)
        off[self.stream.starts] = 0
        return np.sqrt(self._mean(off**2))

    def end(self) -> NDArray[np.float64]:
        """The surprise of the end of each text, 0 where it was cut off."""
        last = np.cumsum(self.stream.lengths) - 1
        return np.where(self.stream.ids[last] == BOUNDARY, self.bits[last], 0)

    def share_unseen(self) -> NDArray[np.float64]:
        """The share of tokens that were never seen after the n − 1 tokens before them."""
        return self._mean(self.tokens.is_unseen)

    def share_unknown(self) -> NDArray[np.float64]:
        """The share of tokens that are unknown words."""
        return self._mean(self.tokens.is_unknown)

    def prior(self) -> NDArray[np.float64]:
        """The mean surprise of the tokens of each text by their unigram probabilities."""
        return self._mean(_bits(self.tokens.log_prior))

    def length(self) -> NDArray[np.float64]:
        """`n_tokens` as float64."""
        return self.n_tokens.astype(np.float64)

    def _mean(self, values):
        sums = np.add.reduceat(values, self.stream.starts, dtype=np.float64)
        return sums / np.maximum(self.n_tokens, 1)

    def _apply(self, function):
        ends = np.cumsum(self.stream.lengths)
        bits, numbers = self.bits, np.empty(len(ends))
        for i, (start, end) in enumerate(zip(self.stream.starts, ends, strict=True)):
            value = function(bits[start + 1 : end])
            try:
                numbers[i] = value
            except (TypeError, ValueError):
                numbers[i] = np.nan
            if np.isnan(numbers[i]):
                msg = (
                    "A callable 'aggregate' must make a number of an array of the "
                    f"surprises of one text. Got {value!r:.80}."
                )
                raise ValueError(msg)
        return numbers


def samples_of(estimator: NGramEstimator, X: Samples) -> Samples:
    """Samples with rows of tokens as texts, unless rows of ids were learned.

    Parameters
    ----------
    estimator : NGramEstimator
        Fitted or not.
    X : as `NGramOutlierDetector.fit` takes it

    Returns
    -------
    iterable

    Raises
    ------
    TypeError
        If texts or tokens were learned, and `X` is an array of int without words.
    """
    index = getattr(estimator, "word_index_", ...)
    if index is None:
        return X
    if index is not ... and _are_plain_rows(X):
        msg = (
            f"'X' of {type(estimator).__name__} must be texts or lists of tokens, as "
            "those learned. Got an array of int, which may be of tokens or of ids; pass "
            "X.tolist(), or what the transform of its word_index_ returns."
        )
        raise TypeError(msg)
    return as_texts(X)


def _are_plain_rows(X):
    """Whether samples are an array of int that carries no words."""
    is_plain = isinstance(X, np.ndarray) and not isinstance(X, WordIds)
    return is_plain and X.ndim == 2 and X.dtype.kind in "iu"


def _with_unknown_ids(X, fitted):
    """Integer rows without words, in which ids that were never learned are unknown."""
    if fitted.word_index is not None or isinstance(X, (str, WordIds)):
        return X
    rows = np.asarray(X)
    if rows.ndim != 2 or rows.dtype.kind not in "iu":
        return X
    return np.where(rows < fitted.n_ids, rows, UNKNOWN)


def _bits(log_p):
    return 0 - log_p / np.log(2)  # no -0.0
