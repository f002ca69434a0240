"""The vocabulary of a session: that of its model, and words new to the model."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..base import Batch, FittedModel
from ..ngrams import Memory
from ..words import UNKNOWN, Vocabulary, fold

_PRUNED_EVERY = 256
"""Tokens observed between two removals of forgotten words; more if there are many words."""


class SessionVocabulary(Vocabulary):
    """A vocabulary and new words, which have any ids above those of the vocabulary.

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
        """The id of a word, `default` if it is unknown."""
        number = self._known.get(word)
        return self._session_ids.get(word, default) if number is None else number

    def starting(self, prefix: str, folded: bool = False) -> list[int]:
        """Ids of the words that begin with a prefix; see `Vocabulary.starting`."""
        known = self._known.starting(prefix, folded)
        alike = fold(prefix) if folded else prefix
        new = (
            number
            for word, number in self._session_ids.items()
            if alike and (fold(word) if folded else word).startswith(alike)
        )
        return known + sorted(new)

    @property
    def word_of(self) -> Callable[[int], str]:
        """A function that returns the word of an id."""
        known = self._known.word_of
        new = {number: word for word, number in self._session_ids.items()}
        return lambda number: new[number] if number in new else known(number)


@dataclass(frozen=True)
class SessionModel(FittedModel):
    """What a generator has learned, and the new words of a session.

    Attributes
    ----------
    new_words : dict of str to int
        The ids, from `n_ids` on, of words that the generator does not know.
    """

    new_words: dict[str, int]

    @property
    def vocabulary(self) -> Vocabulary | None:
        """The words and their ids; None if the model has no words."""
        known = super().vocabulary
        return None if known is None else SessionVocabulary(known, self.new_words)


class NewWords:
    """The words that a session has observed and its model does not know.

    Parameters
    ----------
    n_ids : int
        Number of ids of the model; new words get ids from there on.

    Attributes
    ----------
    ids : dict of str to int
        The id of each word.

    Examples
    --------
    >>> new = NewWords(7)
    >>> batch = Batch(np.array([1, -1, -1]), np.array([3]), unknown=["y", "x"])
    >>> new.number(batch).ids, new.ids
    (array([1, 7, 8]), {'y': 7, 'x': 8})
    """

    __module__ = "sklearn_sslm.generator"  # the name in pickles of sessions

    def __init__(self, n_ids: int) -> None:
        self.ids: dict[str, int] = {}
        self._words: dict[int, str] = {}
        self._next_id = n_ids
        self._forgotten: set[int] = set()
        self._pruned_at = 0

    def __len__(self) -> int:
        return len(self.ids)

    def word_of(self, number: int) -> str:
        """The word of an id."""
        return self._words[number]

    def number(self, batch: Batch) -> Batch:
        """Give ids to the unknown words of a batch.

        Parameters
        ----------
        batch : Batch

        Returns
        -------
        Batch
            The batch with these ids in place of −1. Unknown words of integer rows stay
            −1, as rows do not spell them.
        """
        if not batch.unknown:
            return batch
        for word in batch.unknown:
            if word not in self.ids:
                self.ids[word] = self._next_id
                self._words[self._next_id] = word
                self._next_id += 1
        ids = batch.ids.astype(np.int64)
        ids[ids == UNKNOWN] = [self.ids[word] for word in batch.unknown]
        return Batch(ids, batch.lengths, batch.closed, batch.words, unknown=[])

    @contextmanager
    def trial(self) -> Iterator[None]:
        """A context at the end of which words lose the ids that they got in it."""
        n_kept, next_id = len(self.ids), self._next_id
        try:
            yield
        finally:
            while len(self.ids) > n_kept:
                _, number = self.ids.popitem()  # the last one that was added
                del self._words[number]
            self._next_id = next_id

    def prune(self, memory: Memory) -> None:
        """Remove the words that a memory had forgotten when this was last done.

        Nothing happens if few tokens were observed since. A word is removed at the second
        time only, as contexts in the memory may hold it a little longer.
        """
        n_observed = memory.n_observed
        # The time this takes is in proportion to the words; so is the time between.
        if n_observed - self._pruned_at >= max(_PRUNED_EVERY, len(self.ids) // 4):
            forgotten = set(self.ids.values()) - memory.new_words.keys()
            gone = forgotten & self._forgotten
            self.ids = {
                w: number for w, number in self.ids.items() if number not in gone
            }
            self._words = {number: word for word, number in self.ids.items()}
            self._forgotten, self._pruned_at = forgotten - gone, n_observed


def known_before(batch: Batch, numbered: Batch, remembered: Collection[int]) -> Batch:
    """A batch in which new words have ids only after the sample that has them first.

    Parameters
    ----------
    batch : Batch
        The samples as they were read.
    numbered : Batch
        What `NewWords.number` returned for the batch.
    remembered : collection of int
        Ids of the new words that were observed before the first sample.

    Returns
    -------
    Batch
    """
    ids, unknown = numbered.ids.copy(), []
    sample = np.repeat(np.arange(len(batch)), batch.lengths)
    first: dict[int, int] = {}  # the first sample that has a word
    places = np.flatnonzero(batch.ids == UNKNOWN)
    for place, word in zip(places.tolist(), batch.unknown or (), strict=False):
        number, here = int(ids[place]), int(sample[place])
        if number not in remembered and first.setdefault(number, here) == here:
            ids[place] = UNKNOWN
            unknown.append(word)
    return replace(batch, ids=ids, unknown=None if batch.unknown is None else unknown)
