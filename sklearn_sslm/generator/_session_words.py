"""What a session knows: a model, and words that only the session has heard."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..base import Batch, FittedModel
from ..words import UNKNOWN, Vocabulary, fold


class SessionVocabulary(Vocabulary):
    """A vocabulary with some words more, whose ids may be anything above it.

    Parameters
    ----------
    vocabulary : Vocabulary
    new_words : dict of str to int

    Examples
    --------
    >>> words = SessionVocabulary(Vocabulary(["", "a"]), {"x": 7})
    >>> words.get("a"), words.get("x"), words.get("y", -1), words.word_of(7)
    (1, 7, -1, 'x')
    >>> words.starting("x"), words.starting("X", folded=True)
    ([7], [7])
    """

    def __init__(self, vocabulary: Vocabulary, new_words: dict[str, int]) -> None:
        self.__dict__.update(vocabulary.__dict__)
        self._session_ids = new_words
        self._known = vocabulary

    def get(self, word: str, default: Any = None) -> Any:
        """The id of a word."""
        number = self._known.get(word)
        return self._session_ids.get(word, default) if number is None else number

    def starting(self, prefix: str, folded: bool = False) -> list[int]:
        """Ids of the words that begin with a prefix, as those of a vocabulary."""
        known = self._known.starting(prefix, folded)
        alike = fold(prefix) if folded else prefix
        heard = (
            number
            for word, number in self._session_ids.items()
            if alike and (fold(word) if folded else word).startswith(alike)
        )
        return known + sorted(heard)

    @property
    def word_of(self) -> Callable[[int], str]:
        """A function that returns the word of an id."""
        known = self._known.word_of
        new = {number: word for word, number in self._session_ids.items()}
        return lambda number: new[number] if number in new else known(number)


@dataclass(frozen=True)
class SessionModel(FittedModel):
    """What a generator has learned, with words that only a session has heard.

    Attributes
    ----------
    new_words : dict of str to int
        Words that the model does not know, and their ids from `n_ids` on.
    """

    new_words: dict[str, int]

    @property
    def vocabulary(self) -> Vocabulary | None:
        """The words and their ids; None if there are only ids."""
        known = super().vocabulary
        return None if known is None else SessionVocabulary(known, self.new_words)


def number_words(batch: Batch, new_words: dict[str, int], next_id: int) -> Batch:
    """A batch in which unknown words have ids, too.

    Parameters
    ----------
    batch : Batch
    new_words : dict of str to int
        Words that have such ids; those that have none are added.
    next_id : int
        What the first of these gets; the others get the ids after it.

    Returns
    -------
    Batch
        Integer rows do not spell their unknown words, which stay −1.

    Examples
    --------
    >>> new = {"x": 7}
    >>> batch = Batch(np.array([1, -1, -1]), np.array([3]), unknown=["y", "x"])
    >>> number_words(batch, new, next_id=8).ids, new
    (array([1, 8, 7]), {'x': 7, 'y': 8})
    """
    if not batch.unknown:
        return batch
    ids = batch.ids.astype(np.int64)
    known = len(new_words)
    for word in batch.unknown:
        new_words.setdefault(word, next_id + len(new_words) - known)
    ids[ids == UNKNOWN] = [new_words[word] for word in batch.unknown]
    return Batch(ids, batch.lengths, batch.closed, batch.words, unknown=[])


def known_before(batch: Batch, numbered: Batch, remembered: Collection[int]) -> Batch:
    """A batch in which the words that were heard before each of its samples have ids.

    Parameters
    ----------
    batch, numbered : Batch
        As it was read, and what `number_words` made of it.
    remembered : collection of int
        Ids of new words that were heard before the first sample.

    Returns
    -------
    Batch
    """
    ids, unknown = numbered.ids.copy(), []
    sample = np.repeat(np.arange(len(batch)), batch.lengths)
    first: dict[int, int] = {}  # the sample in which a word is heard first
    places = np.flatnonzero(batch.ids == UNKNOWN)
    for place, word in zip(places.tolist(), batch.unknown or (), strict=False):
        number, here = int(ids[place]), int(sample[place])
        if number not in remembered and first.setdefault(number, here) == here:
            ids[place] = UNKNOWN
            unknown.append(word)
    return replace(batch, ids=ids, unknown=unknown)
