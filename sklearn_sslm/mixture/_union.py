"""Several models over the union of their words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from operator import is_

import numpy as np
from numpy.typing import NDArray

from ..base import Batch, FittedModel, check_same_length, stream_of
from ..generator import contexts
from ..ngrams import (
    LanguageModel,
    Scorer,
    TokenStream,
    next_word_probabilities,
    score_stream,
    scorer_for,
)
from ..words import (
    UNKNOWN,
    Samples,
    Tokenizer,
    Vocabulary,
    WordIndexTransformer,
    check_texts,
    encode,
    tokenizer_of,
    vocabulary_of,
    with_vocabulary,
)

Context = tuple[int, int]

LACKED = 0.01
"""The share of a model's probability of an unknown word that words get which only other
models know. It is small, as those models give them a probability, too."""


@dataclass(frozen=True)
class Component:
    """One of the models, with its probabilities for all words of the union.

    Attributes
    ----------
    model : LanguageModel
    has_replies : bool
        Whether it is a model of messages and replies.
    own_id : ndarray of shape (n_ids + 1,), int64
        The id in the model of each id of the union, −1 for words that it lacks. The last
        entry is that of a word which no model knows, −1.
    union_id : ndarray of shape (n_own_ids,), int64
        The id in the union of each id of the model.
    share : ndarray of shape (n_ids + 1,), float64
        The share that each word of the union has in the model's probability of an
        unknown word; 0 for words that the model knows. The last entry is the share of
        words that no model knows. They sum to 1.
    """

    model: LanguageModel
    has_replies: bool
    own_id: NDArray[np.int64]
    union_id: NDArray[np.int64]
    share: NDArray[np.float64]

    @cached_property
    def scorer(self) -> Scorer:
        """The scorer of single words of the model."""
        return scorer_for(self.model)

    @property
    def prunes(self) -> bool:
        """Whether n-grams are pruned, so that a context may have no words after it."""
        return max(self.model.min_count) > 1

    @cached_property
    def cumulative_share(self) -> NDArray[np.float64]:
        """The cumulative sums of the shares, to draw ids by them."""
        return np.cumsum(self.share)

    def token_scores(
        self, stream: TokenStream
    ) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """The probability of each token of a stream of ids of the union.

        Returns
        -------
        p : ndarray of shape (n_positions,), float64
            1 at opening boundaries.
        known : ndarray of shape (n_positions,), bool
            Whether the last n − 1 words before it were seen with a word after them.
        """
        ids = self.own_id[stream.ids]
        scores = score_stream(self.model, replace(stream, ids=ids.astype(np.int32)))
        p = np.exp(scores.log_proba)
        unknown = np.flatnonzero(ids < 0)
        p[unknown] *= self.share[stream.ids[unknown]]
        return p, scores.known

    def score(self, context: Context, word: int) -> tuple[float, Context]:
        """The probability of an id of the union in a context, and the context after it."""
        own = int(self.own_id[word])
        p, after = self.scorer.score(context, own)
        if own < 0:
            p *= float(self.share[word])
        return p, self.scorer.without_pruned(after) if self.prunes else after

    def score_many(
        self, length: NDArray, row: NDArray, word: NDArray
    ) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
        """`score` for many contexts and words."""
        own = self.own_id[word]
        p, length, row = self.scorer.score_many(length, row, own)
        p = np.where(own < 0, p * self.share[word], p)
        if self.prunes:
            pairs = zip(length.tolist(), row.tolist(), strict=True)
            kept = list(map(self.scorer.without_pruned, pairs))
            length, row = np.array(kept, dtype=np.int64).reshape(-1, 2).T
        return p, length, row

    def contexts(self, batch: Batch) -> list[Context]:
        """The longest context that the model knows at the end of each message."""
        own = Batch(self.own_id[batch.ids].astype(np.int32), batch.lengths)
        pair = contexts(own, self.model.counts, self.has_replies)
        return [(length, row) for length, row in np.stack(pair, axis=1).tolist()]

    def unknown_probability(self, context: Context) -> float:
        """The probability of an unknown word: of all words that the model lacks together."""
        return self.scorer.score(context, UNKNOWN)[0]

    def next_word_proba(self, context: Context) -> NDArray[np.float64]:
        """The distribution of the next word over the ids of the union."""
        own = next_word_probabilities(self.model, *context)
        own_id = self.own_id[:-1]
        unknown = self.unknown_probability(context) * self.share[:-1]
        return np.where(own_id >= 0, own[own_id], unknown)


@dataclass(frozen=True)
class Union:
    """Several models over the union of their words.

    Attributes
    ----------
    index : WordIndexTransformer
        The words of the first model, then the other words of the second one, and so on.
    components : list of Component
        The models.
    """

    index: WordIndexTransformer
    components: list[Component]

    @classmethod
    def of(cls, models: Sequence[FittedModel], owner: str) -> Union:
        """Unite the words of some models.

        Parameters
        ----------
        models : sequence of FittedModel
        owner : str
            Class that the message of an error names.

        Returns
        -------
        Union

        Raises
        ------
        ValueError
            If the models cannot be mixed.

        Examples
        --------
        >>> from sklearn_sslm import NGramTextGenerator
        >>> from sklearn_sslm.base import fitted_model
        >>> models = [NGramTextGenerator().fit([text]) for text in ("a b", "b c")]
        >>> union = Union.of(list(map(fitted_model, models)), "Mixture")
        >>> union.index.vocabulary_
        {'a': 1, 'b': 2, 'c': 3}
        >>> union.components[1].own_id  # the end, a, b, c and an unknown word
        array([ 0, -1,  1,  2, -1])
        """
        _check(models, owner)
        words: dict[str, int] = {}
        for model in models:
            for word in _words_of(model):
                words.setdefault(word, len(words))  # "", the boundary, is the first
        components = _components(models, words)
        index = models[0].word_index
        assert index is not None  # it is checked
        return cls(with_vocabulary(index, Vocabulary(list(words))), components)

    def is_of(self, models: Sequence[FittedModel]) -> bool:
        """Whether it was made of these very models, and they have not changed since."""
        own = [part.model for part in self.components]
        return len(own) == len(models) and all(
            map(is_, own, map(_language_model, models))
        )

    @property
    def tokenizer(self) -> Tokenizer:
        """The tokenizer of the first model."""
        return tokenizer_of(self.index)

    def ids_starting(self, prefix: str) -> NDArray[np.int64]:
        """Ids of the words that begin with a prefix, in ascending order.

        The prefix is preprocessed as texts are.
        """
        starting = vocabulary_of(self.index).starting(self.tokenizer.preprocess(prefix))
        return np.array(starting, dtype=np.int64)

    def read(self, X: Samples, owner: str, name: str = "X") -> Batch:
        """Read texts into ids of the union.

        Parameters
        ----------
        X : iterable of str
        owner, name : str
            Class and parameter that the message of an error names.

        Returns
        -------
        Batch
        """
        texts = check_texts(X, owner, name=name)
        vocabulary = vocabulary_of(self.index)
        ids, lengths, unknown = encode(texts, vocabulary, self.tokenizer)
        return Batch(ids, lengths, unknown=unknown)

    def stream(self, X: Samples, y: Samples | None, owner: str) -> TokenStream:
        """Texts, or messages with their replies, as a stream of ids of the union."""
        batch = self.read(X, owner)
        if y is None:
            return stream_of(batch)
        replies = self.read(y, owner, "y")
        check_same_length((batch, replies), owner)
        return stream_of(batch, replies)

    def token_probabilities(self, stream: TokenStream) -> NDArray[np.float64]:
        """The probability of each token of a stream in each model.

        Parameters
        ----------
        stream : TokenStream
            Of ids of the union.

        Returns
        -------
        ndarray of shape (n_positions, n_models), float64
        """
        return self.token_scores(stream)[0]

    def token_scores(
        self, stream: TokenStream
    ) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """The probability of each token in each model, and whether its context was seen.

        Parameters
        ----------
        stream : TokenStream
            Of ids of the union.

        Returns
        -------
        p : ndarray of shape (n_positions, n_models), float64
        known : ndarray of shape (n_positions,), bool
            Whether the last n − 1 words before the token were seen with a word after
            them, in at least one of the models.
        """
        scores = (part.token_scores(stream) for part in self.components)
        p, known = zip(*scores, strict=True)
        return np.stack(p, axis=1), np.any(known, axis=0)

    def next_word_proba(self, contexts: Sequence[Context]) -> NDArray[np.float64]:
        """The distribution of the next word in each model.

        Parameters
        ----------
        contexts : sequence of (int, int), of length n_models
            The context in each model.

        Returns
        -------
        ndarray of shape (n_ids, n_models), float64
        """
        pairs = zip(self.components, contexts, strict=True)
        return np.stack([part.next_word_proba(each) for part, each in pairs], axis=1)


def _components(models, words):
    """Make the components of a union, given the id of each of its words."""
    union_ids = [np.array([words[word] for word in _words_of(m)]) for m in models]
    unigrams = np.zeros((len(models), len(words) + 1))
    for unigram, union_id, model in zip(unigrams, union_ids, models, strict=True):
        engine = model.language_model
        # Forgotten words are "", as the boundary is; they have probability 0.
        np.add.at(unigram, union_id, next_word_probabilities(engine, 0, 0))
        unigram[UNKNOWN] = scorer_for(engine).score((0, 0), UNKNOWN)[0]
    components = []
    for i, (model, union_id) in enumerate(zip(models, union_ids, strict=True)):
        own_id = np.full(len(words) + 1, UNKNOWN)
        own_id[union_id[::-1]] = np.arange(len(union_id))[::-1]  # "" gets 0, set last
        share = _share(own_id < 0, np.delete(unigrams, i, axis=0))
        components.append(
            Component(model.language_model, model.has_replies, own_id, union_id, share)
        )
    return components


def _share(is_unknown, unigrams):
    """The shares of the words that a model lacks in its probability of an unknown word.

    If it lacks words 2 and 3, which have the unigram probabilities 0.3 and 0.1 in another
    model, their shares are 0.0075 and 0.0025; that of words which no model knows is 0.99.

    Parameters
    ----------
    is_unknown : ndarray of shape (n_ids + 1,), bool
        Whether the model lacks each word; the last entry is a word that no model knows.
    unigrams : ndarray of shape (n_models - 1, n_ids + 1), float64
        Unigram probabilities in the other models.

    Returns
    -------
    ndarray of shape (n_ids + 1,), float64
    """
    share = np.where(is_unknown, unigrams.sum(axis=0), 0)
    share[UNKNOWN] = 0
    lacked = share.sum()
    if lacked:
        share *= LACKED / lacked
        share[UNKNOWN] = 1 - LACKED
    else:
        share[UNKNOWN] = 1
    return share


def _words_of(model):
    return model.vocabulary.words


def _check(models, owner):
    """Raise a ValueError if the models cannot be mixed."""
    if any(model.word_index is None for model in models):
        raise ValueError(
            f"'models' of {owner} must know words. Got one that was fitted on integer "
            "rows that carry none; fit it on texts."
        )
    if len({model.has_replies for model in models}) > 1:
        raise ValueError(
            f"'models' of {owner} must all be of texts, or all of messages with replies. "
            "Got some of both; mix models of one kind."
        )
    for model in map(_language_model, models):
        if model.smoothing.lower_order == "backoff" and not model.is_stored:
            name = type(model.smoothing).__name__
            raise ValueError(
                f"'models' of {owner} must have probabilities that sum to 1. Got one with "
                f"the smoothing {name}; choose another smoothing for it."
            )
    first, *others = map(_tokenizer_of, models)
    for other in others:
        if other != first:
            raise ValueError(
                f"'models' of {owner} must split texts in the same way. Got one with "
                f"{first}, and one with {other}; fit one of them again."
            )


def _language_model(model):
    return model.language_model


def _tokenizer_of(model):
    """The tokenizer of a model; splitting at ASCII or Unicode blanks makes no difference."""
    tokenizer = tokenizer_of(model.word_index)
    return (
        replace(tokenizer, tokenizer=None) if tokenizer.splits_at_ascii else tokenizer
    )
