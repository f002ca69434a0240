"""Words of many texts become ids, fast."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import chain, islice, pairwise
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray

from ..utils import no_progress
from ._vocabulary import Vocabulary

UNKNOWN = -1
"""What stands for an unknown word."""

_SEPARATOR, _SEPARATOR_ID = "\0", -2
_CHUNK = 256  # texts whose words are there at the same time: few enough for the cache
_WORTH_A_PROCESS = 1 << 24  # characters: fewer are read sooner than sent


class BatchVocabulary(dict):
    """The ids of the words of a batch, found out when a word first comes up.

    A word nobody knows gets the next id if there is one, else −1.

    Parameters
    ----------
    known : dict of str to int
        Ids given before; it is not changed.
    next_id : int, default=None
        The next id to give; None gives none.

    Attributes
    ----------
    new_words : list of str
        Words that were given ids, in their order.

    Examples
    --------
    >>> ids = BatchVocabulary({"a": 1}, next_id=2)
    >>> ids.encode(["a b", "", "b c"])
    (array([1, 2, 2, 3], dtype=int32), array([2, 0, 2]))
    >>> ids.new_words
    ['b', 'c']
    """

    def __init__(
        self, known: Mapping[str, int] | Vocabulary, next_id: int | None = None
    ) -> None:
        super().__init__({_SEPARATOR: _SEPARATOR_ID})
        self.known = known
        self.next_id = next_id
        self.new_words: list[str] = []
        self._separator_as_word: dict[str, int] = {}

    def __missing__(self, word):
        if not isinstance(word, str):
            raise TypeError(_no_words(word))
        number = self.known.get(word, UNKNOWN)
        if number < 0 and self.next_id is not None:
            number = self.next_id + len(self.new_words)
            self.new_words.append(word)
        self[word] = number
        return number

    def encode_known(
        self, texts: Iterable[str], *how: Any
    ) -> tuple[NDArray[np.int32], NDArray[np.int64], list[str]]:
        """As `encode` where no ids are given, and which words are unknown.

        Returns
        -------
        ids, lengths : ndarray
        unknown : list of str
            The words whose id is −1, in order.

        Examples
        --------
        >>> BatchVocabulary({"a": 1}).encode_known(["a b", "c b a"])
        (array([ 1, -1, -1, -1,  1], dtype=int32), array([2, 3]), ['b', 'c', 'b'])
        """
        # Unknown words get an id each, from −3 downwards, until all are encoded.
        numbers = _Unknown(self.known)
        ids, lengths = numbers.encode(texts, *how)
        unknown = np.flatnonzero(ids < _SEPARATOR_ID)
        words = [
            numbers.new_words[_SEPARATOR_ID - 1 - j] for j in ids[unknown].tolist()
        ]
        ids[unknown] = UNKNOWN
        return ids, lengths, words

    def encode(
        self,
        texts: Iterable[str],
        tokenizer: Callable[[str], Iterable[str]] | None = None,
        lowercase: bool = False,
        on_progress: Callable[[int], object] = no_progress,
    ) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Turn texts into one array of ids, without padding.

        Parameters
        ----------
        texts : iterable of str
            A few of them are asked for at a time.
        tokenizer, lowercase : callable or None, bool
            As in `WordIndexTransformer`.
        on_progress : callable, default=no_progress
            Told how many more texts are done, now and then.

        Returns
        -------
        ids : ndarray of shape (n_tokens,), int32
            The ids of all words, text after text.
        lengths : ndarray of shape (n_texts,), int64
            Number of words of each text.
        """
        ids, lengths = [np.zeros(0, np.int32)], [np.zeros(0, np.int64)]
        texts = iter(texts)
        while chunk := list(islice(texts, _CHUNK)):
            encode = self._encode_split if tokenizer is None else self._encode_tokens
            chunk_ids, chunk_lengths = encode(chunk, tokenizer, lowercase)
            ids.append(chunk_ids)
            lengths.append(chunk_lengths)
            on_progress(len(chunk))
        return np.concatenate(ids), np.concatenate(lengths)

    def _encode_split(self, texts, tokenizer, lowercase):
        """Split all texts at once, with a word between them that none of them has."""
        joined = f" {_SEPARATOR} ".join(texts)
        if joined.count(_SEPARATOR) >= len(texts):
            return self._encode_tokens(texts, str.split, lowercase)
        words = (joined.lower() if lowercase else joined).split()
        ids = self._look_up(words)
        ends = np.append(np.flatnonzero(ids == _SEPARATOR_ID), len(ids))
        return ids[ids != _SEPARATOR_ID], np.diff(ends, prepend=-1) - 1

    def _encode_tokens(self, texts, tokenizer, lowercase):
        words = [tokenize(text, tokenizer, lowercase) for text in texts]
        lengths = np.fromiter(map(len, words), np.int64, len(words))
        return self.look_up(list(chain.from_iterable(words))), lengths

    def look_up(self, words: list[str]) -> NDArray[np.int32]:
        """The ids of some words, int32."""
        # The separator may be a word here, with an id like any other.
        del self[_SEPARATOR]
        self.update(self._separator_as_word)
        try:
            return self._look_up(words)
        finally:
            if _SEPARATOR in self:
                self._separator_as_word = {_SEPARATOR: self[_SEPARATOR]}
            self[_SEPARATOR] = _SEPARATOR_ID

    def _look_up(self, words):
        try:
            return np.fromiter(map(self.__getitem__, words), np.int32, len(words))
        except TypeError:  # what is no str may not even be hashable
            wrong = next(word for word in words if not isinstance(word, str))
            raise TypeError(_no_words(wrong)) from None


class _Unknown(BatchVocabulary):
    """Gives a word nobody knows an id below all others."""

    def __missing__(self, word):
        if not isinstance(word, str):
            raise TypeError(_no_words(word))
        number = self.known.get(word)
        if number is None:
            number = _SEPARATOR_ID - 1 - len(self.new_words)
            self.new_words.append(word)
        self[word] = number
        return number


def tokenize(text, tokenizer=None, lowercase=False):
    """The words of one text, as a list of str.

    >>> tokenize("Olá! Como vai?", lowercase=True)
    ['olá!', 'como', 'vai?']
    """
    if lowercase:
        text = text.lower()
    if tokenizer is None:
        return text.split()
    words = tokenizer(text)
    if not isinstance(words, Iterable):
        raise TypeError(_no_words(words))
    return [word for word in words if word != ""]


def learn_words(
    known, next_id, texts, tokenizer, lowercase, n_jobs=None, on_progress=no_progress
):
    """Give ids to the new words of texts, in several processes if that is worth it.

    Parameters
    ----------
    known : dict of str to int
    next_id : int
    texts : list of str
    tokenizer, lowercase : callable or None, bool
    n_jobs : int, default=None
        Number of processes.
    on_progress : callable, default=no_progress
        Told how many more texts are done, now and then.

    Returns
    -------
    ids : ndarray of shape (n_tokens,), int32
    lengths : ndarray of shape (n_texts,), int64
    new_words : list of str
    """
    parallel = Parallel(n_jobs=n_jobs)
    n_parts = parallel._effective_n_jobs()
    vocabulary = BatchVocabulary(known, next_id)
    if n_parts == 1 or sum(map(len, texts)) < _WORTH_A_PROCESS:
        ids, lengths = vocabulary.encode(texts, tokenizer, lowercase, on_progress)
        return ids, lengths, vocabulary.new_words
    bounds = np.linspace(0, len(texts), n_parts + 1).astype(int).tolist()
    parts = parallel(
        delayed(_encode_part)(texts[low:high], tokenizer, lowercase)
        for low, high in pairwise(bounds)
    )
    ids = np.concatenate(  # each part has counted from 0
        [vocabulary.look_up(words)[part_ids] for part_ids, _, words in parts]
    )
    lengths = np.concatenate([lengths for _, lengths, _ in parts])
    on_progress(len(texts))  # what the processes are at is not known sooner
    return ids, lengths, vocabulary.new_words


def _encode_part(texts, tokenizer, lowercase):
    vocabulary = BatchVocabulary({}, next_id=0)
    ids, lengths = vocabulary.encode(texts, tokenizer, lowercase)
    return ids, lengths, vocabulary.new_words


def _no_words(returned):
    return (
        "The 'tokenizer' parameter of WordIndexTransformer must return words, each a "
        f"str. It returned {returned!r}."
    )
