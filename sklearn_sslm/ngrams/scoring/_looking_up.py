"""Look-up of the distinct n-grams of texts in a model."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..counting import BOUNDARY, Level, TokenStream, index_stream
from ..models import LanguageModel


@dataclass(frozen=True)
class FoundNGrams:
    """The n-grams of order k of texts, and their rows in a model.

    Attributes
    ----------
    k : int
        The order.
    ngrams : Level
        The n-grams of the texts.
    at : ndarray of shape (n_known,), int64
        The rows in `ngrams` of those whose context has children in the model.
    context, row : ndarray of shape (n_known,), int64
        The rows in the model of these contexts, and of the n-grams; −1 is an n-gram that
        was never seen.
    """

    k: int
    ngrams: Level
    at: NDArray
    context: NDArray
    row: NDArray
    _stream: TokenStream
    _windows: Any
    _is_highest: bool

    def probabilities(
        self, model: LanguageModel, shorter: NDArray
    ) -> NDArray[np.float64]:
        """p(w | h) of each n-gram, given the probabilities of order k − 1."""
        p = shorter[self.ngrams.suffix]
        if len(self.at):
            p[self.at] = model.probabilities(self.k, self.context, self.row, p[self.at])
        return p

    def has_known_context(self) -> NDArray[np.bool_]:
        """Whether the context of each n-gram has children in the model."""
        known = np.zeros(len(self.ngrams), dtype=bool)
        known[self.at] = True
        return known

    def scatter(self, values: NDArray, out: NDArray) -> None:
        """Write the value of each n-gram to the positions of its last word, in place.

        For orders below the highest, only to the first words of texts, whose contexts are
        shorter than n − 1. Opening boundaries get 0.

        Parameters
        ----------
        values : ndarray of shape (n_ngrams,)
        out : ndarray of shape (n_positions,)
            The result, with the values of lower orders.
        """
        starts = self._stream.starts
        if self._is_highest:
            self._windows.scatter(values, out)
        else:
            first = starts[self._stream.lengths >= self.k]
            out[first + (self.k - 1)] = values[self._windows.row_at()[first]]
        if self.k == 1:
            out[starts] = 0


def look_up_ngrams(
    model: LanguageModel, stream: TokenStream, track: Callable[..., Iterable] = iter
) -> Iterator[FoundNGrams]:
    """Look up the n-grams of texts in a model, order by order.

    The n-grams of the texts are counted first. Then each distinct one is looked up once,
    in sorted order, which is fast.

    Parameters
    ----------
    model : LanguageModel
    stream : TokenStream
        Texts; −1 is an unknown word.
    track : callable, default=iter
        Takes the orders and gives them as they are worked on, for a progress bar.

    Yields
    ------
    FoundNGrams
        Valid until the next one.
    """
    n_ids = model.counts.n_ids
    ids = model.counts.as_in_ngrams(stream.ids)
    ids = np.where(ids < 0, n_ids, ids)
    known = TokenStream(ids, stream.lengths)
    row_of = np.zeros(1, dtype=np.int64)
    batch = index_stream(known, model.n, n_ids + 1, track=track)
    for k, (level, windows) in enumerate(batch, start=1):
        row_of, *known = _find(model, k, level, row_of)
        at, context, row = known
        yield FoundNGrams(k, level, at, context, row, stream, windows, k == model.n)


def _find(model, k, level, row_of):
    """The rows of n-grams of texts; those with known contexts, and rows of both.

    "a b", "a c" and "d b" asked, of which "a b" is known -> rows [7, −1, −1]; the first
    two have the known context "a", row 2 -> [0, 1], [2, 2], [7, −1].

    Parameters
    ----------
    level : Level
        The batch's n-grams of order k.
    row_of : ndarray of int
        Rows in the model of the batch's n-grams of order k − 1, −1 where never seen.
    """
    context = row_of[level.context]
    if k > len(model.counts.levels):
        asked = np.zeros(len(level), dtype=bool)
    elif k == 1:  # there is a row for each id, whether it occurs or not
        asked = level.count > 0
        asked[BOUNDARY] = True  # the start of all texts
    else:
        asked = context >= 0
    at = np.flatnonzero(asked)
    known = model.counts.has_children(k - 1, context[at])
    if not model.counts.has_messages:  # whose n-grams lead to contexts of replies
        at, known = at[known], slice(None)
    context, row_of = context[at], np.full(len(level), -1)
    row = context
    if len(at):
        row_of[at] = row = model.counts.levels[k - 1].find(context, level.word[at])
    return row_of, at[known], context[known], row[known]
