"""Texts of a model under a smoothing that have a phrase, from there in both directions."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from ..models import LanguageModel
from ._automaton import Phrase
from ._backward_walk import BackwardWalk
from ._proposals import ANY_LENGTH, continued, ending_of, first_place
from ._visits import Visits


class PhraseTexts:
    """Texts in which one of some phrases occurs, drawn from there in both directions.

    What `OccurrenceTexts` are to maximum likelihood, with expected numbers of visits in
    place of counts. A context after the phrase is drawn in proportion to its visits. What
    stands before it comes from a `BackwardWalk`, and is thrown away if it does not end
    with the phrase; what comes after it is drawn from the model. A text comes in this way
    in proportion to its probability, and to how often the phrase is in it; it is whole
    only if the occurrence is the first one.

    Parameters
    ----------
    model : LanguageModel
        What the walk is kept with.
    plain : callable
        Gives the same model in plain arrays.
    phrases : sequence of tuple of int
        Of which one is in each text. Only one, unless `at_end`.
    at_end : bool
        Whether the text ends with it.
    max_length : int or None
        Longer texts need not be drawn.
    """

    def __init__(
        self,
        model: LanguageModel,
        plain: Callable[[LanguageModel], LanguageModel],
        phrases: Sequence[Phrase],
        at_end: bool,
        max_length: int | None = None,
    ) -> None:
        self.model = model
        self.phrases = phrases
        self.at_end = at_end
        self.max_length = ANY_LENGTH if max_length is None else max_length
        self._plain = plain

    def draw(self, n_tries: int, rng: np.random.Generator) -> list[list[int]]:
        walk = _walk_of(self.model, self._plain)
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
        length, row = walk.visits.context_at(columns[first])
        most = np.full(len(first), self.max_length)
        after = continued(walk.visits.model, length, row, most, rng)
        return [texts[at] + words for at, words in zip(first, after, strict=True)]

    def _contexts(self, walk):
        """The columns of contexts after all phrases, whose they are, and how frequent."""
        each = list(map(walk.contexts_after, self.phrases))
        which = np.repeat(np.arange(len(each)), list(map(len, each)))
        columns = np.concatenate(each)
        weights = walk.visits.expected[columns]
        return columns, which, weights * walk.visits.end[columns] ** self.at_end

    def _beginnings(self, walk, columns, which, rng):
        """The words of texts up to some contexts; None of those without the phrase."""
        backward: list[list[int]] = [[] for _ in which]
        texts: list[list[int] | None] = [None] * len(which)
        active = np.arange(len(which))
        while len(active):
            is_start = walk.is_start(columns, rng)
            for at in active[is_start].tolist():
                if len(backward[at]) >= len(self.phrases[which[at]]):
                    texts[at] = backward[at][::-1]
            words, columns = walk.step(columns[~is_start], rng)
            active = active[~is_start]
            going = []
            for at, word in zip(active.tolist(), words.tolist(), strict=True):
                phrase, said = self.phrases[which[at]], backward[at]
                said.append(word)
                is_right = len(said) > len(phrase) or phrase[-len(said)] == word
                going.append(is_right and len(said) <= self.max_length)
            active, columns = active[going], columns[going]
        return texts


def has_phrase_texts(model: LanguageModel) -> bool:
    """Whether texts of a model can be walked backward by expected numbers of visits."""
    return model.smoothing.lower_order != "uniform" and len(model.counts.levels) > 1


def _walk_of(model, plain):
    """The walk of a model, which is kept with it; None if it is not possible."""
    if model.computed.walk is None:
        try:
            visits = Visits(plain(model))
        except ValueError:  # there are too many contexts
            model.computed.walk = False
        else:
            model.computed.walk = visits.are_known and BackwardWalk(visits)
    return model.computed.walk or None
