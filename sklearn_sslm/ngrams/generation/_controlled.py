"""Draw the next words of texts under controls, from their whole distribution."""

import numpy as np

from ..counting import BOUNDARY
from ..scoring import next_word_candidates
from ._generation_controls import SaidNGrams


class DistributionCache:
    """Keeps what may be drawn in contexts that come again.

    Parameters
    ----------
    size : int, default=1 << 22
        Choices that are kept, 16 bytes each.
    """

    def __init__(self, size=1 << 22):
        self.size = size
        self._choices = {}
        self._used = 0

    def draw(self, context, weigh, chance):
        """Draw a word in a context.

        Parameters
        ----------
        context : tuple
            What the choices depend on.
        weigh : callable
            Takes the parts of `context`, gives the words that may come and their
            weights.
        chance : float
            A random number from [0, 1).

        Returns
        -------
        int
        """
        if context not in self._choices:
            if self._used > self.size:
                self._choices.clear()
                self._used = 0
            self._choices[context] = choices_of(*weigh(*context))
            self._used += len(self._choices[context][0])
        return pick(*self._choices[context], chance)


def choices_of(words, weights):
    """The words of weight over 0, and the running sum of their weights."""
    possible = np.flatnonzero(weights)
    return words[possible], np.cumsum(weights[possible])


def pick(words, sums, chance):
    """The word that a random number from [0, 1) falls on.

    >>> pick(np.array([5, 6]), np.array([1.0, 4.0]), 0.3)
    6
    """
    nth = int(np.searchsorted(sums, chance * sums[-1], side="right"))
    return int(words[min(nth, len(words) - 1)])


class ControlledSampler:
    """Draws next words from the distributions that controls leave.

    Parameters
    ----------
    model : LanguageModel
    lanes : Continuations
    controls : Controls
    """

    def __init__(self, model, lanes, controls):
        self.model = model
        self.lanes = lanes
        self.controls = controls
        self._cache = DistributionCache()
        self._said = {}

    def draw(self, active, length, row, columns, rng):
        """Draw a word for each active lane.

        Parameters
        ----------
        active : ndarray of shape (n_active,), int
            The lanes.
        length, row : ndarray of shape (n_active,), int
            Their contexts.
        columns : list of ndarray of shape (n_lanes,), int32
            The words drawn so far.
        rng : numpy.random.Generator

        Returns
        -------
        ndarray of shape (n_active,), int32
        """
        words = np.empty(len(active), dtype=np.int32)
        chances = rng.random(len(active)).tolist()
        may_end = (self.lanes.min_new[active] <= len(columns)).tolist()
        contexts = zip(length.tolist(), row.tolist(), may_end, strict=True)
        for place, (lane, context) in enumerate(zip(active, contexts, strict=True)):
            if self.controls.no_repeat_ngram_size:
                said = self._said_in(lane)
                choices = choices_of(*self._weigh(*context, said.repeats()))
                words[place] = pick(*choices, chances[place])
                said.add(int(words[place]))
            else:
                words[place] = self._cache.draw(context, self._weigh, chances[place])
        return words

    def _said_in(self, lane):
        """What a lane has said; kept, as going through it for each word would take long."""
        if lane not in self._said:
            size = self.controls.no_repeat_ngram_size
            self._said[lane] = SaidNGrams(size, self.lanes.prefix[lane])
        return self._said[lane]

    def _weigh(self, length, row, may_end, repeats=()):
        """The words that may come after a context, and their weights."""
        words, p = next_word_candidates(self.model, length, row)
        p = self.controls.allow(words, p, may_end, repeats)
        if p.any():
            return words, self.controls.warp(p)
        if not may_end:
            raise ValueError(NOTHING_LEFT)
        return np.array([BOUNDARY]), np.ones(1)


NOTHING_LEFT = (
    "Nothing is left to say: every word that can come next was never seen there, or "
    "'bad_words' or 'no_repeat_ngram_size' of NGramTextGenerator bar it, and "
    "'min_length' bars the end. Lower 'min_length', bar less, or choose a smoothing "
    "that hands on."
)


def controlled_sampler(model, lanes, controls):
    """A `ControlledSampler` where controls change what may come next, else None."""
    if controls.has_bans or controls.has_warps or lanes.min_new.any():
        return ControlledSampler(model, lanes, controls)
    return None
