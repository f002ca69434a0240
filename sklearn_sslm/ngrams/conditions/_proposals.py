"""Texts of a model in which a constraint is met already, and those that need none.

All texts of a proposal are drawn exactly: those that also fit the other constraints are
the model's texts given all constraints.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from ..counting import BOUNDARY
from ..generation import Continuations, Controls, sample, sample_one
from ..models import LanguageModel
from ._automaton import Phrase
from ._predecessors import Predecessors

ANY_LENGTH = np.iinfo(np.int32).max


_FEW = 16
"""Texts that are continued one by one, which takes less time than side by side."""


class Start(NamedTuple):
    """The beginning of a text: its words, and the context at their end."""

    length: int
    row: int
    prefix: tuple[int, ...] = ()


class Proposal(Protocol):
    """A way to draw texts."""

    def draw(self, n_tries: int, rng: np.random.Generator) -> list[list[int]]:
        """Try to draw so many texts; returns those that are whole, with all words."""


class FreeTexts:
    """Texts drawn from the model after their first words, without any constraint.

    Parameters
    ----------
    model : LanguageModel
    start : Start
    max_length : int or None
        Longer texts are cut after one word more, which shows that they are too long.
    """

    def __init__(
        self, model: LanguageModel, start: Start, max_length: int | None
    ) -> None:
        self.model = model
        self.start = start
        self.max_new = ANY_LENGTH
        if max_length is not None:
            self.max_new = min(max_length - len(start.prefix) + 1, ANY_LENGTH)

    def draw(self, n_tries: int, rng: np.random.Generator) -> list[list[int]]:
        context = np.full(n_tries, self.start.length), np.full(n_tries, self.start.row)
        prefix = list(self.start.prefix)
        return [
            prefix + words
            for words in continued(self.model, *context, self.max_new, rng)
        ]


class OccurrenceTexts:
    """Texts in which one of some phrases occurs, drawn from there in both directions.

    In the texts learned, an n-gram inside of texts has as many words before it as after
    it. So the Markov chain of maximum likelihood, reversed in time, puts the word x
    before y with probability c(x y) / c(· y). An occurrence of a phrase is
    drawn in proportion to its count, continued backward to the start of the text by
    the reversed chain, and forward to its end by the model. A text comes in this way
    in proportion to its probability, and to how often the phrase is in it; it is
    whole only if the occurrence is the first one.

    Parameters
    ----------
    model : LanguageModel
        One without smoothing, of which all texts learned ended; see `is_reversible`.
    phrases : sequence of tuple of int
        Of which one is in each text. Only one, unless `at_end`.
    at_end : bool
        Whether the text ends with it.

    Attributes
    ----------
    is_possible : bool
        Whether a text of the model can have one of the phrases.
    """

    def __init__(
        self, model: LanguageModel, phrases: Sequence[Phrase], at_end: bool
    ) -> None:
        self.model = model
        self.at_end = at_end
        found = [_find_phrase(model, phrase, at_end) for phrase in phrases]
        self.phrases = [p for p, m in zip(phrases, found, strict=True) if m is not None]
        self._found = [m for m in found if m is not None]
        self.is_possible = bool(self._found)

    def draw(self, n_tries: int, rng: np.random.Generator) -> list[list[int]]:
        weights = np.array([found.weight for found in self._found])
        which = np.sort(
            rng.choice(len(weights), size=n_tries, p=weights / weights.sum())
        )
        orders = np.array([found.order for found in self._found])[which]
        texts: list[list[int]] = []
        for order in np.unique(orders).tolist():
            texts += self._of_order(order, which[orders == order], rng)
        return texts

    def _of_order(self, order, which, rng):
        """Texts from n-grams of one order."""
        row = np.array([found.row for found in self._found])[which]
        before, *last = self._walk_back(order, row, rng)
        texts = [
            words + list(self.phrases[at])
            for words, at in zip(before, which.tolist(), strict=True)
        ]
        if self.at_end:
            return [
                text
                for text, at in zip(texts, which.tolist(), strict=True)
                if ending_of(text, self.phrases) == at
            ]
        first = [
            first_place(text, self.phrases[0]) == len(text) - len(self.phrases[0])
            for text in texts
        ]
        texts = [text for text, is_first in zip(texts, first, strict=True) if is_first]
        order, row = (column[first] for column in self._after_rest(which, *last))
        length, row = _contexts_after(self.model.counts, order, row)
        after = continued(self.model, length, row, ANY_LENGTH, rng)
        return [text + words for text, words in zip(texts, after, strict=True)]

    def _walk_back(self, order, row, rng):
        """The words before some n-grams of one order, back to the starts of texts.

        Returns
        -------
        words : list of list of int
        order, row : ndarray of int
            The longest n-gram that ends where each did, as far as contexts reach.
        """
        levels = self.model.counts.levels
        predecessors = list(map(Predecessors, self.model.weights[1:]))
        end_order, end_row = np.full(len(row), order), row.copy()
        columns = []
        active = np.arange(len(row))
        while len(active):
            is_shorter = order < len(levels)
            if not is_shorter:  # all but the last word, to make room for one before
                order, row = order - 1, levels[-1].context_at(row)
            row = predecessors[order - 1].draw(row, rng)
            order += 1
            if is_shorter:
                end_order[active], end_row[active] = order, row
            word = _first_words(levels[:order], row)
            columns.append(np.zeros(len(end_row), dtype=np.int64))
            columns[-1][active] = word
            going = word != BOUNDARY
            active, row = active[going], row[going]
        # Of [[2, 1, 0], [3, 0, 0]], read backward, the words are [1, 2] and [3].
        backward = np.stack(columns, axis=1)
        lengths = np.count_nonzero(backward, axis=1)
        words = [
            words[:length][::-1]
            for words, length in zip(backward.tolist(), lengths.tolist(), strict=True)
        ]
        return words, end_order, end_row

    def _after_rest(self, which, order, row):
        """N-grams at the ends of phrases that are longer than all n-grams."""
        end = [found.end for found in self._found]
        for at in np.unique(which).tolist():
            if end[at] is not None:
                row[which == at] = end[at]
        return order, row


class _FoundPhrase(NamedTuple):
    """Where a phrase is in the trie: its first words as an n-gram, as long as can be.

    Attributes
    ----------
    order, row : int
    weight : float
        Expected count of the phrase in a corpus as large as the one learned.
    end : int or None
        The n-gram of the highest order at the phrase's end, if the phrase is longer.
    """

    order: int
    row: int
    weight: float
    end: int | None


def _find_phrase(model, phrase, at_end) -> _FoundPhrase | None:
    """Find a phrase in a model; None if no text of the model has it."""
    levels = model.counts.levels
    if at_end:
        phrase = (*phrase, BOUNDARY)
    n_first = min(len(phrase), len(levels))
    row = 0
    for level, word in zip(levels, phrase[:n_first], strict=False):
        row = level.find_one(row, word)
        if row < 0:
            return None
    weight = float(levels[n_first - 1].count.item(row))
    if not weight:
        return None
    end = row
    for word in phrase[n_first:]:
        context = levels[-1].suffix.item(end)
        end = levels[-1].find_one(context, word)
        if end < 0:
            return None
        at = np.array([context]), np.array([end])
        weight *= model.discounted(len(levels), *at).item()
    return _FoundPhrase(n_first, row, weight, end if len(phrase) > n_first else None)


def expected_count(model: LanguageModel, phrase: Phrase) -> float:
    """How often a phrase occurs in as many texts of a model as were learned, about.

    Parameters
    ----------
    model : LanguageModel
        One that knows all counts.
    phrase : tuple of int

    Returns
    -------
    float
        0 if it was not learned.
    """
    found = _find_phrase(model, phrase, at_end=False)
    return 0.0 if found is None else found.weight


def is_reversible(model: LanguageModel) -> bool:
    """Whether the texts of a model can be drawn backward by its counts.

    They can under maximum likelihood if each context is left as often as it is
    entered. It is not where a text was cut off, so that fewer ended than started.
    """
    levels = model.counts.levels
    if model.smoothing.lower_order != "none" or len(levels) < 2:
        return False
    starts = levels[1].children(BOUNDARY)
    n_starts = int(np.sum(levels[1].count[starts], dtype=np.int64))
    return n_starts == levels[0].count.item(BOUNDARY)


def _first_words(levels, row):
    """The first words of n-grams of the last of some levels."""
    for level in levels[:0:-1]:
        row = level.context_at(row)
    return row


def _contexts_after(counts, order, row):
    """The longest contexts at the ends of n-grams that are no ends of texts."""
    length, row = order.copy(), row.copy()
    longest = np.flatnonzero(order == len(counts.levels))
    length[longest] -= 1
    row[longest] = counts.levels[-1].suffix[row[longest]]
    return length, row


def continued(
    model: LanguageModel,
    length: NDArray,
    row: NDArray,
    max_new: int | NDArray,
    rng: np.random.Generator,
) -> list[list[int]]:
    """The words that continue texts from some contexts, as lists."""
    if not len(length):
        return []
    size = len(length)
    texts = Continuations(length, row, np.full(size, max_new), np.zeros(size, int))
    if size <= _FEW:
        each = (texts[[at]] for at in range(size))
        return [list(sample_one(model, text, Controls(), rng)) for text in each]
    drawn = sample(model, texts, Controls(), rng)
    lengths = np.count_nonzero(drawn, axis=1).tolist()
    return [
        words[:length] for words, length in zip(drawn.tolist(), lengths, strict=True)
    ]


def ending_of(text: list[int], phrases: Sequence[Phrase]) -> int:
    """The first of some phrases that a text ends with: it may end with several.

    >>> ending_of([1, 2, 3], [(2,), (2, 3), (3,)])
    1
    """
    return next(
        at
        for at, phrase in enumerate(phrases)
        if text[len(text) - len(phrase) :] == list(phrase)
    )


def first_place(text: list[int], phrase: Phrase) -> int:
    """Where a phrase is first in a text.

    >>> first_place([1, 2, 1, 3], (1, 3))
    2
    """
    at = text.index(phrase[0])
    while tuple(text[at : at + len(phrase)]) != phrase:
        at = text.index(phrase[0], at + 1)
    return at
