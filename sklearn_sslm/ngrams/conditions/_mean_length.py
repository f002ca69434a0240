"""The mean length of the texts of a model."""

from __future__ import annotations

import numpy as np

from ..counting import BOUNDARY
from ..models import LanguageModel
from ._proposals import continued

_MEASURED = 64, 512
"""Texts drawn to estimate their mean length, and words after which each is cut off."""


def mean_length(model: LanguageModel) -> float:
    """Approximate mean number of words of a text, with its end; cached.

    It uses the counts of the base of an online model, which has most texts. Only texts
    of a smoothing that backs off to the uniform distribution, in which the end is but one
    of all words, are far longer than those learned.
    """
    if model.is_stored or not model.counts.n_texts:
        return 25.0
    if model.smoothing.lower_order == "uniform":
        if model.computed.mean_length is None:
            model.computed.mean_length = _measured_length(model)
        measured: float = model.computed.mean_length
        return measured
    words = model.counts.levels[0]
    n_tokens = np.asarray(getattr(words, "base", words).count).sum(dtype=np.int64)
    return max(int(n_tokens) / model.counts.n_texts, 1.0)


def _measured_length(model):
    """The mean length of texts, estimated from some that are cut off.

    As if each word had the same chance to be the last: the number of words for each end.
    """
    n_texts, most = _MEASURED
    length, row = model.counts.back_off(min(1, len(model.counts.levels) - 1), BOUNDARY)
    context = np.full(n_texts, length), np.full(n_texts, row)
    texts = continued(model, *context, most, np.random.default_rng(0))
    n_ends = sum(len(text) < most for text in texts)
    return (sum(map(len, texts)) + n_ends) / max(n_ends, 1)
