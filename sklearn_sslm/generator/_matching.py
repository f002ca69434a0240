"""Messages understood as people write them: unknown words stand for known ones alike."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from ..base import Batch, FittedModel
from ..words import UNKNOWN, fold, unstretched


def matched(
    batch: Batch, fitted: FittedModel, match: str, others: Collection[str] = ()
) -> Batch:
    """Messages whose unknown words are known ones in another spelling, where there are.

    Words that are known as they are written stay. Of several known words that differ
    from an unknown one in case, accents or punctuation only, the one is taken that
    occurred most often, in a model of replies in messages. Where there is none, those
    are looked for that a word with stretched letters stands for. Unknown punctuation
    that stands alone is left out.

    Parameters
    ----------
    batch : Batch
        Messages as they were read.
    fitted : FittedModel
        What they were read with.
    match : {"exact", "loose"}
        With "exact" nothing changes.
    others : collection of str, default=()
        Unknown words that stand for themselves.

    Returns
    -------
    Batch
    """
    if match == "exact" or not batch.unknown or fitted.vocabulary is None:
        return batch
    at = np.flatnonzero(batch.ids < 0)
    numbers = {
        word: UNKNOWN if word in others else _number(word, fitted)
        for word in set(batch.unknown)
    }
    ids = batch.ids.copy()
    ids[at] = [numbers[word] for word in batch.unknown]
    left = ids != _NOTHING
    sample = np.repeat(np.arange(len(batch)), batch.lengths)
    lengths = np.bincount(sample[left], minlength=len(batch)).astype(np.int64)
    unknown = [word for word in batch.unknown if numbers[word] == UNKNOWN]
    return replace(batch, ids=ids[left], lengths=lengths, unknown=unknown)


_NOTHING = -2
"""What punctuation that stands alone is read as."""


def _number(word, fitted):
    """The id of the commonest known word like an unknown one."""
    folded, alike = fold(word), fitted.vocabulary.alike(word)
    if not alike:
        alike = [
            number
            for shorter in unstretched(folded)
            for number in fitted.vocabulary.alike(shorter)
        ]
    if alike:
        return max(alike, key=fitted.language_model.frequency)
    return UNKNOWN if folded else _NOTHING
