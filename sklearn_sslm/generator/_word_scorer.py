"""Scores of single words, for decoders and other programs."""

from __future__ import annotations

from itertools import chain
from numbers import Integral
from typing import TypeAlias

import numpy as np

from ..base import FittedModel
from ..ngrams import scorer_for
from ..words import UNKNOWN, Tokenizer, tokenizer_of
from ._stateful_scorer import StatefulScorer

State: TypeAlias = tuple[int, int]
"""A context: its number of words, and its row among the contexts with as many words."""


class WordScorer(StatefulScorer[State]):
    """Scores words one at a time, each after the state of the words before it.

    `NGramTextGenerator.scorer` makes it. What the generator learns or forgets later
    does not change it.

    A state is the longest suffix of the words so far that was learned with a word after
    it: a small tuple, which can be hashed and compared. Later scores depend on the state
    alone, so that histories with equal states can be merged. The states of a scorer have
    no meaning for another one.

    Parameters
    ----------
    fitted : FittedModel
        The model that a generator has learned.

    Examples
    --------
    >>> from sklearn_sslm import NGramTextGenerator
    >>> model = NGramTextGenerator(n=3, smoothing="witten_bell").fit(["a b", "a c"])
    >>> scorer = model.scorer()
    >>> state, total = scorer.start(), 0.0
    >>> for word in ["a", "b"]:
    ...     log_proba, state = scorer.score(state, word)
    ...     total += log_proba
    ...
    >>> round(total + scorer.end(state), 4), model.score_samples(["a b"]).round(4)
    (-1.3404, array([-1.3404]))
    >>> "a" in scorer, "zero" in scorer
    (True, False)
    """

    __module__ = "sklearn_sslm"  # where users have it

    def __init__(self, fitted: FittedModel) -> None:
        model = fitted.language_model
        self._scorer = scorer_for(model)
        self._prunes = max(model.min_count) > 1
        self._n_ids = model.counts.n_ids
        self._vocabulary = fitted.vocabulary
        self._tokenizer: Tokenizer | None = None
        if fitted.word_index is not None:
            tokenizer = tokenizer_of(fitted.word_index)
            self._tokenizer = None if tokenizer.is_plain else tokenizer

    def start(self) -> State:
        """The state at the start of a text.

        Returns
        -------
        tuple of (int, int)
        """
        return self._state_of(self._scorer.start)

    def empty(self) -> State:
        """The state without any context, not even the start of a text.

        Returns
        -------
        tuple of (int, int)
        """
        return self._scorer.empty

    def _score_id(self, state, word):
        p, after = self._scorer.score(state, word)
        return _log(p), self._state_of(after) if self._prunes else after

    def _score_ids(self, states, ids):
        flat = chain.from_iterable(states)  # faster than an array of tuples
        pairs = np.fromiter(flat, np.int64, 2 * len(states)).reshape(-1, 2)
        length, row = np.ascontiguousarray(pairs.T)
        ids = np.fromiter(ids, np.int64, len(length))
        p, length, row = self._scorer.score_many(length, row, ids)
        contexts = zip(length.tolist(), row.tolist(), strict=True)
        with np.errstate(divide="ignore"):
            return np.log(p), map(
                self._state_of, contexts
            ) if self._prunes else contexts

    def _state_of(self, context):
        """The state of a context: its longest suffix that was not pruned."""
        return self._scorer.without_pruned(context) if self._prunes else context

    def _ids_of(self, words):
        if self._vocabulary is None or self._tokenizer is not None:
            return super()._ids_of(words)
        if not all(isinstance(word, str) for word in words):
            return super()._ids_of(words)  # it raises an error about the first one
        find = self._vocabulary.get
        return [find(word, UNKNOWN) for word in words]

    def _id_of(self, word):
        if self._vocabulary is None:
            return self._checked_id(word)
        if not isinstance(word, str):
            raise TypeError(f"'word' of WordScorer must be a str. Got {word!r}.")
        if self._tokenizer is not None:
            word = self._tokenizer.preprocess(word)
        return self._vocabulary.get(word, UNKNOWN)

    def _checked_id(self, word):
        """An id of plain integer rows, −1 if no word has it."""
        if not isinstance(word, Integral):
            msg = (
                "'word' of WordScorer must be an int, as the model was fitted on integer "
                f"rows that carry no words. Got {word!r}."
            )
            raise TypeError(msg)
        number = int(word)
        return number if 0 < number < self._n_ids else UNKNOWN


def _log(p):
    """The logarithm, by numpy, so that it equals those of arrays to the last bit."""
    return float(np.log(p)) if p else -np.inf
