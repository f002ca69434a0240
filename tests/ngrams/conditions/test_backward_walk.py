"""Tests of `sklearn_sslm.ngrams.conditions._backward_walk`."""

import numpy as np
import pytest
from _draws import SMOOTHINGS, assert_drawn_from, expected_next, small_model
from _engine import context_of
from _slow import rest_slow

from sklearn_sslm.ngrams.conditions import _visits
from sklearn_sslm.ngrams.conditions._backward_walk import BackwardWalk
from sklearn_sslm.ngrams.conditions._visits import Visits
from sklearn_sslm.smoothing import KneserNey, StupidBackoff

POSSIBLE = [s for s in SMOOTHINGS if s.lower_order != "uniform"]
FEW = [s for s in POSSIBLE if isinstance(s, KneserNey | StupidBackoff)]


def words_of(model, length, row):
    """The words of a context."""
    words = []
    for level in model.counts.levels[:length][::-1]:
        words.append(level.word_at(np.array([row])).item())
        row = level.context_at(np.array([row])).item()
    return words[::-1]


def ways_to(model, visits, walk):
    """How often texts come to each context (rows) from each context with each word."""
    n_columns = len(visits.end)
    length, row = walk.context_at(np.arange(n_columns))
    ways = np.zeros((n_columns, n_columns * 7))
    for column in np.flatnonzero(visits.expected > 1e-12).tolist():
        words = words_of(model, length[column], row[column])
        p = expected_next(model, words) if words else expected_next(model, [-1])
        for word in range(1, 7):
            to = visits.completion.column(*context_of(model, [*words, word]))
            ways[to, column * 7 + word] = visits.expected[column] * p[word]
    return ways


@pytest.mark.parametrize("n", [2, 3])
@pytest.mark.parametrize("smoothing", rest_slow(POSSIBLE, FEW), ids=repr)
def test_steps_are_as_frequent_as_texts_come_that_way(smoothing, n):
    """Of all contexts g and words w with gw → h, each comes as often as u(g) p(w | g)."""
    model = small_model(smoothing, n).precomputed()
    visits = Visits(model)
    walk = BackwardWalk(visits)
    ways = ways_to(model, visits, walk)
    rng = np.random.default_rng(0)
    for column in np.flatnonzero(visits.expected > 1e-12).tolist():
        if column == visits.start:
            continue
        word, before = walk.step(np.full(4000, column), rng)
        p = ways[column] / ways[column].sum()
        often = p * 4000 >= 5
        places = before * 7 + word
        assert (p[places] > 0).all()
        numbers = np.cumsum(often) - 1
        drawn = np.where(often[places], numbers[places], often.sum())
        assert_drawn_from(np.append(p[often], p[~often].sum()), drawn)


def test_visits_that_neither_begin_nor_arrive_are_rejected(monkeypatch):
    """Of u(h) visits one begins at the start, others arrive, and the rest is rejected."""
    monkeypatch.setattr(_visits, "_SURPLUS", 1 / 4)
    monkeypatch.setattr(_visits, "_REJECTED", 1 / 2)
    for n in 3, 1:  # with unigrams, texts also come back to the context of the start
        model = small_model(KneserNey(), n).precomputed()
        check_origins(model)


def check_origins(model):
    """Each context begins, follows another and is rejected as often as it should."""
    visits = Visits(model)
    walk = BackwardWalk(visits)
    arriving = ways_to(model, visits, walk).sum(axis=1)
    rng = np.random.default_rng(0)
    for column in np.flatnonzero(visits.expected > 1e-12).tolist():
        is_start, follows = walk.origin(np.full(4000, column), rng)
        drawn = np.where(is_start, 0, np.where(follows, 1, 2))
        begins = float(column == visits.start)
        rest = visits.expected[column] - begins - arriving[column]
        assert begins or rest > 0.01 * arriving[column]
        p = np.array([begins, arriving[column], rest]) / visits.expected[column]
        assert_drawn_from(np.where(p > 1e-12, p, 0), drawn)


def test_contexts_after_a_phrase_end_with_it_or_are_an_end_of_it():
    """All of them are found: texts stand in no other context after the phrase."""
    model = small_model(KneserNey(), 4).precomputed()
    visits = Visits(model)
    walk = BackwardWalk(visits)
    length, row = walk.context_at(np.arange(len(visits.end)))
    words = list(map(words_of, [model] * len(row), length.tolist(), row.tolist()))
    for phrase in [(3,), (2, 3), (1, 2, 3), (3, 1, 2, 3), (5, 2)]:
        expected = {
            column
            for column, context in enumerate(words)
            if context and zip_equal(context[::-1], phrase[::-1])
        }
        assert set(walk.contexts_after(phrase).tolist()) == expected


def zip_equal(one, other):
    """Whether two sequences are the same as far as the shorter one goes."""
    return all(a == b for a, b in zip(one, other, strict=False))
