"""Look-up of words by a prefix, for completion."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable


class SortedWords:
    """Ids of words in alphabetical order: words with a common prefix are contiguous.

    Parameters
    ----------
    words : iterable of (int, str)
        Ids and words; empty words are left out.

    Examples
    --------
    >>> words = SortedWords([(1, "boa"), (2, "dia"), (3, "bom"), (4, ""), (5, "bombom")])
    >>> words.starting("bo"), words.starting("bom"), words.starting("boas")
    ([1, 3, 5], [3, 5], [])
    """

    def __init__(self, words: Iterable[tuple[int, str]]) -> None:
        pairs = sorted((word, number) for number, word in words if word)
        self._words = [word for word, _ in pairs]
        self._ids = [number for _, number in pairs]

    def starting(self, prefix: str) -> list[int]:
        """Ids of the words that begin with a prefix."""
        size = len(prefix)
        begin = bisect_left(self._words, prefix)
        end = bisect_right(self._words, prefix, lo=begin, key=lambda word: word[:size])
        return self._ids[begin:end]
