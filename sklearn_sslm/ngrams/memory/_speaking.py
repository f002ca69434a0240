"""Random texts by a language model and a memory, which hears them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ..counting import BOUNDARY
from ..generation import NO_WORD, Controls, cumulative, draw_from
from ..models import LanguageModel
from ..scoring import next_word_probabilities, scorer_of
from ._recall import Recall
from ._recent_memory import Memory


def heard_distribution(
    model: LanguageModel, recall: Recall, context: tuple[int, int]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The distribution of the next word, given a context and what was heard.

    Parameters
    ----------
    model : LanguageModel
    recall : Recall
        What a memory gives to it.
    context : tuple of (int, int)
        As `Scorer.score` gives it.

    Returns
    -------
    words : ndarray of shape (n_words,), int64
        Ids in rising order, those that only the memory knows at the end.
    p : ndarray of shape (n_words,), float64
    """
    p_unknown, _ = scorer_of(model).score(context, -1)
    p = recall.distribution(next_word_probabilities(model, *context), p_unknown)
    new = np.array(recall.new_words(), dtype=np.int64)
    return np.concatenate([np.arange(recall.n_ids), new]), p


def next_heard(
    model: LanguageModel,
    recall: Recall,
    context: tuple[int, int],
    controls: Controls,
    may_end: bool,
    text: list[int],
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The words that may come next under controls, with their weights.

    Parameters
    ----------
    model : LanguageModel
    recall : Recall
        What a memory gives to them.
    context : tuple of (int, int)
        As `Scorer.score` gives it.
    controls : Controls
        They act on the mixed distribution.
    may_end : bool
        Whether the text may end here. If not, and if there is no other word, those of
        shorter contexts may come.
    text : list of int
        The text so far.

    Returns
    -------
    words, weights : ndarray
        As `next_distribution` gives them.
    """
    for shorter in model.counts.suffixes(*context)[::-1]:
        ids, p = heard_distribution(model, recall, shorter)
        weights = controls.distribution(ids, p, text, may_end)
        if weights.any():
            return ids, weights
        if may_end:
            break
    return np.array([NO_WORD]), np.ones(1)


def speak(
    model: LanguageModel,
    memory: Memory,
    context: tuple[int, int],
    controls: Controls,
    rng: np.random.Generator,
    *,
    max_new: int,
    min_new: int = 0,
    stop: frozenset[int] = frozenset(),
    text: list[int] | None = None,
) -> Iterator[int]:
    """Continue a text word by word, each of which the memory hears.

    Parameters
    ----------
    model : LanguageModel
    memory : Memory
        What has heard the text so far.
    context : tuple of (int, int)
        The context at its end, as `Scorer.score` gives it.
    controls : Controls
        They act on the mixed distribution.
    rng : numpy.random.Generator
    max_new, min_new : int
        Words after which the text ends, and before which it does not.
    stop : frozenset of int
        Words that end the text.
    text : list of int, default=None
        Words before the new ones, for controls that need them.

    Yields
    ------
    int
        Ids; those from ``memory.n_ids`` on are words that only the memory knows.
        `NO_WORD` at last if the text ends as the controls left none.
    """
    scorer, text = scorer_of(model), list(text or [])
    for n_new in range(max_new):
        may_end = n_new >= min_new
        recall = memory.recall()
        ids, weights = next_heard(model, recall, context, controls, may_end, text)
        word = draw_from(*cumulative(ids, weights), rng.random())
        if word == NO_WORD:
            yield word
            return
        p_word, context = scorer.score(context, word if word < memory.n_ids else -1)
        memory.hear(word, p_word)
        if word == BOUNDARY:
            return
        text.append(word)
        yield word
        if word in stop:
            return
