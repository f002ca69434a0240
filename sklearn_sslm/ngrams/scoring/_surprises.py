"""The surprise of each token, and whether its n-gram and its word are known."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..counting import TokenStream
from ..models import LanguageModel
from ._looking_up import look_up_ngrams


class TokenSurprises(NamedTuple):
    """The surprise of each position of a stream.

    All arrays are 0 or False at opening boundaries.

    Attributes
    ----------
    log_proba : ndarray of shape (n_positions,), float64
        log p(w | up to n − 1 words before it) in nats.
    log_prior : ndarray of shape (n_positions,), float64
        log p(w), the unigram probability.
    is_unseen : ndarray of shape (n_positions,), bool
        Whether the word was never seen after the n − 1 words before it, or near the start
        of a text all words before it.
    is_unknown : ndarray of shape (n_positions,), bool
        Whether the word was never seen.
    """

    log_proba: np.ndarray
    log_prior: np.ndarray
    is_unseen: np.ndarray
    is_unknown: np.ndarray


def token_surprises(model: LanguageModel, stream: TokenStream) -> TokenSurprises:
    """The surprise of each token of texts to a model.

    Parameters
    ----------
    model : LanguageModel
    stream : TokenStream
        Texts; −1 is an unknown word.

    Returns
    -------
    TokenSurprises

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_sslm.ngrams import Events, LanguageModel, NGramCounts, TokenStream
    >>> from sklearn_sslm.smoothing import WittenBell
    >>> stream = TokenStream.from_texts(np.array([1, 2]), np.array([2]))
    >>> counts = NGramCounts.from_stream(stream, 2, n_ids=3)
    >>> model = LanguageModel.of_counts(counts, WittenBell(), Events(2))
    >>> asked = TokenStream.from_texts(np.array([1, 1, -1]), np.array([3]))
    >>> token_surprises(model, asked).is_unseen
    array([False, False,  True,  True,  True])
    """
    log_proba, log_prior = np.zeros((2, len(stream.ids)))
    is_seen = np.zeros(len(stream.ids), dtype=bool)
    shorter = np.full(1, 1 / len(model.events))
    with np.errstate(divide="ignore"):
        for found in look_up_ngrams(model, stream):
            shorter = found.probabilities(model, shorter)
            found.scatter(np.log(shorter), log_proba)
            if found.k == 1:
                # Unknown words come last, unless they were learned.
                log_prior = np.log(shorter)[model.counts.as_in_ngrams(stream.ids)]
            seen = np.zeros(len(found.ngrams), dtype=bool)
            seen[found.at] = _occur(model, found.k, found.row)
            found.scatter(seen, is_seen)
    is_unseen = ~is_seen
    is_unseen[stream.starts] = False
    log_prior[stream.starts] = 0
    return TokenSurprises(log_proba, log_prior, is_unseen, stream.ids < 0)


def _occur(model, k, row):
    """Whether the n-grams in some rows of order k have a count above 0."""
    if model.is_stored:
        return (row >= 0) & ~model.left_out(k, row)
    if k > 1:
        return row >= 0
    return (row >= 0) & (np.asarray(model.adjusted[0][row]) > 0)
