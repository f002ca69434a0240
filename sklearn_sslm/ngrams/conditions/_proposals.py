"""Proposals: texts drawn from a model without constraints, or given a single one.

Of the texts that a proposal draws, those that meet all constraints are distributed as the
model's texts given all constraints (rejection sampling).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from ..counting import BOUNDARY, Level
from ..generation import Continuations, Controls, sample, sample_one
from ..models import LanguageModel
from ._automaton import Phrase
from ._predecessors import Predecessors

ANY_LENGTH = np.iinfo(np.int32).max

_FEW = 16
"""Up to so many texts are continued one by one, which is faster than by arrays."""


class Start(NamedTuple):
    """The first words of a text, and the length and row of the context at their end."""

    length: int
    row: int
    prefix: tuple[int, ...] = ()


class Proposal(Protocol):
    """A way to draw texts, of which some draws may fail."""

    def draw(self, n_tries: int, rng: np.random.Generator) -> list[list[int]]:
        """Try to draw `n_tries` texts; returns the words of those that succeeded."""


class FreeTexts:
    """Continues the first words of a text by the model, without any constraint.

    Parameters
    ----------
    model : LanguageModel
    start : Start
    max_length : int or None
        Longer texts are cut after ``max_length + 1`` words, enough to be rejected.
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
    """Draws texts of a maximum likelihood model that contain a phrase.

    An occurrence of a phrase is drawn in proportion to its count, extended backward to
    the start of the text, and forward to its end by the model. Backward steps use the
    time reversal of the model's Markov chain: the word before y is x with probability
    c(x y) / c(· y). A text is drawn so in proportion to its probability times the number
    of occurrences of the phrase in it; therefore only texts in which the occurrence
    drawn is the first one are accepted.

    Parameters
    ----------
    model : LanguageModel
        A maximum likelihood model of whole texts; see `is_reversible`.
    phrases : sequence of tuple of int
        Each text has one of these phrases; if not `at_end`, there is only one.
    at_end : bool
        Whether the phrase is at the end of the text.

    Attributes
    ----------
    is_possible : bool
        Whether any text of the model has one of the phrases.
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
        """Draw texts around phrases that are found as n-grams of one order."""
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
        """Draw the words before n-grams of one order, back to the starts of their texts.

        Returns
        -------
        words : list of list of int
            The words of each text before the n-gram.
        order, row : ndarray of int
            The n-gram with as many of these words before it as fit in the highest order.
        """
        levels = self.model.counts.levels
        predecessors = list(map(Predecessors, self.model.weights[1:]))
        end_order, end_row = np.full(len(row), order), row.copy()
        columns = []
        active = np.arange(len(row))
        while len(active):
            is_shorter = order < len(levels)
            if not is_shorter:  # drop the last word, to make room for one before
                order, row = order - 1, levels[-1].context_at(row)
            row = predecessors[order - 1].draw(row, rng)
            order += 1
            if is_shorter:
                end_order[active], end_row[active] = order, row
            word = first_words(levels[:order], row)
            columns.append(np.zeros(len(end_row), dtype=np.int64))
            columns[-1][active] = word
            going = word != BOUNDARY
            active, row = active[going], row[going]
        # Rows in reverse order [[2, 1, 0], [3, 0, 0]] -> words [[1, 2], [3]].
        backward = np.stack(columns, axis=1)
        lengths = np.count_nonzero(backward, axis=1)
        words = [
            words[:length][::-1]
            for words, length in zip(backward.tolist(), lengths.tolist(), strict=True)
        ]
        return words, end_order, end_row

    def _after_rest(self, which, order, row):
        """The n-grams at the ends of the phrases: others than given if these are longer.

        A phrase longer than the highest order was found by its first words only.
        """
        end = [found.end for found in self._found]
        for at in np.unique(which).tolist():
            if end[at] is not None:
                row[which == at] = end[at]
        return order, row


class _FoundPhrase(NamedTuple):
    """A phrase in the trie.

    Attributes
    ----------
    order, row : int
        The n-gram of the whole phrase, or of as many first words as the highest order.
    weight : float
        Expected count of the phrase in a corpus as large as the one learned.
    end : int or None
        The n-gram of the highest order at the end of a phrase that is longer.
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
    """Approximate number of occurrences of a phrase in as many texts as were learned.

    Parameters
    ----------
    model : LanguageModel
        With counts (`knows_all_counts`).
    phrase : tuple of int

    Returns
    -------
    float
        Exact for phrases up to the order of the model; 0 for phrases that cannot occur
        without smoothing.
    """
    found = _find_phrase(model, phrase, at_end=False)
    return 0.0 if found is None else found.weight


def is_reversible(model: LanguageModel) -> bool:
    """Whether a model's Markov chain of n-grams can be reversed in time by its counts.

    Under maximum likelihood it can, if each context is left as often as it is entered:
    if as many of the texts learned ended as started, so that none was cut off.
    """
    levels = model.counts.levels
    if model.smoothing.lower_order != "none" or len(levels) < 2:
        return False
    starts = levels[1].children(BOUNDARY)
    n_starts = int(np.sum(levels[1].count[starts], dtype=np.int64))
    return n_starts == levels[0].count.item(BOUNDARY)


def first_words(levels: Sequence[Level], row: NDArray) -> NDArray:
    """The first words of the n-grams in some rows of the last of the levels."""
    for level in levels[:0:-1]:
        row = level.context_at(row)
    return row


def _contexts_after(counts, order, row):
    """Length and row of the longest context at the end of each n-gram inside a text."""
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
    """Draw continuations from contexts until they end or have `max_new` words."""
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
    """The index of the first phrase that a text ends with; it must end with one.

    >>> ending_of([1, 2, 3], [(2,), (2, 3), (3,)])
    1
    """
    return next(
        at
        for at, phrase in enumerate(phrases)
        if text[len(text) - len(phrase) :] == list(phrase)
    )


def first_place(text: list[int], phrase: Phrase) -> int:
    """The position of the first occurrence of a phrase in a text that contains it.

    >>> first_place([1, 2, 1, 3], (1, 3))
    2
    """
    at = text.index(phrase[0])
    while tuple(text[at : at + len(phrase)]) != phrase:
        at = text.index(phrase[0], at + 1)
    return at
