"""Random texts by a language model mixed with a memory of recent words."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ..counting import BOUNDARY
from ..generation import NO_WORD, Controls, cumulative, draw_from
from ..models import LanguageModel
from ..scoring import next_word_probabilities, scorer_of
from ._memory_mixture import MemoryMixture
from ._recent_memory import Memory


def distribution_with_memory(
    model: LanguageModel, mixture: MemoryMixture, context: tuple[int, int]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The distribution of the next word by the mixture of a model and a memory.

    Parameters
    ----------
    model : LanguageModel
    mixture : MemoryMixture
        Of the memory, for the next token.
    context : tuple of (int, int)
        As `Scorer.score` returns it.

    Returns
    -------
    words : ndarray of shape (n_words,), int64
        All ids in rising order; those of words that only the memory knows are last.
    p : ndarray of shape (n_words,), float64
        Their probabilities.
    """
    p_unknown, _ = scorer_of(model).score(context, -1)
    p = mixture.distribution(next_word_probabilities(model, *context), p_unknown)
    new = np.array(mixture.new_words(), dtype=np.int64)
    return np.concatenate([np.arange(mixture.n_ids), new]), p


def next_distribution_with_memory(
    model: LanguageModel,
    mixture: MemoryMixture,
    context: tuple[int, int],
    controls: Controls,
    may_end: bool,
    text: list[int],
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The distribution of the next word under controls, mixed with a memory.

    Parameters
    ----------
    model : LanguageModel
    mixture : MemoryMixture
        Of the memory, for the next token.
    context : tuple of (int, int)
        As `Scorer.score` returns it.
    controls : Controls
        Applied to the distribution of the mixture.
    may_end : bool
        Whether the text may end here. If not, and no word is possible after the context,
        shorter contexts are tried.
    text : list of int
        The text so far.

    Returns
    -------
    words, weights : ndarray
        As of `next_distribution`; `NO_WORD` alone if no word is possible.
    """
    for shorter in model.counts.suffixes(*context)[::-1]:
        ids, p = distribution_with_memory(model, mixture, shorter)
        weights = controls.distribution(ids, p, text, may_end)
        if weights.any():
            return ids, weights
        if may_end:
            break
    return np.array([NO_WORD]), np.ones(1)


def sample_with_memory(
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
    """Continue a text word by word; the memory observes each word that is drawn.

    Parameters
    ----------
    model : LanguageModel
    memory : Memory
        It has observed the text so far.
    context : tuple of (int, int)
        The context at the end of the text, as `Scorer.score` returns it.
    controls : Controls
        Applied to the distribution of the mixture.
    rng : numpy.random.Generator
    max_new, min_new : int
        Maximal and minimal number of new words.
    stop : frozenset of int
        Words after which the text ends.
    text : list of int, default=None
        The text so far, for controls that depend on it.

    Yields
    ------
    int
        Ids; those from ``memory.n_ids`` on are words that only the memory knows.
        `NO_WORD` as the last one if the controls exclude every word.
    """
    scorer, text = scorer_of(model), list(text or [])
    for n_new in range(max_new):
        may_end = n_new >= min_new
        mixture = memory.mixture()
        ids, weights = next_distribution_with_memory(
            model, mixture, context, controls, may_end, text
        )
        word = draw_from(*cumulative(ids, weights), rng.random())
        if word == NO_WORD:
            yield word
            return
        p_word, context = scorer.score(context, word if word < memory.n_ids else -1)
        memory.observe(word, p_word)
        if word == BOUNDARY:
            return
        text.append(word)
        yield word
        if word in stop:
            return
