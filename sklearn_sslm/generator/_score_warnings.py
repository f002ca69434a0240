"""Warnings about texts with probability 0, and about probabilities above 1."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..base import fitted_model
from ..smoothing import KneserNey

_ROUNDED = 1e-6
"""Positive log probabilities up to this are rounding errors of 0."""


def warn_of_scores(
    log_proba: NDArray, is_unknown: NDArray, generator: Any, stacklevel: int
) -> None:
    """Warn of tokens with probability 0, or with one above 1.

    Parameters
    ----------
    log_proba : ndarray of shape (n_tokens,), float64
    is_unknown : ndarray of shape (n_tokens,), bool
        Whether the token is an unknown word.
    generator : NGramTextGenerator
        The generator that scored them; the warning says what to change in it.
    stacklevel : int
        That of `warnings.warn`, counted from the caller of this function.
    """
    impossible = np.isneginf(log_proba)
    if impossible.any():
        message = _impossible(generator, (impossible & is_unknown).any())
        warnings.warn(message, stacklevel=stacklevel + 1)
    warn_above_1(log_proba, stacklevel + 1)


def warn_above_1(log_proba: NDArray, stacklevel: int) -> None:
    """Warn of tokens with a probability above 1.

    Parameters
    ----------
    log_proba : ndarray of shape (n_tokens,), float64
    stacklevel : int
        That of `warnings.warn`, counted from the caller of this function.
    """
    if (log_proba > _ROUNDED).any():
        warnings.warn(
            "A word has a log probability above 0, that is a probability above 1: the "
            "probabilities and backoff weights of the ARPA file that the model was read "
            "from sum to more than 1. Read the file again with read_arpa, which names the "
            "line, and correct it.",
            stacklevel=stacklevel + 1,
        )


def _impossible(generator, is_unknown):
    """The message about a text of probability 0, with what to change in the generator."""
    exclude = (
        "Leave unknown words out, as score_texts, score and perplexity do with "
        "unknown='exclude'"
    )
    if fitted_model(generator).language_model.is_stored:
        if is_unknown:
            return (
                "A text has probability 0: it has an unknown word, and the ARPA file of "
                "this model has no probability for unknown words. "
                f"{exclude}, or read the file with a probability for them: "
                "read_arpa(path, unknown_log_proba=-7)."
            )
        return (
            "A text has probability 0: by the ARPA file of this model, one of its words "
            "has probability 0 after the words before it. A model that was read cannot "
            "be smoothed; write the file from a smoothed one, such as with "
            "smoothing='kneser_ney'."
        )
    smoothing = generator.smoothing_
    other = "witten_bell" if isinstance(smoothing, KneserNey) else "kneser_ney"
    message = (
        f"A text has probability 0: it has a word that {type(smoothing).__name__} never "
        f"saw after the words before it. A smoothing such as smoothing={other!r} gives "
        "every text a probability."
    )
    return f"{message} {exclude} to score the others." if is_unknown else message
