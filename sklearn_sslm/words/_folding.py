"""Folding of words, which ignores case, accents and punctuation at the ends."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import groupby, product

import numpy as np

_NO_ALPHANUMERIC = "".join(c for c in map(chr, range(128)) if not c.isalnum())
"""The characters of ASCII that are neither letters nor digits."""


def fold(word: str) -> str:
    """A word without case, accents, and punctuation at its ends.

    Compatibility characters of Unicode are equivalent to their letters ("ﬁ" is "fi"). A
    word without any letter or digit becomes "".

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
        return word.lower().strip(_NO_ALPHANUMERIC)
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


def unstretched(folded: str) -> list[str]:
    """Possible originals of a folded word with stretched letters.

    A letter is stretched if it is repeated three times or more, or twice at the end of
    the word. It may stand for a single letter, or, if repeated three times or more, for
    a double one.

    Parameters
    ----------
    folded : str
        As returned by `fold`.

    Returns
    -------
    list of str
        Other words of two letters at least; empty for a word with more than four
        stretched letters.

    Examples
    --------
    >>> unstretched("oiii"), unstretched("diaa"), unstretched("coool")
    (['oi', 'oii'], ['dia'], ['col', 'cool'])
    >>> unstretched("carro"), unstretched("2000"), unstretched("aaa")
    ([], [], ['aa'])
    """
    runs = [(letter, len(list(run))) for letter, run in groupby(folded)]
    choices = [
        (letter, letter * 2) if letter.isalpha() and size > 2 else (letter * size,)
        for letter, size in runs
    ]
    if runs and runs[-1][1] == 2 and runs[-1][0].isalpha():
        choices[-1] = (runs[-1][0],)
    if sum(len(choice) > 1 for choice in choices) > _MAX_STRETCHED:
        return []
    words = map("".join, product(*choices))
    return [word for word in words if word != folded and len(word) > 1]


_MAX_STRETCHED = 4


class FoldedWords:
    """The ids of words by their folded form.

    Hashes of folded words are sorted, with 16 bytes for each; folded words are not kept.

    Parameters
    ----------
    words : list of str
    ids : sequence of int
        The id of each word.

    Examples
    --------
    >>> folded = FoldedWords(["Olá!", "ola", "!"], ids=[1, 2, 3])
    >>> folded.get("OLA?"), folded.get("adeus"), folded.get("!!")
    ([1, 2], [], [])
    """

    def __init__(self, words: list[str], ids: Sequence[int]) -> None:
        hashes = np.fromiter(map(hash, map(fold, words)), np.int64, len(words))
        self._places = np.argsort(hashes, kind="stable")
        self._hashes = hashes[self._places]
        self._words = words
        self._ids = ids

    def __reduce__(self):
        return type(self), (self._words, self._ids)  # each process has other hashes

    def get(self, word: str) -> list[int]:
        """The ids of the words with the same folded form as a word."""
        folded = fold(word)
        if not folded:
            return []
        ends = [
            np.searchsorted(self._hashes, hash(folded), s) for s in ("left", "right")
        ]
        places = self._places[slice(*ends)].tolist()
        return [self._ids[j] for j in places if fold(self._words[j]) == folded]
