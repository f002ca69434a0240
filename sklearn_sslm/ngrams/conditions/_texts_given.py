"""Random texts of a model given constraints, by whichever method takes the least time.

All methods are exact. Where enough texts of a proposal meet the constraints, the others
are rejected; where hardly any does, texts are drawn by completion probabilities, which
have to be computed first.
"""

from __future__ import annotations

from math import ceil

import numpy as np

from ..counting import BOUNDARY
from ..generation import DeadEndError
from ..models import LanguageModel
from ._constraints import Constraints
from ._constraints_cache import ConstraintsCache, cache_of
from ._lengths import LONGEST, too_long
from ._phrase_texts import PhraseTexts, has_phrase_texts
from ._plain_model import in_plain, plain_of
from ._proposals import (
    ANY_LENGTH,
    FreeTexts,
    OccurrenceTexts,
    Proposal,
    Start,
    expected_count,
    is_reversible,
)
from ._sampler import ConditionalSampler

_TRIALS = (32, 1 << 15), (512, 1 << 17), (8192, 1 << 19)
"""Texts drawn from each proposal to estimate its acceptance rate, and their words, of
which the first limit holds; in three rounds: the next one only if none was accepted."""

_RARE, _FEW_TRIALS = 1 / 256, 8
"""Where fewer of the texts learned than this share have a phrase, the first round tries
only the proposals that begin with the phrase, with so many texts."""

_BLOCK = 8192, 1 << 20
"""Texts that are drawn at once, and their words, of which the first limit holds."""

_WORDS, _WORDS_PER_NGRAM, _WORDS_PER_WORD = 1 << 17, 1.5, 30
"""Words proposed in the time of completion probabilities: a constant, the number for each
n-gram and state to compute them, and that for each word drawn by them."""

_WORDS_PER_STEP, _WORDS_PER_WORD_ALONE = 256, 20
"""Words proposed in the time of one more word of texts side by side, besides one for each
of them; and in that of one word of a text alone."""

_TRIAL, _MIN_RATE = (32, 1 << 15), 1 / 16
"""Texts drawn without regard to length to estimate the share of the right length, and
their words, of which the first limit holds; and the share below which completion
probabilities depend on the length."""

_MAX_MEANS = 1000
"""Multiple of the mean length beyond which no text is looked for, above `LONGEST`."""


class TextsGiven:
    """Draws the texts of a model given constraints; made by `texts_given`.

    Parameters
    ----------
    model : LanguageModel
    constraints : Constraints
    cache : ConstraintsCache
    """

    def __init__(
        self, model: LanguageModel, constraints: Constraints, cache: ConstraintsCache
    ) -> None:
        self.model = model
        self.constraints = constraints
        self.cache = cache
        self._n_ngrams = sum(map(len, model.counts.levels))
        self._n_states = len(constraints.automaton.accepts)
        self._mean_length = cache.mean_length
        if constraints.max_length is not None:  # longer texts are cut
            self._mean_length = min(cache.mean_length, constraints.max_length + 1)

    def sample(
        self, n_texts: int, start: Start, rng: np.random.Generator
    ) -> list[list[int]]:
        """Draw texts that begin with the words of `start` and meet the constraints.

        Parameters
        ----------
        n_texts : int
        start : Start
        rng : numpy.random.Generator

        Returns
        -------
        list of list of int
            The words of each text after those of `start`.

        Raises
        ------
        ValueError
            If no text of the model meets the constraints, or completion probabilities
            would take too much time or memory.
        """
        least = self.constraints.min_length
        if least > max(LONGEST, _MAX_MEANS * self.cache.mean_length):
            raise too_long("min_length", least)
        proposal, rate = self._best_proposal(start)
        texts: list[list[int]] = []
        if proposal and self._cost(n_texts / rate) < self._budget(n_texts):
            texts = self._accepted(proposal, rate, n_texts, start, rng)
        texts = [text[len(start.prefix) :] for text in texts[:n_texts]]
        if len(texts) < n_texts:
            texts += self._completed(n_texts - len(texts), start, rng)
        return texts

    @property
    def completed(self) -> ConditionalSampler:
        """The sampler by completion probabilities without regard to length."""
        cache = self._cache_of_samplers
        if cache.completed is None:
            automaton = self.constraints.automaton
            cache.completed = ConditionalSampler(plain_of(self.model), automaton)
        return cache.completed

    @property
    def timed(self) -> ConditionalSampler:
        """The sampler by completion probabilities that depend on the length."""
        cache = self._cache_of_samplers
        if cache.timed is None:
            least, most = self.constraints.min_length, self.constraints.max_length
            if most is not None and most > LONGEST:
                most = None
            automaton = self.constraints.automaton
            cache.timed = ConditionalSampler(
                plain_of(self.model), automaton, least, most
            )
        return cache.timed

    @property
    def _cache_of_samplers(self):
        """The cache of the rebuilt model, which replaces one with an overlay."""
        rebuilt = self.model.rebuilt()
        if rebuilt is self.model:
            return self.cache
        return cache_of(rebuilt, self.constraints)

    def _best_proposal(self, start):
        """The proposal with the highest acceptance rate, and this rate; (None, 0) if 0.

        Trials use random numbers of their own: what is cached does not change texts.
        """
        proposals, cache = self._proposals(start), self.cache
        if start not in cache.rates:
            cache.add_rate(start, *self._try(proposals, start))
        best, rate = cache.rates[start]
        return (proposals[best] if rate else None), rate

    def _try(self, proposals, start):
        """The index of the best proposal, and its acceptance rate."""
        rng = np.random.default_rng(0)
        is_rare = self._is_rare(proposals)
        sizes = [self._n_texts_within(*limits) for limits in _TRIALS]
        if is_rare:
            sizes[:1] = [_FEW_TRIALS]
        for size in sizes:
            if self._cost(size) > self._budget(1):
                break
            n_accepted = [
                self._n_accepted(proposal, size, start, rng)
                if isinstance(proposal, PhraseTexts) == is_rare or size > sizes[0]
                else 0
                for proposal in proposals
            ]
            if any(n_accepted):
                best = int(np.argmax(n_accepted))
                return best, n_accepted[best] / size
        return 0, self._expected_rate(proposals, start)

    def _is_rare(self, proposals):
        """Whether a phrase is so rare that texts had better be drawn around it."""
        model = self.model
        if not (model.knows_all_counts and model.counts.n_texts):
            return False
        least = _RARE * model.counts.n_texts
        return any(isinstance(proposal, PhraseTexts) for proposal in proposals) and any(
            expected_count(model, phrase) < least
            for phrase in self.constraints.contained
        )

    def _expected_rate(self, proposals, start):
        """The acceptance rate of free texts expected for a single phrase, from counts.

        For phrases too rare for the trials; 0 for other constraints.
        """
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

    def _n_accepted(self, proposal, size, start, rng):
        """How many of `size` draws are accepted; 0 if one comes to a dead end."""
        try:
            return sum(self._fits(text, start) for text in proposal.draw(size, rng))
        except DeadEndError:
            return 0

    def _proposals(self, start) -> list[Proposal]:
        """All proposals that may draw texts that meet the constraints.

        Raises the error of `no_text_fits` if counts show that there is no such text.
        """
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
                PhraseTexts(self.model, [phrase], False, most)
                for phrase in constraints.contained
            ]
            if endings:
                proposals.append(PhraseTexts(self.model, endings, True, most))
        return proposals

    def _accepted(self, proposal, rate, n_texts, start, rng):
        """Texts accepted from a proposal; too few if its rate proves to be far smaller."""
        texts: list[list[int]] = []
        block = self._n_texts_within(*_BLOCK)
        n_tries = 0
        while len(texts) < n_texts and self._cost(n_tries) < self._budget(n_texts):
            size = min(int(1.1 * (n_texts - len(texts)) / rate) + 1, block)
            drawn = proposal.draw(size, rng)
            texts += [text for text in drawn if self._fits(text, start)]
            n_tries += size
        return texts

    def _fits(self, text, start):
        begins = tuple(text[: len(start.prefix)]) == start.prefix
        return begins and self.constraints.fit(text)

    def _n_texts_within(self, n_texts, n_words):
        """So many texts, or fewer if these have more than so many words; at least one."""
        return max(min(n_texts, int(n_words / self._mean_length)), 1)

    def _cost(self, n_texts):
        """Words that are proposed in the time of proposing so many texts."""
        n_blocks = ceil(n_texts / self._n_texts_within(*_BLOCK))
        one_by_one = _WORDS_PER_WORD_ALONE * n_texts
        return min(one_by_one, n_texts + _WORDS_PER_STEP * n_blocks) * self._mean_length

    def _budget(self, n_texts):
        """Words that are proposed in the time of drawing by completion probabilities."""
        return (
            _WORDS
            + _WORDS_PER_NGRAM * self._n_ngrams * self._n_states
            + _WORDS_PER_WORD * n_texts * self._mean_length
        )

    def _completed(self, n_texts, start, rng):
        """Draw texts by completion probabilities: of any length, if enough fit by chance.

        Otherwise the probabilities depend on the length, which takes longer.
        """
        constraints = self.constraints
        plain = plain_of(self.model).counts
        context = in_plain(self.model, plain, start.length, start.row)
        start = Start(*context, start.prefix)
        if not constraints.min_length and constraints.max_length is None:
            return _drawn(self.completed, n_texts, start, rng)
        most = constraints.max_length
        if most is None or most > len(self.model.counts.levels):
            size = self._n_texts_within(*_TRIAL)
            trial = self._cut(self.completed, size, start, np.random.default_rng(0))
            n_fitting = sum(self._fits_length(words, start) for words in trial)
            if n_fitting >= _MIN_RATE * size:
                return self._of_length(self.completed, n_texts, start, rng)
        return self._of_length(self.timed, n_texts, start, rng)

    def _of_length(self, sampler, n_texts, start, rng):
        """Draw texts from a sampler until enough have the right length."""
        texts: list[list[int]] = []
        while len(texts) < n_texts:
            drawn = self._cut(sampler, n_texts - len(texts), start, rng)
            texts += [words for words in drawn if self._fits_length(words, start)]
        return texts

    def _cut(self, sampler, n_texts, start, rng):
        """Draw texts from a sampler, and cut those that are too long a word too late."""
        most = self.constraints.max_length
        max_new = ANY_LENGTH if most is None else most - len(start.prefix) + 1
        return _drawn(sampler, n_texts, start, rng, max_new)

    def _fits_length(self, words, start):
        return self.constraints.fit_length([*start.prefix, *words])


def texts_given(model: LanguageModel, constraints: Constraints) -> TextsGiven:
    """A sampler of the texts of a model given constraints.

    Results for the most recent constraints are cached in `model.computed`.

    Parameters
    ----------
    model : LanguageModel
    constraints : Constraints

    Returns
    -------
    TextsGiven
    """
    return TextsGiven(model, constraints, cache_of(model, constraints))


def no_text_fits() -> ValueError:
    """The error for constraints that no text of a model meets."""
    return ValueError(
        "The conditions of NGramTextGenerator.sample can be fulfilled by no text "
        "of this model: it never puts the words so, or not within these lengths. "
        "Ask for less, or choose a smoothing that backs off, as 'kneser_ney'."
    )


def _drawn(sampler, n_texts, start, rng, max_new=ANY_LENGTH):
    """Draw the new words of texts by a sampler; an error if no text fits."""
    if not sampler.is_possible(*start):
        raise no_text_fits()
    return sampler.sample(n_texts, *start, rng, max_new)


def _always_ends(model):
    """Whether all texts of a model end, and in reasonable time."""
    if model.is_stored:
        return False
    n_ends = model.occurrences(BOUNDARY)
    if model.smoothing.lower_order == "none":
        return n_ends >= model.counts.n_texts
    return 2 * n_ends >= model.counts.n_texts


def _is_beginning(start, counts):
    """Whether the context of a start is that of its words at the beginning of a text."""
    context = counts.back_off(1, BOUNDARY)
    for word in start.prefix:
        context = counts.back_off(*counts.advance(*context, word))
    return context == (start.length, start.row)
