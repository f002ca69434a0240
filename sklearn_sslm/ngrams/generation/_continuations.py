"""The contexts and the length limits of texts to be continued."""

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

_NO_WORDS = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class Continuations:
    """The context of each text to be continued, and the limits of its new words.

    Attributes
    ----------
    length, row : ndarray of shape (n_texts,), int
        The context of each text, as returned by `NGramCounts.longest_context`.
    max_new, min_new : ndarray of shape (n_texts,), int
        The maximal and minimal number of new words of each text.
    prefix : list of list of int, or None
        The words of each text before the new ones, for controls that need the text; None
        if they do not.
    stop : ndarray of int
        Words after which a text ends, the same for all texts.
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
        """Whether each text may end without a new word."""
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
        """The words of each text before the new ones, as new lists."""
        if self.prefix is None:
            return [[] for _ in range(len(self))]
        return list(map(list, self.prefix))
