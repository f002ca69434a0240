"""The distribution of the next word under controls, and draws from it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ..counting import BOUNDARY
from ..models import LanguageModel
from ..scoring import likeliest_words, next_word_candidates
from ._continuations import Continuations
from ._distribution_cache import DistributionCache, cumulative, draw_from
from ._draws import DeadEndError, draw
from ._generation_controls import Controls
from ._streams import Streams
from ._tempered_sampler import tempered_sampler_of
from ._word_sampler import draws_no_end, word_sampler_of

_FEW_WORDS, _TIMES_MORE, _MANY_WORDS = 64, 16, 1 << 14
"""Numbers of the likeliest words to try, where controls cut off the others: the first, its
factor from one try to the next, and one beyond which all words take less time."""

_ROUNDING = 1e-9
"""A share that sums may be wrong by."""

_TRIES = 8
"""Rejected draws before a word is drawn from the whole distribution under controls."""

NO_WORD = -1
"""Drawn if the controls exclude every word; it ends the text."""


def next_distribution(
    model: LanguageModel,
    controls: Controls,
    length: int,
    row: int,
    may_end: bool = True,
    text: list[int] | None = None,
) -> tuple[NDArray, NDArray]:
    """The distribution of the next word after a context, under controls.

    If the text may not end, but only the end is possible after a context, shorter
    contexts are used.

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
        Ids in rising order; 0 is the end of the text. `NO_WORD` alone if the controls
        exclude every word.
    weights : ndarray of shape (n_words,), float64
        In proportion to the probabilities of the words; not all of them are 0.
    """
    for context in model.counts.suffixes(length, row)[::-1]:
        words, p, those = _candidates(model, controls, *context, may_end, text)
        weights = those.distribution(words, p, text, may_end)
        if weights.any():
            return words, weights
        if may_end:
            # Where only unknown words were seen, the text just ends.
            return np.array([NO_WORD if p.any() else BOUNDARY]), np.ones(1)
    return np.array([NO_WORD]), np.ones(1)


def _candidates(model, controls, length, row, may_end, text):
    """Words in rising order, their probabilities, and the controls that apply to them.

    All that are possible, or if controls cut off the others, some of the likeliest.
    """
    is_nucleus = controls.nucleus and may_end and model.smoothing.lower_order != "none"
    if is_nucleus:
        top_p, temperature = controls.nucleus
        sampler = tempered_sampler_of(model, temperature)
    tries = _more_and_more(model, length, row) if is_nucleus or controls.cut else ()
    for words, p in tries:
        if is_nucleus and (share := sampler.share(length, row, p)) > top_p + _ROUNDING:
            return words, p, controls.among(share)
        if controls.cut and controls.are_cut(words, p, text, may_end):
            return words, p, controls
    return *next_word_candidates(model, length, row), controls


def _more_and_more(model, length, row):
    """Yield few of the likeliest words, in rising order, then more, but never all."""
    size = _FEW_WORDS
    while size < model.counts.n_ids and size <= _MANY_WORDS:
        words, p = likeliest_words(model, length, row, size)
        in_order = np.argsort(words)
        yield words[in_order], p[in_order]
        size *= _TIMES_MORE


class ControlledSampler:
    """Draws the next words of texts under controls.

    If controls only ban words, words are drawn from the model by rejection, and if there
    is a temperature, from a `TemperedSampler`. If this takes too long, or controls depend
    on other probabilities, a word is drawn from the whole distribution.
    Without controls only words before `min_new` need the sampler, which are not the end:
    a model that interpolates draws them as `WordSampler.draw_no_end`.

    Parameters
    ----------
    model : LanguageModel
    continuations : Continuations
    controls : Controls
    """

    def __init__(self, model, continuations: Continuations, controls: Controls) -> None:
        self._model = model
        self._controls = controls
        self._min_new = continuations.min_new
        self._distribution: Callable[..., tuple[NDArray, NDArray]] = partial(
            next_distribution, model, controls
        )
        self._cache = DistributionCache(self._distribution)
        self._texts = continuations.prefixes() if controls.needs_text else None
        # Without smoothing there are few words to choose from.
        has_many = model.smoothing.lower_order != "none"
        temperature = controls.temperature if has_many else None
        self._n_tries = 0 if temperature is None else _TRIES
        self._tempered = None
        if temperature not in (None, 1):
            self._tempered = tempered_sampler_of(model, temperature)
        self._no_end = None
        if not controls and draws_no_end(model):
            self._no_end = word_sampler_of(model).draw_no_end

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
            The indices of the texts.
        length, row : ndarray of shape (n_active,), int
            Their contexts.
        n_new : int
            Number of new words of each text so far.
        streams : Streams
            Their random number generators.

        Returns
        -------
        ndarray of shape (n_active,), int32
        """
        if self._no_end is not None:
            each = zip(length.tolist(), row.tolist(), streams.each(), strict=True)
            return np.array([self._no_end(*text)[0] for text in each], dtype=np.int32)
        may_end = self._min_new[active] <= n_new
        words = np.full(len(active), NO_WORD, dtype=np.int32)
        left = self._try(words, active, length, row, may_end, streams)
        chances = streams[left].random().tolist()
        columns = (column[left].tolist() for column in (active, length, row, may_end))
        words[left] = list(map(self._draw_outright, chances, *columns))
        if self._texts is not None:
            for text, word in zip(active.tolist(), words.tolist(), strict=True):
                self._texts[text].append(word)
        return words

    def _try(self, words, active, length, row, may_end, streams):
        """Draw words by rejection, in place; returns the indices of texts without one."""
        left = np.arange(len(active))
        for _ in range(self._n_tries):
            if not len(left):
                break
            try:
                drawn = self._propose(length[left], row[left], streams[left])
            except DeadEndError:
                break
            allowed = self._are_allowed(drawn, active[left], may_end[left])
            words[left] = drawn
            left = left[~allowed]
        return left

    def _propose(self, length, row, streams):
        """Draw words that may be banned."""
        if self._tempered is None:
            return draw(self._model, length, row, streams).word
        each = zip(length.tolist(), row.tolist(), streams.each(), strict=True)
        return np.array([self._tempered.draw(*text) for text in each])

    def _are_allowed(self, words, active, may_end):
        """Whether each word is allowed as the next one of its text."""
        if self._texts is None:
            p = self._controls.distribution(words, np.ones(len(words)))
            return (p > 0) & (may_end | (words != BOUNDARY))
        texts = map(self._texts.__getitem__, active.tolist())
        each = zip(words[:, None], texts, may_end.tolist(), strict=True)
        left = [
            self._controls.distribution(word, np.ones(1), text, may_end_here).item()
            for word, text, may_end_here in each
        ]
        return np.array(left) > 0

    def _draw_outright(self, chance, text, *context):
        """Draw a word from the whole distribution under controls."""
        if self._texts is None:
            return self._cache.draw(context, chance)
        left = self._distribution(*context, self._texts[text])
        return draw_from(*cumulative(*left), chance)


def controlled_sampler(
    model, continuations: Continuations, controls: Controls
) -> ControlledSampler | None:
    """A sampler if controls can change the distribution of a word; else None."""
    if controls or not continuations.may_end:
        return ControlledSampler(model, continuations, controls)
    return None
