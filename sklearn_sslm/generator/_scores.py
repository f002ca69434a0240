"""Log probabilities of the tokens of texts, and of replies to messages."""

from __future__ import annotations

import warnings
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from ..base import check_same_length, looks_like_rows, note_use, read, stream_of
from ..ngrams import log_probabilities
from ..utils import Progress
from ..words import Samples, check_texts

_SCORED = 15
"""How much more a word scored would gain by sorted n-grams than one only read."""


class TokenScores(NamedTuple):
    """Scores of the tokens of some texts, one after the other.

    Attributes
    ----------
    log_proba : ndarray of shape (n_positions,), float64
        In nats; 0 at opening boundaries.
    ids : ndarray of shape (n_positions,), int
    starts : ndarray of shape (n_texts,), int
        Where each text begins.
    counts : ndarray of shape (n_positions,), bool
        Whether the token is one that was asked for.
    """

    log_proba: np.ndarray
    ids: np.ndarray
    starts: np.ndarray
    counts: np.ndarray

    @classmethod
    def of(cls, generator, X, y=None):
        """Score every token of texts, or of replies to messages.

        Parameters
        ----------
        generator : NGramTextGenerator
        X, y : as `NGramTextGenerator.score` takes them

        Returns
        -------
        TokenScores
        """
        fitted, batch = read(generator, X)
        if y is None:
            stream = stream_of(batch)
            begins = stream.starts + 1
        else:
            _, replies = read(generator, y, "y", fitted=fitted)
            check_same_length((batch, replies), type(generator).__name__)
            stream = stream_of(batch, replies)
            begins = stream.starts + batch.lengths + 2
        fitted = note_use(generator, fitted, _SCORED * len(stream.ids))
        progress = Progress(generator.verbose, type(generator).__name__)
        track = partial(progress.each, description="scoring", unit=" orders")
        return cls(
            log_proba=log_probabilities(fitted.language_model, stream, track),
            ids=stream.ids,
            starts=stream.starts,
            counts=np.arange(len(stream.ids)) >= np.repeat(begins, stream.lengths),
        )

    def mean(self, unknown, generator):
        """Mean log probability of the tokens asked for, in nats.

        Parameters
        ----------
        unknown : {"include", "exclude"}
            Whether unknown words count.
        generator : NGramTextGenerator
            Who speaks of errors.

        Returns
        -------
        float
        """
        counts = self.counts
        if unknown == "exclude":
            counts = counts & (self.ids >= 0)
        if not counts.any():
            name = type(generator).__name__
            raise ValueError(f"'X' of {name} must hold a token to score. Got none.")
        log_proba = self.log_proba[counts]
        warn_if_impossible(log_proba, generator, stacklevel=5)
        return float(log_proba.mean())


class TextScores(NamedTuple):
    """Scores of some texts.

    Attributes
    ----------
    log_proba : ndarray of shape (n_texts,), float64
        Of each text with its end, in nats.
    n_tokens : ndarray of shape (n_texts,), int64
        Its words and its end.
    """

    log_proba: np.ndarray
    n_tokens: np.ndarray


def scores_of_texts(generator: Any, X: Samples) -> TextScores:
    """Score each text; of equal ones only one is read and scored.

    Parameters
    ----------
    generator : NGramTextGenerator
    X : as `NGramTextGenerator.score_samples` takes it

    Returns
    -------
    TextScores
    """
    X, places = _distinct(X, type(generator).__name__)
    scores = TokenScores.of(generator, X)
    warn_if_impossible(scores.log_proba, generator, stacklevel=4)
    log_proba = np.add.reduceat(scores.log_proba, scores.starts)
    n_tokens = np.add.reduceat(scores.counts, scores.starts, dtype=np.int64)
    return TextScores(log_proba[places], n_tokens[places])


def warn_if_impossible(log_proba, generator, stacklevel):
    """Warn of a probability of 0."""
    if np.isneginf(log_proba).any():
        warnings.warn(
            "A text has probability 0: it holds a word that "
            f"{type(generator.smoothing_).__name__} never saw after the words before "
            "it. A smoothing such as smoothing='kneser_ney' gives every text a "
            "probability.",
            stacklevel=stacklevel,
        )


def _distinct(X, owner):
    """Each text once, and where among these the texts are."""
    if looks_like_rows(X):
        return X, slice(None)
    texts = check_texts(X, owner)
    place = dict(zip(dict.fromkeys(texts), range(len(texts)), strict=False))
    places = np.fromiter(map(place.__getitem__, texts), np.intp, len(texts))
    return list(place), places
