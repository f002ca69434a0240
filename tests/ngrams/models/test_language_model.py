"""Tests of `sklearn_sslm.ngrams.models._language_model` and `_children_of_one`."""

import numpy as np
import pytest
from _engine import corpora, grams_of, model_of, zipf_corpus
from _reference import MODELS, continuation_counts, count_ngrams, marked
from hypothesis import given, settings
from hypothesis import strategies as st

from sklearn_sslm.ngrams import Children
from sklearn_sslm.ngrams.models._children_of_one import ChildrenOfOne
from sklearn_sslm.smoothing import SMOOTHINGS


def by_gram(model, k):
    """The counts that a smoothing works on, as a dict without zeros."""
    numbers = model.adjusted[k - 1].tolist()
    pairs = zip(grams_of(model.counts, k), numbers, strict=True)
    return {gram: number for gram, number in pairs if number}


@given(corpora, st.integers(1, 6))
def test_continuation_counts_are_different_left_neighbours(texts, n):
    """Kneser–Ney counts left neighbours, but whole n-grams of order n and at the start."""
    model = model_of(texts, n, "kneser_ney")
    expected = continuation_counts(count_ngrams(marked(texts), n))
    for k in range(1, len(model.counts.levels) + 1):
        assert by_gram(model, k) == dict(expected[k - 1])


@pytest.mark.parametrize("name", sorted(set(SMOOTHINGS) - {"kneser_ney"}))
@settings(max_examples=30)
@given(texts=corpora, n=st.integers(1, 6))
def test_other_smoothings_work_on_plain_counts(name, texts, n):
    """Without continuation counts an n-gram counts as often as it occurs."""
    model = model_of(texts, n, name)
    expected = count_ngrams(marked(texts), n)
    for k in range(1, len(model.counts.levels) + 1):
        assert by_gram(model, k) == dict(expected[k - 1])


@pytest.mark.parametrize("name", ["mle", "kneser_ney"])
@settings(max_examples=50)
@given(texts=corpora, n=st.integers(1, 5))
def test_statistics_of_each_context(name, texts, n):
    """A context knows how many words followed it, how many kinds, and how many rarely."""
    model = model_of(texts, n, name)
    for k in range(1, len(model.counts.levels) + 1):
        children, counted = model.weights[k - 1].table, by_gram(model, k)
        for row, context in enumerate(grams_of(model.counts, k - 1)):
            own = [c for gram, c in counted.items() if gram[:-1] == context]
            assert children.total[row] == sum(own)
            assert children.types[row] == len(own)
            assert children.ones[row] == own.count(1)
            assert children.twos[row] == own.count(2)


@given(corpora, st.integers(1, 5))
def test_counts_of_counts(texts, n):
    """Entry i is the number of n-grams that were seen i times, from 1 to 4."""
    model = model_of(texts, n, "kneser_ney")
    for k in range(1, len(model.counts.levels) + 1):
        numbers = list(by_gram(model, k).values())
        expected = [numbers.count(i) for i in (1, 2, 3, 4)]
        assert model.counts_of_counts[k - 1][1:].tolist() == expected


@pytest.mark.parametrize("name", ["kneser_ney", "absolute_discounting"])
@pytest.mark.parametrize("seed", range(3))
def test_discounts_are_those_of_the_formula(name, seed):
    """Where there is text enough, each order's discounts follow from its counts."""
    texts = zipf_corpus(seed, n_texts=400, n_words=1000)
    model = model_of(texts, 3, name, n_words=1000)
    reference = MODELS[name](marked(texts), 3, n_words=1000)
    for ours, theirs in zip(model.discounts, reference.discounts, strict=True):
        expected = theirs if name == "kneser_ney" else (0, theirs, theirs, theirs)
        np.testing.assert_allclose(ours, expected, rtol=1e-12)
    fallback = [0, 0.5, 1, 1.5] if name == "kneser_ney" else [0, 0.5, 0.5, 0.5]
    assert not any(np.array_equal(ours, fallback) for ours in model.discounts)


@given(corpora, st.integers(1, 5), st.sampled_from(sorted(SMOOTHINGS)))
def test_discounted_and_backoff_are_all_there_is(texts, n, name):
    """The discounted probabilities after a context and its backoff weight sum to 1."""
    if name == "stupid_backoff":
        name = "lidstone"
    model = model_of(texts, n, name)
    for k, level in enumerate(model.counts.levels, start=1):
        for context in np.flatnonzero(np.diff(level.first_child)):
            children = level.children(context)
            asked = np.full(len(children), context)
            discounted = model.discounted(k, asked, children)
            backoff_weight = model.backoff_weight(k, asked[:1]).item()
            assert discounted.min() >= 0
            assert discounted.sum() + backoff_weight == pytest.approx(1, abs=1e-12)


def test_what_was_never_seen_has_no_discounted_probability():
    """Row −1 stands for an n-gram without count."""
    for name in SMOOTHINGS:
        model = model_of([[1, 2], [1, 3]], 2, name)
        assert model.discounted(2, np.array([1]), np.array([-1])).tolist() == [0]


@pytest.mark.parametrize("total", [120, 126, 127, 128, 255])
def test_sums_of_statistics_do_not_overflow(total):
    """What a smoothing adds up is right at the limits of small integer types."""
    # One word and the end: c = total - 1 and 1, so T = 2 and γ = 2 / (total + 2).
    model = model_of([[1] * (total - 1)], 1, "witten_bell")
    root = np.zeros(1, dtype=np.int64)
    assert model.backoff_weight(1, root).item() == 2 / (total + 2)


def test_counts_of_any_size_are_drawn_by_without_a_table():
    """The cumulative counts are searched where their inverse would be a long table."""
    many = Children(np.array([0, 2]), np.array([2**24, 1], dtype=np.int32))
    assert many._inverse is None
    few = Children(np.array([0, 3]), np.array([20, 120, 20]))
    assert len(few._inverse) == 20 * 8
    root = np.zeros(5, dtype=np.int64)
    # The first child covers the numbers up to 20, the second those up to 140.
    chance = np.array([0, 0.124, 0.126, 0.874, 0.876])
    few_drawn = few.draw(root, chance)
    few._inverse = None
    for drawn, again in zip(few_drawn, few.draw(root, chance), strict=True):
        np.testing.assert_array_equal(drawn, again)
    assert few_drawn[0].tolist() == [0, 0, 1, 1, 2]
    drawn = list(zip(*map(np.ndarray.tolist, few_drawn), strict=True))
    for count in ([20, 120, 20], np.array([20, 120, 20])):  # in a list, in an array
        of_one = ChildrenOfOne(range(3), count)
        assert list(map(of_one.draw, chance.tolist())) == drawn
        assert of_one.statistics == (160, 3, 0, 0)
