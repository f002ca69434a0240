"""The likeliest continuation of a text, by beam search."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import numpy as np

from ..counting import BOUNDARY
from ..models import LanguageModel
from ..scoring import likeliest_words, next_word_candidates, scorer_of
from ._continuations import Continuations
from ._controlled import NO_WORD
from ._generation_controls import Controls

_MORE = 8
"""Ratio of the words that are looked at, and looked at next, to those that are needed."""


class Hypothesis(NamedTuple):
    """A continuation: its natural log probability, its words, and the context after them."""

    log_p: float
    words: tuple[int, ...]
    length: int
    row: int


def beam_search(
    model: LanguageModel,
    continuations: Continuations,
    controls: Controls,
    n_beams: int,
    n_best: int = 1,
    track: Callable[[range], Iterable[int]] = iter,
) -> list[list[list[int]]]:
    """The likeliest continuations of each text that beam search finds.

    If no continuation has the minimal length, the search is repeated with backing off:
    where only the end is possible after a context, shorter contexts are used.

    Parameters
    ----------
    model : LanguageModel
    continuations : Continuations
    controls : Controls
        They exclude words; hypotheses are ranked by the probabilities of the model.
    n_beams : int
        Number of hypotheses in each step.
    n_best : int, default=1
        Maximal number of continuations returned for each text, at most `n_beams`.
    track : callable, default=iter
        Wraps the numbers of the texts, to follow progress.

    Returns
    -------
    list of list of list of int
        The continuations of each text, likeliest first; there may be fewer than
        `n_best`. The last word is `NO_WORD` if the controls excluded every word.
    """
    return [
        [list(found.words) for found in search.run(n_beams)[:n_best]]
        for search in (
            _Search(model, continuations[[j]], controls)
            for j in track(range(len(continuations)))
        )
    ]


class _Search:
    """The search for the likeliest continuations of one text."""

    def __init__(self, model, continuation: Continuations, controls: Controls) -> None:
        self.model = model
        self.controls = controls
        self.start = Hypothesis(
            0.0, (), continuation.length.item(), continuation.row.item()
        )
        self.max_new = continuation.max_new.item()
        self.min_new = continuation.min_new.item()
        self.stop = set(continuation.stop.tolist())
        (self.prefix,) = continuation.prefixes()
        self.backs_off = False

    def run(self, n_beams: int) -> list[Hypothesis]:
        """The finished hypotheses, likeliest first."""
        for self.backs_off in (False, True):
            if finished := self._run(n_beams):
                return finished
        return [self.start._replace(words=(NO_WORD,))]

    def _run(self, n_beams: int) -> list[Hypothesis]:
        beams = [self.start]
        finished: list[Hypothesis] = []
        while beams:
            longer: list[Hypothesis] = []
            for beam in beams:
                if self._is_finished(beam):
                    finished.append(beam)
                    continue
                for ended, hypothesis in self._extensions(beam, n_beams):
                    (finished if ended else longer).append(hypothesis)
            finished = sorted(finished, key=_likeliest_first)[:n_beams]
            beams = sorted(longer, key=_likeliest_first)[:n_beams]
            if len(finished) == n_beams:  # longer ones can only become less likely
                beams = [beam for beam in beams if beam.log_p > finished[-1].log_p]
        return finished

    def _is_finished(self, beam: Hypothesis) -> bool:
        words = beam.words
        return len(words) == self.max_new or bool(words and words[-1] in self.stop)

    def _extensions(
        self, beam: Hypothesis, n_beams: int
    ) -> Iterator[tuple[bool, Hypothesis]]:
        """Yield pairs: whether it is finished, and the end or a likely extension of a beam."""
        may_end = len(beam.words) >= self.min_new
        text = [*self.prefix, *beam.words]
        contexts = self.model.counts.suffixes(beam.length, beam.row)[::-1]
        for context in contexts if self.backs_off and not may_end else contexts[:1]:
            words, p, allowed = self._candidates(context, text, may_end, n_beams + 1)
            if allowed.any():
                break
        if may_end and not allowed.any():
            # Where only unknown words were seen, the text just ends.
            last = (NO_WORD,) if p.any() else ()
            yield True, beam._replace(words=(*beam.words, *last))
        words, p = words[allowed], p[allowed]
        end_first = np.where(words == BOUNDARY, np.inf, p)
        likely = np.argsort(-end_first, kind="stable")[: n_beams + 1]
        for word, log_p in zip(words[likely].tolist(), np.log(p[likely]), strict=True):
            yield word == BOUNDARY, self._extended(beam, word, beam.log_p + log_p)

    def _candidates(self, context, text, may_end, n_words):
        """Words in rising order, their probabilities, and whether each is allowed.

        Among them are the end and the likeliest words allowed; all words, if these are
        not more than `n_words`.
        """
        size = _MORE * n_words
        while size < self.model.counts.n_ids:
            words, p = self._likeliest(context, size)
            allowed = self.controls.distribution(words, p, text, may_end) > 0
            if np.count_nonzero(allowed) > n_words or len(words) < size:
                return words, p, allowed
            size *= _MORE
        words, p = next_word_candidates(self.model, *context)
        return words, p, self.controls.distribution(words, p, text, may_end) > 0

    def _likeliest(self, context, size):
        """The likeliest words after a context and the end, in rising order."""
        length, row = context
        words, p = likeliest_words(self.model, length, row, size)
        if BOUNDARY not in words:
            p_end, _ = scorer_of(self.model).score(context, BOUNDARY)
            words, p = np.append(words, BOUNDARY), np.append(p, p_end)
        in_order = np.argsort(words)
        return words[in_order], p[in_order]

    def _extended(self, beam: Hypothesis, word: int, log_p: float) -> Hypothesis:
        if word == BOUNDARY:
            return beam._replace(log_p=log_p)
        counts = self.model.counts
        context = counts.back_off(*counts.advance(beam.length, beam.row, word))
        return Hypothesis(log_p, (*beam.words, word), *context)


def _likeliest_first(hypothesis: Hypothesis):
    return -hypothesis.log_p, hypothesis.words
