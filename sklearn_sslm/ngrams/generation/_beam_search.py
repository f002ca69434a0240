"""The likeliest continuation of a text, by beam search."""

from typing import NamedTuple

import numpy as np

from ..counting import BOUNDARY
from ..scoring import next_word_candidates
from ._controlled import NOTHING_LEFT
from ._generation_controls import SaidNGrams


class Hypothesis(NamedTuple):
    """A continuation: its natural log probability, its words, and its context."""

    log_p: float
    words: tuple
    length: int
    row: int


def beam_search(model, lanes, controls, n_beams, n_best=1, track=iter):
    """The likeliest continuations found of each text.

    Parameters
    ----------
    model : LanguageModel
    lanes : Continuations
    controls : Controls
        Of these, what bars and stops.
    n_beams : int
        Continuations that are followed at the same time.
    n_best : int, default=1
        Continuations returned for each text, at most `n_beams`.
    track : callable, default=iter
        Takes the lanes and gives them as they are worked on, for a progress bar.

    Returns
    -------
    list of list of list of int
        For each text its continuations, likeliest first; fewer than `n_best` where
        there are no more.

    Raises
    ------
    ValueError
        If the controls leave nothing to say while a text may not end.
    """
    return [
        [list(found.words) for found in _search(model, lanes[[j]], controls, n_beams)][
            :n_best
        ]
        for j in track(range(len(lanes)))
    ]


def _search(model, lane, controls, n_beams):
    """Finished continuations of one text, likeliest first."""
    most, least = lane.max_new.item(), lane.min_new.item()
    said = lane.prefix[0] if lane.prefix else []
    beams = [Hypothesis(0.0, (), lane.length.item(), lane.row.item())]
    finished = []
    while beams:
        going = []
        for beam in beams:
            n_words = len(beam.words)
            if n_words == most or (n_words and beam.words[-1] in controls.stop):
                finished.append(beam)
                continue
            ended, longer = _extend(
                model, beam, controls, n_beams, n_words >= least, said
            )
            finished += ended
            going += longer
        finished = sorted(finished, key=_likeliest_first)[:n_beams]
        beams = sorted(going, key=_likeliest_first)[:n_beams]
        if len(finished) == n_beams:  # what goes on only becomes less likely
            beams = [beam for beam in beams if beam.log_p > finished[-1].log_p]
    if not finished:
        raise ValueError(NOTHING_LEFT)
    return finished


def _likeliest_first(hypothesis):
    return -hypothesis.log_p, hypothesis.words


def _extend(model, beam, controls, n_beams, may_end, said):
    """A continuation that ends here, and its likeliest ones by one more word."""
    words, p = next_word_candidates(model, beam.length, beam.row)
    said = SaidNGrams(controls.no_repeat_ngram_size, [*said, *beam.words])
    p = controls.allow(words, p, may_end, said.repeats())
    if not p.any():
        return ([beam] if may_end else []), []
    likely = np.argsort(-p, kind="stable")[: n_beams + 1]
    likely = likely[p[likely] > 0]
    ended, longer = [], []
    for word, log_p in zip(words[likely].tolist(), np.log(p[likely]), strict=True):
        if word == BOUNDARY:
            ended.append(beam._replace(log_p=beam.log_p + log_p))
        else:
            context = model.counts.follow(beam.length, beam.row, word)
            longer.append(
                Hypothesis(
                    beam.log_p + log_p,
                    (*beam.words, word),
                    *model.counts.shorten(*context),
                )
            )
    return ended, longer
