"""Look-up of words by a prefix, for completion."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence


class SortedWords:
    """Ids of words in alphabetical order: words with a common prefix are contiguous.

    Parameters
    ----------
    words : list of str
        Empty words are left out.
    ids : sequence of int
        The id of each word.

    Examples
    --------
    >>> words = SortedWords(["boa", "dia", "bom", "", "bombom"], ids=[1, 2, 3, 4, 5])
    >>> words.starting("bo"), words.starting("bom"), words.starting("boas")
    ([1, 3, 5], [3, 5], [])
    """

    def __init__(self, words: list[str], ids: Sequence[int]) -> None:
        places = filter(words.__getitem__, range(len(words)))
        in_order = sorted(places, key=words.__getitem__)
        self._words = [words[j] for j in in_order]
        self._ids = [ids[j] for j in in_order]

    def starting(self, prefix: str) -> list[int]:
        """Ids of the words that begin with a prefix."""
        size = len(prefix)
        begin = bisect_left(self._words, prefix)
        end = bisect_right(self._words, prefix, lo=begin, key=lambda word: word[:size])
        return self._ids[begin:end]
