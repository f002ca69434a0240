"""Draw next words under controls, from their whole distributions."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ..models import LanguageModel
from ..scoring import next_word_candidates
from ._continuations import Continuations
from ._generation_controls import Controls
from ._streams import Streams

NO_WORD = -1
"""What is drawn where the controls leave no word, so that a text ends."""


def next_distribution(
    model: LanguageModel,
    controls: Controls,
    length: int,
    row: int,
    may_end: bool = True,
    text: list[int] | None = None,
) -> tuple[NDArray, NDArray]:
    """The words that may come after a context under controls, with their weights.

    Where a context has only the end to offer and the text may not end, it goes on from a
    shorter one.

    Parameters
    ----------
    model : LanguageModel
    controls : Controls
    length, row : int
        The context, as `NGramCounts.longest_context` finds it.
    may_end : bool, default=True
        Whether the text may end here.
    text : list of int, default=None
        The text so far, for controls that need it.

    Returns
    -------
    words : ndarray of shape (n_words,), int64
        Ids in rising order, 0 being the end of the text. `NO_WORD` alone where the
        controls leave none; where the text may not end, none after any of the contexts.
    weights : ndarray of shape (n_words,), float64
        In proportion to the probabilities of the words; not all of them are 0.
    """
    for context in model.counts.suffixes(length, row)[::-1]:
        words, p = next_word_candidates(model, *context)
        weights = controls.distribution(words, p, text, may_end)
        if weights.any():
            return words, weights
        if may_end:
            break
    return np.array([NO_WORD]), np.ones(1)


class DistributionCache:
    """Draws words from distributions, and stores these for when they are asked again.

    Parameters
    ----------
    distribution : callable
        Takes the parts of a key, returns words and their weights.
    size : int, default=1 << 22
        Words that are stored, of all distributions together, 16 bytes each.
    """

    def __init__(
        self, distribution: Callable[..., tuple[NDArray, NDArray]], size: int = 1 << 22
    ) -> None:
        self._distribution = distribution
        self._size = size
        self._stored: dict[tuple, tuple[NDArray, NDArray]] = {}
        self._n_stored = 0

    def draw(self, key: tuple, u: float) -> int:
        """Draw a word from the distribution of a key.

        Parameters
        ----------
        key : tuple
        u : float
            A random number from [0, 1).

        Returns
        -------
        int
        """
        if key not in self._stored:
            if self._n_stored > self._size:
                self._stored.clear()
                self._n_stored = 0
            self._stored[key] = cumulative(*self._distribution(*key))
            self._n_stored += len(self._stored[key][0])
        return draw_from(*self._stored[key], u)


def cumulative(words: NDArray, weights: NDArray) -> tuple[NDArray, NDArray]:
    """The words of weight greater than 0, and the cumulative sums of their weights.

    >>> cumulative(np.array([5, 6, 7]), np.array([1.0, 0.0, 3.0]))
    (array([5, 7]), array([1., 4.]))
    """
    possible = np.flatnonzero(weights)
    return words[possible], np.cumsum(weights[possible])


def draw_from(words: NDArray, sums: NDArray, u: float) -> int:
    """The word that a uniform random number selects by the cumulative weights.

    >>> draw_from(np.array([5, 7]), np.array([1.0, 4.0]), 0.3)
    7
    """
    nth = int(np.searchsorted(sums, u * sums[-1], side="right"))
    return int(words[min(nth, len(words) - 1)])  # u * sum may round up to the sum


class ControlledSampler:
    """Draws the next words of texts from what controls leave of their distributions.

    Parameters
    ----------
    model : LanguageModel
    continuations : Continuations
    controls : Controls
    """

    def __init__(self, model, continuations: Continuations, controls: Controls) -> None:
        self._min_new = continuations.min_new
        self._distribution: Callable[..., tuple[NDArray, NDArray]] = partial(
            next_distribution, model, controls
        )
        self._cache = DistributionCache(self._distribution)
        self._texts = continuations.prefixes() if controls.needs_text else None

    def draw(
        self,
        active: NDArray,
        length: NDArray,
        row: NDArray,
        n_new: int,
        streams: Streams,
    ) -> NDArray[np.int32]:
        """Draw a word for each text that has not ended.

        Parameters
        ----------
        active : ndarray of shape (n_active,), int
            The texts.
        length, row : ndarray of shape (n_active,), int
            Their contexts.
        n_new : int
            New words that each has so far.
        streams : Streams
            Those of the texts.

        Returns
        -------
        ndarray of shape (n_active,), int32
        """
        may_end = self._min_new[active] <= n_new
        keys = zip(length.tolist(), row.tolist(), may_end.tolist(), strict=True)
        chances = streams.random().tolist()
        if self._texts is None:
            words = list(map(self._cache.draw, keys, chances))
        else:
            texts = map(self._texts.__getitem__, active.tolist())
            words = list(map(self._draw_after, texts, keys, chances))
        return np.array(words, dtype=np.int32)

    def _draw_after(self, text: list[int], key: tuple, u: float) -> int:
        word = draw_from(*cumulative(*self._distribution(*key, text)), u)
        text.append(word)
        return word


def controlled_sampler(
    model, continuations: Continuations, controls: Controls
) -> ControlledSampler | None:
    """A sampler where controls can change the next word, else None."""
    if controls or continuations.min_new.any():
        return ControlledSampler(model, continuations, controls)
    return None
