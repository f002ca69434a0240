"""What can follow a context."""

from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class Events:
    """What can follow a context: the known words, the end, and one unknown word.

    Attributes
    ----------
    n_words : int
        Number of words known.
    unused_ids : ndarray of int64, default=none
        Ids, in rising order, whose words were forgotten, or that stand for unknown ones.
    unknown_id : int, default=-1
        The id that unknown words were learned with, the highest; −1 if none was.
    """

    n_words: int
    unused_ids: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    unknown_id: int = -1

    def __len__(self) -> int:
        return self.n_words + 2

    @property
    def n_with_id(self) -> int:
        """How many of them have an id: all but an unknown word that was not learned."""
        return len(self) - (self.unknown_id < 0)
