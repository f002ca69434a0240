"""The fitted state of an estimator, as one immutable value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import clone

from ..ngrams import (
    Events,
    LanguageModel,
    NeverLearnedError,
    TokenStream,
    count,
    merge,
    needs_rebuild,
    renumber,
    update,
)
from ..words import (
    Samples,
    Tokenizer,
    Vocabulary,
    WordIndexTransformer,
    check_index,
    choice_of,
    initial_vocabulary,
    learn_words,
    tokenizer_of,
    vocabulary_of,
    with_vocabulary,
)
from ._fitted_checks import (
    check_continues,
    check_knows_counts,
    check_leaves_none_out,
    check_mergeable,
    check_n_tokens,
    never_learned,
)
from ._learned_texts import LearnedTexts
from ._reader import Reader
from ._shards import learn_files, texts_of, threads_for
from ._smoothing_parameter import are_equal
from ._text_hashes import TextHashes
from ._training import Training


@dataclass(frozen=True)
class FittedModel:
    """The fitted state of an estimator; its methods return new ones.

    Attributes
    ----------
    word_index : WordIndexTransformer or None
        The vocabulary; None if rows of ids were learned.
    language_model : LanguageModel
    n_tokens : int
        Number of words and ends of the texts and messages learned.
    has_replies : bool
        Whether messages with replies were learned.
    texts : LearnedTexts, ScoredTexts or None
        The texts learned, or if this is compact, results for each; None if not stored.
    text_hashes : TextHashes or None
        Hashes of the texts learned; None if not stored.
    """

    word_index: WordIndexTransformer | None
    language_model: LanguageModel
    n_tokens: int
    has_replies: bool
    texts: Any = field(default=None, kw_only=True)
    text_hashes: TextHashes | None = field(default=None, kw_only=True)

    @classmethod
    def fit(
        cls,
        X: Samples,
        y: Samples | None,
        training: Training,
        word_index: WordIndexTransformer | None = None,
        sample_weight: Any = None,
    ) -> FittedModel:
        """The fitted state after learning texts.

        Parameters
        ----------
        X, y, sample_weight : as `NGramEstimator.fit` takes them
        training : Training
        word_index : WordIndexTransformer, default=None
            How texts become words; it is cloned. None splits at white space, or for
            `WordIds`, as their texts were split.

        Returns
        -------
        FittedModel
        """
        reader = new_reader(training, word_index)
        texts = read_to_learn(X, y, training, reader, sample_weight=sample_weight)
        n_ids, events = reader.n_ids, events_of(reader.index, reader.n_ids)
        n_threads, track = threads_for(training.n_jobs), training.track
        counts = count(texts, training.n, n_ids, n_threads, track("counting"))
        model = LanguageModel.of_counts(
            counts,
            training.smoothing,
            events,
            min_count=training.min_count,
            n_threads=n_threads,
            track=track("smoothing"),
        )
        kept = LearnedTexts().learn(texts) if training.keeps_texts else None
        fitted = cls(reader.index, model, texts.n_tokens, y is not None, texts=kept)
        if not training.hashes_texts:
            return fitted
        return replace(fitted, text_hashes=TextHashes().learn(texts, fitted.vocabulary))

    def learn(
        self,
        X: Samples,
        y: Samples | None,
        training: Training,
        sample_weight: Any = None,
    ) -> FittedModel:
        """The state after learning more texts: that of `fit` on all texts.

        Returns
        -------
        FittedModel
        """
        check_continues(self, y, training, "partial_fit")
        reader = training.reader(self.word_index, self.n_ids)
        training = replace(training, hashes_texts=self.text_hashes is not None)
        texts = read_to_learn(X, y, training, reader, self.n_tokens, sample_weight)
        n_ids, events = reader.n_ids, events_of(reader.index, reader.n_ids)
        model = update(
            self._model_with(training),
            texts,
            1,
            n_ids,
            events,
            n_threads=threads_for(training.n_jobs),
            track=training.track,
        )
        n_tokens = self.n_tokens + texts.n_tokens
        kept = self.texts and self.texts.learn(texts)
        fitted = FittedModel(
            reader.index, model, n_tokens, self.has_replies, texts=kept
        )
        if self.text_hashes is None:
            return fitted
        hashes = self.text_hashes.learn(texts, fitted.vocabulary)
        return replace(fitted, text_hashes=hashes)

    def forget(
        self,
        X: Samples,
        y: Samples | None,
        training: Training,
        sample_weight: Any = None,
    ) -> FittedModel | None:
        """The state after forgetting texts: that of `fit` on all others.

        Returns
        -------
        FittedModel or None
            None if no text is left.
        """
        check_continues(self, y, training, "partial_forget")
        if training.input == "filename":
            X, y, sample_weight = texts_of(X, y, sample_weight, training.owner)
        if isinstance(X, Iterator):
            X = list(X)  # an error names one of them
        reader = training.reader(self.word_index, self.n_ids)
        stream = reader.read_samples(X, y, sample_weight)
        index, n_ids = self.words_without(stream)
        events = events_of(index, n_ids)
        try:
            kept = self.texts and self.texts.forget(stream)
            model = update(self._model_with(training), stream, -1, n_ids, events)
        except NeverLearnedError as error:
            raise never_learned(error, X, sample_weight, training.owner) from None
        if not model.counts.n_texts:
            return None
        n_tokens = self.n_tokens - stream.n_tokens
        fitted = FittedModel(index, model, n_tokens, self.has_replies, texts=kept)
        if self.text_hashes is None:
            return fitted
        hashes = self.text_hashes.forget(stream, self.vocabulary)
        return replace(fitted, text_hashes=hashes)

    def merge(self, other: FittedModel, training: Training) -> FittedModel:
        """The state after adding the counts of another; new words get the next ids.

        Returns
        -------
        FittedModel
        """
        for which, fitted in (("This", self), ("The other", other)):
            check_knows_counts(fitted, training.owner, "merge", which)
        check_mergeable(self, other, training)
        n_tokens = self.n_tokens + other.n_tokens
        check_n_tokens(n_tokens, training.owner)
        index, ids, n_ids = self.words_with(other)
        counts, others = (
            fitted.language_model.precomputed().counts for fitted in (self, other)
        )
        if self.word_index is not None:
            others = renumber(others, ids, n_ids)
        counts = merge(counts, others)
        model = LanguageModel.of_counts(
            counts,
            training.smoothing,
            events_of(index, counts.n_ids),
            min_count=training.min_count,
        )
        kept = self.texts and other.texts and self.texts.merge(other.texts, ids)
        fitted = FittedModel(index, model, n_tokens, self.has_replies, texts=kept)
        if self.text_hashes is None or other.text_hashes is None:
            return fitted
        return replace(fitted, text_hashes=self.text_hashes.merge(other.text_hashes))

    def truncate(self, n: int, owner: str) -> FittedModel:
        """The state of `fit` on the same texts with a lower order n.

        Returns
        -------
        FittedModel
        """
        check_knows_counts(self, owner, f"a model with n={n}")
        return replace(self, language_model=self.language_model.rebuilt().up_to(n))

    def compact(self, owner: str) -> FittedModel:
        """The same state with a compact model, which cannot learn.

        Returns
        -------
        FittedModel
        """
        if self.language_model.is_stored:
            check_knows_counts(self, owner, "compact")
        check_leaves_none_out(self, owner)
        model = self.language_model.precomputed().compact()
        kept = self.texts and self.texts.scored()
        return replace(self, language_model=model, texts=kept)

    def rebuilt(self) -> FittedModel:
        """The same state without an overlay of changes in the model."""
        model = self.language_model.rebuilt()
        if model is self.language_model:
            return self
        return replace(self, language_model=model)

    def after_use(self, n_words: int) -> FittedModel:
        """Record that the model was used for `n_words` words, and rebuild it if that pays.

        Returns
        -------
        FittedModel
            This one, unless it was rebuilt.
        """
        self.language_model.note_use(n_words)
        return self.rebuilt() if needs_rebuild(self.language_model) else self

    def snapshot(self) -> FittedModel | None:
        """The same state with a model that no later change affects.

        Returns
        -------
        FittedModel or None
            None during a change in place: read the state of the estimator after it.
        """
        model = self.language_model.snapshot()
        if model is None or model is self.language_model:
            return None if model is None else self
        return replace(self, language_model=model)

    @property
    def n_ids(self) -> int:
        """Number of ids, the boundary included."""
        return self.language_model.counts.n_ids

    @property
    def vocabulary(self) -> Vocabulary | None:
        """The words and their ids; None for a model of rows of ids."""
        return None if self.word_index is None else vocabulary_of(self.word_index)

    @cached_property
    def tokenizer(self) -> Tokenizer:
        """Splits texts into words; for a model of rows of ids, at blanks."""
        return Tokenizer() if self.word_index is None else tokenizer_of(self.word_index)

    @property
    def join(self) -> Callable[[Iterable[str]], str]:
        """A function that joins words to a text; for a model of rows of ids, by blanks."""
        return self.tokenizer.join

    def _model_with(self, training):
        """The language model with the current parameters `smoothing` and `min_count`."""
        model = self.language_model
        if training.min_count == model.min_count and are_equal(
            training.smoothing, model.smoothing
        ):
            return model
        return LanguageModel.of_counts(
            model.precomputed().counts,
            training.smoothing,
            model.events,
            min_count=training.min_count,
        )

    def words_without(
        self, stream: TokenStream
    ) -> tuple[WordIndexTransformer | None, int]:
        """The index and the number of ids after forgetting texts."""
        model, n_ids = self.language_model, self.n_ids
        words, places = np.unique(stream.ids, return_inverse=True)
        times = np.bincount(places, stream.position_weights)
        forgotten = {
            word
            for word, n_times in zip(words.tolist(), times.tolist(), strict=True)
            if 0 < word < n_ids and model.occurrences(word) == n_times
        }
        if self.word_index is None:
            last = n_ids - 1
            while last and (last in forgotten or not model.occurrences(last)):
                last -= 1
            return None, last + 1
        vocabulary = vocabulary_of(self.word_index)
        if not vocabulary.is_closed:
            vocabulary = vocabulary.without(forgotten)
        return with_vocabulary(self.word_index, vocabulary), vocabulary.n_ids

    def words_with(
        self, other: FittedModel
    ) -> tuple[WordIndexTransformer | None, NDArray[np.int64], int]:
        """The vocabulary of both models.

        Returns
        -------
        index : WordIndexTransformer or None
        ids : ndarray of int
            The new id of each id of the other model; −1 if its word was forgotten.
        n_ids : int
        """
        if self.word_index is None or other.word_index is None:
            return None, np.arange(other.n_ids), max(self.n_ids, other.n_ids)
        words = np.array(other.word_index.words_, dtype=object)
        used = np.flatnonzero(words != "")  # not the boundary, nor forgotten words
        ids = np.full(len(words), -1)
        ids[0] = 0
        ids[used], vocabulary = learn_words(
            words[used].tolist(), vocabulary_of(self.word_index)
        )
        if vocabulary.is_closed:
            ids[vocabulary_of(other.word_index).unknown] = vocabulary.unknown
        return with_vocabulary(self.word_index, vocabulary), ids, vocabulary.n_ids


def new_reader(training: Training, word_index: WordIndexTransformer | None) -> Reader:
    """A reader without words, which splits texts as a word index does."""
    index = clone(word_index or WordIndexTransformer())
    check_index(index)
    vocabulary = initial_vocabulary(index)
    choice = None if vocabulary.is_closed else choice_of(index)
    index = with_vocabulary(index, vocabulary)
    n_ids = vocabulary.n_ids if vocabulary.is_closed else 0
    return training.reader(index, n_ids, adopts=word_index is None, choice=choice)


def read_to_learn(
    X: Samples,
    y: Samples | None,
    training: Training,
    reader: Reader,
    n_tokens: int = 0,
    sample_weight: Any = None,
) -> Any:
    """Read samples to be learned, and check that their tokens can be counted."""
    if training.input == "filename" and training.hashes_texts:
        X, y, sample_weight = texts_of(X, y, sample_weight, training.owner)
        texts: Any = reader.learn(X, y, sample_weight)
    elif training.input == "filename":
        texts = learn_files(reader, X, y, training.n, sample_weight)
    else:
        texts = reader.learn(X, y, sample_weight)
    check_n_tokens(n_tokens + texts.n_tokens, training.owner)
    return texts


def events_of(index: WordIndexTransformer | None, n_ids: int) -> Events:
    """The events of a language model: the known words, the end, an unknown word."""
    if index is None:
        return Events(n_ids - 1)
    vocabulary = vocabulary_of(index)
    return Events(vocabulary.n_words, vocabulary.unused_ids, vocabulary.unknown)
