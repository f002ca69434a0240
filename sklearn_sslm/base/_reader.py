"""The reader of samples, which converts texts and integer rows to ids."""

from __future__ import annotations

from itertools import compress, zip_longest
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..ngrams import TokenStream
from ..utils import SILENT, Progress
from ..words import (
    UNKNOWN,
    Samples,
    Tokenizer,
    Vocabulary,
    WordChoice,
    WordIndexTransformer,
    check_texts,
    encode,
    learn_texts,
    tokenizer_of,
    vocabulary_of,
    with_tokenizer,
    with_vocabulary,
)
from ._batch import Batch, check_same_length, deinterleaved, stream_of
from ._rows import looks_like_rows, read_rows
from ._sample_weight import check_sample_weight


class Reader:
    """Converts samples to ids by a vocabulary, and extends it when it learns.

    Parameters
    ----------
    index : WordIndexTransformer or None
        The vocabulary; None for a model of rows of ids.
    n_ids : int
        Number of ids, with the boundary; 0 if nothing was learned yet.
    owner : str
        The class that messages of errors name.
    n_jobs : int, default=None
        Number of workers that read long texts.
    progress : Progress, default=SILENT
        Progress bars.
    adopts : bool, default=False
        Whether to adopt the tokenizer of the first `WordIds` that are learned.
    choice : WordChoice, default=None
        Selects the vocabulary from the first texts learned; None takes all words.

    Attributes
    ----------
    index, n_ids
        As above; they are replaced when new words are learned.
    """

    def __init__(
        self,
        index: WordIndexTransformer | None,
        n_ids: int,
        owner: str,
        n_jobs: int | None = None,
        progress: Progress = SILENT,
        *,
        adopts: bool = False,
        choice: WordChoice | None = None,
    ) -> None:
        self.index = index
        self.n_ids = n_ids
        self.owner = owner
        self.n_jobs = n_jobs
        self.progress = progress
        self.adopts = adopts
        self.choice = choice

    @property
    def tokenizer(self) -> Tokenizer:
        """The tokenizer, which splits texts into words."""
        assert self.index is not None
        return tokenizer_of(self.index)

    @property
    def vocabulary(self) -> Vocabulary:
        """The vocabulary of the index; setting it replaces `index` and `n_ids`."""
        assert self.index is not None
        return vocabulary_of(self.index)

    @vocabulary.setter
    def vocabulary(self, vocabulary: Vocabulary) -> None:
        assert self.index is not None
        self.index = with_vocabulary(self.index, vocabulary)
        self.n_ids = vocabulary.n_ids

    @property
    def unknown_id(self) -> int:
        """The id of unknown words in counts; −1 if all words are known."""
        return UNKNOWN if self.index is None else self.vocabulary.unknown

    def choose_words(self, count: NDArray) -> NDArray[np.int32]:
        """Select the vocabulary by `choice`, given the count of each word.

        Returns
        -------
        ndarray of shape (n_ids,), int32
            The new id of each id.
        """
        assert self.choice is not None
        numbers, self.vocabulary = self.choice.of(self.vocabulary, count, self.owner)
        return np.where(numbers < 0, self.unknown_id, numbers)

    def read(self, X: Samples, name: str = "X", *, distinct: bool = False) -> Batch:
        """Read samples; the id of unknown words is −1.

        Parameters
        ----------
        X : texts or integer rows
        name : str, default="X"
            Parameter that the message of an error names.
        distinct : bool, default=False
            Whether equal texts are read once; see `Batch.places`.

        Returns
        -------
        Batch
        """
        if looks_like_rows(X):
            batch = read_rows(X, self.owner, name=name)
            self._find_ids(batch, name)
            return batch
        texts, places = self._texts(X, name), None
        if distinct:
            texts, places = _distinct(texts)
        with self._reading(texts) as on_progress:
            ids, lengths, unknown = encode(
                texts, self.vocabulary, self.tokenizer, on_progress
            )
        return Batch(ids, lengths, unknown=unknown, places=places, texts=texts)

    def learn(
        self, X: Samples, y: Samples | None = None, sample_weight: Any = None
    ) -> TokenStream:
        """Read samples to be learned; new words get free ids, then the next ones.

        Parameters
        ----------
        X, y : as `NGramEstimator.fit` takes them
        sample_weight : array-like of shape (n_samples,), int, default=None
            The multiplicity of each sample; those with 0 are left out.

        Returns
        -------
        TokenStream
            The samples; with `y`, messages before their replies.
        """
        samples = self._samples(X, y)
        read = self._learn_rows if looks_like_rows(X) else self._learn_texts
        batches, weights = read(samples, sample_weight)
        return stream_of(*batches).weighted(weights)

    def read_samples(
        self, X: Samples, y: Samples | None = None, sample_weight: Any = None
    ) -> TokenStream:
        """Read samples to be forgotten; unknown words get an id that no word has.

        Returns
        -------
        TokenStream
            As `learn` returns it.
        """
        samples = self._samples(X, y)
        rows = looks_like_rows(X)
        batches = [
            read_rows(part, self.owner, name=name) if rows else self.read(part, name)
            for name, part in samples.items()
        ]
        check_same_length(batches, self.owner)
        batches, weights = self._where_counted(batches, sample_weight)
        if rows:
            for name, batch in zip(samples, batches, strict=True):
                self._find_ids(batch, name)
        self._check_have_columns(samples, batches)
        for batch in batches:
            unknown = self.n_ids if self.unknown_id < 0 else self.unknown_id
            batch.ids[batch.ids == UNKNOWN] = unknown
        return stream_of(*batches).weighted(weights)

    def _where_counted(self, batches, sample_weight):
        """The samples whose weight is not 0, and their weights."""
        weights = check_sample_weight(sample_weight, len(batches[0]), self.owner)
        if weights is None or weights.all():
            return batches, weights
        kept = weights > 0
        return [batch.where(kept) for batch in batches], weights[kept]

    def _samples(self, X, y):
        samples = {"X": X} if y is None else {"X": X, "y": y}
        if len({looks_like_rows(part) for part in samples.values()}) > 1:
            msg = (
                f"'X' and 'y' of {self.owner} must both be texts or both integer rows."
            )
            raise TypeError(msg)
        return samples

    def _texts(self, X, name):
        texts = check_texts(X, self.owner, name=name)
        if self.index is None:
            msg = (
                f"{self.owner} was fitted on integer rows that carry no words, so "
                f"{name!r} must be integer rows too. Got texts."
            )
            raise ValueError(msg)
        return texts

    def _learn_texts(self, samples, sample_weight):
        texts = [self._texts(part, name) for name, part in samples.items()]
        check_same_length(texts, self.owner)
        weights = check_sample_weight(sample_weight, len(texts[0]), self.owner)
        if weights is not None:
            texts = [list(compress(part, weights)) for part in texts]
            weights = weights[weights > 0]
        # Messages and replies are interleaved, so that ids do not depend on chunks.
        mixed = [text for sample in zip(*texts, strict=True) for text in sample]
        n_parts = len(texts)
        del texts  # the strings need the most memory; they are freed while being read
        with self._reading(mixed) as on_progress:
            ids, lengths, self.vocabulary = learn_texts(
                mixed,
                self.vocabulary,
                self.tokenizer,
                self.owner,
                n_jobs=self.n_jobs,
                on_progress=on_progress,
            )
        if self.choice is not None:
            times = None if weights is None else np.repeat(weights, n_parts)
            each = None if times is None else np.repeat(times, lengths)
            ids = self.choose_words(np.bincount(ids, each, self.n_ids))[ids]
        ids[ids == UNKNOWN] = self.unknown_id
        return deinterleaved(ids, lengths, n_parts), weights

    def _reading(self, texts):
        return self.progress.bar("reading", " texts", len(texts))

    def _find_ids(self, batch, name):
        """Replace ids of rows that are not in use by −1, in place."""
        if batch.words is not None:
            self._check_same_words(batch, name)
            batch.ids[batch.ids >= self.n_ids] = UNKNOWN
        if self.unknown_id >= 0:
            batch.ids[batch.ids == self.unknown_id] = UNKNOWN
        self._check_known(batch, name)
        if self.index is not None:
            batch.ids[np.isin(batch.ids, self.vocabulary.unused_ids)] = UNKNOWN

    def _learn_rows(self, samples, sample_weight):
        batches = [read_rows(X, self.owner, name=name) for name, X in samples.items()]
        check_same_length(batches, self.owner)
        batches, weights = self._where_counted(batches, sample_weight)
        self._check_have_columns(samples, batches)
        for name, batch in zip(samples, batches, strict=True):
            if batch.words is not None:
                self._learn_carried_words(batch, name)
            elif not self.n_ids:
                self.index = None
            if self.index is None:
                highest = int(batch.ids.max(initial=0))
                self.n_ids = max(self.n_ids, highest + 1)
            self._check_can_be_learned(batch, name)
        if self.n_ids <= 1:
            msg = f"'X' of {self.owner} must hold at least one word. Got none."
            raise ValueError(msg)
        return batches, weights

    def _learn_carried_words(self, batch, name):
        """Add the words of `WordIds` to the vocabulary, whose ids do not change."""
        words, known = batch.words, [""]
        if self.n_ids:
            self._check_same_words(batch, name)
            vocabulary = self.vocabulary
            if len(words) <= self.n_ids and not len(vocabulary.unused_ids):
                return
            known = vocabulary.words
        elif self.adopts and batch.tokenizer is not None:
            assert self.index is not None
            self.index = with_tokenizer(self.index, batch.tokenizer)
        if batch.is_closed:
            self.vocabulary = Vocabulary(words[:-1], is_closed=True)
            return
        self.vocabulary = Vocabulary(
            [mine or theirs for mine, theirs in zip_longest(known, words)]
        )

    def _check_same_words(self, batch, name):
        if (
            self.index is None
            or batch.is_closed != self.vocabulary.is_closed
            or not self._are_same(batch.words)
        ):
            msg = (
                f"Integer rows in {name!r} of {self.owner} must use the ids that the "
                "model was fitted with. Got rows from another WordIndexTransformer."
            )
            raise ValueError(msg)

    def _are_same(self, words):
        """Whether the words in both vocabularies have the same ids."""
        vocabulary = self.vocabulary
        known = vocabulary.words
        both = min(len(words), len(known))
        if words[:both] == known[:both]:
            return True
        return all(
            mine == theirs or not theirs or (not mine and theirs not in vocabulary.ids)
            for mine, theirs in zip(known, words, strict=False)
        )

    def _check_can_be_learned(self, batch, name):
        """Raise a ValueError unless each id of rows has a word."""
        self._check_known(batch, name)
        if self.index is not None:
            self._check_not_forgotten(batch, name)
        unknown = batch.ids == UNKNOWN
        if self.unknown_id >= 0:
            batch.ids[unknown] = self.unknown_id
        elif unknown.any():
            msg = (
                f"Integer rows in {name!r} of {self.owner} must hold known words to "
                f"be learned. Got the unknown word in row {_row_of(batch, unknown)}; "
                "partial_fit the WordIndexTransformer first."
            )
            raise ValueError(msg)

    def _check_not_forgotten(self, batch, name):
        forgotten = np.isin(batch.ids, self.vocabulary.unused_ids)
        if forgotten.any():
            msg = (
                f"Integer rows in {name!r} of {self.owner} must hold ids of known "
                f"words. Got {batch.ids[forgotten][0]} in row "
                f"{_row_of(batch, forgotten)}, whose word was forgotten; give texts, "
                "or rows that carry their words."
            )
            raise ValueError(msg)

    def _check_have_columns(self, samples, batches):
        """Raise a ValueError if a row has no column, not even one for the end."""
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


def _distinct(texts):
    """The distinct texts, and the index of each text among these; None if all differ.

    >>> _distinct(["b", "a", "b"]), _distinct(["b", "a"])
    ((['b', 'a'], array([0, 1, 0])), (['b', 'a'], None))
    """
    different = dict.fromkeys(texts)
    if len(different) == len(texts):
        return texts, None
    place = dict(zip(different, range(len(texts)), strict=False))
    places = np.fromiter(map(place.__getitem__, texts), np.intp, len(texts))
    return list(place), places


def _row_of(batch, condition):
    """Sample of the first word that satisfies a condition."""
    first = np.flatnonzero(condition)[0]
    return int(np.searchsorted(np.cumsum(batch.lengths), first, side="right"))
