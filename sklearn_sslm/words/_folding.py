"""Words as people write them: case, accents and punctuation at the ends do not count."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable


def fold(word: str) -> str:
    """A word without case, accents, and punctuation at its ends.

    Forms of Unicode that look alike are the same ("ﬁ" is "fi"). Of a word without any
    letter or digit nothing is left.

    Parameters
    ----------
    word : str

    Returns
    -------
    str

    Examples
    --------
    >>> fold("Olá!"), fold("OLA"), fold("(São-Paulo)"), fold("?!")
    ('ola', 'ola', 'sao-paulo', '')
    """
    if word.isascii():
        folded = word.lower()
    else:
        folded = unicodedata.normalize("NFKD", word).casefold()
        folded = unicodedata.normalize("NFKD", folded)
        folded = "".join(c for c in folded if not unicodedata.combining(c))
    begin, end = 0, len(folded)
    while begin < end and not _is_of_word(folded[begin]):
        begin += 1
    while end > begin and not _is_of_word(folded[end - 1]):
        end -= 1
    return folded[begin:end]


def _is_of_word(character):
    """Whether a character is a letter, a digit, or a mark that changes a letter."""
    return character.isalnum() or unicodedata.category(character)[0] == "M"


class FoldedWords:
    """Ids of words by what is left of them when they are folded.

    Parameters
    ----------
    words : iterable of (int, str)
        Ids and words.

    Examples
    --------
    >>> folded = FoldedWords([(1, "Olá!"), (2, "ola"), (3, "!")])
    >>> folded.get("OLA?"), folded.get("adeus"), folded.get("!!")
    ((1, 2), (), ())
    """

    def __init__(self, words: Iterable[tuple[int, str]]) -> None:
        self._ids: dict[str, tuple[int, ...]] = {}
        for number, word in words:
            folded = fold(word)
            if folded:
                self._ids[folded] = (*self._ids.get(folded, ()), number)

    def get(self, word: str) -> tuple[int, ...]:
        """Ids of the words that are folded like a word."""
        return self._ids.get(fold(word), ())
