"""Scores texts in blocks of positions."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from ..counting import NGramCounts, TokenStream, blocks

_BLOCK = 1 << 16
"""Positions that are scored together: few enough for the cache."""


class BlockScorer(ABC):
    """Scores texts in blocks of positions, each block at once.

    Attributes
    ----------
    n : int
        The highest order of the model.
    counts : NGramCounts
        Those of the model.
    can_explain : bool
        Whether `explain` answers.
    """

    n: int
    counts: NGramCounts
    can_explain: bool

    def score(
        self, stream: TokenStream, track: Callable[..., Iterable] = iter
    ) -> tuple[NDArray, NDArray[np.bool_]]:
        """Score the words of texts and their ends.

        Parameters
        ----------
        stream : TokenStream
            Texts; −1 is an unknown word.
        track : callable, default=iter
            As `score_stream` takes it.

        Returns
        -------
        p : ndarray of shape (n_positions,), float64
            p(w | up to n − 1 words before it), 1 at opening boundaries.
        known : ndarray of shape (n_positions,), bool
            Whether these words were seen with a word after them; see `StreamScores`.
        """
        ids = self.counts.as_in_ngrams(stream.ids)
        p, known = np.empty(len(stream.ids)), np.empty(len(stream.ids), dtype=bool)
        opens = np.zeros(len(stream.ids), dtype=bool)
        opens[stream.starts] = True
        for around, part, before in track(list(self._parts(len(stream.ids)))):
            scores = self._score(ids[around], opens[around])
            p[part], known[part] = (values[before:] for values in scores)
        p[opens], known[opens] = 1, False
        return p, known

    def explain(
        self, stream: TokenStream, track: Callable[..., Iterable] = iter
    ) -> tuple[NDArray, NDArray, NDArray]:
        """Explain the words of texts and their ends; see `Origins`.

        Parameters
        ----------
        stream, track
            As `score` takes them.

        Returns
        -------
        p, order, weight : ndarray of shape (n_positions,)
            Without meaning at opening boundaries.
        """
        size = len(stream.ids)
        ids = self.counts.as_in_ngrams(stream.ids)
        p, own = np.empty((2, size))
        order = np.empty(size, dtype=np.int32)
        opens = np.zeros(size, dtype=bool)
        opens[stream.starts] = True
        for around, part, before in track(list(self._parts(size))):
            longest = (
                np.empty(around.stop - around.start, np.int32),
                np.empty(around.stop - around.start),
            )
            scores = self._score(ids[around], opens[around], longest)
            columns = scores[0], *longest
            p[part], order[part], own[part] = (values[before:] for values in columns)
        backs_off = p != own
        weight = np.divide(p, own, out=np.ones(size), where=backs_off)
        order[weight <= 0] = 0
        return p, order, weight

    def _parts(self, size):
        """Positions that are worked on together, with what stands before them."""
        for part in blocks(size, _BLOCK):
            # The n − 1 positions before are read again: there are the contexts.
            before = min(self.n - 1, part.start)
            yield slice(part.start - before, part.stop), part, before

    @abstractmethod
    def _score(self, ids, opens, longest=None):
        """`score` for some positions, right from the n-th on.

        In `longest`, a pair of arrays, the order of the longest n-gram known that ends
        at each is written, and p(w | h) of that.
        """
