"""Conditions on sampled texts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from numbers import Integral

import numpy as np

from ..base import FittedModel
from ..ngrams import (
    Constraints,
    Start,
    TokenStream,
    log_probabilities,
    no_text_fits,
    texts_given,
)
from ..utils import MAX_INT
from ..words import UNKNOWN


@dataclass(frozen=True)
class Conditions:
    """Conditions that every sampled text satisfies.

    Attributes
    ----------
    starts_with : tuple of int
        Words at the beginning.
    constraints : Constraints
        Constraints on the whole text: its phrases, its endings and its length.
    """

    starts_with: tuple[int, ...]
    constraints: Constraints

    @classmethod
    def read(
        cls,
        fitted: FittedModel,
        starts_with=None,
        ends_with=None,
        contains=None,
        min_length=None,
        max_length=None,
    ) -> Conditions:
        """Check the conditions of `NGramTextGenerator.sample`.

        Parameters
        ----------
        fitted : FittedModel
            If it has no words, conditions are ids.
        starts_with, ends_with, contains, min_length, max_length
            Those of the method.

        Returns
        -------
        Conditions

        Raises
        ------
        ValueError
            If a word is not known, or a length is out of range.
        """
        _check_lengths(min_length, max_length)

        def phrases(name, condition):
            listed = _listed(condition, fitted)
            ids = [_ids_of(fitted, name, phrase) for phrase in listed]
            return tuple(dict.fromkeys(ids))

        endings = phrases("ends_with", ends_with)
        constraints = Constraints(
            contained=tuple(filter(None, phrases("contains", contains))),
            endings=endings if all(endings) else (),  # every text ends with ""
            min_length=int(min_length or 0),
            max_length=None if max_length is None else int(max_length),
        )
        return cls(_ids_of(fitted, "starts_with", starts_with), constraints)

    @property
    def only_start(self):
        """Whether there are no conditions other than `starts_with`."""
        return self.constraints == Constraints()

    def without(self, phrases):
        """These conditions, and the condition that some phrases are not in the text."""
        constraints = replace(self.constraints, forbidden=phrases)
        return replace(self, constraints=constraints)

    def sample(self, model, n_texts, length, row, rng):
        """Draw texts under these conditions.

        Parameters
        ----------
        model : LanguageModel
        n_texts : int
        length, row : int
            The context after `starts_with`.
        rng : numpy.random.Generator

        Returns
        -------
        list of list of int
            The words of each text after those of `starts_with`.

        Raises
        ------
        ValueError
            If no text satisfies the conditions.
        """
        self.check_start(model)
        start = Start(length, row, self.starts_with)
        return texts_given(model, self.constraints).sample(n_texts, start, rng)

    def check_start(self, model):
        """Raise a ValueError unless a text of the model can begin with `starts_with`."""
        words = np.array(self.starts_with, dtype=np.int32)
        stream = TokenStream.from_texts(
            words, np.array([len(words)]), np.array([False])
        )
        if not np.isfinite(log_probabilities(model, stream)).all():
            raise no_text_fits()


def _check_lengths(min_length, max_length):
    for name, value in (("min_length", min_length), ("max_length", max_length)):
        if value is not None and not (
            isinstance(value, Integral) and 0 <= int(value) <= MAX_INT
        ):
            msg = (
                f"The {name!r} condition of NGramTextGenerator.sample must be an int in "
                f"the range [0, {MAX_INT}]. Got {value!r} instead."
            )
            raise ValueError(msg)
    if max_length is not None and max_length < (min_length or 0):
        msg = (
            "The 'min_length' condition of NGramTextGenerator.sample must be at most "
            f"max_length={max_length}. Got {min_length}."
        )
        raise ValueError(msg)


def _listed(condition, fitted):
    """The phrases of a condition, which may be a single one."""
    if condition is None:
        return []
    if isinstance(condition, str) or not np.iterable(condition):
        return [condition]
    phrases = list(condition)
    if fitted.word_index is None and all(
        isinstance(item, Integral) for item in phrases
    ):
        return [phrases]
    return phrases


def _ids_of(fitted, name, phrase):
    """The ids of a phrase of a condition; unknown words are an error."""
    if phrase is None:
        return ()
    if fitted.word_index is None:
        return _checked_ids(fitted.n_ids, name, phrase)
    if not isinstance(phrase, str):
        msg = (
            f"The {name!r} condition of NGramTextGenerator.sample must hold texts. Got "
            f"{phrase!r} instead."
        )
        raise ValueError(msg)
    words = fitted.word_index.tokenize(phrase)
    ids = tuple(fitted.vocabulary.get(word, UNKNOWN) for word in words)
    if UNKNOWN in ids:
        msg = (
            f"The {name!r} condition of NGramTextGenerator.sample must hold known "
            f"words. Got {words[ids.index(UNKNOWN)]!r}; learn a text with it first."
        )
        raise ValueError(msg)
    return ids


def _checked_ids(n_ids, name, phrase):
    """The ids of a phrase of a condition, for a model without words."""
    try:
        ids = tuple(phrase)
    except TypeError:
        ids = (phrase,)
    for number in ids:
        if not (isinstance(number, Integral) and 0 < int(number) < n_ids):
            msg = (
                f"The {name!r} condition of NGramTextGenerator.sample must hold ids "
                f"from 1 to {n_ids - 1}. Got {number!r}."
            )
            raise ValueError(msg)
    return tuple(map(int, ids))
