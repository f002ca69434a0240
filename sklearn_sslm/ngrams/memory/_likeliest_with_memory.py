"""The likeliest next words, given a language model and a memory."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..models import LanguageModel
from ..scoring import likeliest_words, scorer_of
from ._memory_mixture import MemoryMixture
from ._sampling_with_memory import distribution_with_memory

_MORE = 8
"""How many more candidates than k the language model supplies."""

_NEAR = 1 + 1e-9
"""Probabilities with a ratio below this may be equal but for rounding."""


def likeliest_with_memory(
    model: LanguageModel, mixture: MemoryMixture, context: tuple[int, int], k: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The k likeliest next words; of equally likely words, those with the lowest ids.

    Usually they are found among a few candidates: the likeliest words of the language
    model, and those of the memory.

    Parameters
    ----------
    model : LanguageModel
    mixture : MemoryMixture
        Of the memory, for the next token.
    context : tuple of (int, int)
        As `Scorer.score` returns it.
    k : int

    Returns
    -------
    words : ndarray of shape (n_words,), int64
        Ids, likeliest first; 0 is the end. Words of probability 0 are left out.
    p : ndarray of shape (n_words,), float64
        Their probabilities.
    """
    found = _among_few(model, mixture, context, k)
    if found is None:
        words, p = distribution_with_memory(model, mixture, context)
        likeliest = np.argsort(-p, kind="stable")[:k]
        likeliest = likeliest[p[likeliest] > 0]
        return words[likeliest], p[likeliest]
    return found


def _among_few(model, mixture, context, k):
    """The k likeliest words, found among few candidates; None if more words need a look.

    A word that is no candidate of the language model has at most a known probability
    there. So it is among the k likeliest only with a large enough share of the memory.
    """
    words, p = likeliest_words(model, context[0], context[1], k + _MORE)
    others = p[-1].item() if len(words) == k + _MORE else 0.0
    score, weight, share = scorer_of(model).score, mixture.model_weight, mixture.share
    n_sharing, p_new = mixture.n_sharing, 0.0
    if n_sharing > 1:
        p_new = score(context, -1)[0] / n_sharing
        others = max(others, p_new)
    others *= weight  # what the language model contributes to another word, at most
    q = {
        word: weight * p_word + share(word)
        for word, p_word in zip(words.tolist(), p.tolist(), strict=True)
    }
    needed = sorted(q.values())[-k] if len(q) >= k else 0.0
    min_share = (needed - others) / _NEAR  # the memory's share another word needs
    candidates = mixture.words_above(min_share) if min_share > 0 else None
    if candidates is None:
        return None
    for word in candidates:
        if word not in q and word >= 0 and (of_memory := share(word)) >= min_share:
            p_word = score(context, word)[0] if word < mixture.n_ids else p_new
            q[word] = weight * p_word + of_memory
    best = sorted(q, key=lambda word: (-q[word], word))[:k]
    return np.array(best), np.array([q[word] for word in best])
