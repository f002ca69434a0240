"""Conditions that texts are drawn under."""

from collections.abc import Iterable
from dataclasses import dataclass
from numbers import Integral

import numpy as np

from ..ngrams import (
    ConditionalSampler,
    ConstraintAutomaton,
    TokenStream,
    log_probabilities,
)
from ..words import UNKNOWN


@dataclass(frozen=True)
class Conditions:
    """What every text drawn must fulfil.

    Attributes
    ----------
    starts_with, ends_with : tuple of int
        Words at the beginning and at the end.
    contains : tuple of tuple of int
        Words in a row that occur, each anywhere.
    least : int
        Words a text has at least.
    most : int or None
        Words a text has at most; None is no limit.
    """

    starts_with: tuple
    ends_with: tuple
    contains: tuple
    least: int
    most: int | None

    @classmethod
    def read(
        cls, index, n_ids, starts_with, ends_with, contains, min_length, max_length
    ):
        """Read conditions given as texts, or as ids where there is no index.

        Raises
        ------
        ValueError
            If a word is not known, or a length is out of range.
        """
        if contains is None or isinstance(contains, str):
            contains = [] if contains is None else [contains]
        elif not isinstance(contains, Iterable):
            contains = [contains]
        else:
            contains = list(contains)
            if index is None and all(isinstance(item, Integral) for item in contains):
                contains = [contains]
        for name, value in (("min_length", min_length), ("max_length", max_length)):
            if value is not None and not (
                isinstance(value, Integral) and int(value) >= 0
            ):
                msg = (
                    f"The {name!r} condition of NGramTextGenerator.sample must be an "
                    f"int in the range [0, inf). Got {value!r} instead."
                )
                raise ValueError(msg)
        if max_length is not None and max_length < (min_length or 0):
            msg = (
                "The 'min_length' condition of NGramTextGenerator.sample must be at "
                f"most 'max_length'. Got {min_length} > {max_length}."
            )
            raise ValueError(msg)
        return cls(
            _phrase(index, n_ids, "starts_with", starts_with),
            _phrase(index, n_ids, "ends_with", ends_with),
            tuple(
                phrase
                for phrase in (
                    _phrase(index, n_ids, "contains", item) for item in contains
                )
                if phrase
            ),
            min_length or 0,
            max_length,
        )

    @property
    def only_start(self):
        """Whether nothing is asked of what comes after the first words."""
        nothing_else = not (self.ends_with or self.contains or self.least)
        return nothing_else and self.most is None

    def sampler(self, model):
        """A sampler of texts under these conditions, the last one if it was the same.

        Parameters
        ----------
        model : LanguageModel

        Returns
        -------
        ConditionalSampler
        """
        asked = (self.ends_with, self.contains, self.least, self.most)
        last = getattr(model, "last_sampler", None)
        if last is None or last[0] != asked:
            automaton = ConstraintAutomaton(self.contains, self.ends_with)
            sampler = ConditionalSampler(
                model.precomputed(), automaton, self.least, self.most
            )
            model.last_sampler = asked, sampler
        return model.last_sampler[1]

    def may_start(self, model):
        """Whether a text of the model can begin with the words asked for."""
        words = np.array(self.starts_with, dtype=np.int32)
        stream = TokenStream.from_texts(
            words, np.array([len(words)]), np.array([False])
        )
        return np.isfinite(log_probabilities(model, stream)).all()

    def impossible(self):
        """The error about conditions that no text of a model fulfils."""
        return ValueError(
            "The conditions of NGramTextGenerator.sample can be fulfilled by no text "
            "of this model: it never puts the words so, or not within these lengths. "
            "Ask for less, or choose a smoothing that hands on, as 'kneser_ney'."
        )


def _ids(n_ids, name, phrase):
    """A condition of a model that knows no words: ids, all of them known."""
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


def _phrase(index, n_ids, name, phrase):
    """The ids of a condition's words, all of them known."""
    if phrase is None:
        return ()
    if index is None:
        return _ids(n_ids, name, phrase)
    if not isinstance(phrase, str):
        msg = (
            f"The {name!r} condition of NGramTextGenerator.sample must be a text. Got "
            f"{phrase!r} instead."
        )
        raise ValueError(msg)
    words = index.tokenize(phrase)
    ids = tuple(index._vocabulary.get(word, UNKNOWN) for word in words)
    if UNKNOWN in ids:
        msg = (
            f"The {name!r} condition of NGramTextGenerator.sample must hold known "
            f"words. Got {words[ids.index(UNKNOWN)]!r}; learn it with partial_fit."
        )
        raise ValueError(msg)
    return ids
