"""Models in plain arrays, and where they have the contexts of other forms of a model."""

from __future__ import annotations

import numpy as np

from ..counting import NGramCounts
from ..models import LanguageModel


def plain_of(model: LanguageModel) -> LanguageModel:
    """The same model in plain arrays, cached; `in_plain` translates rows of contexts."""
    rebuilt = model.rebuilt()
    if rebuilt.computed.plain is None:
        rebuilt.computed.plain = rebuilt.precomputed().without_computed()
    return rebuilt.computed.plain


def in_plain(
    model: LanguageModel, plain: NGramCounts, length: int, row: int
) -> tuple[int, int]:
    """The length and row, in plain arrays, of a context of the model.

    Parameters
    ----------
    model : LanguageModel
    plain : NGramCounts
        The n-grams of `plain_of` the model.
    length, row : int
        The context.

    Returns
    -------
    length, row : int
        The longest suffix that is a context in the plain arrays.
    """
    if model.counts is plain:
        return length, row
    words, at = [], np.array([row])
    for level in model.counts.levels[1:length][::-1]:
        words.append(level.word_at(at).item())
        at = level.context_at(at)
    first = at.tolist() if length else []  # a word's row is its id
    return plain.longest_context_of([*first, *words[::-1]])
