"""Draws words at a temperature, without the probabilities of all words."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..models import LanguageModel
from ..scoring import unigram_probabilities
from ._draws import DeadEndError
from ._streams import Stream

_N_KEPT = 2
"""Temperatures of which a model keeps the sampler."""

_MAX_WORDS = 1 << 20
"""Words after contexts that a sampler keeps."""

_LOST, _EXACT = 1e-14, 1e-9
"""A share of a sum that rounding may change, and one that it must not change."""


class Powers(NamedTuple):
    """The probabilities after a context, to the power of 1 / temperature.

    Attributes
    ----------
    words : ndarray of int
        The words seen after the context, in rising order.
    p : ndarray of float64
        Their probabilities p(w | h).
    most : float
        A probability that no word exceeds. Powers are those of p / most, so that not all
        of them are too small for a float.
    sums : ndarray of float64
        Cumulative sums of the powers of the words seen.
    total : float
        The sum of the powers of all words; NaN if rounding may have changed it, as where
        words that were not seen are far likelier after h than those that were, and were
        not so after h'.
    shorter : Powers or None
        Those after the shorter context, which words that were not seen come from.
    """

    words: NDArray
    p: NDArray[np.float64]
    most: float
    sums: NDArray[np.float64]
    total: float
    shorter: Powers | None


class TemperedSampler:
    """Draws words in proportion to p(w | h) to the power of b = 1 / temperature.

    A word that was not seen after the context h has the probability
    p(w | h) = backoff_weight(h) · p(w | h'), h' being the shorter context. So the sum of
    the powers of all words follows from that after h'::

        Z(h) = Σ p(w | h)^b + backoff_weight(h)^b · (Z(h') − Σ p(w | h')^b)

    where the sums are over the words seen after h. One of these is drawn with their
    share of Z(h); else words are drawn after h' until one was not seen after h. That takes
    no more draws, on average, than the context has words, and one.

    Parameters
    ----------
    model : LanguageModel
        Its smoothing backs off.
    temperature : float
        Above 0.
    """

    def __init__(self, model: LanguageModel, temperature: float) -> None:
        self._model = model.without_computed()
        self._power = 1 / temperature
        self._kept: dict[tuple[int, int], Powers] = {}
        self._n_kept = 0
        self._unigrams = self._powers_of_words(unigram_probabilities(model).copy())
        self._uniform = None
        if model.smoothing.lower_order == "uniform":
            p = np.full(model.counts.n_ids, 1 / len(model.events))
            self._uniform = self._powers_of_words(p)

    def draw(self, length: int, row: int, stream: Stream) -> int:
        """Draw a word.

        Parameters
        ----------
        length, row : int
            A context, as `NGramCounts.longest_context` finds it.
        stream : Stream

        Returns
        -------
        int
            An id; 0 is the end.

        Raises
        ------
        DeadEndError
            If all words have a probability of 0, or the sum of their powers is not known.
        """
        powers = self._powers(length, row)
        if not powers.total > 0:
            raise DeadEndError
        return _drawn(powers, stream)

    def share(self, length: int, row: int, p: NDArray[np.float64]) -> float:
        """The share that some words have of the sum of powers of all words.

        Parameters
        ----------
        length, row : int
            A context, as of `draw`.
        p : ndarray of float64
            The probabilities of the words.

        Returns
        -------
        float
            NaN if the sum is not known.
        """
        powers = self._powers(length, row)
        return float(((p / powers.most) ** self._power).sum() / powers.total)

    def _powers(self, length, row):
        """The powers after a context, which are kept."""
        powers = self._kept.get((length, row))
        if powers is None:
            powers = self._unigrams
            contexts = self._model.counts.suffixes(length, row)[1:]
            if contexts and self._uniform is not None:
                powers, contexts = self._uniform, contexts[-1:]
            for context in contexts:
                powers = self._kept.get(context) or self._keep(context, powers)
        return powers

    def _keep(self, context, shorter):
        length, row = context
        powers = self._powers_after(length, row, shorter)
        if self._n_kept > _MAX_WORDS:
            self._kept.clear()
            self._n_kept = 0
        self._kept[context] = powers
        self._n_kept += len(powers.words)
        return powers

    def _powers_of_words(self, p):
        """The powers of probabilities of all words, by id."""
        p[self._model.undrawn_ids] = 0
        most = p.max() or 1.0
        sums = np.cumsum((p / most) ** self._power)
        return Powers(np.arange(len(p)), p, most, sums, sums[-1], None)

    def _powers_after(self, length, row, shorter):
        """The powers after a context, given those after the shorter one."""
        model, one = self._model, np.array([row])
        level = model.counts.levels[length]
        children = level.children(row)
        words = level.word_at(children)
        p_shorter = shorter.p[shorter.words.searchsorted(words)]
        weight = model.backoff_weight(length + 1, one)
        p = model.discounted(length + 1, one, children)
        p = model.combine(p, weight, p_shorter)
        p[words == model.counts.unknown_id] = 0
        handed_on = weight.item() * shorter.most
        most = max(p.max(), handed_on) or 1.0
        sums = np.cumsum((p / most) ** self._power)
        seen = ((p_shorter / shorter.most) ** self._power).sum()
        rest = shorter.total - seen
        if rest < _LOST * shorter.total:
            rest = 0
        weight = (handed_on / most) ** self._power
        total = sums[-1] + weight * rest
        if _LOST * weight * shorter.total > _EXACT * total:
            total = np.nan
        return Powers(words, p, most, sums, total, shorter)


def _drawn(powers, stream):
    """Draw one of the words seen after a context, or one of the others."""
    u = stream.random() * powers.total
    if powers.shorter is None or u < powers.sums[-1]:
        at = powers.sums.searchsorted(u, side="right")
        return int(powers.words[min(at, len(powers.words) - 1)])
    while True:
        word = _drawn(powers.shorter, stream)
        place = powers.words.searchsorted(word)
        if place == len(powers.words) or powers.words[place] != word:
            return word


def tempered_sampler_of(model: LanguageModel, temperature: float) -> TemperedSampler:
    """The sampler of a model at a temperature; the last few are kept."""
    kept = dict(model.computed.tempered)
    sampler = kept.pop(temperature, None) or TemperedSampler(model, temperature)
    recent = ((temperature, sampler), *kept.items())
    model.computed.tempered = recent[:_N_KEPT]
    return sampler
