"""The base of what scores one word after the other."""

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
    """Scores words one at a time, each after a state that stands for those before.

    A subclass has the states to begin with, and says what the id of a word is and how
    ids are scored.
    """

    @abstractmethod
    def start(self) -> S:
        """The state in which a text begins."""

    @abstractmethod
    def empty(self) -> S:
        """The state of no context at all, not even that a text begins."""

    def score(self, state: S, word: Any) -> tuple[float, S]:
        """Score a word.

        Parameters
        ----------
        state : tuple
            `start()`, `empty()`, or what was returned for the word before.
        word : str
            A word as the tokenizer of the model's texts gives it; it is lower-cased and
            normalized as those are. For models of plain integer rows an id, −1 if it is unknown.

        Returns
        -------
        log_proba : float
            In nats, log p(word | state); −inf if it is impossible. A word that is not
            known has the probability of an unknown word.
        state : tuple
            The state after the word.

        Raises
        ------
        TypeError
            If `word` is no str, or no int for models of plain integer rows.
        """
        return self._score_id(state, self._id_of(word))

    def end(self, state: S) -> float:
        """Score the end of the text.

        Parameters
        ----------
        state : tuple
            As `score` takes it.

        Returns
        -------
        float
            In nats, log p(end | state).
        """
        return self._score_id(state, BOUNDARY)[0]

    def score_many(
        self, states: Sequence[S], words: Sequence[Any]
    ) -> tuple[NDArray[np.float64], list[S]]:
        """Score a word after each of many states, as `score` does.

        Parameters
        ----------
        states : sequence of tuple, of length n_words
            States as `score` takes them.
        words : sequence of str, of length n_words
            One word for each, as `score` takes it.

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
                f"'states' and 'words' of {type(self).__name__}.score_many must have the "
                f"same length. Got {len(states)} and {len(words)}."
            )
            raise ValueError(msg)
        log_proba, after = self._score_ids(states, self._ids_of(words))
        return log_proba, list(after)

    def end_many(self, states: Sequence[S]) -> NDArray[np.float64]:
        """Score the end of the text after each of many states, as `end` does.

        Parameters
        ----------
        states : sequence of tuple, of length n_states
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
        """`score_many` of ids; the states after them are computed if they are asked for."""
