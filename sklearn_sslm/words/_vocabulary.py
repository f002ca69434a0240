"""The vocabulary: words and their ids."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ._beginnings import SortedWords
from ._byte_words import ByteWords
from ._folding import FoldedWords, fold
from ._word_cache import NOT_CACHED, WordCache

UNKNOWN_WORD = "<unk>"
"""The spelling of the unknown word in texts."""

_FEW = 256
"""Number of changes that are stored as such, before all words are copied."""

_COPIED = 8
"""A cache of words is copied when it becomes larger by at least an eighth."""


class Vocabulary:
    """An immutable map between words and ids.

    A vocabulary made from another one by few changes shares its words, and stores the
    changes, so that learning a word does not copy all others.

    Parameters
    ----------
    words : list of str, default=None
        ``words[id]`` is the word; it is "" for the boundary, id 0, and for forgotten
        words. The list must not be changed. None is the boundary alone.
    is_closed : bool, default=False
        Whether no word is ever added: all other words are one unknown word, which has
        the highest id.

    Attributes
    ----------
    n_ids : int
        Number of ids, with the boundary.
    unused_ids : ndarray of shape (n_unused,), int64
        Ids of forgotten words, in rising order.
    unknown : int
        The id of the unknown word of a closed vocabulary; else −1.

    Examples
    --------
    >>> vocabulary = Vocabulary(["", "a", "b"]).with_words(["c"])
    >>> vocabulary.get("c"), vocabulary.get("d", -1), vocabulary.words
    (3, -1, ['', 'a', 'b', 'c'])
    >>> fewer = vocabulary.without([2])
    >>> fewer.words, fewer.ids, fewer.n_words
    (['', 'a', '', 'c'], {'a': 1, 'c': 3}, 2)
    >>> closed = Vocabulary(["", "a"]).closed()
    >>> closed.words, closed.ids, closed.unknown
    (['', 'a', '<unk>'], {'a': 1}, 2)
    """

    def __init__(self, words: list[str] | None = None, is_closed: bool = False) -> None:
        words = words or [""]
        ids = {word: j for j, word in enumerate(words) if word}
        self.unknown = -1
        if is_closed:
            self.unknown = len(words)
            words = [*words, UNKNOWN_WORD]
        self._words: list[str] | None = words  # None: not computed yet
        self._old_words = words
        self._old_ids = ids
        self._ids: dict[str, int] | None = self._old_ids
        # By id; "" where the old word was forgotten.
        self._new_words: dict[int, str] = {}
        self._new_ids: dict[str, int] = {}
        # Made when first asked for, in a list that the vocabularies made from this one share.
        self._old_folded: list[FoldedWords] = []
        self._new_folded: FoldedWords | None = None
        self._old_sorted: dict[bool, SortedWords] = {}  # folded or not
        # Of old ids. It is replaced by a larger one, and not changed.
        self._old_cache = [WordCache()]
        self.n_ids = len(words)
        self.unused_ids = np.array(
            [j for j, word in enumerate(words) if j and not word], dtype=np.int64
        )

    @property
    def n_words(self) -> int:
        """Number of known words."""
        return self.n_ids - 1 - len(self.unused_ids) - self.is_closed

    @property
    def is_closed(self) -> bool:
        """Whether no word is ever added."""
        return self.unknown >= 0

    def closed(self) -> Vocabulary:
        """The same words as a closed vocabulary."""
        return self if self.is_closed else Vocabulary(self.words, is_closed=True)

    @property
    def words(self) -> list[str]:
        """The word of each id; "" for the boundary and for forgotten words."""
        if self._words is None:
            words = self._old_words[: self.n_ids]
            words += [""] * (self.n_ids - len(words))
            for number, word in self._new_words.items():
                words[number] = word
            self._words = words
        return self._words

    @property
    def ids(self) -> dict[str, int]:
        """The ids as a dict."""
        if self._ids is None:
            self._ids = {word: j for j, word in enumerate(self.words) if word}
        return self._ids

    def get(self, word: str, default: Any = None) -> Any:
        """The id of a word."""
        if self._ids is not None:
            return self._ids.get(word, default)
        number = self._new_ids.get(word)
        if number is not None:
            return number
        number = self._old_ids.get(word)
        if number is None or number in self._new_words or number >= self.n_ids:
            return default
        return number

    def ids_of(self, words: list[str]) -> NDArray[np.int32]:
        """The ids of many words, −1 for unknown ones.

        Examples
        --------
        >>> Vocabulary(["", "a", "b"]).with_words(["c"]).ids_of(["c", "d", "a"])
        array([ 3, -1,  1], dtype=int32)
        """
        known = self._old_ids if self._ids is None else self._ids
        ids = np.fromiter(map(known.get, words, repeat(-1)), np.int32, len(words))
        if self._ids is None:
            changed = (ids < 0) | (ids >= self.n_ids)
            changed |= np.isin(ids, list(self._new_words))
            for j in np.flatnonzero(changed).tolist():
                ids[j] = self.get(words[j], -1)
        return ids

    def cached_ids(self, words: ByteWords) -> NDArray[np.int32] | None:
        """The ids of many words as far as they are cached.

        Parameters
        ----------
        words : ByteWords

        Returns
        -------
        ndarray of shape (n_words,), int32, or None
            `NOT_CACHED` where a word has to be looked up; None if that is so for all.
        """
        (cache,) = self._old_cache
        if not len(cache):
            return None
        ids = cache.find(words)
        if self._new_words or self.n_ids < len(self._old_words):
            ids[~self._are_old(ids)] = NOT_CACHED
        return ids

    def keep(self, found: WordCache) -> None:
        """Cache the ids of known words among words that were looked up.

        Where they are few beside those cached, they are left out: a cache is copied before
        it grows, since other threads may read it.

        Parameters
        ----------
        found : WordCache
        """
        (cache,) = self._old_cache
        known = np.flatnonzero(self._are_old(found.ids))
        if len(known) * _COPIED > len(cache):
            more = cache.with_more(found.words, known, found.ids[known])
            self._old_cache[0] = more

    def _are_old(self, ids):
        """Which ids are of words of the vocabulary from which this one was made."""
        is_old = (ids > 0) & (ids < min(self.n_ids, len(self._old_words)))
        return is_old & np.isin(ids, list(self._new_words), invert=True)

    def alike(self, word: str) -> list[int]:
        """Ids of known words that differ from a word in case, accents or punctuation.

        Parameters
        ----------
        word : str

        Returns
        -------
        list of int
            In rising order; see `fold`.

        Examples
        --------
        >>> Vocabulary(["", "Olá!", "Oi!"]).with_words(["ola"]).alike("OLÁ")
        [1, 3]
        """
        if not self._old_folded:
            words = self._old_words
            self._old_folded.append(FoldedWords(words, range(len(words))))
        if self._new_folded is None:
            new_words = list(self._new_words.values())
            self._new_folded = FoldedWords(new_words, list(self._new_words))
        old = (
            number
            for number in self._old_folded[0].get(word)
            if number < self.n_ids and number not in self._new_words
        )
        return sorted({*old, *self._new_folded.get(word)})

    def starting(self, prefix: str, folded: bool = False) -> list[int]:
        """Ids of known words that begin with a prefix.

        Parameters
        ----------
        prefix : str
        folded : bool, default=False
            Whether to ignore case, accents and punctuation at the ends; see `fold`.

        Returns
        -------
        list of int
            In rising order; empty if the folded prefix is "".

        Examples
        --------
        >>> vocabulary = Vocabulary(["", "Olá!", "Oi!"]).with_words(["olho"])
        >>> vocabulary.starting("O"), vocabulary.starting("ol", folded=True)
        ([1, 2], [1, 3])
        """
        if folded not in self._old_sorted:
            words = self._old_words
            self._old_sorted[folded] = _sorted(words, range(len(words)), folded)
        prefix = fold(prefix) if folded else prefix
        if not prefix:
            return []
        old = (
            number
            for number in self._old_sorted[folded].starting(prefix)
            if number < self.n_ids and number not in self._new_words
        )
        new_words = list(self._new_words.values())
        new = _sorted(new_words, list(self._new_words), folded).starting(prefix)
        return sorted({*old, *new} - {self.unknown})

    @property
    def word_of(self) -> Callable[[int], str]:
        """A function that returns the word of an id."""
        if self._words is not None:
            return self._words.__getitem__
        return self._find_word

    def _find_word(self, number):
        word = self._new_words.get(number)
        return self._old_words[number] if word is None else word

    def next_ids(self, n: int) -> NDArray[np.int64]:
        """The ids of the next n new words: first those of forgotten words.

        Examples
        --------
        >>> Vocabulary(["", "a", "", "c"]).next_ids(3)
        array([2, 4, 5])
        """
        used_again = self.unused_ids[:n]
        end = self.n_ids + n - len(used_again)
        return np.concatenate([used_again, np.arange(self.n_ids, end)])

    def with_words(self, words: list[str]) -> Vocabulary:
        """The vocabulary with new words, which get the `next_ids`.

        Parameters
        ----------
        words : list of str
            Words that are not in the vocabulary.

        Returns
        -------
        Vocabulary
        """
        if not words:
            return self
        are_many = len(words) + len(self._new_words) > max(_FEW, self.n_ids // 8)
        if are_many and not len(self.unused_ids):
            return self._with_last(words)
        numbers = self.next_ids(len(words)).tolist()
        n_ids = max(self.n_ids, numbers[-1] + 1)
        if are_many:
            all_words = self.words + [""] * (n_ids - self.n_ids)
            for number, word in zip(numbers, words, strict=True):
                all_words[number] = word
            return Vocabulary(all_words)
        more = self._copy()
        more.n_ids = n_ids
        more.unused_ids = self.unused_ids[len(words) :]
        more._new_words.update(zip(numbers, words, strict=True))
        more._new_ids.update(zip(words, numbers, strict=True))
        return more

    def _with_last(self, words):
        """The vocabulary with words after all others, which are not hashed again."""
        more = Vocabulary()
        more._words = more._old_words = self.words + words
        more.n_ids = len(more._old_words)
        more._ids = more._old_ids = self.ids.copy()
        more._ids.update(zip(words, range(self.n_ids, more.n_ids), strict=True))
        return more

    def without(self, numbers: Iterable[int]) -> Vocabulary:
        """The vocabulary without the words of some ids; other ids do not change.

        The number of ids is reduced if the highest ids have no word then.

        Parameters
        ----------
        numbers : iterable of int

        Returns
        -------
        Vocabulary
        """
        numbers = sorted(numbers)
        if not numbers:
            return self
        if len(numbers) + len(self._new_words) > max(_FEW, self.n_ids // 8):
            words = self.words.copy()
            for number in numbers:
                words[number] = ""
            while len(words) > 1 and not words[-1]:
                words.pop()
            return Vocabulary(words)
        fewer = self._copy()
        for number in numbers:
            fewer._new_ids.pop(self.word_of(number), None)
            fewer._new_words[number] = ""
        unused = np.union1d(self.unused_ids, numbers)
        while len(unused) and unused[-1] == fewer.n_ids - 1:
            fewer.n_ids -= 1
            fewer._new_words.pop(fewer.n_ids, None)
            unused = unused[:-1]
        fewer.unused_ids = unused
        return fewer

    def _copy(self):
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__)
        other._words = other._ids = other._new_folded = None
        other._new_words = self._new_words.copy()
        other._new_ids = self._new_ids.copy()
        return other


def _sorted(words, ids, folded):
    return SortedWords(list(map(fold, words)) if folded else words, ids)
