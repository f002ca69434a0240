"""Loose matching: unknown words of messages are replaced by known spellings of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from ..base import Batch, FittedModel
from ..words import UNKNOWN, fold, unstretched


def matched(
    batch: Batch, fitted: FittedModel, match: str, others: Collection[str] = ()
) -> Batch:
    """Replace unknown words of messages by known words in another spelling.

    An unknown word is replaced by the known word that differs from it in case, accents
    or punctuation only; of several ones by the most frequent one, in a model of replies
    by the most frequent one in messages. If there is none, repeated letters are removed,
    and it is looked up again. Unknown punctuation that stands alone is removed.

    Parameters
    ----------
    batch : Batch
        Messages as they were read.
    fitted : FittedModel
        The model that they were read with.
    match : {"exact", "loose"}
        With "exact" the messages are returned as they are.
    others : collection of str, default=()
        Unknown words that are not replaced.

    Returns
    -------
    Batch
    """
    if match == "exact" or not batch.unknown or fitted.vocabulary is None:
        return batch
    at = np.flatnonzero(batch.ids < 0)
    numbers = {
        word: UNKNOWN if word in others else _id_of(word, fitted)
        for word in set(batch.unknown)
    }
    ids = batch.ids.copy()
    ids[at] = [numbers[word] for word in batch.unknown]
    kept = ids != _REMOVED
    sample = np.repeat(np.arange(len(batch)), batch.lengths)
    lengths = np.bincount(sample[kept], minlength=len(batch)).astype(np.int64)
    unknown = [word for word in batch.unknown if numbers[word] == UNKNOWN]
    return replace(batch, ids=ids[kept], lengths=lengths, unknown=unknown)


_REMOVED = -2
"""Stands for punctuation that is removed."""


def _id_of(word, fitted):
    """The id of the most frequent known spelling of an unknown word."""
    folded, alike = fold(word), fitted.vocabulary.alike(word)
    if not alike:
        alike = [
            number
            for shorter in unstretched(folded)
            for number in fitted.vocabulary.alike(shorter)
        ]
    if alike:
        return max(alike, key=fitted.language_model.frequency)
    return UNKNOWN if folded else _REMOVED
