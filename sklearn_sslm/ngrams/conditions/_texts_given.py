"""Texts of a model given constraints, drawn in the way that takes the least time.

All ways are exact. Where a fair share of the texts of a proposal fits, those are kept
that do; where hardly any does, words are drawn by completion probabilities, which are
computed first.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate

import numpy as np

from ..counting import BOUNDARY, NGramCounts
from ..generation import DeadEndError
from ..models import LanguageModel
from ._automaton import ConstraintAutomaton, Phrase
from ._phrase_texts import PhraseTexts, has_phrase_texts
from ._proposals import (
    FreeTexts,
    OccurrenceTexts,
    Proposal,
    Start,
    expected_count,
    is_reversible,
)
from ._sampler import ConditionalSampler

_TRIALS = 32, 512, 8192
"""Texts of each proposal that are drawn to find the share that fits."""

_RARE, _FEW_TRIALS = 1 / 256, 8
"""Share of texts with a phrase below which they are drawn from it, rather than looked
for among all, and how many are then drawn to find the share that fits."""

_BLOCK = 8192
"""Texts that are drawn side by side."""

_WORDS, _WORDS_PER_NGRAM, _WORDS_PER_WORD = 1 << 17, 1.5, 30
"""Words tried that take as long as completion probabilities: at least, for each n-gram
and state to compute them, for each word to draw by them."""

_TRIAL, _LEAST_SHARE = 32, 1 / 16
"""Texts of any length that are drawn to find the share that has the right one, and the
share below which lengths are computed."""

_LONGEST = 100_000
"""Largest `max_length` of which it is computed how likely texts are to be so short."""

_N_KEPT, _MAX_KEPT = 8, 1 << 24
"""Recent constraints whose results are kept, and numbers that these may hold."""


@dataclass(frozen=True)
class Constraints:
    """What texts are drawn given.

    Attributes
    ----------
    contained : tuple of tuple of int, default=()
        Phrases that occur, each anywhere.
    endings : tuple of tuple of int, default=()
        Phrases of which the text ends with one.
    forbidden : tuple of tuple of int, default=()
        Phrases that do not occur.
    min_length : int, default=0
        Words a text has at least.
    max_length : int, default=None
        Words a text has at most; None is no limit.

    Examples
    --------
    >>> Constraints(contained=((1, 2),), max_length=3).fit([3, 1, 2])
    True
    """

    contained: tuple[Phrase, ...] = ()
    endings: tuple[Phrase, ...] = ()
    forbidden: tuple[Phrase, ...] = ()
    min_length: int = 0
    max_length: int | None = None

    @cached_property
    def automaton(self) -> ConstraintAutomaton:
        """What reads a text word by word, and tells whether it meets the constraints."""
        return ConstraintAutomaton(self.contained, self.endings, self.forbidden)

    def fit(self, text: Sequence[int]) -> bool:
        """Whether a whole text meets all constraints."""
        return self.fit_length(text) and self.automaton.accepts_text(text)

    def fit_length(self, text: Sequence[int]) -> bool:
        """Whether a whole text is neither too short nor too long."""
        return self.min_length <= len(text) and (
            self.max_length is None or len(text) <= self.max_length
        )


@dataclass
class Kept:
    """What was computed about constraints; nothing of it refers to the model asked.

    Attributes
    ----------
    mean_length : float
        Words of a text of the model, about.
    shares : dict
        For each beginning of texts the best proposal's number and the share of its
        texts that fits; it is 0 if none does.
    completed, timed : ConditionalSampler or None
        What draws by completion probabilities texts of any length, and of the right one.
    """

    mean_length: float
    shares: dict[Start, tuple[int, float]] = field(default_factory=dict)
    completed: ConditionalSampler | None = None
    timed: ConditionalSampler | None = None

    @property
    def n_numbers(self) -> int:
        """How many numbers are kept in memory."""
        return sum(s.n_numbers for s in (self.completed, self.timed) if s is not None)


class TextsGiven:
    """Draws the texts of a model given constraints; made by `texts_given`.

    Parameters
    ----------
    model : LanguageModel
    constraints : Constraints
    kept : Kept
    """

    def __init__(
        self, model: LanguageModel, constraints: Constraints, kept: Kept
    ) -> None:
        self.model = model
        self.constraints = constraints
        self.kept = kept
        self._n_ngrams = sum(map(len, model.counts.levels))
        self._n_states = len(constraints.automaton.accepts)

    def sample(
        self, n_texts: int, start: Start, rng: np.random.Generator
    ) -> list[list[int]]:
        """Continue the beginning of a text until it ends, several times.

        Parameters
        ----------
        n_texts : int
        start : Start
        rng : numpy.random.Generator

        Returns
        -------
        list of list of int
            The new words of each text.

        Raises
        ------
        ValueError
            If no text of the model meets the constraints, or lengths and constraints
            would take too much time or memory.
        """
        proposal, share = self._best_proposal(start)
        texts: list[list[int]] = []
        if proposal and n_texts / share * self.kept.mean_length < self._budget(n_texts):
            texts = self._fitting(proposal, share, n_texts, start, rng)
        texts = [text[len(start.prefix) :] for text in texts[:n_texts]]
        if len(texts) < n_texts:
            texts += self._completed(n_texts - len(texts), start, rng)
        return texts

    @property
    def completed(self) -> ConditionalSampler:
        """A sampler by completion probabilities of texts of any length."""
        if self.kept.completed is None:
            automaton = self.constraints.automaton
            self.kept.completed = ConditionalSampler(plain_of(self.model), automaton)
        return self.kept.completed

    @property
    def timed(self) -> ConditionalSampler:
        """A sampler by completion probabilities of texts with the right lengths."""
        if self.kept.timed is None:
            least, most = self.constraints.min_length, self.constraints.max_length
            if most is not None and most > _LONGEST:
                most = None
            automaton = self.constraints.automaton
            self.kept.timed = ConditionalSampler(
                plain_of(self.model), automaton, least, most
            )
        return self.kept.timed

    def _best_proposal(self, start):
        """The proposal of which most texts fit, and their share, 0 if none does.

        Its random numbers are its own, so that texts do not depend on what is kept.
        """
        proposals, shares = self._proposals(start), self.kept.shares
        if start not in shares:
            if len(shares) >= _N_KEPT:
                shares.clear()
            shares[start] = self._try(proposals, start)
        best, share = shares[start]
        return (proposals[best] if share else None), share

    def _try(self, proposals, start):
        """The number of the best proposal, and its share."""
        rng = np.random.default_rng(0)
        is_rare = self._is_rare(proposals)
        sizes = (_FEW_TRIALS, *_TRIALS[1:]) if is_rare else _TRIALS
        for size in sizes:
            if size * self.kept.mean_length > self._budget(1):
                break
            n_fitting = [
                self._n_fitting(proposal, size, start, rng)
                if isinstance(proposal, PhraseTexts) == is_rare or size > sizes[0]
                else 0
                for proposal in proposals
            ]
            if any(n_fitting):
                best = int(np.argmax(n_fitting))
                return best, n_fitting[best] / size
        return 0, self._expected_share(proposals, start)

    def _is_rare(self, proposals):
        """Whether texts are to be drawn from phrases that few of those learned have."""
        model = self.model
        if not (model.knows_all_counts and model.counts.n_texts):
            return False
        least = _RARE * model.counts.n_texts
        return any(isinstance(proposal, PhraseTexts) for proposal in proposals) and any(
            expected_count(model, phrase) < least
            for phrase in self.constraints.contained
        )

    def _expected_share(self, proposals, start):
        """The share of free texts that have a phrase: as many as of those learned."""
        phrases, model = self.constraints.contained, self.model
        if len(phrases) != 1 or self.constraints.endings or start.prefix:
            return 0.0
        if not (
            proposals
            and isinstance(proposals[0], FreeTexts)
            and model.knows_all_counts
            and model.counts.n_texts
        ):
            return 0.0
        return min(expected_count(model, phrases[0]) / model.counts.n_texts, 1.0)

    def _n_fitting(self, proposal, size, start, rng):
        """How many of some texts fit; none do where texts come to dead ends."""
        try:
            return sum(self._fits(text, start) for text in proposal.draw(size, rng))
        except DeadEndError:
            return 0

    def _proposals(self, start) -> list[Proposal]:
        """All ways to draw texts of which some may fit."""
        constraints = self.constraints
        proposals: list[Proposal] = []
        most = constraints.max_length
        if most is not None or _always_ends(self.model):
            proposals.append(FreeTexts(self.model, start, most))
        begins = _is_beginning(start, self.model.counts)
        endings = constraints.endings
        if is_reversible(self.model) and begins:
            occurrences = [
                OccurrenceTexts(self.model, [phrase], at_end=False)
                for phrase in constraints.contained
            ]
            if endings:
                occurrences.append(OccurrenceTexts(self.model, endings, at_end=True))
            if not all(occurrence.is_possible for occurrence in occurrences):
                raise no_text_fits()
            return proposals + occurrences
        if has_phrase_texts(self.model) and begins:
            proposals += [
                PhraseTexts(self.model, plain_of, [phrase], False, most)
                for phrase in constraints.contained
            ]
            if endings:
                proposals.append(PhraseTexts(self.model, plain_of, endings, True, most))
        return proposals

    def _fitting(self, proposal, share, n_texts, start, rng):
        """Texts of a proposal that fit, fewer if its share turns out far smaller."""
        texts: list[list[int]] = []
        for _ in range(_BLOCK, int(20 * n_texts / share) + 3 * _BLOCK, _BLOCK):
            size = int(1.1 * (n_texts - len(texts)) / share) + 1
            drawn = proposal.draw(min(size, _BLOCK), rng)
            texts += [text for text in drawn if self._fits(text, start)]
            if len(texts) >= n_texts:
                break
        return texts

    def _fits(self, text, start):
        begins = tuple(text[: len(start.prefix)]) == start.prefix
        return begins and self.constraints.fit(text)

    def _budget(self, n_texts):
        """Words that may be tried, rather than computing completion probabilities."""
        return (
            _WORDS
            + _WORDS_PER_NGRAM * self._n_ngrams * self._n_states
            + _WORDS_PER_WORD * n_texts * self.kept.mean_length
        )

    def _completed(self, n_texts, start, rng):
        """Texts drawn by completion probabilities."""
        constraints = self.constraints
        plain = plain_of(self.model).counts
        context = in_plain(self.model, plain, start.length, start.row)
        start = Start(*context, start.prefix)
        if not constraints.min_length and constraints.max_length is None:
            return _drawn(self.completed, n_texts, start, rng)
        most = constraints.max_length
        if most is None or most > len(self.model.counts.levels):
            trial_rng = np.random.default_rng(0)
            trial = _drawn(self.completed, _TRIAL, start, trial_rng)
            n_fitting = sum(self._fits_length(words, start) for words in trial)
            if n_fitting >= _LEAST_SHARE * _TRIAL:
                return self._of_length(self.completed, n_texts, start, rng)
        return self._of_length(self.timed, n_texts, start, rng)

    def _of_length(self, sampler, n_texts, start, rng):
        """Those texts of a sampler that are neither too short nor too long."""
        texts: list[list[int]] = []
        while len(texts) < n_texts:
            drawn = _drawn(sampler, n_texts - len(texts), start, rng)
            texts += [words for words in drawn if self._fits_length(words, start)]
        return texts

    def _fits_length(self, words, start):
        return self.constraints.fit_length([*start.prefix, *words])


def texts_given(model: LanguageModel, constraints: Constraints) -> TextsGiven:
    """What draws the texts of a model given constraints.

    What it computes is kept with the model, that of the most recent constraints.

    Parameters
    ----------
    model : LanguageModel
    constraints : Constraints

    Returns
    -------
    TextsGiven
    """
    recent = model.computed.texts_given
    same = [kept for asked, kept in recent if asked == constraints]
    given = TextsGiven(
        model, constraints, same[0] if same else Kept(_mean_length(model))
    )
    others = [(asked, kept) for asked, kept in recent if asked != constraints]
    n_numbers = list(accumulate(kept.n_numbers for _, kept in others))
    n_others = bisect_right(n_numbers, _MAX_KEPT - given.kept.n_numbers)
    others = others[: min(n_others, _N_KEPT - 1)]
    model.computed.texts_given = ((constraints, given.kept), *others)
    return given


def no_text_fits() -> ValueError:
    """The error about constraints that no text of a model meets."""
    return ValueError(
        "The conditions of NGramTextGenerator.sample can be fulfilled by no text "
        "of this model: it never puts the words so, or not within these lengths. "
        "Ask for less, or choose a smoothing that backs off, as 'kneser_ney'."
    )


def _drawn(sampler, n_texts, start, rng):
    """New words of texts by completion probabilities."""
    if not sampler.is_possible(*start):
        raise no_text_fits()
    return sampler.sample(n_texts, *start, rng)


def plain_of(model: LanguageModel) -> LanguageModel:
    """The model in plain arrays; contexts have other rows, see `in_plain`."""
    computed = model.computed
    if computed.plain is None:
        computed.plain = model.rebuilt().precomputed().without_computed()
    return computed.plain


def in_plain(
    model: LanguageModel, plain: NGramCounts, length: int, row: int
) -> tuple[int, int]:
    """A context of a model in the n-grams of the same model in plain arrays."""
    if model.counts is plain:
        return length, row
    words, at = [], np.array([row])
    for level in model.counts.levels[1:length][::-1]:
        words.append(level.word_at(at).item())
        at = level.context_at(at)
    first = at.tolist() if length else []  # a word's row is its id
    return plain.longest_context_of([*first, *words[::-1]])


def _mean_length(model):
    """Words and ends of a text, about: those learned since the last sorting are few."""
    if model.is_stored or not model.counts.n_texts:
        return 25.0
    words = model.counts.levels[0]
    n_tokens = np.asarray(getattr(words, "base", words).count).sum(dtype=np.int64)
    return max(int(n_tokens) / model.counts.n_texts, 1.0)


def _always_ends(model):
    """Whether all texts of a model end at some time, and not too late."""
    if model.is_stored:
        return False
    n_ends = model.occurrences(BOUNDARY)
    if model.smoothing.lower_order == "none":
        return n_ends >= model.counts.n_texts
    return 2 * n_ends >= model.counts.n_texts


def _is_beginning(start, counts):
    """Whether a text continues from nothing before its first words."""
    context = counts.back_off(1, BOUNDARY)
    for word in start.prefix:
        context = counts.back_off(*counts.advance(*context, word))
    return context == (start.length, start.row)
