"""Probabilities of texts and of next words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import repeat
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..counting import TokenStream
from ..models import LanguageModel
from ._array_scorer import scorer_of
from ._looking_up import look_up_ngrams
from ._scorer import are_few
from ._table_cache import tables_of


class StreamScores(NamedTuple):
    """Scores of the positions of a stream.

    Attributes
    ----------
    log_proba : ndarray of shape (n_positions,), float64
        log p(w | up to n − 1 words before it) in nats; 0 at opening boundaries,
        and in messages, which are not predicted.
    known : ndarray of shape (n_positions,), bool
        Whether the n − 1 words before, or near the start of a text all words before, are
        a context with children. False at opening boundaries and in messages.
    """

    log_proba: np.ndarray
    known: np.ndarray


def log_probabilities(
    model: LanguageModel, stream: TokenStream, track: Callable[..., Iterable] = iter
) -> NDArray[np.float64]:
    """Natural log probability of each word of texts, and of their ends.

    Parameters
    ----------
    model, stream, track
        As of `score_stream`.

    Returns
    -------
    ndarray of shape (n_positions,), float64
        `StreamScores.log_proba`.
    """
    if are_few(stream):
        return _one_by_one(model, stream)[0]
    return score_stream(model, stream, track).log_proba


def score_stream(
    model: LanguageModel, stream: TokenStream, track: Callable[..., Iterable] = iter
) -> StreamScores:
    """Score each word of texts, and their ends.

    Parameters
    ----------
    model : LanguageModel
    stream : TokenStream
        Texts; −1 is an unknown word.
    track : callable, default=iter
        Wraps the iterable of parts of the work, for a progress bar.

    Returns
    -------
    StreamScores
    """
    if are_few(stream):
        log_proba, length = _one_by_one(model, stream)
        known = np.array(length) == np.minimum(stream.places(), model.n - 1)
        return StreamScores(log_proba, known & ~stream.is_given())
    tables = tables_of(model, len(stream.ids))
    if tables is not None:
        p, known = tables.score(stream, track)
        with np.errstate(divide="ignore"):
            scores = StreamScores(np.log(p, out=p), known)
    else:
        model.note_use(len(stream.ids))
        scores = _order_by_order(model, stream, track)
    if stream.n_given is not None:
        for part in scores:
            part[stream.is_given()] = 0
    return scores


def _order_by_order(model, stream, track):
    """`score_stream` of many words: each distinct n-gram is looked up once."""
    scores = StreamScores(np.zeros(len(stream.ids)), np.zeros(len(stream.ids), bool))
    shorter = np.full(1, 1 / len(model.events))
    with np.errstate(divide="ignore"):
        for found in look_up_ngrams(model, stream, track):
            shorter = found.probabilities(model, shorter)
            found.scatter(np.log(shorter), scores.log_proba)
            found.scatter(found.has_known_context(), scores.known)
    return scores


def _one_by_one(model, stream):
    """Log probabilities and lengths of contexts of few words, scored one by one.

    That is faster than sorting them.
    """
    model.note_use(len(stream.ids))
    score_text = scorer_of(model).score_text
    p, lengths = [], []
    n_before = repeat(1) if stream.n_given is None else stream.n_given.tolist()
    for text, n_given in zip(stream.texts(), n_before, strict=False):
        scores, of_contexts = score_text(text[n_given:], text[:n_given])
        p += [1.0] * n_given + scores
        lengths += [0] * n_given + of_contexts
    with np.errstate(divide="ignore"):
        return np.log(np.array(p)), lengths


def next_word_probabilities(
    model: LanguageModel, length: int, row: int
) -> NDArray[np.float64]:
    """The probability of each word after a context.

    Parameters
    ----------
    model : LanguageModel
    length, row : int
        A context, as `NGramCounts.longest_context` finds it.

    Returns
    -------
    ndarray of shape (n_ids,), float64
        Entry 0 is the end of the text. The remainder to 1 is the probability of an unknown
        word; if it has an id, its entry is 0, as are those of forgotten words.
    """
    p = np.full(model.counts.n_ids, 1 / len(model.events))
    for context_length, context in model.counts.suffixes(length, row):
        p = _one_level_longer(model, p, context_length + 1, context)
    p[model.events.unused_ids] = 0
    if model.counts.unknown_id >= 0:
        p[model.counts.unknown_id] = 0
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
    """The words that are possible after a context, and their probabilities.

    Parameters
    ----------
    model : LanguageModel
    length, row : int
        A context, as `NGramCounts.longest_context` finds it.

    Returns
    -------
    words : ndarray of shape (n_candidates,), int64
        Ids in rising order; if the smoothing does not back off, the words seen only.
    p : ndarray of shape (n_candidates,), float64
    """
    if model.smoothing.lower_order != "none":
        p = next_word_probabilities(model, length, row)
        return np.arange(len(p)), p
    children = model.counts.levels[length].children(row)
    words = model.counts.levels[length].word_at(children).astype(np.int64)
    p = model.discounted(length + 1, np.array([row]), children)
    p[words == model.counts.unknown_id] = 0
    return words[p > 0], p[p > 0]
