"""Conditions that texts are drawn under."""

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
    """What every text drawn must satisfy.

    Attributes
    ----------
    starts_with : tuple of int
        Words at the beginning.
    constraints : Constraints
        What the whole text contains, how it ends, and how long it is.
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
            Its words; where it has none, conditions are ids.
        starts_with, ends_with, contains, min_length, max_length
            As the method takes them.

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
            endings=endings if all(endings) else (),  # all texts end with no words
            min_length=int(min_length or 0),
            max_length=None if max_length is None else int(max_length),
        )
        return cls(_ids_of(fitted, "starts_with", starts_with), constraints)

    @property
    def only_start(self):
        """Whether there are no conditions on what comes after the first words."""
        return self.constraints == Constraints()

    def without(self, phrases):
        """These conditions, and that some phrases of ids are not in the text."""
        constraints = replace(self.constraints, forbidden=phrases)
        return replace(self, constraints=constraints)

    def sample(self, model, n_texts, length, row, rng):
        """Draw texts under these conditions, from the context after `starts_with`.

        Parameters
        ----------
        model : LanguageModel
        n_texts : int
        length, row : int
            The context.
        rng : numpy.random.Generator

        Returns
        -------
        list of list of int
            The words of each text after its first ones.

        Raises
        ------
        ValueError
            If no text fulfils them.
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
            f"'max_length'. Got {min_length} > {max_length}."
        )
        raise ValueError(msg)


def _listed(condition, fitted):
    """A condition of one phrase or several, as a list of phrases."""
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
    """The ids of a condition's words, all of them known."""
    if phrase is None:
        return ()
    if fitted.word_index is None:
        return _checked_ids(fitted.n_ids, name, phrase)
    if not isinstance(phrase, str):
        msg = (
            f"The {name!r} condition of NGramTextGenerator.sample must be a text. Got "
            f"{phrase!r} instead."
        )
        raise ValueError(msg)
    words = fitted.word_index.tokenize(phrase)
    ids = tuple(fitted.vocabulary.get(word, UNKNOWN) for word in words)
    if UNKNOWN in ids:
        msg = (
            f"The {name!r} condition of NGramTextGenerator.sample must hold known "
            f"words. Got {words[ids.index(UNKNOWN)]!r}; learn it with partial_fit."
        )
        raise ValueError(msg)
    return ids


def _checked_ids(n_ids, name, phrase):
    """A condition of a model without words: known ids."""
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
