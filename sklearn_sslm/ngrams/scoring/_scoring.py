"""Probabilities of texts and of next words."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from ..counting import BOUNDARY, TokenStream, index_stream
from ..models import LanguageModel
from ._scorer import scorer_of

_FEW = 160
"""Tokens that are scored one by one."""


def log_probabilities(
    model: LanguageModel, stream: TokenStream, track: Callable[..., Iterable] = iter
) -> NDArray[np.float64]:
    """Natural log probability of every word of some texts, and of their ends.

    The texts are counted like a corpus of their own; then each *different* n-gram is
    looked up and scored once, all in sorted order, which is what makes it fast.

    Parameters
    ----------
    model : LanguageModel
    stream : TokenStream
        Texts; −1 is an unknown word.
    track : callable, default=iter
        Takes the orders and gives them as they are worked on, for a progress bar.

    Returns
    -------
    ndarray of shape (n_positions,), float64
        log p(w | up to n − 1 words before it) in nats; 0 at opening boundaries.
    """
    if len(stream.ids) <= _FEW:
        return _one_by_one(model, stream)
    n_ids = model.counts.n_ids
    ids = np.where(stream.ids < 0, n_ids, stream.ids)
    known = TokenStream(ids, stream.lengths)
    batch = index_stream(known, model.n, n_ids + 1, track=track)
    scores = np.zeros(len(stream.ids))
    starts = stream.starts
    shorter = np.full(1, 1 / len(model.events))
    found = np.zeros(1, dtype=np.int64)
    with np.errstate(divide="ignore"):
        for k, (level, windows) in enumerate(batch, start=1):
            found, shorter = _one_order_longer(model, k, level, found, shorter)
            log = np.log(shorter)
            if k == model.n:
                windows.spread(log, scores)
            else:  # only the first words of a text have a context shorter than n − 1
                first = starts[stream.lengths >= k]
                scores[first + (k - 1)] = log[windows.row_at()[first]]
    scores[starts] = 0
    return scores


def _one_by_one(model, stream):
    """`log_probabilities` of few words, for which sorting would take most of the time."""
    score_text, scores = scorer_of(model).score_text, []
    for text in stream.texts():
        scores.append(1.0)
        scores += score_text(text[1:])
    with np.errstate(divide="ignore"):
        return np.log(np.array(scores))


def _one_order_longer(model, k, level, found, shorter):
    """p(last word | the words before) of all n-grams of order k of a batch.

    Parameters
    ----------
    found : ndarray of int
        Rows of the batch's n-grams of order k − 1, −1 where never seen.
    shorter : ndarray of float64
        p(last word | the words before) of these.

    Returns
    -------
    found, p : ndarray
        The same of order k.
    """
    context = found[level.context]
    p = shorter[level.suffix]
    found = np.full(len(level), -1)
    if k <= len(model.counts.levels):
        asked = context >= 0
        if k == 1:  # there is a row for each id, whether it occurs or not
            asked = level.count > 0
            asked[BOUNDARY] = True  # it starts all texts
        seen = np.flatnonzero(asked)
        context = context[seen]
        row = model.counts.levels[k - 1].find(context, level.word[seen])
        found[seen] = row
        has = model.counts.has_children(k - 1, context)
        seen, context, row = seen[has], context[has], row[has]
        p[seen] = model.combine(
            model.discounted(k, context, row), model.backoff_weight(k, context), p[seen]
        )
    return found, p


def next_word_probabilities(
    model: LanguageModel, length: int, row: int
) -> NDArray[np.float64]:
    """Probability of every word after one context.

    Parameters
    ----------
    model : LanguageModel
    length, row : int
        A context, as `NGramCounts.longest_context` finds it.

    Returns
    -------
    ndarray of shape (n_ids,), float64
        Entry 0 is the end of the text. An unknown word has what is missing to 1, an id
        whose word was forgotten has nothing.
    """
    p = np.full(model.counts.n_ids, 1 / len(model.events))
    for context_length, context in model.counts.endings(length, row):
        p = _one_level_longer(model, p, context_length + 1, context)
    p[model.events.unused_ids] = 0
    return p


def _one_level_longer(model, shorter, k, context):
    """p(· | h) from p(· | h without its first word)."""
    children = model.counts.levels[k - 1].children(context)
    if not len(children):
        return shorter
    words = model.counts.levels[k - 1].word_at(children)
    context = np.array([context])
    backoff_weight = model.backoff_weight(k, context)
    kept = model.discounted(k, context, children)
    p = model.combine(np.zeros(len(shorter)), backoff_weight, shorter)
    p[words] = model.combine(kept, backoff_weight, shorter[words])
    return p


def next_word_candidates(
    model: LanguageModel, length: int, row: int
) -> tuple[NDArray, NDArray[np.float64]]:
    """The words that can come after a context, with their probabilities.

    Parameters
    ----------
    model : LanguageModel
    length, row : int
        A context, as `NGramCounts.longest_context` finds it.

    Returns
    -------
    words : ndarray of shape (n_candidates,), int64
        Ids in rising order; where nothing is handed on, only the words seen there.
    p : ndarray of shape (n_candidates,), float64
    """
    if model.smoothing.lower_order != "none":
        p = next_word_probabilities(model, length, row)
        return np.arange(len(p)), p
    children = model.counts.levels[length].children(row)
    words = model.counts.levels[length].word_at(children).astype(np.int64)
    p = model.discounted(length + 1, np.array([row]), children)
    return words[p > 0], p[p > 0]
