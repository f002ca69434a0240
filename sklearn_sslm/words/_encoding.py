"""Words of many texts become ids, fast."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import chain, islice, pairwise

import numpy as np
from joblib import Parallel, delayed, effective_n_jobs
from numpy.typing import NDArray

from ..utils import no_progress
from ._tokenizer import Tokenizer, no_words
from ._vocabulary import Vocabulary

UNKNOWN = -1
"""The id of an unknown word."""

_SEPARATOR, _SEPARATOR_ID = "\0", -2
_CHUNK = 256  # texts that are split at a time: their words fit into the cache
_MIN_PARALLEL_LENGTH = 1 << 24  # characters: fewer are not worth starting processes


class BatchVocabulary(dict):
    """The ids of the words of some texts; each word is looked up once.

    Parameters
    ----------
    known : Vocabulary, or mapping of str to int
        The words known before; it is not changed.
    next_id : int, default=None
        The id of the next new word. With None, new words are unknown: −1.

    Attributes
    ----------
    new_words : list of str
        Words that were given ids, in the order of these.

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
        self._parameter = "tokenizer"

    def __missing__(self, word):
        if not isinstance(word, str):
            raise TypeError(no_words(word, self._parameter))
        number = self.known.get(word, UNKNOWN)
        if number < 0 and self.next_id is not None:
            number = self._new_id(len(self.new_words))
            self.new_words.append(word)
        self[word] = number
        return number

    def _new_id(self, nth):
        return self.next_id + nth

    def encode(
        self,
        texts: Iterable[str],
        tokenizer: Tokenizer = Tokenizer(),  # noqa: B008 - it cannot be changed
        on_progress: Callable[[int], object] = no_progress,
    ) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Turn texts into one array of ids, without padding.

        Parameters
        ----------
        texts : iterable of str
            It is read in chunks.
        tokenizer : Tokenizer
        on_progress : callable, default=no_progress
            Called with the number of texts of each chunk.

        Returns
        -------
        ids : ndarray of shape (n_tokens,), int32
            The ids of all words, text after text.
        lengths : ndarray of shape (n_texts,), int64
            Number of words of each text.
        """
        ids, lengths = [np.zeros(0, np.int32)], [np.zeros(0, np.int64)]
        texts = iter(texts)
        self._parameter = tokenizer.parameter
        at_once = tokenizer.splits_at_blanks
        encode = self._encode_split if at_once else self._encode_tokens
        while chunk := list(islice(texts, _CHUNK)):
            chunk_ids, chunk_lengths = encode(chunk, tokenizer)
            ids.append(chunk_ids)
            lengths.append(chunk_lengths)
            on_progress(len(chunk))
        return np.concatenate(ids), np.concatenate(lengths)

    def _encode_split(self, texts, tokenizer):
        r"""Split all texts at once, joined by a word that none of them has.

        ["a b", "c"] -> "a b \0 c" -> [1, 2, -2, 3] -> [1, 2, 3] of lengths [2, 1]
        """
        joined = f" {_SEPARATOR} ".join(texts)
        if joined.count(_SEPARATOR) >= len(texts):
            return self._encode_tokens(texts, tokenizer)
        ids = self._look_up(tokenizer(joined))
        ends = np.append(np.flatnonzero(ids == _SEPARATOR_ID), len(ids))
        return ids[ids != _SEPARATOR_ID], np.diff(ends, prepend=-1) - 1

    def _encode_tokens(self, texts, tokenizer):
        words = list(map(tokenizer, texts))
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
            raise TypeError(no_words(wrong, self._parameter)) from None


class _UnknownWords(BatchVocabulary):
    """Numbers new words downwards, from the first id below the separator's."""

    def _new_id(self, nth):
        return self.next_id - nth


def encode(
    texts: Iterable[str],
    vocabulary: Vocabulary | Mapping[str, int],
    tokenizer: Tokenizer = Tokenizer(),  # noqa: B008 - it cannot be changed
    on_progress: Callable[[int], object] = no_progress,
) -> tuple[NDArray[np.int32], NDArray[np.int64], list[str]]:
    """Turn texts into the ids of a vocabulary.

    Parameters
    ----------
    texts : iterable of str
    vocabulary : Vocabulary, or mapping of str to int
    tokenizer : Tokenizer
    on_progress : callable, default=no_progress
        Called with the number of texts of each chunk.

    Returns
    -------
    ids : ndarray of shape (n_tokens,), int32
        The ids of all words, text after text; −1 is an unknown word.
    lengths : ndarray of shape (n_texts,), int64
        Number of words of each text.
    unknown : list of str
        The unknown words, in order.

    Examples
    --------
    >>> encode(["a b", "c b a"], {"a": 1})
    (array([ 1, -1, -1, -1,  1], dtype=int32), array([2, 3]), ['b', 'c', 'b'])
    """
    first = _SEPARATOR_ID - 1
    words = _UnknownWords(vocabulary, next_id=first)
    ids, lengths = words.encode(texts, tokenizer, on_progress)
    unknown = np.flatnonzero(ids <= first)
    spelled = [words.new_words[first - number] for number in ids[unknown].tolist()]
    ids[unknown] = UNKNOWN
    return ids, lengths, spelled


def learn_words(
    words: list[str], vocabulary: Vocabulary
) -> tuple[NDArray[np.int32], Vocabulary]:
    """The ids of some words, and the vocabulary that has all of them.

    Parameters
    ----------
    words : list of str
    vocabulary : Vocabulary
        The words known; new ones get the next ids, in their order.

    Returns
    -------
    ids : ndarray of shape (n_words,), int32
    vocabulary : Vocabulary

    Examples
    --------
    >>> ids, more = learn_words(["b", "a", "c"], Vocabulary(["", "a"]))
    >>> ids, more.words
    (array([2, 1, 3], dtype=int32), ['', 'a', 'b', 'c'])
    """
    batch = BatchVocabulary(vocabulary, vocabulary.n_ids)
    ids = batch.look_up(words)
    return ids, vocabulary.with_words(batch.new_words)


def learn_texts(
    texts: list[str],
    vocabulary: Vocabulary,
    tokenizer: Tokenizer,
    owner: str,
    *,
    n_jobs: int | None = None,
    on_progress: Callable[[int], object] = no_progress,
) -> tuple[NDArray[np.int32], NDArray[np.int64], Vocabulary]:
    """The ids of the words of texts, and the vocabulary that has all of them.

    Parameters
    ----------
    texts : list of str
    vocabulary : Vocabulary
        The words known; new ones get the next ids, in their order.
    tokenizer : Tokenizer
    owner : str
        Class that the message of an error names.
    n_jobs : int, default=None
        Number of processes that split long texts.
    on_progress : callable, default=no_progress
        Called with the number of texts that were read since the last call.

    Returns
    -------
    ids : ndarray of shape (n_tokens,), int32
    lengths : ndarray of shape (n_texts,), int64
    vocabulary : Vocabulary

    Raises
    ------
    ValueError
        If no word is known afterwards.
    """
    batch = BatchVocabulary(vocabulary, vocabulary.n_ids)
    n_parts = effective_n_jobs(n_jobs)
    if n_parts == 1 or sum(map(len, texts)) < _MIN_PARALLEL_LENGTH:
        ids, lengths = batch.encode(texts, tokenizer, on_progress)
    else:
        ids, lengths = _encode_in_parallel(texts, batch, tokenizer, n_jobs, n_parts)
        on_progress(len(texts))  # the processes report nothing before they end
    vocabulary = vocabulary.with_words(batch.new_words)
    if not vocabulary.n_words:
        msg = (
            f"'X' of {owner} must hold at least one word. Got {len(texts)} texts "
            "without any."
        )
        raise ValueError(msg)
    return ids, lengths, vocabulary


def _encode_in_parallel(texts, batch, tokenizer, n_jobs, n_parts):
    """As `BatchVocabulary.encode`; each process numbers the words of its part."""
    bounds = np.linspace(0, len(texts), n_parts + 1).astype(int).tolist()
    parts = Parallel(n_jobs=n_jobs)(
        delayed(_encode_part)(texts[low:high], tokenizer)
        for low, high in pairwise(bounds)
    )
    # Part ids [0, 1, 0] of words ["b", "a"] -> ids [2, 1, 2]
    ids = [batch.look_up(words)[part_ids] for part_ids, _, words in parts]
    return np.concatenate(ids), np.concatenate([lengths for _, lengths, _ in parts])


def _encode_part(texts, tokenizer):
    vocabulary = BatchVocabulary({}, next_id=0)
    ids, lengths = vocabulary.encode(texts, tokenizer)
    return ids, lengths, vocabulary.new_words
