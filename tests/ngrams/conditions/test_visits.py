"""Tests of `sklearn_sslm.ngrams.conditions._visits`."""

import numpy as np
import pytest
from _draws import SMOOTHINGS, TEXTS, expected_next, small_model
from _engine import context_of, count, model_of
from _slow import rest_slow

from sklearn_sslm.ngrams import Events, LanguageModel
from sklearn_sslm.ngrams.conditions._backward_walk import BackwardWalk
from sklearn_sslm.ngrams.conditions._visits import Visits
from sklearn_sslm.smoothing import KneserNey, MaximumLikelihood, StupidBackoff

POSSIBLE = [s for s in SMOOTHINGS if s.lower_order != "uniform"]
FEW = [s for s in POSSIBLE if isinstance(s, KneserNey | StupidBackoff)]


def visits_by_following(model, n_ids, most):
    """The visits of all contexts by brute force: all texts, side by side, to their ends."""
    now, total = {context_of(model, [0]): ((0,), 1.0)}, {}
    for _ in range(most):
        after = {}
        for context, (words, weight) in now.items():
            total[context] = total.get(context, 0) + weight
            for word, p in enumerate(expected_next(model, words)):
                if word and p:
                    said = (*words, word)
                    to = context_of(model, said[-model.n :])
                    _, old = after.get(to, (said, 0.0))
                    after[to] = said[-model.n :], old + weight * p
        now = after
    return total


@pytest.mark.parametrize("n", [1, 2, 3])
@pytest.mark.parametrize("smoothing", rest_slow(POSSIBLE, FEW), ids=repr)
def test_visits_are_at_least_those_of_all_texts_followed_to_their_ends(smoothing, n):
    """Each context is visited as often as texts come to it, or a little more often."""
    model = small_model(smoothing, n).precomputed()
    visits = Visits(model)
    assert visits.are_known
    expected = np.zeros(len(visits.end))
    for context, weight in visits_by_following(model, 7, 150).items():
        expected[visits.completion.column(*context)] = weight
    assert (expected <= visits.expected * (1 + 1e-9) + 1e-12).all()
    assert (visits.expected <= 1.25 * expected + 1e-9).all()


@pytest.mark.parametrize("n", [1, 2, 3])
@pytest.mark.parametrize("smoothing", rest_slow(POSSIBLE, FEW), ids=repr)
def test_no_context_is_visited_less_often_than_texts_begin_or_arrive_there(
    smoothing, n
):
    """The n-grams that lead to a context come as often as it is visited, or little less."""
    visits = Visits(small_model(smoothing, n).precomputed())
    into = np.zeros(len(visits.end))
    into[visits.start] = 1
    for level, flow in zip(visits.levels, visits.flow(), strict=True):
        np.add.at(into, level.next_column, flow)
    assert (into <= visits.expected * (1 + 1e-12) + 1e-13).all()
    assert (visits.expected <= 1.02 * into + 1e-12).all()


def changed(smoothing, n):
    """A model of `TEXTS`, and one before it learned some of them and forgot another."""
    before = model_of([[1, 4, 4, 2], *TEXTS[:-3]], n, smoothing, 6).precomputed()
    return small_model(smoothing, n).precomputed(), BackwardWalk(Visits(before))


@pytest.mark.parametrize("n", [1, 2, 3])
@pytest.mark.parametrize("smoothing", rest_slow(POSSIBLE, FEW), ids=repr)
def test_visits_that_begin_with_others_are_large_enough_too(smoothing, n):
    """Contexts that are new, forgotten or the same are visited as often as arrived at."""
    model, before = changed(smoothing, n)
    visits = Visits(model, before)
    into = np.zeros(len(visits.end))
    into[visits.start] = 1
    for level, flow in zip(visits.levels, visits.flow(), strict=True):
        np.add.at(into, level.next_column, flow)
    assert (into <= visits.expected * (1 + 1e-12) + 1e-13).all()
    assert visits.expected == pytest.approx(Visits(model).expected, rel=0.05, abs=1e-9)


@pytest.mark.parametrize("n", [2, 3, 4])
def test_visits_that_begin_with_others_take_fewer_steps(n, monkeypatch):
    """The same visits are found in one step, those after a lesson in fewer than others."""
    model, before = changed(KneserNey(), n)
    same, steps, step = BackwardWalk(Visits(model)), [], Visits._step

    def counted(*args):
        steps[-1] += 1
        return step(*args)

    monkeypatch.setattr(Visits, "_step", counted)
    for begin in same, before, None:
        steps.append(0)
        Visits(model, begin)
    assert steps[0] == 1 < steps[1] < steps[2]


def test_visits_of_long_texts_have_a_small_surplus():
    """Of texts of some thousand words, too, at most about an eighth is rejected."""
    rng = np.random.default_rng(0)
    texts = [rng.integers(1, 5, 2000).tolist() for _ in range(3)]
    visits = Visits(model_of(texts, 2, KneserNey(), 4).precomputed())
    assert visits.are_known
    end = visits.end[visits.expected > 1e-3]  # in [low, high] where texts are
    assert 1 / end.max() <= visits.expected.sum() <= 1.25 / end[end > 0].min()


def test_texts_that_are_all_alike_are_followed_to_their_ends():
    """Texts one after the other keep in step for long; single ones do not matter then."""
    visits = Visits(model_of([[1, 2, 3, 4, 5, 6, 7]] * 5000, 3, "witten_bell", 7))
    assert visits.are_known
    assert visits.expected[visits.start] == pytest.approx(1, abs=0.01)
    assert 8 <= visits.expected.sum() <= 8 * (1 + 8 / 256)  # 7 words, 1 end


def test_visits_are_not_known_where_texts_do_not_end():
    """Of a model whose only text was cut off there are no numbers to be found."""
    counts = count([[1, 2, 1]], 2, 3, closed=np.array([False]))
    model = LanguageModel.of_counts(counts, MaximumLikelihood(), Events(2))
    assert not Visits(model).are_known


def test_visits_are_not_known_where_texts_cannot_go_on():
    """After a word that nothing drawn can follow there is no text to be drawn."""
    counts = count([[1, 2, 3], [1]], 2, 4)
    events = Events(2, unused_ids=np.array([3]))
    model = LanguageModel.of_counts(counts, MaximumLikelihood(), events)
    assert not Visits(model).are_known
