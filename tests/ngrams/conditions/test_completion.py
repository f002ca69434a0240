"""Tests of `sklearn_sslm.ngrams.conditions._completion`."""

import numpy as np
import pytest
from _draws import FEW_QUICK, N_KNOWN, SMOOTHINGS, small_model
from _engine import context_of, count, grams_of, model_of

from sklearn_sslm.base import as_smoothing
from sklearn_sslm.ngrams import (
    ConstraintAutomaton,
    Events,
    LanguageModel,
    next_word_probabilities,
)
from sklearn_sslm.ngrams.conditions._completion import CompletionProbabilities
from sklearn_sslm.smoothing import Lidstone

AUTOMATON = ConstraintAutomaton([(1, 2), (3,)], [(2, 3)])


def for_order(smoothing, n):
    """A smoothing for models of order n; given discounts are those of three orders."""
    given = getattr(smoothing, "discounts", None)
    return smoothing if given is None or n == 3 else type(smoothing)()


def all_contexts(model):
    """Every context that words can lead to: its words, its length and its row."""
    yield (), 0, 0
    for k in range(1, len(model.counts.levels)):
        for row, gram in enumerate(grams_of(model.counts, k)):
            if model.counts.has_children(k, np.array([row]))[0]:
                yield gram, k, row


@pytest.mark.parametrize("n", [1, 2, 3, 4])
@pytest.mark.parametrize("smoothing", FEW_QUICK, ids=str)
def test_a_backward_step_is_the_mean_over_the_next_word(smoothing, n):
    """It is the sum of the values after each word, times the word's probability.

    Values below 0 are steps of a residual.
    """
    smoothing = for_order(smoothing, n)
    model = small_model(smoothing, n)
    completion = CompletionProbabilities(model, AUTOMATON)
    for lowest, may_end in ((0, True), (0, False), (-1, False)):
        values = lowest + np.random.default_rng(0).random(completion.shape)
        before = completion.backward_step(values, may_end=may_end)
        for gram, length, row in all_contexts(model):
            p = next_word_probabilities(model, length, row)
            for state in range(len(values)):
                after = [float(AUTOMATON.accepts[state] and may_end)]
                for word in range(1, N_KNOWN + 1):
                    place = completion.column(*context_of(model, [*gram, word]))
                    after.append(values[AUTOMATON.read([word], state), place])
                expected = p @ after / p.sum()
                found = before[state, completion.column(length, row)]
                assert found == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("n", [1, 2, 3, 5])
@pytest.mark.parametrize("name", ["mle", "kneser_ney"])
def test_each_word_leads_to_the_longest_context(name, n):
    """Where a word leads is where looking up all words so far leads."""
    model = small_model(name, n)
    completion = CompletionProbabilities(model, AUTOMATON)
    for gram, length, row in all_contexts(model):
        next_contexts = completion.next_contexts(length, row)
        assert next_contexts.shape == (N_KNOWN + 1,)
        for word in range(1, N_KNOWN + 1):
            assert next_contexts[word] == completion.column(
                *context_of(model, [*gram, word])
            )


@pytest.mark.parametrize("n", [1, 2, 3])
@pytest.mark.parametrize("name", ["mle", "lidstone", "kneser_ney"])
def test_the_largest_probability_is_one_that_a_word_leads_to(name, n):
    """A context that does not end with the word, or that no word leads to, has no share."""
    model = small_model(name, n)
    completion = CompletionProbabilities(model, AUTOMATON)
    columns = np.concatenate(
        [completion.next_contexts(k, row)[1:] for _, k, row in all_contexts(model)]
    )
    words = np.tile(np.arange(1, N_KNOWN + 1), len(columns) // N_KNOWN)
    values = np.random.default_rng(0).random(completion.shape)
    after = AUTOMATON.next_state[:, completion.word_class[words]]
    seen = values[after, columns].max(axis=1)
    values[:, np.setdiff1d(np.arange(completion.shape[1]), columns)] = 0
    if 0 not in columns:
        values[:, 0] = 2
    assert completion.largest_after(values).tolist() == seen.tolist()


def test_a_step_of_some_states_only():
    """They get the values that a step of all states gives them."""
    completion = CompletionProbabilities(small_model("kneser_ney"), AUTOMATON)
    values = np.random.default_rng(1).random(completion.shape)
    whole = completion.backward_step(values)
    np.testing.assert_array_equal(
        completion.backward_step(values, np.array([2, 0])), whole[[2, 0]]
    )


@pytest.mark.parametrize("n", [1, 2, 3, 4])
@pytest.mark.parametrize("smoothing", SMOOTHINGS, ids=str)
def test_the_matrices_are_a_backward_step(smoothing, n):
    """They give what the values of some states add to a step from 0 everywhere.

    The share of a uniform distribution is not in them.
    """
    smoothing = for_order(smoothing, n)
    completion = CompletionProbabilities(small_model(smoothing, n), AUTOMATON)
    values = np.random.default_rng(0).random(completion.shape)
    states = np.array([2, 0])
    others = values.copy()
    others[states] = 0
    before = completion.backward_step(values, states) - completion.backward_step(
        others, states
    )
    whole = np.ones(before.shape, dtype=bool)
    seen, shorter = completion.step_matrices(states, whole)
    found = seen @ values[states].ravel() + shorter @ before.ravel()
    if completion.model.smoothing.lower_order == "uniform" and n > 1:
        assert (found <= before.ravel() + 1e-12).all()
    else:
        np.testing.assert_allclose(found, before.ravel(), atol=1e-12)


@pytest.mark.parametrize("n", [1, 2, 3])
@pytest.mark.parametrize("smoothing", SMOOTHINGS, ids=str)
def test_a_backward_step_changes_nothing_in_texts_of_any_length(smoothing, n):
    """Where texts have no limit, the probabilities solve their equations."""
    completion = CompletionProbabilities(
        small_model(for_order(smoothing, n), n), AUTOMATON
    )
    values = completion.of_any_length()
    assert ((values >= 0) & (values <= 1)).all()
    np.testing.assert_allclose(completion.backward_step(values), values, atol=1e-7)


def test_texts_that_hardly_ever_end_are_solved_in_a_few_steps():
    """Of thousands of words, nearly all of which never came, one is the end of a text.

    After one of these, word 1 has the count 1 + 1, and the end 3 + 1: about 2 of 6 texts
    have the word before they end.
    """
    model = model_of([[2, 3], [3, 2], [1]], 3, Lidstone(), 3000)
    completion, n_steps = (
        CompletionProbabilities(model, ConstraintAutomaton([(1,)])),
        [],
    )

    def step(*args):
        n_steps.append(1)
        return CompletionProbabilities.backward_step(completion, *args)

    completion.backward_step = step
    values = completion.of_any_length()[0]
    assert len(n_steps) < 100
    start = values[completion.column(*context_of(model, [0]))]
    assert start == pytest.approx(1 / 3, abs=0.01)
    np.testing.assert_allclose(step(completion.of_any_length())[0], values, rtol=1e-9)


def test_without_constraints_every_text_ends():
    """No constraint is unmet, so contexts from which the end can be reached have 1."""
    model = small_model("kneser_ney")
    completion = CompletionProbabilities(model, ConstraintAutomaton([]))
    np.testing.assert_allclose(completion.of_any_length(), 1)


def test_texts_that_never_end_meet_nothing():
    """A circle that no word leaves has 0, which its share brings to where it begins.

    One text is "1"; the other was cut off in the middle of 2 2 2 …, so 2 never ends.
    """
    counts = count([[1], [2, 2, 2]], 2, 3, closed=np.array([True, False]))
    model = LanguageModel.of_counts(counts, as_smoothing("mle"), Events(2))
    completion = CompletionProbabilities(model, ConstraintAutomaton([]))
    values = completion.of_any_length()[0]
    found = [values[completion.column(*context_of(model, [w]))] for w in (0, 1, 2)]
    np.testing.assert_allclose(found, [0.5, 1, 0])


@pytest.mark.parametrize("rounds", [1, 20])
@pytest.mark.parametrize("name", ["mle", "witten_bell", "kneser_ney"])
def test_long_texts_too(name, rounds):
    """Texts of a thousand words have the probabilities of a dense solution.

    The words go round in a circle of 50 and hardly ever leave it. With n = 2 there is
    one equation for each word and state, which is solved as it stands.
    """
    model = model_of([[*range(1, 51)] * rounds, [50, 7], [3, 5]], 2, name, 50)
    automaton = ConstraintAutomaton([(3, 4)], [(50,)])
    p = [next_word_probabilities(model, *context_of(model, [w])) for w in range(51)]
    p = np.array([row / row.sum() for row in p])
    # Unknowns are numbered by state, then by the last word.
    n_states = len(automaton.accepts)
    equations, known = np.eye(n_states * 51), np.zeros(n_states * 51)
    for state, last in np.ndindex(n_states, 51):
        known[state * 51 + last] = automaton.accepts[state] * p[last, 0]
        for word in range(1, 51):
            place = automaton.read([word], state) * 51 + word
            equations[state * 51 + last, place] -= p[last, word]
    expected = np.linalg.solve(equations, known).reshape(n_states, 51)
    completion = CompletionProbabilities(model, automaton)
    places = [completion.column(*context_of(model, [word])) for word in range(51)]
    np.testing.assert_allclose(
        completion.of_any_length()[:, places], expected, atol=1e-7
    )
