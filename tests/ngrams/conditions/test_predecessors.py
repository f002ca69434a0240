"""Tests of `sklearn_sslm.ngrams.conditions._predecessors`."""

import numpy as np
import pytest
from _draws import assert_drawn_from
from _engine import corpora, grams_of, model_of, stream_of
from hypothesis import given

from sklearn_sslm.ngrams import Events, OnlineModel
from sklearn_sslm.ngrams.conditions._predecessors import Predecessors

TEXTS = [[1, 2, 1], [1, 2], [3, 1, 2], [2, 2, 3, 1], [1, 3], [], [2, 3, 1, 2]] * 3


def changed(model, learned, forgotten):
    """The model after texts were learned and forgotten; nothing is sorted again."""
    if not isinstance(model, OnlineModel):
        model = OnlineModel(model)
    for texts, sign in ((learned, 1), (forgotten, -1)):
        for text in texts:
            model = model.update(stream_of([text]), sign, 4, Events(3))
    return model


@given(corpora)
def test_each_suffix_has_the_ngrams_that_end_in_it(texts):
    """They are the rows with that suffix, in rising order, each with its count."""
    model = model_of(texts, 3, "mle")
    levels = model.counts.levels
    for shorter, level, weights in zip(
        levels, levels[1:], model.weights[1:], strict=False
    ):
        children = weights.before
        assert level.suffix.max() == len(children.first) - 2 < len(shorter)
        for suffix in range(len(children.first) - 1):
            place = slice(*children.first[suffix : suffix + 2])
            expected = np.flatnonzero(level.suffix == suffix)
            np.testing.assert_array_equal(children.row[place], expected)
            np.testing.assert_array_equal(children.count[place], level.count[expected])


@pytest.mark.parametrize("kind", ["sorted", "compact", "changed"])
def test_words_before_are_drawn_by_their_counts(kind):
    """Before an n-gram each word has c(word, n-gram) chances, however it is stored."""
    plain = model = model_of(TEXTS, 3, "mle", 3)
    if kind == "compact":
        model = plain.compact()
    elif kind == "changed":  # to the same counts
        others, last = [[3, 3, 1], [1, 1, 1, 2]], [1, 2, 1]  # with n-grams of its own
        before = [text for text in TEXTS if text != last]
        model = changed(model_of([*before, *others], 3, "mle", 3), [last] * 3, others)
    rng = np.random.default_rng(0)
    for k, predecessors in enumerate(map(Predecessors, model.weights[1:]), start=1):
        grams = dict(
            zip(
                grams_of(plain.counts, k + 1),
                plain.counts.levels[k].count.tolist(),
                strict=True,
            )
        )
        for suffix in {gram[1:] for gram in grams} - {(0,)}:
            row = _row_of(model, suffix)
            rows = predecessors.draw(np.full(600, row), rng)
            first = rows
            for level in model.counts.levels[k:0:-1]:
                first = level.context_at(first)
            expected = [grams.get((word, *suffix), 0) for word in range(4)]
            assert_drawn_from(np.array(expected) / sum(expected), first)


def _row_of(model, gram):
    row = 0
    for level, word in zip(model.counts.levels, gram, strict=False):
        row = level.find_one(row, word)
    return row


def test_a_change_costs_what_its_text_costs():
    """What was sorted is indexed once, and shared by all that learn on from it."""
    model = model_of(TEXTS, 3, "mle", 3)
    first = model.weights[1:]
    learned = changed(model, [[1, 2, 3]], [])
    again = changed(learned, [[3, 2]], [[1, 2, 3]]).weights[1:]
    for one, other in zip(first, again, strict=True):
        assert one.before is other.before
