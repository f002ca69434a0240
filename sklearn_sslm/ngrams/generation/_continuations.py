"""Texts to be continued side by side."""

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

_NO_WORDS = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class Continuations:
    """Where each text is continued from, and when it ends.

    Attributes
    ----------
    length, row : ndarray of shape (n_texts,), int
        The context of each text, as `NGramCounts.longest_context` finds it.
    max_new : ndarray of shape (n_texts,), int
        New words after which each text ends.
    min_new : ndarray of shape (n_texts,), int
        New words before which it may not end.
    prefix : list of list of int, or None
        The words before the new ones, for controls that need the text; None is none.
    stop : ndarray of int
        Words that end a text when they are drawn, all texts alike.
    """

    length: NDArray
    row: NDArray
    max_new: NDArray
    min_new: NDArray
    prefix: list[list[int]] | None = None
    stop: NDArray = field(default_factory=lambda: _NO_WORDS)

    def __len__(self) -> int:
        return len(self.length)

    @cached_property
    def may_end(self) -> bool:
        """Whether each of the texts may end at once."""
        return not np.count_nonzero(self.min_new)

    def __getitem__(self, texts: slice | NDArray | list[int]) -> "Continuations":
        arrays = {
            name: getattr(self, name)[texts]
            for name in ("length", "row", "max_new", "min_new")
        }
        prefix = self.prefix
        if prefix is not None:
            prefix = [prefix[j] for j in np.arange(len(self))[texts]]
        return replace(self, **arrays, prefix=prefix)

    def prefixes(self) -> list[list[int]]:
        """The words before the new ones, a list for each text to be added to."""
        if self.prefix is None:
            return [[] for _ in range(len(self))]
        return list(map(list, self.prefix))
