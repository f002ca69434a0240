"""Scores one word after the other, as decoders and other programs ask for them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from numbers import Integral
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..base import FittedModel
from ..ngrams import BOUNDARY, scorer_for
from ..words import UNKNOWN, Tokenizer, tokenizer_of

State: TypeAlias = tuple[int, int]
"""A context: how many words of it were seen together, and their number."""


class WordScorer:
    """Scores words one at a time, each after a state that stands for those before.

    `NGramTextGenerator.scorer` makes it. What the generator learns or forgets later
    does not change it.

    A state is the longest suffix of the words so far that was learned with a word after
    it: a small tuple, which can be hashed and compared. The scores that follow depend on
    the state alone, so that histories with equal states can be merged. States of
    different scorers must not be mixed.

    Parameters
    ----------
    fitted : FittedModel
        What a generator has learned.

    Examples
    --------
    >>> from sklearn_sslm import NGramTextGenerator
    >>> model = NGramTextGenerator(n=3, smoothing="witten_bell").fit(["a b", "a c"])
    >>> scorer = model.scorer()
    >>> state, total = scorer.start(), 0.0
    >>> for word in ["a", "b"]:
    ...     log_proba, state = scorer.score(state, word)
    ...     total += log_proba
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
        """The state in which a text begins.

        Returns
        -------
        tuple of (int, int)
        """
        return self._state_of(self._scorer.start)

    def empty(self) -> State:
        """The state of no context at all, not even that a text begins.

        Returns
        -------
        tuple of (int, int)
        """
        return self._scorer.empty

    def score(self, state: State, word: Any) -> tuple[float, State]:
        """Score a word.

        Parameters
        ----------
        state : tuple of (int, int)
            `start()`, `empty()`, or what was returned for the word before.
        word : str
            A word as the tokenizer of the model's texts gives it; it is lower-cased and
            normalized as those are. For models of plain integer rows an id, −1 if it is unknown.

        Returns
        -------
        log_proba : float
            In nats, log p(word | state); −inf if it is impossible. A word that is not
            known has the probability of an unknown word.
        state : tuple of (int, int)
            The state after the word.

        Raises
        ------
        TypeError
            If `word` is no str, or no int for models of plain integer rows.
        """
        p, after = self._scorer.score(state, self._id_of(word))
        return _log(p), self._state_of(after) if self._prunes else after

    def end(self, state: State) -> float:
        """Score the end of the text.

        Parameters
        ----------
        state : tuple of (int, int)
            As `score` takes it.

        Returns
        -------
        float
            In nats, log p(end | state).
        """
        return _log(self._scorer.score(state, BOUNDARY)[0])

    def score_many(
        self, states: Sequence[State], words: Sequence[Any]
    ) -> tuple[NDArray[np.float64], list[State]]:
        """Score a word after each of many states, as `score` does.

        Parameters
        ----------
        states : sequence of (int, int), of length n_words
            States as `score` takes them.
        words : sequence of str, of length n_words
            One word for each, as `score` takes it.

        Returns
        -------
        log_proba : ndarray of shape (n_words,), float64
            In nats.
        states : list of (int, int)
            The states after the words.

        Raises
        ------
        TypeError
            As `score`.
        ValueError
            If there are not as many words as states.

        Examples
        --------
        >>> from sklearn_sslm import NGramTextGenerator
        >>> scorer = NGramTextGenerator(n=2, smoothing="witten_bell").fit(["a b"]).scorer()
        >>> log_proba, states = scorer.score_many([scorer.start()] * 2, ["a", "b"])
        >>> log_proba.round(2), scorer.end_many(states).round(2)
        (array([-0.44, -1.93]), array([-1.93, -0.44]))
        """
        if len(states) != len(words):
            msg = (
                "'states' and 'words' of WordScorer.score_many must have the same "
                f"length. Got {len(states)} and {len(words)}."
            )
            raise ValueError(msg)
        log_proba, length, row = self._score_ids(states, self._ids_of(words))
        contexts = zip(length.tolist(), row.tolist(), strict=True)
        return log_proba, list(
            map(self._state_of, contexts) if self._prunes else contexts
        )

    def end_many(self, states: Sequence[State]) -> NDArray[np.float64]:
        """Score the end of the text after each of many states, as `end` does.

        Parameters
        ----------
        states : sequence of (int, int), of length n_states
            States as `score` takes them.

        Returns
        -------
        ndarray of shape (n_states,), float64
            In nats.
        """
        return self._score_ids(states, [BOUNDARY] * len(states))[0]

    def __contains__(self, word: object) -> bool:
        try:
            return self._id_of(word) != UNKNOWN
        except TypeError:
            return False

    def _score_ids(self, states, ids):
        flat = chain.from_iterable(states)  # an array of tuples takes longer to make
        pairs = np.fromiter(flat, np.int64, 2 * len(states)).reshape(-1, 2)
        length, row = np.ascontiguousarray(pairs.T)
        ids = np.fromiter(ids, np.int64, len(length))
        p, length, row = self._scorer.score_many(length, row, ids)
        with np.errstate(divide="ignore"):
            return np.log(p), length, row

    def _state_of(self, context):
        """The state of a context; those that have the same future share it."""
        return self._scorer.without_pruned(context) if self._prunes else context

    def _ids_of(self, words):
        """The ids of many words."""
        if self._vocabulary is None or self._tokenizer is not None:
            return map(self._id_of, words)
        if not all(isinstance(word, str) for word in words):
            return map(self._id_of, words)  # which tells the first that is none
        find = self._vocabulary.get
        return [find(word, UNKNOWN) for word in words]

    def _id_of(self, word):
        """The id of a word, −1 if it is unknown."""
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
    """The logarithm, with the bits of those of arrays."""
    return float(np.log(p)) if p else -np.inf
