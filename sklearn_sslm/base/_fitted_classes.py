"""The fitted state of a classifier, as one immutable value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..ngrams import (
    ClassCounts,
    ClassModel,
    CompactClassModel,
    NeverLearnedError,
    TokenStream,
)
from ..words import Samples, WordIndexTransformer
from ._fitted import FittedModel, events_of, new_reader, read_to_learn
from ._fitted_checks import (
    check_continues,
    check_knows_counts,
    check_mergeable,
    check_n_tokens,
    never_learned,
)
from ._labels import check_labels, classes_of, encode_labels
from ._sample_weight import check_sample_weight
from ._shards import threads_for
from ._training import Training


@dataclass(frozen=True)
class FittedClasses(FittedModel):
    """The fitted state of a classifier; its methods return new ones.

    Attributes
    ----------
    word_index : WordIndexTransformer or None
        The words of all classes; None if rows of ids were learned.
    language_model : ClassModel
        A model for each class.
    n_tokens, has_replies
        As of `FittedModel`.
    classes : ndarray of shape (n_classes,)
        The labels, in order.
    """

    language_model: Any
    classes: np.ndarray

    # It never changes, and has no overlay of changes.

    def snapshot(self) -> FittedClasses:
        return self

    def rebuilt(self) -> FittedClasses:
        return self

    def after_use(self, n_words: int) -> FittedClasses:
        return self

    @classmethod
    def fit(  # type: ignore[override]
        cls,
        X: Samples,
        y: ArrayLike,
        training: Training,
        word_index: WordIndexTransformer | None = None,
        sample_weight: Any = None,
        classes: ArrayLike | None = None,
    ) -> FittedClasses:
        """The fitted state after learning texts of several classes.

        Parameters
        ----------
        X, y, sample_weight : as `NGramClassifier.fit` takes them
        training : Training
        word_index : WordIndexTransformer, default=None
            How texts become words; it is cloned. None splits at white space.
        classes : array-like of shape (n_classes,), default=None
            All labels, now and later; None takes those in `y`.

        Returns
        -------
        FittedClasses
        """
        labels = _counted_labels(y, sample_weight, training.owner)
        names = classes_of(labels if classes is None else classes, training.owner)
        encoded = encode_labels(labels, names, training.owner)
        reader = new_reader(training, word_index)
        texts = read_to_learn(X, None, training, reader, sample_weight=sample_weight)
        counts = _count(texts, encoded, len(names), training, reader.n_ids)
        events = events_of(reader.index, reader.n_ids)
        model = ClassModel(counts, training.smoothing, events)
        return cls(reader.index, model, texts.n_tokens, False, names)

    def learn(  # type: ignore[override]
        self, X: Samples, y: ArrayLike, training: Training, sample_weight: Any = None
    ) -> FittedClasses:
        """The state after learning more texts: that of `fit` on all texts.

        Returns
        -------
        FittedClasses
        """
        check_continues(self, None, training, "partial_fit")
        labels = _counted_labels(y, sample_weight, training.owner)
        encoded = encode_labels(labels, self.classes, training.owner)
        reader = training.reader(self.word_index, self.n_ids)
        texts = read_to_learn(X, None, training, reader, self.n_tokens, sample_weight)
        part = _count(texts, encoded, len(self.classes), training, reader.n_ids)
        known = self.language_model.class_counts.with_ids(reader.n_ids)
        events = events_of(reader.index, reader.n_ids)
        n_threads = threads_for(training.n_jobs)
        model = ClassModel(known.merge(part, n_threads), training.smoothing, events)
        n_tokens = self.n_tokens + texts.n_tokens
        return FittedClasses(reader.index, model, n_tokens, False, self.classes)

    def forget(  # type: ignore[override]
        self, X: Samples, y: ArrayLike, training: Training, sample_weight: Any = None
    ) -> FittedClasses | None:
        """The state after forgetting texts: that of `fit` on all others, same classes.

        Returns
        -------
        FittedClasses or None
            None if no text is left.
        """
        check_continues(self, None, training, "partial_forget")
        labels = _counted_labels(y, sample_weight, training.owner)
        encoded = encode_labels(labels, self.classes, training.owner)
        if isinstance(X, Iterator):
            X = list(X)  # an error names one of them
        reader = training.reader(self.word_index, self.n_ids)
        stream = reader.read_samples(X, None, sample_weight)
        _check_as_many(stream, encoded, training.owner)
        index, n_ids = self.words_without(stream)
        try:
            rest = _forget(self.language_model.class_counts, stream, encoded)
        except NeverLearnedError as error:
            raise never_learned(error, X, sample_weight, training.owner) from None
        if not rest.counts.n_texts:
            return None
        model = ClassModel(
            rest.with_ids(n_ids), training.smoothing, events_of(index, n_ids)
        )
        n_tokens = self.n_tokens - stream.n_tokens
        return FittedClasses(index, model, n_tokens, False, self.classes)

    def merge(  # type: ignore[override]
        self, other: FittedClasses, training: Training
    ) -> FittedClasses:
        """The state after adding the counts of another; new words get the next ids.

        Returns
        -------
        FittedClasses
            With the classes of both.
        """
        for which, fitted in (("This", self), ("The other", other)):
            check_knows_counts(fitted, training.owner, "merge", which)
        check_mergeable(self, other, training)
        n_tokens = self.n_tokens + other.n_tokens
        check_n_tokens(n_tokens, training.owner)
        both = np.concatenate([self.classes, other.classes])
        names = classes_of(both, training.owner)
        index, ids, n_ids = self.words_with(other)
        mine, theirs = (
            fitted.language_model.class_counts.with_classes(
                encode_labels(fitted.classes, names, training.owner), len(names)
            )
            for fitted in (self, other)
        )
        counts = mine.with_ids(n_ids).merge(theirs.renumber(ids, n_ids))
        model = ClassModel(counts, training.smoothing, events_of(index, n_ids))
        return FittedClasses(index, model, n_tokens, False, names)

    def compact(self, owner: str) -> FittedClasses:
        """The same state with a compact model, which cannot learn.

        Returns
        -------
        FittedClasses
        """
        if not self.language_model.knows_all_counts:
            return self
        model = CompactClassModel.of(self.language_model)
        return replace(self, language_model=model)


def _count(texts, labels, n_classes, training, n_ids):
    """The counts of some texts by class."""
    _check_as_many(texts, labels, training.owner)
    return ClassCounts.from_stream(
        texts,
        labels,
        n_classes,
        training.n,
        n_ids,
        threads_for(training.n_jobs),
        training.track("counting"),
    )


def _counted_labels(y, sample_weight, owner):
    """The labels of samples whose weight is not 0."""
    labels = check_labels(y, owner)
    weights = check_sample_weight(sample_weight, len(labels), owner)
    return labels if weights is None else labels[weights > 0]


def _check_as_many(texts, labels, owner):
    """Raise a ValueError unless there is a label for each text."""
    if len(texts.lengths) != len(labels):
        msg = (
            f"'X' and 'y' of {owner} must have the same length, a label for each text. "
            f"Got {len(texts.lengths)} and {len(labels)}."
        )
        raise ValueError(msg)


def _forget(counts: ClassCounts, stream: TokenStream, labels: NDArray) -> ClassCounts:
    """Subtract the counts of texts; the error names the first text never learned."""

    def rest(n_texts):
        some, n_ids = stream.first(n_texts), counts.counts.n_ids
        highest = int(some.ids.max(initial=0))
        known = counts.with_ids(max(n_ids, highest + 1))
        part = ClassCounts.from_stream(
            some,
            labels[:n_texts],
            counts.n_classes,
            counts.counts.n,
            known.counts.n_ids,
        )
        return known.subtract(part)

    low, high = 0, len(labels)  # the first `low` can be forgotten, `high` maybe not
    try:
        return rest(high)
    except NeverLearnedError:
        while high - low > 1:
            middle = (low + high) // 2
            try:
                rest(middle)
                low = middle
            except NeverLearnedError:
                high = middle
        raise NeverLearnedError(low) from None
