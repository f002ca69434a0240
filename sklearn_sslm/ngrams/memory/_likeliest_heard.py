"""The likeliest next words, given a language model and a memory."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..models import LanguageModel
from ..scoring import likeliest_words, scorer_of
from ._recall import Recall
from ._speaking import heard_distribution

_MORE = 8
"""Words of the language model beyond those asked for."""

_NEAR = 1 + 1e-9
"""Words this close may be equally likely, and then their ids decide."""


def likeliest_heard(
    model: LanguageModel, recall: Recall, context: tuple[int, int], k: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The k likeliest next words, of equally likely ones those of lower ids.

    Only words that are likely to the language model, or to the memory, can be among them;
    the others are not looked at.

    Parameters
    ----------
    model : LanguageModel
    recall : Recall
        What a memory gives to these words.
    context : tuple of (int, int)
        As `Scorer.score` gives it.
    k : int

    Returns
    -------
    words : ndarray of shape (n_words,), int64
        Ids, likeliest first; 0 is the end. Words of probability 0 are left out.
    p : ndarray of shape (n_words,), float64
    """
    found = _among_few(model, recall, context, k)
    if found is None:
        words, p = heard_distribution(model, recall, context)
        likeliest = np.argsort(-p, kind="stable")[:k]
        likeliest = likeliest[p[likeliest] > 0]
        return words[likeliest], p[likeliest]
    return found


def _among_few(model, recall, context, k):
    """The k likeliest words, if they can be told from all others by a few candidates."""
    words, p = likeliest_words(model, context[0], context[1], k + _MORE)
    others = p[-1].item() if len(words) == k + _MORE else 0.0
    score, kept, share = scorer_of(model).score, recall.kept, recall.share
    n_sharing, p_new = recall.n_sharing, 0.0
    if n_sharing > 1:
        p_new = score(context, -1)[0] / n_sharing
        others = max(others, p_new)
    others *= kept  # no other word has more from the model
    q = {
        word: kept * p_word + share(word)
        for word, p_word in zip(words.tolist(), p.tolist(), strict=True)
    }
    needed = sorted(q.values())[-k] if len(q) >= k else 0.0
    spare = (needed - others) / _NEAR  # what another word needs from the memory
    candidates = recall.words_from(spare) if spare > 0 else None
    if candidates is None:
        return None
    for word in candidates:
        if word not in q and word >= 0 and (of_memory := share(word)) >= spare:
            of_word = score(context, word)[0] if word < recall.n_ids else p_new
            q[word] = kept * of_word + of_memory
    best = sorted(q, key=lambda word: (-q[word], word))[:k]
    return np.array(best), np.array([q[word] for word in best])
