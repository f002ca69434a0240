"""Scores words of a mixture one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..ngrams import BOUNDARY
from ..words import UNKNOWN, vocabulary_of
from ._union import Context, Union

State: TypeAlias = tuple[Context, ...]
"""The context in each model."""


class MixtureScorer:
    """Scores words of a mixture one at a time, each after a state that stands for those before.

    `NGramMixture.scorer` makes it. What the models learn or forget later does not change
    it, nor do other weights. Its methods are those of `WordScorer`; a state holds one of
    each model.

    Parameters
    ----------
    union : Union
        The models, over the words of all.
    weights : ndarray of shape (n_models,), float64
        How much each model counts; they add up to 1.

    Examples
    --------
    >>> from sklearn_sslm import NGramMixture, NGramTextGenerator
    >>> models = [NGramTextGenerator().fit([text]) for text in ("a b", "a c")]
    >>> scorer = NGramMixture(models, weights=[3, 1]).scorer()
    >>> log_proba, state = scorer.score(scorer.start(), "a")
    >>> round(log_proba, 2), round(scorer.score(state, "b")[0], 2)  # ln 3/4
    (0.0, -0.29)
    """

    __module__ = "sklearn_sslm"  # where users have it

    def __init__(self, union: Union, weights: NDArray[np.float64]) -> None:
        self._components = union.components
        self._weights = weights.tolist()
        self._ids = vocabulary_of(union.index)
        self._preprocess = union.tokenizer.preprocess

    def start(self) -> State:
        """The state in which a text begins.

        Returns
        -------
        tuple of tuple of (int, int)
        """
        return tuple(part.scorer.start for part in self._components)

    def empty(self) -> State:
        """The state of no context at all, not even that a text begins.

        Returns
        -------
        tuple of tuple of (int, int)
        """
        return tuple(part.scorer.empty for part in self._components)

    def score(self, state: State, word: str) -> tuple[float, State]:
        """Score a word.

        Parameters
        ----------
        state : tuple of tuple of (int, int)
            `start()`, `empty()`, or what was returned for the word before.
        word : str
            A word as the tokenizer of the models' texts gives it.

        Returns
        -------
        log_proba : float
            In nats, log p(word | state); −inf if it is impossible in all models.
        state : tuple of tuple of (int, int)
            The state after the word.

        Raises
        ------
        TypeError
            If `word` is no str.
        """
        return self._score(state, self._id_of(word))

    def end(self, state: State) -> float:
        """Score the end of the text.

        Parameters
        ----------
        state : tuple of tuple of (int, int)
            As `score` takes it.

        Returns
        -------
        float
            In nats, log p(end | state).
        """
        return self._score(state, BOUNDARY)[0]

    def score_many(
        self, states: Sequence[State], words: Sequence[str]
    ) -> tuple[NDArray[np.float64], list[State]]:
        """Score a word after each of many states, as `score` does.

        Parameters
        ----------
        states : sequence of tuple of (int, int), of length n_words
            States as `score` takes them.
        words : sequence of str, of length n_words
            One word for each, as `score` takes it.

        Returns
        -------
        log_proba : ndarray of shape (n_words,), float64
            In nats.
        states : list of tuple of (int, int)
            The states after the words.

        Raises
        ------
        TypeError
            As `score`.
        ValueError
            If there are not as many words as states.
        """
        if len(states) != len(words):
            raise ValueError(
                "'states' and 'words' of MixtureScorer.score_many must have the same "
                f"length. Got {len(states)} and {len(words)}."
            )
        return self._score_ids(states, list(map(self._id_of, words)))

    def end_many(self, states: Sequence[State]) -> NDArray[np.float64]:
        """Score the end of the text after each of many states, as `end` does.

        Parameters
        ----------
        states : sequence of tuple of (int, int), of length n_states
            States as `score` takes them.

        Returns
        -------
        ndarray of shape (n_states,), float64
            In nats.
        """
        return self._score_ids(states, [BOUNDARY] * len(states))[0]

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and self._id_of(word) != UNKNOWN

    def _score(self, state, word):
        total, after = 0.0, []
        parts = zip(self._components, self._weights, state, strict=True)
        for part, weight, context in parts:
            p, context = part.score(context, word)
            total += weight * p
            after.append(context)
        return float(np.log(total)) if total else -np.inf, tuple(after)

    def _score_ids(self, states, ids):
        contexts = np.array(states, dtype=np.int64)
        contexts = contexts.reshape(-1, len(self._components), 2)
        ids = np.array(ids, dtype=np.int64)
        total, after = np.zeros(len(ids)), []
        for j, (part, weight) in enumerate(
            zip(self._components, self._weights, strict=True)
        ):
            p, length, row = part.score_many(contexts[:, j, 0], contexts[:, j, 1], ids)
            total += weight * p
            after.append(zip(length.tolist(), row.tolist(), strict=True))
        with np.errstate(divide="ignore"):
            return np.log(total), list(zip(*after, strict=True))

    def _id_of(self, word):
        """The id of a word, −1 if no model knows it."""
        if not isinstance(word, str):
            raise TypeError(f"'word' of MixtureScorer must be a str. Got {word!r}.")
        return self._ids.get(self._preprocess(word), UNKNOWN)
