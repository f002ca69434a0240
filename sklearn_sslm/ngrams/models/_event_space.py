"""The event space: what can follow a context."""

from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class Events:
    """The events that can follow a context: the words, the end, and an unknown word.

    Attributes
    ----------
    n_words : int
        Number of known words.
    unused_ids : ndarray of int64, default=none
        Ids, in rising order, of no word: those of forgotten words, and of unknown words
        in a model of stored probabilities.
    unknown_id : int, default=-1
        The id of unknown words in counts, the highest of all; −1 if there is none.
    """

    n_words: int
    unused_ids: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    unknown_id: int = -1

    def __len__(self) -> int:
        return self.n_words + 2

    @property
    def n_with_id(self) -> int:
        """Number of events with an id: the unknown word has one only in counts."""
        return len(self) - (self.unknown_id < 0)
