"""The likeliest next words, given a language model and a memory."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..models import LanguageModel
from ..scoring import likeliest_words, scorer_of
from ._recent_memory import Memory
from ._speaking import heard_distribution

_MORE = 8
"""Words of the language model beyond those asked for."""

_NEAR = 1 + 1e-9
"""Words this close may be equally likely, and then their ids decide."""


def likeliest_heard(
    model: LanguageModel, memory: Memory, context: tuple[int, int], k: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The k likeliest next words, of equally likely ones those of lower ids.

    Only words that are likely to the language model, or to the memory, can be among them;
    the others are not looked at.

    Parameters
    ----------
    model : LanguageModel
    memory : Memory
    context : tuple of (int, int)
        As `Scorer.score` gives it.
    k : int

    Returns
    -------
    words : ndarray of shape (n_words,), int64
        Ids, likeliest first; 0 is the end. Words of probability 0 are left out.
    p : ndarray of shape (n_words,), float64
    """
    found = _among_few(model, memory, context, k)
    if found is None:
        words, p = heard_distribution(model, memory, context)
        likeliest = np.argsort(-p, kind="stable")[:k]
        likeliest = likeliest[p[likeliest] > 0]
        return words[likeliest], p[likeliest]
    return found


def _among_few(model, memory, context, k):
    """The k likeliest words, if they can be told from all others by a few candidates."""
    words, p = likeliest_words(model, context[0], context[1], k + _MORE)
    others = p[-1].item() if len(words) == k + _MORE else 0.0
    by_model = dict(zip(words.tolist(), p.tolist(), strict=True))
    kept, shares, most = memory.recall(by_model)
    score = scorer_of(model).score
    p_new = score(context, -1)[0] / (len(memory.new_words) + 1)
    others = max(others, p_new)
    q = {word: kept * p + shares[word] for word, p in by_model.items()}
    needed = sorted(q.values())[-k] if len(q) >= k else 0.0
    for word, share in shares.items():
        if word not in q and word >= 0 and kept * others + share >= needed:
            of_word = score(context, word)[0] if word < memory.n_ids else p_new
            q[word] = kept * of_word + share
    best = sorted(q, key=lambda word: (-q[word], word))[:k]
    if len(best) < k or q[best[-1]] <= (kept * others + most) * _NEAR:
        return None
    return np.array(best), np.array([q[word] for word in best])
