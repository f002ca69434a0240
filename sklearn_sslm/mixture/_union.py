"""Several models over the words of all of them."""

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
"""The part of a model's probability of an unknown word that goes to words which only other
models know. It is small, since those models give them a probability of their own."""


@dataclass(frozen=True)
class Component:
    """One of the models, and how it answers about words that it does not know.

    Attributes
    ----------
    model : LanguageModel
    has_replies : bool
    own_id : ndarray of shape (n_ids + 1,), int64
        The model's own id of each id of the union, −1 where it lacks the word. The last
        entry is that of an unknown word.
    union_id : ndarray of shape (n_own_ids,), int64
        The id in the union of each of its own.
    share : ndarray of shape (n_ids + 1,), float64
        How the model's probability of an unknown word is divided among the words that it
        lacks; the last entry is for words that no model knows. 0 for words that it knows;
        all add up to 1.
    """

    model: LanguageModel
    has_replies: bool
    own_id: NDArray[np.int64]
    union_id: NDArray[np.int64]
    share: NDArray[np.float64]

    @cached_property
    def scorer(self) -> Scorer:
        """What scores single words."""
        return scorer_for(self.model)

    @property
    def prunes(self) -> bool:
        """Whether n-grams are left out, so that contexts may be without words."""
        return max(self.model.min_count) > 1

    @cached_property
    def cumulative_share(self) -> NDArray[np.float64]:
        """The sum of the shares up to each id, to draw one."""
        return np.cumsum(self.share)

    def token_scores(
        self, stream: TokenStream
    ) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Probability of each position of a stream of the union's ids; 1 at openings.

        And whether the words before it, up to n − 1, were seen with a word after them.
        """
        ids = self.own_id[stream.ids]
        scores = score_stream(self.model, replace(stream, ids=ids.astype(np.int32)))
        p = np.exp(scores.log_proba)
        unknown = np.flatnonzero(ids < 0)
        p[unknown] *= self.share[stream.ids[unknown]]
        return p, scores.known

    def score(self, context: Context, word: int) -> tuple[float, Context]:
        """Probability of an id of the union after a context, and the context after it."""
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
        """The longest known context at the end of each message of the union's ids."""
        own = Batch(self.own_id[batch.ids].astype(np.int32), batch.lengths)
        pair = contexts(own, self.model.counts, self.has_replies)
        return [(length, row) for length, row in np.stack(pair, axis=1).tolist()]

    def unknown_probability(self, context: Context) -> float:
        """Probability of all words together that the model does not know."""
        return self.scorer.score(context, UNKNOWN)[0]

    def next_word_proba(self, context: Context) -> NDArray[np.float64]:
        """Probability of each id of the union to come next."""
        own = next_word_probabilities(self.model, *context)
        own_id = self.own_id[:-1]
        unknown = self.unknown_probability(context) * self.share[:-1]
        return np.where(own_id >= 0, own[own_id], unknown)


@dataclass(frozen=True)
class Union:
    """Models over the words of all of them.

    Attributes
    ----------
    index : WordIndexTransformer
        The words: those of the first model, then those that the second adds, and so on.
    components : list of Component
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

        Raises
        ------
        ValueError
            If they cannot be mixed.

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
        """Whether it is of these very models, which have learned nothing since."""
        own = [part.model for part in self.components]
        return len(own) == len(models) and all(
            map(is_, own, map(_language_model, models))
        )

    @property
    def tokenizer(self) -> Tokenizer:
        """How texts become words: as for the first model."""
        return tokenizer_of(self.index)

    def ids_starting(self, prefix: str) -> NDArray[np.int64]:
        """Ids of the words that begin with a prefix, spelled as texts are, in rising order."""
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
        """What each model gives to each position of a stream, float64.

        Parameters
        ----------
        stream : TokenStream
            Of ids of the union.

        Returns
        -------
        ndarray of shape (n_positions, n_models)
        """
        return self.token_scores(stream)[0]

    def token_scores(
        self, stream: TokenStream
    ) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """What each model gives to each position, and whether one knows the words before.

        Parameters
        ----------
        stream : TokenStream
            Of ids of the union.

        Returns
        -------
        p : ndarray of shape (n_positions, n_models), float64
        known : ndarray of shape (n_positions,), bool
        """
        scores = (part.token_scores(stream) for part in self.components)
        p, known = zip(*scores, strict=True)
        return np.stack(p, axis=1), np.any(known, axis=0)

    def next_word_proba(self, contexts: Sequence[Context]) -> NDArray[np.float64]:
        """What each model gives to each id to come next, after a context of each.

        Returns
        -------
        ndarray of shape (n_ids, n_models), float64
        """
        pairs = zip(self.components, contexts, strict=True)
        return np.stack([part.next_word_proba(each) for part, each in pairs], axis=1)


def _components(models, words):
    """The models, given the id of each word of the union."""
    union_ids = [np.array([words[word] for word in _words_of(m)]) for m in models]
    unigrams = np.zeros((len(models), len(words) + 1))
    for unigram, union_id, model in zip(unigrams, union_ids, models, strict=True):
        engine = model.language_model
        # No word is "" but the boundary and those forgotten, which have probability 0.
        np.add.at(unigram, union_id, next_word_probabilities(engine, 0, 0))
        unigram[UNKNOWN] = scorer_for(engine).score((0, 0), UNKNOWN)[0]
    components = []
    for i, (model, union_id) in enumerate(zip(models, union_ids, strict=True)):
        own_id = np.full(len(words) + 1, UNKNOWN)
        own_id[union_id[::-1]] = np.arange(len(union_id))[::-1]  # 0 last, the boundary
        share = _share(own_id < 0, np.delete(unigrams, i, axis=0))
        components.append(
            Component(model.language_model, model.has_replies, own_id, union_id, share)
        )
    return components


def _share(is_unknown, unigrams):
    """Divide the probability of an unknown word by the unigrams of the other models.

    The model lacks words 2 and 3, elsewhere 0.3 and 0.1 -> shares 0.0075, 0.0025, and 0.99
    for words that no model knows.

    Parameters
    ----------
    is_unknown : ndarray of shape (n_ids + 1,), bool
        Whether the model lacks each word; last one that none knows.
    unigrams : ndarray of shape (n_models - 1, n_ids + 1), float64
        Probabilities in the other models, without context.
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
    """Raise a ValueError unless models can be mixed."""
    if any(model.word_index is None for model in models):
        raise ValueError(
            f"'models' of {owner} must know words. Got one that was fitted on integer "
            "rows that carry none; fit it on texts."
        )
    if len({model.has_replies for model in models}) > 1:
        raise ValueError(
            f"'models' of {owner} must all be of texts, or all of messages with replies. "
            "Got some of both."
        )
    for model in map(_language_model, models):
        if model.smoothing.lower_order == "backoff" and not model.is_stored:
            name = type(model.smoothing).__name__
            raise ValueError(
                f"'models' of {owner} must give probabilities that add up to 1. Got one "
                f"with the smoothing {name}; choose another smoothing."
            )
    ways = [_splitting(model) for model in models]
    for way in ways[1:]:
        if way != ways[0]:
            raise ValueError(
                f"'models' of {owner} must split texts in the same way. Got one with "
                f"{ways[0]}, and one with {way}."
            )


def _language_model(model):
    return model.language_model


def _splitting(model):
    """How a model splits texts; blanks of ASCII alone or of Unicode are no difference."""
    tokenizer = tokenizer_of(model.word_index)
    return (
        replace(tokenizer, tokenizer=None) if tokenizer.splits_at_ascii else tokenizer
    )
