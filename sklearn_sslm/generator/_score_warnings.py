"""Warnings about scores that no comparison can use."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..base import fitted_model
from ..smoothing import KneserNey

_ROUNDED = 1e-6
"""Log probabilities up to here are 0 that was rounded."""


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
        What scored them: the warning names what can be done for it.
    stacklevel : int
        As `warnings.warn` takes it, for who calls this.
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
        As `warnings.warn` takes it, for who calls this.
    """
    if (log_proba > _ROUNDED).any():
        warnings.warn(
            "A word has a score above 0, which is a probability above 1: probabilities "
            "of the ARPA file that the model was read from add up to more than 1 through "
            "backoff weights. read_arpa names the line.",
            stacklevel=stacklevel + 1,
        )


def _impossible(generator, is_unknown):
    """The message about a text of probability 0, for this generator."""
    exclude = (
        "Leave unknown words out, as score_texts, score and perplexity do with "
        "unknown='exclude'"
    )
    if fitted_model(generator).language_model.is_stored:
        if is_unknown:
            return (
                "A text has probability 0: it holds an unknown word, to which the ARPA "
                f"file that the model was read from gives none. {exclude}, or read the "
                "file with a probability for them: read_arpa(path, "
                "unknown_log_proba=-7)."
            )
        return (
            "A text has probability 0: it holds a word to which the ARPA file that the "
            "model was read from gives none after the words before it. What was read "
            "cannot be smoothed; the model that is written has to be, as with "
            "smoothing='kneser_ney'."
        )
    smoothing = generator.smoothing_
    other = "witten_bell" if isinstance(smoothing, KneserNey) else "kneser_ney"
    message = (
        f"A text has probability 0: it holds a word that {type(smoothing).__name__} never "
        f"saw after the words before it. A smoothing such as smoothing={other!r} gives "
        "every text a probability."
    )
    return f"{message} {exclude} to score the others." if is_unknown else message
