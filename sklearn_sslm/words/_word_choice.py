"""The choice of a limited vocabulary."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ._checks import shown
from ._vocabulary import UNKNOWN_WORD, Vocabulary


@dataclass(frozen=True)
class WordChoice:
    """Selects the words of a closed vocabulary.

    Attributes
    ----------
    max_words : int or None
        Maximal number of words: the most frequent ones, and of equally frequent words
        the first ones. None is no limit.
    min_count : int
        Minimal count of a word.

    Examples
    --------
    >>> vocabulary = Vocabulary(["", "a", "b", "c"])
    >>> numbers, closed = WordChoice(2, 1).of(vocabulary, np.array([0, 1, 5, 3]), "Model")
    >>> closed.ids, numbers
    ({'b': 1, 'c': 2}, array([ 0, -1,  1,  2], dtype=int32))
    """

    max_words: int | None
    min_count: int

    def of(
        self, vocabulary: Vocabulary, count: NDArray, owner: str
    ) -> tuple[NDArray[np.int32], Vocabulary]:
        """Select words of a vocabulary.

        Parameters
        ----------
        vocabulary : Vocabulary
        count : ndarray of shape (n_ids,)
            The count of each word.
        owner : str
            Class that the message of an error names.

        Returns
        -------
        numbers : ndarray of shape (n_ids,), int32
            The new id of each id; −1 for words that were not selected.
        closed : Vocabulary
            The selected words, in their old order.

        Raises
        ------
        ValueError
            If no word is selected.
        """
        words = np.array(vocabulary.words, dtype=object)
        kept = (count >= self.min_count) & (words != "") & (words != UNKNOWN_WORD)
        if self.max_words is not None:
            likeliest = np.argsort(-np.where(kept, count, -1), kind="stable")
            kept[likeliest[self.max_words :]] = False
        if not kept.any():
            msg = (
                f"'X' of {owner} must hold a word that occurs as often as the "
                f"'unk_min_count' of its WordIndexTransformer says, {self.min_count}. "
                f"Got {vocabulary.n_words} words, none of them more often than "
                f"{int(count[1:].max(initial=0))} times."
            )
            raise ValueError(msg)
        numbers = np.full(len(words), -1, dtype=np.int32)
        numbers[0] = 0
        numbers[kept] = np.arange(1, kept.sum() + 1)
        return numbers, Vocabulary(["", *words[kept].tolist()], is_closed=True)


def given_vocabulary(words: Iterable[str] | Mapping[str, int]) -> Vocabulary:
    """The closed vocabulary of the parameter `vocabulary`.

    Parameters
    ----------
    words : iterable of str, or mapping of str to int
        The words in the order of their ids, those of a set in alphabetical order; or
        each word's id, from 1.

    Returns
    -------
    Vocabulary

    Raises
    ------
    ValueError
        If there is no word, if a word is no str, empty, or occurs twice, or if ids are not
        1, 2, ….

    Examples
    --------
    >>> given_vocabulary(["b", "a"]).ids, given_vocabulary({"b": 2, "a": 1}).words
    ({'b': 1, 'a': 2}, ['', 'a', 'b', '<unk>'])
    """
    if isinstance(words, Mapping):
        if sorted(words.values()) != list(range(1, len(words) + 1)):
            raise _no_vocabulary("ids that are not those from 1 on, each once")
        words = sorted(words, key=words.__getitem__)
    in_order = sorted(words) if isinstance(words, (set, frozenset)) else list(words)
    wrong = [word for word in in_order if not isinstance(word, str) or not word]
    if wrong:
        raise _no_vocabulary(f"{shown(wrong[0])} among them")
    in_order = [word for word in in_order if word != UNKNOWN_WORD]
    if len({*in_order}) < len(in_order):
        twice = next(word for word in in_order if in_order.count(word) > 1)
        raise _no_vocabulary(f"{shown(twice)} twice")
    if not in_order:
        raise _no_vocabulary("none")
    return Vocabulary(["", *in_order], is_closed=True)


def _no_vocabulary(got):
    return ValueError(
        "The 'vocabulary' parameter of WordIndexTransformer must be different words, each "
        f"a str that is not empty, or a mapping of these to ids. Got {got}."
    )
