"""Conditions that texts are drawn under."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from numbers import Integral

import numpy as np

from ..base import FittedModel
from ..ngrams import (
    ConditionalSampler,
    ConstraintAutomaton,
    TokenStream,
    log_probabilities,
)
from ..words import UNKNOWN


@dataclass(frozen=True)
class Conditions:
    """What every text drawn must satisfy.

    Attributes
    ----------
    starts_with, ends_with : tuple of int
        Words at the beginning and at the end.
    contains : tuple of tuple of int
        Sequences of words that occur, each anywhere.
    min_length : int
        Words a text has at least.
    max_length : int or None
        Words a text has at most; None is no limit.
    """

    starts_with: tuple[int, ...]
    ends_with: tuple[int, ...]
    contains: tuple[tuple[int, ...], ...]
    min_length: int
    max_length: int | None

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
        phrases = (
            _ids_of(fitted, "contains", phrase) for phrase in _listed(contains, fitted)
        )
        return cls(
            _ids_of(fitted, "starts_with", starts_with),
            _ids_of(fitted, "ends_with", ends_with),
            tuple(phrase for phrase in phrases if phrase),
            min_length or 0,
            max_length,
        )

    @property
    def only_start(self):
        """Whether there are no conditions on what comes after the first words."""
        nothing_else = not (self.ends_with or self.contains or self.min_length)
        return nothing_else and self.max_length is None

    def sampler(self, model):
        """A sampler of texts under these conditions; the model stores the last one.

        Parameters
        ----------
        model : LanguageModel

        Returns
        -------
        ConditionalSampler
        """
        asked = (self.ends_with, self.contains, self.min_length, self.max_length)
        last, sampler = model.computed.sampler or (None, None)
        if last != asked:
            automaton = ConstraintAutomaton(self.contains, self.ends_with)
            sampler = ConditionalSampler(
                model.rebuilt().precomputed().without_computed(),
                automaton,
                self.min_length,
                self.max_length,
            )
            model.computed.sampler = asked, sampler
        return sampler

    def may_start(self, model):
        """Whether a text of the model can begin with `starts_with`."""
        words = np.array(self.starts_with, dtype=np.int32)
        stream = TokenStream.from_texts(
            words, np.array([len(words)]), np.array([False])
        )
        return np.isfinite(log_probabilities(model, stream)).all()

    def impossible(self):
        """The error about conditions that no text of a model satisfies."""
        return ValueError(
            "The conditions of NGramTextGenerator.sample can be fulfilled by no text "
            "of this model: it never puts the words so, or not within these lengths. "
            "Ask for less, or choose a smoothing that backs off, as 'kneser_ney'."
        )


def _check_lengths(min_length, max_length):
    for name, value in (("min_length", min_length), ("max_length", max_length)):
        if value is not None and not (isinstance(value, Integral) and int(value) >= 0):
            msg = (
                f"The {name!r} condition of NGramTextGenerator.sample must be an int in "
                f"the range [0, inf). Got {value!r} instead."
            )
            raise ValueError(msg)
    if max_length is not None and max_length < (min_length or 0):
        msg = (
            "The 'min_length' condition of NGramTextGenerator.sample must be at most "
            f"'max_length'. Got {min_length} > {max_length}."
        )
        raise ValueError(msg)


def _listed(contains, fitted):
    """The 'contains' condition as a list of phrases."""
    if contains is None:
        return []
    if isinstance(contains, str) or not isinstance(contains, Iterable):
        return [contains]
    phrases = list(contains)
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
