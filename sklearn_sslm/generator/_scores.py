"""Log probabilities of texts and their tokens, and of replies to messages."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..base import FittedModel, check_same_length, read, stream_of
from ..ngrams import TokenStream, log_probabilities, score_stream
from ..utils import Progress
from ..words import Samples
from ._matching import matched
from ._score_warnings import warn_of_scores
from ._with_memory import remembered


def tracked(generator: Any) -> Callable:
    """The `track` argument of `score_stream`, which shows a progress bar."""
    progress = Progress(generator.verbose, type(generator).__name__)
    return partial(progress.each, description="scoring", unit=" steps")


class TokenScores(NamedTuple):
    """Scores of the tokens of some texts, one after the other.

    Attributes
    ----------
    log_proba : ndarray of shape (n_positions,), float64
        In nats; 0 at opening boundaries.
    stream : TokenStream
        The tokens.
    known : ndarray of shape (n_positions,), bool, or None
        Whether the last n − 1 words before it were seen with a word after them; None
        if that is not asked for.
    """

    log_proba: np.ndarray
    stream: TokenStream
    known: Any = None

    @classmethod
    def of(cls, generator: Any, X: Samples, y: Samples | None = None) -> TokenScores:
        """Score every token of texts, or of replies to messages.

        Parameters
        ----------
        generator : NGramTextGenerator
        X, y : those of `NGramTextGenerator.score`

        Returns
        -------
        TokenScores
        """
        fitted, batch = read(generator, X)
        if y is None:
            return cls.of_stream(
                generator, fitted, stream_of(batch), (None, batch.unknown)
            )
        batch = matched(batch, fitted, generator.match)
        _, replies = read(generator, y, "y", fitted=fitted)
        check_same_length((batch, replies), type(generator).__name__)
        stream = stream_of(batch, replies)
        unknown = batch.unknown, replies.unknown
        return cls.of_stream(generator, fitted, stream, unknown)

    @classmethod
    def of_stream(
        cls,
        generator: Any,
        fitted: FittedModel,
        stream: TokenStream,
        unknown: tuple[list[str] | None, list[str] | None] = (None, None),
        *,
        with_known: bool = False,
    ) -> TokenScores:
        """Score the tokens of a stream.

        Parameters
        ----------
        generator : NGramTextGenerator
        fitted : FittedModel
            The model that the generator has learned.
        stream : TokenStream
        unknown : tuple of (list of str or None)
            The unknown words of the tokens that are not scored, and those of the others,
            in order, for a generator with a memory. None if they are not spelled.
        with_known : bool, default=False
            Whether to find `known`.

        Returns
        -------
        TokenScores
        """
        model, track = fitted.language_model, tracked(generator)
        if not with_known:
            tokens = cls(log_probabilities(model, stream, track), stream)
        else:
            scores = score_stream(model, stream, track)
            tokens = cls(scores.log_proba, stream, scores.known)
        if generator.memory is None:
            return tokens
        log_proba = remembered(
            generator.memory,
            fitted,
            stream,
            tokens.log_proba,
            tokens.is_scored,
            unknown,
        )
        return tokens._replace(log_proba=log_proba)

    @property
    def is_scored(self) -> NDArray[np.bool_]:
        """Whether each token is scored: no opening boundary, and none of a message."""
        return ~self.stream.is_given()

    @property
    def is_unknown(self) -> NDArray[np.bool_]:
        """Whether each token is an unknown word."""
        return self.stream.ids < 0

    def counted(self, unknown: str) -> NDArray[np.bool_]:
        """Whether each token counts: it is scored, and no unknown word that is excluded."""
        if unknown == "exclude":
            return self.is_scored & ~self.is_unknown
        return self.is_scored

    def mean(self, unknown: str, generator: Any) -> float:
        """Mean log probability of the tokens that count, in nats.

        Parameters
        ----------
        unknown : {"include", "exclude"}
            Whether unknown words count.
        generator : NGramTextGenerator
            Named by messages of errors and warnings.

        Returns
        -------
        float
        """
        counts = self.counted(unknown)
        if not counts.any():
            name = type(generator).__name__
            raise ValueError(f"'X' of {name} must hold a token to score. Got none.")
        self.warn(generator, unknown, stacklevel=4)
        return float(self.log_proba[counts].mean())

    def warn(
        self, generator: Any, unknown: str = "include", stacklevel: int = 2
    ) -> None:
        """Warn if a token that counts has probability 0, or one above 1.

        Parameters
        ----------
        generator : NGramTextGenerator
            The generator that scored them.
        unknown : {"include", "exclude"}, default="include"
            Whether unknown words count.
        stacklevel : int, default=2
            That of `warnings.warn`, counted from the caller of this function.
        """
        if -np.inf < self.log_proba.min() and self.log_proba.max() <= 0:
            return
        counts = self.counted(unknown)
        warn_of_scores(
            self.log_proba[counts], self.is_unknown[counts], generator, stacklevel + 1
        )


class LogProbabilities(NamedTuple):
    """Scores of some texts.

    Attributes
    ----------
    log_proba : ndarray of shape (n_texts,), float64
        Natural log probability of each text, its end included.
    n_tokens : ndarray of shape (n_texts,), int64
        Number of tokens: words and, unless the text was truncated, its end.
    """

    log_proba: np.ndarray
    n_tokens: np.ndarray


def scores_of_texts(generator: Any, X: Samples) -> LogProbabilities:
    """Score each text; without a memory, equal texts are read and scored only once.

    Parameters
    ----------
    generator : NGramTextGenerator
    X : that of `NGramTextGenerator.score_samples`

    Returns
    -------
    LogProbabilities
    """
    fitted, batch = read(generator, X, distinct=generator.memory is None)
    stream = stream_of(batch)
    scores = TokenScores.of_stream(generator, fitted, stream, (None, batch.unknown))
    scores.warn(generator, stacklevel=3)
    log_proba = np.add.reduceat(scores.log_proba, stream.starts)
    n_tokens = stream.lengths - 1  # all but the opening boundary
    places = slice(None) if batch.places is None else batch.places
    return LogProbabilities(log_proba[places], n_tokens[places])


def check_unknown(unknown: str, owner: str) -> None:
    """Raise a ValueError unless `unknown` is one of its choices."""
    if not isinstance(unknown, str) or unknown not in ("include", "exclude"):
        msg = (
            f"The 'unknown' parameter of {owner} must be 'include' or 'exclude'. Got "
            f"{unknown!r} instead."
        )
        raise ValueError(msg)
