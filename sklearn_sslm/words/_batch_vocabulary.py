"""The ids of the words of many texts, looked up fast."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from itertools import chain, count, islice, repeat

import numpy as np
from numpy.typing import NDArray

from ..utils import no_progress
from ._byte_words import MAX_LENGTH, ByteWords, first_equal
from ._tokenizer import Tokenizer, no_words
from ._vocabulary import Vocabulary
from ._word_cache import NOT_CACHED, WordCache

UNKNOWN = -1
"""The id of an unknown word."""

_FEW = 1 << 13  # characters that are split as str: for fewer, arrays take longer
_CHUNK = 1 << 12  # texts that are joined
_MIN_PIECE, _PIECE = 1 << 16, 1 << 20  # bytes that are split at a time, first and later


def are_short(texts: list[str]) -> bool:
    """Whether texts are so short that splitting them as str is the fastest way."""
    return sum(map(len, texts)) < _FEW


class BatchVocabulary(defaultdict):
    """The ids of the words of texts, and a dict of those that are new.

    Parameters
    ----------
    known : Vocabulary, or mapping of str to int
        The known words; it is not changed.
    next_id : int, default=None
        The id of the first new word. None gives new words the id −1 of unknown words.
    step : int, default=1
        The difference of the id of the next new word.

    Examples
    --------
    >>> ids = BatchVocabulary({"a": 1}, next_id=2)
    >>> ids.encode(["a b", "", "b c"])
    (array([1, 2, 2, 3], dtype=int32), array([2, 0, 2]))
    >>> ids.new_words
    ['b', 'c']
    """

    def __init__(
        self,
        known: Mapping[str, int] | Vocabulary,
        next_id: int | None = None,
        step: int = 1,
    ) -> None:
        # Python code that numbers a word takes longer than all else that is done with it.
        new_ids = repeat(UNKNOWN) if next_id is None else count(next_id, step)
        super().__init__(new_ids.__next__)
        self.known = known
        self.next_id = next_id
        self._parameter = "tokenizer"
        self._cache: WordCache | None = None  # made for the first array
        self._piece = _MIN_PIECE

    @property
    def new_words(self) -> list[str]:
        """The new words, in the order of their ids; none without `next_id`."""
        return [] if self.next_id is None else list(self)

    def encode(
        self,
        texts: Iterable[str],
        tokenizer: Tokenizer = Tokenizer(),  # noqa: B008 - it cannot be changed
        on_progress: Callable[[int], object] = no_progress,
    ) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Encode texts as one array of ids, without padding.

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
            The ids of the words of all texts, concatenated.
        lengths : ndarray of shape (n_texts,), int64
            Number of words of each text.
        """
        ids: list[NDArray] = []
        lengths: list[NDArray] = []
        texts = iter(texts)
        self._parameter = tokenizer.parameter
        while chunk := list(islice(texts, _CHUNK)):
            if tokenizer.splits_at_blanks and not are_short(chunk):
                if not tokenizer.is_plain:
                    chunk = list(map(tokenizer.preprocess, chunk))
                data, ends = _as_bytes(chunk)
                chunk_ids, chunk_lengths = self.encode_bytes(
                    data, ends, tokenizer.splits_at_ascii
                )
            else:
                words = list(map(tokenizer, chunk))
                chunk_lengths = np.fromiter(map(len, words), np.int64, len(words))
                chunk_ids = self.look_up(list(chain.from_iterable(words)))
            ids.append(chunk_ids)
            lengths.append(chunk_lengths)
            on_progress(len(chunk))
        if self._cache is not None and isinstance(self.known, Vocabulary):
            self.known.keep(self._cache)
        return _joined(ids, np.int32), _joined(lengths, np.int64)

    def encode_bytes(
        self, data: bytes, ends: NDArray[np.int64], at_ascii: bool = False
    ) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        r"""Encode texts of UTF-8 bytes, split at white space; see `encode`.

        Parameters
        ----------
        data : bytes
            The texts, separated by white space.
        ends : ndarray of shape (n_texts,), int64
            The offset of the end of each text; it may include the white space after it.
        at_ascii : bool, default=False
            As of `ByteWords.of`.

        Returns
        -------
        ids : ndarray of shape (n_tokens,), int32
        lengths : ndarray of shape (n_texts,), int64

        Examples
        --------
        >>> BatchVocabulary({}, next_id=1).encode_bytes(b"a b\nc a\n", np.array([4, 8]))
        (array([1, 2, 3, 1], dtype=int32), array([2, 2]))
        """
        ids = [np.zeros(0, np.int32)]
        before = np.zeros(len(ends), dtype=np.int64)  # words before each end
        n_words = n_texts = 0
        for start, stop in self._pieces(data):
            words = ByteWords.of(data[start:stop], at_ascii)
            ids.append(self._ids_of(words))
            texts = slice(n_texts, int(ends.searchsorted(stop, side="right")))
            before[texts] = n_words + words.starts.searchsorted(ends[texts] - start)
            n_words, n_texts = n_words + len(words.starts), texts.stop
        before[n_texts:] = n_words
        return np.concatenate(ids), np.diff(before, prepend=0)

    def encode_lines(
        self, blocks: Iterable[bytes], tokenizer: Tokenizer
    ) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        r"""Encode the lines that are not blank, split at white space.

        Parameters
        ----------
        blocks : iterable of bytes
            Whole lines of UTF-8.
        tokenizer : Tokenizer
            It must split at white space.

        Returns
        -------
        ids : ndarray of shape (n_tokens,), int32
        lengths : ndarray of shape (n_lines,), int64

        Examples
        --------
        >>> lines = [b"a b\n \n", b"c a"]
        >>> BatchVocabulary({}, next_id=1).encode_lines(lines, Tokenizer())
        (array([1, 2, 3, 1], dtype=int32), array([2, 2]))
        """
        ids, lengths = [np.zeros(0, np.int32)], [np.zeros(0, np.int64)]
        for data in blocks:
            if not tokenizer.is_plain:
                data = tokenizer.preprocess(data.decode()).encode()
            ends = np.flatnonzero(np.frombuffer(data, np.uint8) == ord("\n"))
            block_ids, n_words = self.encode_bytes(
                data, np.append(ends, len(data)), tokenizer.splits_at_ascii
            )
            ids.append(block_ids)
            lengths.append(n_words[n_words > 0])
        return np.concatenate(ids), np.concatenate(lengths)

    def _pieces(self, data):
        """Yield the start and the end of pieces, at blanks, each longer than the last.

        Short pieces at first fill the cache, so that it has most words of later pieces.
        """
        start = 0
        while start < len(data):
            stop = start + self._piece
            if stop < len(data):
                blank = max(data.rfind(b, start, stop) for b in (b" ", b"\n"))
                stop = blank + 1 or len(data)
            yield start, min(stop, len(data))
            start = stop
            self._piece = min(2 * self._piece, _PIECE)

    def _ids_of(self, words):
        known = self.known
        ids = known.cached_ids(words) if isinstance(known, Vocabulary) else None
        if ids is None:
            return self._ids_of_others(words)
        missing = np.flatnonzero(ids == NOT_CACHED)
        ids[missing] = self._ids_of_others(words.take(missing))
        return ids

    def _ids_of_others(self, words):
        """The ids of words that the vocabulary has not cached."""
        if self._cache is None:
            self._cache = WordCache()
        ids = self._cache.find(words)
        missing = np.flatnonzero(ids == NOT_CACHED)
        if len(missing):
            # Looked up in the order of first occurrences, which is that of new ids.
            first = first_equal(words, missing)
            unique = np.unique(first)
            ids[unique] = self.look_up(words.spelled(unique))
            ids[missing] = ids[first]
            short = unique[words.lengths[unique] <= MAX_LENGTH]
            self._cache.add(words, short, ids[short])
        return ids

    def look_up(self, words: list[str]) -> NDArray[np.int32]:
        """The ids of words, int32; those that are known are not stored again."""
        try:
            ids = self._known_ids(words)
            if ids is None:
                return self._new_ids(words)
            new = np.flatnonzero(ids < 0)
            if len(new):
                ids[new] = self._new_ids([words[j] for j in new.tolist()])
        except TypeError:  # a "word" of a user's tokenizer may be unhashable
            wrong = next(word for word in words if not isinstance(word, str))
            raise TypeError(no_words(wrong, self._parameter)) from None
        return ids

    def _new_ids(self, words):
        """The ids of words that are not known."""
        n_before = len(self)
        ids = np.fromiter(map(self.__getitem__, words), np.int32, len(words))
        added = islice(reversed(self), len(self) - n_before)
        if not all(isinstance(word, str) for word in added):
            raise TypeError
        return ids

    def _known_ids(self, words):
        """The ids of known words, −1 for others; None if no word is known."""
        known = self.known
        if isinstance(known, Vocabulary):
            return known.ids_of(words) if known.n_words else None
        if not known:
            return None
        return np.fromiter(map(known.get, words, repeat(UNKNOWN)), np.int32, len(words))


def _joined(parts, dtype):
    """The concatenation of arrays, without a copy of a single one."""
    if len(parts) == 1:
        return parts[0]
    return np.concatenate(parts) if parts else np.zeros(0, dtype)


def _as_bytes(texts):
    r"""Texts as lines of UTF-8, and the offsets of the ends of lines.

    >>> _as_bytes(["é", "", "a b"])
    (b'\xc3\xa9\n\na b', array([2, 3, 7]))
    """
    encoding = "utf-8", "surrogatepass"
    data = "\n".join(texts).encode(*encoding)
    ends = np.flatnonzero(np.frombuffer(data, np.uint8) == ord("\n"))
    if len(ends) != len(texts) - 1:  # there are line ends within texts
        lengths = [len(text.encode(*encoding)) + 1 for text in texts]
        return data, np.cumsum(lengths) - 1
    return data, np.append(ends, len(data))
