"""Scores of single words of a mixture, for decoders and other programs."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..generator import StatefulScorer
from ..words import UNKNOWN, vocabulary_of
from ._union import Context, Union

State: TypeAlias = tuple[Context, ...]
"""The context of the words so far in each model."""


class MixtureScorer(StatefulScorer[State]):
    """Scores words of a mixture one at a time, each after the state of the words before it.

    `NGramMixture.scorer` makes it. What the models learn or forget later, and other
    weights, do not change it. Its methods are those of `WordScorer`; a state has the
    state of each model.

    Parameters
    ----------
    union : Union
        The models over the union of their words.
    weights : ndarray of shape (n_models,), float64
        The weight of each model; they sum to 1.

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
        """The state at the start of a text.

        Returns
        -------
        tuple of tuple of (int, int)
        """
        return tuple(part.scorer.start for part in self._components)

    def empty(self) -> State:
        """The state without any context, not even the start of a text.

        Returns
        -------
        tuple of tuple of (int, int)
        """
        return tuple(part.scorer.empty for part in self._components)

    def _score_id(self, state, word):
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
        ids = np.fromiter(ids, np.int64, len(contexts))
        total, after = np.zeros(len(ids)), []
        for j, (part, weight) in enumerate(
            zip(self._components, self._weights, strict=True)
        ):
            p, length, row = part.score_many(contexts[:, j, 0], contexts[:, j, 1], ids)
            total += weight * p
            after.append(zip(length.tolist(), row.tolist(), strict=True))
        with np.errstate(divide="ignore"):
            return np.log(total), zip(*after, strict=True)

    def _id_of(self, word):
        if not isinstance(word, str):
            raise TypeError(f"'word' of MixtureScorer must be a str. Got {word!r}.")
        return self._ids.get(self._preprocess(word), UNKNOWN)
