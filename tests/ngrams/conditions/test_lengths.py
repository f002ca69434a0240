"""Tests of `sklearn_sslm.ngrams.conditions._lengths`."""

from functools import cache
from itertools import islice

import numpy as np
import pytest
from _draws import small_model
from _engine import model_of

from sklearn_sslm.ngrams import ConstraintAutomaton
from sklearn_sslm.ngrams.conditions import _lengths
from sklearn_sslm.ngrams.conditions._completion import CompletionProbabilities
from sklearn_sslm.ngrams.conditions._lengths import TimedCompletion

AUTOMATON = ConstraintAutomaton([(1, 2)], [(3,)])


def of(name="kneser_ney", automaton=AUTOMATON):
    """Completion probabilities of a small model."""
    return CompletionProbabilities(small_model(name), automaton)


def scaled(arrays):
    """Arrays with 1 as their largest number."""
    return [array / (array.max() or 1) for array in arrays]


@cache
def unscaled(least, most, n_words):
    """What a text must still have after so many words, by steps that store everything."""
    return TimedCompletion(of(), least, most, 1000).unscaled(n_words)


@pytest.mark.parametrize("n_stored", [3, 4, 5, 100])
@pytest.mark.parametrize(
    ("least", "most"),
    [
        *[(0, 12), (3, 12), (9, None), (12, 12)],
        # Values settle long before the end of a text is not allowed yet.
        pytest.param(3, 250, marks=pytest.mark.slow),
    ],
)
def test_however_few_are_stored_they_are_the_same(least, most, n_stored):
    """After each number of words they are those of steps that store everything."""
    timed = TimedCompletion(of(), least, most, n_stored)
    for first in (0, 2, 9, 14):
        found = list(islice(timed.starting_at(first), 6))
        expected = [unscaled(least, most, n) for n in range(first, first + 6)]
        for mine, its in zip(scaled(found), scaled(expected), strict=True):
            np.testing.assert_allclose(mine, its, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("n_stored", [3, 4, 6])
def test_no_more_arrays_are_alive_than_may_be_stored(n_stored, monkeypatch):
    """While all lengths pass, few arrays exist: so many, and one to step to."""
    timed = TimedCompletion(of(), 0, 60, n_stored)
    assert not timed._stored
    alive = set()

    class Counted(np.ndarray):
        def __del__(self):
            alive.discard(id(self))

    def step(after, length):
        before = TimedCompletion._step(timed, after, length).view(Counted)
        alive.add(id(before))
        most.append(len(alive))
        return before

    most = []
    monkeypatch.setattr(timed, "_step", step)
    for _ in islice(timed.starting_at(0), 62):
        pass
    assert max(most) <= n_stored + 2  # what is yielded, and what is stepped to


def test_where_values_settle_they_are_one():
    """A least length of thousands takes as many steps as values change in."""
    completion = of()
    n_steps = []

    def step(*args, **kwargs):
        n_steps.append(1)
        return CompletionProbabilities.backward_step(completion, *args, **kwargs)

    completion.backward_step = step
    completion.of_any_length = lambda: np.ones(completion.shape)
    timed = TimedCompletion(completion, 5000, None, 1000)
    assert len(n_steps) < 500
    first, later = timed.after(0), timed.after(2000)
    assert first is later
    assert first.max() == 1  # no underflow, where 5000 words are all but impossible
    # Values change near the least length.
    (one_before,) = scaled([step(np.ones(completion.shape), may_end=False)])
    np.testing.assert_array_equal(timed.after(4999), one_before)


def test_a_circle_never_settles_and_is_exact():
    """Where words alternate, so do the probabilities, however long texts get."""
    model = model_of([[1, 2] * 20], 2, "mle", 2)
    completion = CompletionProbabilities(model, ConstraintAutomaton([]))
    timed = TimedCompletion(completion, 101, None, 4)
    # A text has an even number of words: after 0 words 1 follows, after 1 word 2.
    start, one, two = (completion.column(1, row) for row in (0, 1, 2))
    after_1 = timed.after(1)[0]
    assert after_1[one] > 0
    assert timed.after(2)[0][two] > 0
    assert timed.after(0)[0][start] > 0


@pytest.mark.parametrize(("least", "most", "named"), [(2**31, None, "min_length"),
                                                      (0, 2**31, "max_length")])  # fmt: skip
def test_lengths_that_take_too_long_are_named(least, most, named):
    """They are refused before the first step."""
    with pytest.raises(ValueError, match=f"'{named}' condition.*at most.*{2**31}"):
        TimedCompletion(of(), least, most, 3)


def test_the_bound_goes_by_the_size_of_the_model(monkeypatch):
    """As many steps are allowed as pass the n-grams that may be passed in all."""
    completion = of()
    size = sum(map(len, completion.model.counts.levels)) * len(AUTOMATON.accepts)
    monkeypatch.setattr(_lengths, "_STEP_COST", 0)
    monkeypatch.setattr(_lengths, "_MAX_WORK", 10 * size)
    TimedCompletion(completion, 10, None, 100)
    with pytest.raises(ValueError, match=r"at most 10 .*Got 11"):
        TimedCompletion(completion, 11, None, 100)


def test_steps_that_are_made_again_count(monkeypatch):
    """Where few arrays can be stored, the bound is lower; where values settle, none."""
    completion = of()
    size = sum(map(len, completion.model.counts.levels)) * len(AUTOMATON.accepts)
    monkeypatch.setattr(_lengths, "_STEP_COST", 0)
    monkeypatch.setattr(_lengths, "_MAX_WORK", 20 * size)
    monkeypatch.setattr(_lengths, "_MAX_RECOMPUTED", 2)
    TimedCompletion(completion, 20, None, 100)
    with pytest.raises(ValueError, match=r"'min_length'.*at most 1. .*Got 20"):
        TimedCompletion(completion, 20, None, 3)
    monkeypatch.setattr(_lengths, "_CONVERGED", 1e-2)
    TimedCompletion(completion, 5000, None, 3)
