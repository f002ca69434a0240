"""Texts of a smoothed model that contain a phrase."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..models import LanguageModel
from ._automaton import Phrase
from ._backward_walk import BackwardWalk
from ._plain_model import plain_of
from ._proposals import ANY_LENGTH, continued, ending_of, first_place
from ._visits import Visits


class PhraseTexts:
    """Draws texts of a smoothed model that contain a phrase.

    As `OccurrenceTexts`, with expected numbers of visits in place of counts. A context
    that the phrase can lead to is drawn in proportion to its visits. The words before it
    are drawn by a `BackwardWalk`, and rejected if they do not end with the phrase; the
    words after it are drawn from the model. A text is drawn so in proportion to its
    probability times the number of occurrences of the phrase in it; therefore only texts
    in which the occurrence drawn is the first one are accepted.

    Parameters
    ----------
    model : LanguageModel
        Its `computed` holds the walk.
    phrases : sequence of tuple of int
        Each text has one of these phrases; if not `at_end`, there is only one.
    at_end : bool
        Whether the phrase is at the end of the text.
    max_length : int or None
        Texts that are longer may be left out.
    """

    def __init__(
        self,
        model: LanguageModel,
        phrases: Sequence[Phrase],
        at_end: bool,
        max_length: int | None = None,
    ) -> None:
        self.model = model
        self.phrases = phrases
        self.at_end = at_end
        self.max_length = ANY_LENGTH if max_length is None else max_length

    def draw(self, n_tries: int, rng: np.random.Generator) -> list[list[int]]:
        walk = _walk_of(self.model)
        if walk is None:
            return []
        columns, which, weights = self._contexts(walk)
        total = np.cumsum(weights)
        if not len(total) or not total[-1]:
            return []
        at = np.searchsorted(total, rng.random(n_tries) * total[-1], "right")
        at = at.clip(max=len(total) - 1)
        columns, which = columns[at], which[at].tolist()
        texts = self._beginnings(walk, columns, which, rng)
        if self.at_end:
            return [
                text
                for text, phrase in zip(texts, which, strict=True)
                if text is not None and ending_of(text, self.phrases) == phrase
            ]
        size = len(self.phrases[0])
        first = [
            at
            for at, text in enumerate(texts)
            if text is not None
            and first_place(text, self.phrases[0]) == len(text) - size
        ]
        length, row = walk.context_at(columns[first])
        most = np.full(len(first), self.max_length)
        after = continued(plain_of(self.model), length, row, most, rng)
        return [texts[at] + words for at, words in zip(first, after, strict=True)]

    def _contexts(self, walk):
        """The contexts that the phrases can lead to.

        Returns
        -------
        columns, which : ndarray of int
            The column of each context, and the index of its phrase.
        weights : ndarray of float64
            Expected visits; if `at_end`, only those after which the text ends.
        """
        each = list(map(walk.contexts_after, self.phrases))
        which = np.repeat(np.arange(len(each)), list(map(len, each)))
        columns = np.concatenate(each)
        weights = walk.expected[columns]
        return columns, which, weights * walk.end[columns] ** self.at_end

    def _beginnings(self, walk, columns, which, rng):
        """Draw the words of texts up to the contexts; None if they lack the phrase."""
        backward: list[list[int]] = [[] for _ in which]
        texts: list[list[int] | None] = [None] * len(which)
        active = np.arange(len(which))
        while len(active):
            is_start, follows = walk.origin(columns, rng)
            for at in active[is_start].tolist():
                if len(backward[at]) >= len(self.phrases[which[at]]):
                    texts[at] = backward[at][::-1]
            words, columns = walk.step(columns[follows], rng)
            active = active[follows]
            going = []
            for at, word in zip(active.tolist(), words.tolist(), strict=True):
                phrase, words_back = self.phrases[which[at]], backward[at]
                words_back.append(word)
                size = len(words_back)
                fits = size > len(phrase) or phrase[-size] == word
                going.append(fits and size <= self.max_length)
            active, columns = active[going], columns[going]
        return texts


def has_phrase_texts(model: LanguageModel) -> bool:
    """Whether `PhraseTexts` can draw from a model.

    It must have contexts, and not back off to the uniform distribution.
    """
    return model.smoothing.lower_order != "uniform" and len(model.counts.levels) > 1


def _walk_of(model):
    """The backward walk of a model, computed once; None if it is not possible.

    It is cached in the rebuilt model, which replaces one with an overlay once it exists.
    That of the model before the changes, the base of the overlay, makes it faster.
    """
    computed = model.rebuilt().computed
    if computed.walk is None:
        before = getattr(model, "base", model).computed.walk or None
        try:
            # What is computed of the n-grams for the visits is not kept.
            visits = Visits(plain_of(model).without_computed(), before)
        except ValueError:  # there are too many contexts
            computed.walk = False
        else:
            computed.walk = visits.are_known and BackwardWalk(visits)
    return computed.walk or None
