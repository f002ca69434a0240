"""Samples read into ids: what stands between the texts and the engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Sized
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import numpy as np
from scipy.sparse import issparse

from ..ngrams import TokenStream
from ..utils import SILENT, Progress
from ..words import (
    UNKNOWN,
    UNKNOWN_WORD,
    Samples,
    Vocabulary,
    WordIds,
    WordIndexTransformer,
    check_texts,
)

MAX_IDS = 2**24
"""Rows that carry no words may use so many ids, as memory is set aside for each."""


@dataclass(frozen=True)
class Batch:
    """The words of some samples.

    Attributes
    ----------
    ids : ndarray of shape (n_tokens,), int32
        The words of all samples, one sample after the other; −1 is unknown.
    lengths : ndarray of shape (n_samples,), int64
        Number of words of each sample.
    closed : ndarray of shape (n_samples,), bool, or None
        Whether the end of each sample is known; None means all are.
    texts : list of str, or None
        The samples, if they were texts.
    words : list of str, or None
        The words that integer rows carried.
    unknown : list of str, or None
        The unknown words, in order, if the samples were texts.
    """

    ids: np.ndarray
    lengths: np.ndarray
    closed: np.ndarray | None = None
    texts: list | None = None
    words: list | None = None
    unknown: list | None = None

    def spelled(self, word_of: Callable[[int], str]) -> list[str]:
        """All words, one sample after the other, as the texts spell them.

        Parameters
        ----------
        word_of : callable
            Gives the word of an id.

        Returns
        -------
        list of str
        """
        unknown = iter(self.unknown or ())
        return [
            word_of(number) if number >= 0 else next(unknown, UNKNOWN_WORD)
            for number in self.ids.tolist()
        ]

    def __len__(self) -> int:
        return len(self.lengths)

    @property
    def is_plain(self) -> bool:
        """Whether these are integer rows without words, to be answered by rows."""
        return self.texts is None and self.words is None


class Reader:
    """Reads samples with a vocabulary, and extends it with what is to be learned.

    Parameters
    ----------
    index : WordIndexTransformer or None
        The words known; it may be replaced by one that knows more. None if there are
        only ids.
    n_ids : int
        Number of ids known, the boundary included; 0 if nothing was learned yet.
    owner : str
        What the message of an error names.
    n_jobs : int, default=None
        Processes that read at the same time.
    progress : Progress, default=SILENT
        Shows how far the reading of texts has come.
    """

    def __init__(
        self,
        index: WordIndexTransformer | None,
        n_ids: int,
        owner: str,
        n_jobs: int | None = None,
        progress: Progress = SILENT,
    ) -> None:
        self.index: Any = index
        self.n_ids = n_ids
        self.owner = owner
        self.n_jobs = n_jobs
        self.progress = progress

    def read(self, X: Samples, name: str = "X") -> Batch:
        """Read samples; words not known become −1.

        Returns
        -------
        Batch
        """
        if not looks_like_rows(X):
            texts = self._texts(X, name)
            with self._reading(texts) as on_progress:
                ids, lengths, unknown = self.index._encode(texts, on_progress)
            return Batch(ids, lengths, texts=texts, unknown=unknown)
        batch = read_rows(X, self.owner, name=name)
        if batch.words is not None:
            self._check_same_words(batch.words, name)
            batch.ids[batch.ids >= self.n_ids] = UNKNOWN
        self._check_known(batch, name)
        if self.index is not None:
            batch.ids[np.isin(batch.ids, self.index._vocabulary.holes)] = UNKNOWN
        return batch

    def learn(self, X: Samples, y: Samples | None = None) -> TokenStream:
        """Read samples to be learned, giving ids to words not known yet.

        Returns
        -------
        TokenStream
            The samples; with `y`, messages before their replies.
        """
        samples = self._samples(X, y)
        read = self._learn_rows if looks_like_rows(X) else self._learn_texts
        return stream_of(*read(samples))

    def read_samples(self, X: Samples, y: Samples | None = None) -> TokenStream:
        """Read samples that were learned; words not known get an id nothing has.

        Returns
        -------
        TokenStream
            As `learn` gives it.
        """
        samples = self._samples(X, y)
        batches = [self.read(part, name) for name, part in samples.items()]
        check_same_length(batches, self.owner)
        self._check_tell(samples, batches)
        for batch in batches:
            batch.ids[batch.ids == UNKNOWN] = self.n_ids
        return stream_of(*batches)

    def _samples(self, X, y):
        samples = {"X": X} if y is None else {"X": X, "y": y}
        if len({looks_like_rows(part) for part in samples.values()}) > 1:
            msg = (
                f"'X' and 'y' of {self.owner} must both be texts or both integer rows."
            )
            raise TypeError(msg)
        return samples

    def _learn_texts(self, samples):
        texts = [self._texts(part, name) for name, part in samples.items()]
        check_same_length(texts, self.owner)
        # Message, reply, message, reply: ids must not depend on how texts are chunked.
        mixed = [text for sample in zip(*texts, strict=True) for text in sample]
        n_parts = len(texts)
        del texts  # while they are read, the strings are the largest thing in memory
        fresh = not self.n_ids
        with self._reading(mixed) as on_progress:
            ids, lengths = self.index._learn(mixed, fresh, self.n_jobs, on_progress)
        self.n_ids = self.index._vocabulary.n_ids
        return unmixed(ids, lengths, n_parts)

    def _reading(self, texts):
        return self.progress.bar("reading", " texts", len(texts))

    def _learn_rows(self, samples):
        batches = [read_rows(X, self.owner, name=name) for name, X in samples.items()]
        check_same_length(batches, self.owner)
        self._check_tell(samples, batches)
        for name, batch in zip(samples, batches, strict=True):
            if batch.words is not None:
                self._adopt(batch.words, name)
            elif not self.n_ids:
                self.index = None
            if self.index is None:
                highest = int(batch.ids.max(initial=0))
                self.n_ids = max(self.n_ids, highest + 1)
            self._check_known(batch, name)
            if self.index is not None:
                self._check_not_forgotten(batch, name)
            if (batch.ids == UNKNOWN).any():
                msg = (
                    f"Integer rows in {name!r} of {self.owner} must hold known words to "
                    f"be learned. Got the unknown word in row "
                    f"{_row_of(batch, batch.ids == UNKNOWN)}; partial_fit the "
                    "WordIndexTransformer first."
                )
                raise ValueError(msg)
        if self.n_ids <= 1:
            msg = f"'X' of {self.owner} must hold at least one word. Got none."
            raise ValueError(msg)
        return batches

    def _texts(self, X, name):
        texts = check_texts(X, self.owner, name=name)
        if self.index is None:
            msg = (
                f"{self.owner} was fitted on integer rows that carry no words, so "
                f"{name!r} must be integer rows too. Got texts."
            )
            raise ValueError(msg)
        return texts

    def _adopt(self, words, name):
        """Know the words that rows carry, beside those known before."""
        known = [""]
        if self.n_ids:
            self._check_same_words(words, name)
            vocabulary = self.index._vocabulary
            if len(words) <= self.n_ids and not len(vocabulary.holes):
                return
            known = vocabulary.words
        both = [mine or theirs for mine, theirs in zip_longest(known, words)]
        self.index._know(Vocabulary(both))
        self.n_ids = len(both)

    def _check_same_words(self, words, name):
        if self.index is None or not self._are_same(words):
            msg = (
                f"Integer rows in {name!r} of {self.owner} must use the ids that the "
                "model was fitted with. Got rows from another WordIndexTransformer."
            )
            raise ValueError(msg)

    def _are_same(self, words):
        """Whether all words known here and there have the same ids."""
        vocabulary = self.index._vocabulary
        known = vocabulary.words
        both = min(len(words), len(known))
        if words[:both] == known[:both]:
            return True
        return all(
            mine == theirs or not theirs or (not mine and theirs not in vocabulary.ids)
            for mine, theirs in zip(known, words, strict=False)
        )

    def _check_not_forgotten(self, batch, name):
        gone = np.isin(batch.ids, self.index._vocabulary.holes)
        if gone.any():
            msg = (
                f"Integer rows in {name!r} of {self.owner} must hold ids of known "
                f"words. Got {batch.ids[gone][0]} in row {_row_of(batch, gone)}, whose "
                "word was forgotten; give texts, or rows that carry their words."
            )
            raise ValueError(msg)

    def _check_tell(self, samples, batches):
        """A row without columns does not even tell that its text has ended."""
        name, last = list(samples)[-1], batches[-1]
        if last.closed is not None and not (last.closed | (last.lengths > 0)).all():
            msg = (
                f"Integer rows in {name!r} of {self.owner} must have at least one "
                "column to be learned or forgotten. Got none; an empty text is a row "
                "of 0."
            )
            raise ValueError(msg)

    def _check_known(self, batch, name):
        beyond = batch.ids >= self.n_ids
        if beyond.any():
            msg = (
                f"Integer rows in {name!r} of {self.owner} must hold ids of known "
                f"words, below {self.n_ids}. Got {batch.ids[beyond][0]} in row "
                f"{_row_of(batch, beyond)}."
            )
            raise ValueError(msg)


def unmixed(ids, lengths, n_parts):
    """The batches of texts that were read in turn: message, reply, message, reply."""
    if n_parts == 1:
        return [Batch(ids, lengths)]
    part = np.arange(len(lengths)) % n_parts
    part_of_word = np.repeat(part, lengths)
    return [Batch(ids[part_of_word == k], lengths[part == k]) for k in range(n_parts)]


def check_same_length(parts: Sequence[Sized], owner: str) -> None:
    """Raise a ValueError unless there is a reply to each message."""
    if len({len(part) for part in parts}) > 1:
        messages, replies = parts
        msg = (
            f"'X' and 'y' of {owner} must have the same length, a reply to each "
            f"message. Got {len(messages)} and {len(replies)}."
        )
        raise ValueError(msg)


def stream_of(messages: Batch, replies: Batch | None = None) -> TokenStream:
    """The stream of some texts, or of messages with their replies.

    Parameters
    ----------
    messages : Batch
    replies : Batch, default=None

    Returns
    -------
    TokenStream
    """
    if replies is None:
        return TokenStream.from_texts(messages.ids, messages.lengths, messages.closed)
    return TokenStream.from_pairs(
        (messages.ids, messages.lengths),
        (replies.ids, replies.lengths),
        replies.closed,
    )


def looks_like_rows(X: Any) -> bool:
    """Whether samples are integer rows, or were meant to be, rather than texts."""
    if isinstance(X, (list, tuple)):
        return bool(X) and isinstance(X[0], (list, tuple, np.ndarray))
    if hasattr(X, "columns"):
        return all(dtype.kind in "iuf" for dtype in X.dtypes)
    return getattr(getattr(X, "dtype", None), "kind", "O") in "iufcb"


def read_rows(X, owner, *, name="X"):
    """Read integer rows, each up to its first padding.

    Parameters
    ----------
    X : array-like of shape (n_samples, n_columns), int
        Rows of ids, 0 being the padding and −1 an unknown word, or `WordIds`.
    owner, name : str
        What the message of an error names.

    Returns
    -------
    Batch

    Raises
    ------
    ValueError
        If `X` is not 2-D, not of int, empty, or holds an id below −1 or too high.

    Examples
    --------
    >>> batch = read_rows([[1, 2, 0, 0], [3, 1, 1, 2]], "Model")
    >>> batch.ids, batch.lengths, batch.closed
    (array([1, 2, 3, 1, 1, 2], dtype=int32), array([2, 4]), array([ True, False]))
    """
    carries = isinstance(X, WordIds) and X.words is not None
    rows = _as_2d_integers(X, owner, name)
    padding = rows == (X.padding_value if carries else 0)
    if carries and X.padding == "pre":
        inside = np.cumsum(padding[:, ::-1], axis=1)[:, ::-1] == 0
    else:
        inside = np.cumsum(padding, axis=1) == 0
    unknown = rows == (X.unknown_value if carries else UNKNOWN)
    limit = len(X.words) if carries else MAX_IDS
    wrong = inside & ~unknown & ((rows < 1) | (rows >= limit))
    if wrong.any():
        row, column = np.argwhere(wrong)[0]
        msg = (
            f"Integer rows in {name!r} of {owner} must hold ids from 1 to {limit - 1}, "
            f"0 as padding, and -1 for an unknown word. Got {rows[row, column]} in row "
            f"{row}."
        )
        raise ValueError(msg)
    return Batch(
        np.where(unknown, UNKNOWN, rows)[inside].astype(np.int32),
        inside.sum(axis=1),
        closed=padding.any(axis=1),
        words=X.words if carries else None,
    )


def _as_2d_integers(X, owner, name):
    if issparse(X):
        msg = (
            f"Integer rows in {name!r} of {owner} must be a dense array. Got a sparse "
            "one; use X.toarray()."
        )
        raise TypeError(msg)
    try:
        rows = np.asarray(X)
    except ValueError:  # rows of different lengths
        rows = np.empty(0, dtype=object)
    if _are_words(X):
        msg = (
            f"{name!r} of {owner} must be texts or integer rows. Got lists of words; "
            'join the words of each: [" ".join(words) for words in X].'
        )
        raise TypeError(msg)
    if rows.ndim != 2 or rows.dtype.kind not in "iu":
        msg = (
            f"Integer rows in {name!r} of {owner} must be a 2-D array of int, as "
            f"WordIndexTransformer.transform gives it. Got {rows.ndim}-D "
            f"{rows.dtype} instead."
        )
        raise ValueError(msg)
    if not len(rows):
        raise ValueError(f"{name!r} of {owner} must hold at least one row. Got none.")
    return rows


def _are_words(X):
    """Whether samples were split into words, as some libraries want them."""
    return isinstance(X, (list, tuple)) and any(
        isinstance(words, (list, tuple)) and words and isinstance(words[0], str)
        for words in X
    )


def _row_of(batch, condition):
    """Sample of the first word that fulfils a condition."""
    first = np.flatnonzero(condition)[0]
    return int(np.searchsorted(np.cumsum(batch.lengths), first, side="right"))
