"""The base class of scorers of single words."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from ..ngrams import BOUNDARY
from ..words import UNKNOWN

S = TypeVar("S")


class StatefulScorer(ABC, Generic[S]):
    """Scores words one at a time, each after the state of the words before it.

    Subclasses implement `start` and `empty`, look up the ids of words, and score ids.
    """

    @abstractmethod
    def start(self) -> S:
        """The state at the start of a text."""

    @abstractmethod
    def empty(self) -> S:
        """The state without any context, not even the start of a text."""

    def score(self, state: S, word: Any) -> tuple[float, S]:
        """The log probability of a word, and the state after it.

        Parameters
        ----------
        state : tuple
            `start()`, `empty()`, or the state that was returned for the word before.
        word : str
            A word as the tokenizer of the model returns it; it is lower-cased and
            normalized as texts are. For models of plain integer rows an id, or −1 for an
            unknown word.

        Returns
        -------
        log_proba : float
            In nats, log p(word | state); −inf if it is impossible. All unknown words have
            the same one.
        state : tuple
            The state after the word.

        Raises
        ------
        TypeError
            If `word` is no str, or no int for models of plain integer rows.
        """
        return self._score_id(state, self._id_of(word))

    def end(self, state: S) -> float:
        """The log probability of the end of the text.

        Parameters
        ----------
        state : tuple
            The state after the last word.

        Returns
        -------
        float
            In nats, log p(end | state).
        """
        return self._score_id(state, BOUNDARY)[0]

    def score_many(
        self, states: Sequence[S], words: Sequence[Any]
    ) -> tuple[NDArray[np.float64], list[S]]:
        """`score` for many states and words.

        Parameters
        ----------
        states : sequence of tuple, of length n_words
            The state before each word.
        words : sequence of str, of length n_words
            The words, or ids.

        Returns
        -------
        log_proba : ndarray of shape (n_words,), float64
            In nats.
        states : list of tuple
            The states after the words.

        Raises
        ------
        TypeError
            As `score`.
        ValueError
            If the numbers of states and words differ.

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
                f"'states' and 'words' of {type(self).__name__}.score_many must have the "
                f"same length. Got {len(states)} and {len(words)}; pass one word for "
                "each state."
            )
            raise ValueError(msg)
        log_proba, after = self._score_ids(states, self._ids_of(words))
        return log_proba, list(after)

    def end_many(self, states: Sequence[S]) -> NDArray[np.float64]:
        """`end` for many states.

        Parameters
        ----------
        states : sequence of tuple, of length n_states
            The state after the last word of each text.

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

    @abstractmethod
    def _id_of(self, word: Any) -> int:
        """The id of a word, −1 if it is unknown."""

    def _ids_of(self, words: Iterable[Any]) -> Iterable[int]:
        """The ids of many words."""
        return map(self._id_of, words)

    @abstractmethod
    def _score_id(self, state: S, word: int) -> tuple[float, S]:
        """`score` of an id."""

    @abstractmethod
    def _score_ids(
        self, states: Sequence[S], ids: Iterable[int]
    ) -> tuple[NDArray[np.float64], Iterable[S]]:
        """`score_many` of ids; the states are an iterable that computes them lazily."""
