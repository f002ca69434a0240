"""Models of stored probabilities: made of n-grams in any order, scored and drawn from."""

import numpy as np
import pytest
from _draws import CONTEXTS, SMOOTHINGS, assert_drawn_from, expected_next, small_model
from _engine import (
    context_of,
    continuations_after,
    sample_after,
    sample_one_after,
    stream_of,
)
from _slow import rest_slow
from _stored import model_of_ngrams, stored, stored_like, stored_model
from hypothesis import given
from hypothesis import strategies as st

from sklearn_sslm.arpa._building import StoredNGramError, StoredNGrams, backoff_model
from sklearn_sslm.ngrams import (
    Controls,
    log_probabilities,
    next_word_probabilities,
    sample,
)
from sklearn_sslm.smoothing import KneserNey

TELLABLE = [
    smoothing
    for smoothing in SMOOTHINGS
    if smoothing.lower_order in ("interpolate", "none")
]
TEXTS = [[1, 2, 3], [1, 2, 3, 3, 5], [], [6, 1], [2, 2, 2, 2], [4, 1, 2, 3]]


def test_the_unknown_word_counts_among_the_words():
    """The words, the end and the unknown word have probabilities of up to 1 together."""
    ids, one = np.arange(3, dtype=np.int32), np.ones(3)
    unigrams = StoredNGrams([ids], np.array([0.4, 0.3, 0.2]), one)
    backoff_model([unigrams], p_unknown=0.1)
    with pytest.raises(StoredNGramError, match=r"add up to 1\.3, more than 1"):
        backoff_model([unigrams], p_unknown=0.4)


@pytest.mark.parametrize("smoothing", TELLABLE, ids=repr)
@pytest.mark.parametrize("n", [1, 2, 3])
def test_it_is_the_same_model(smoothing, n):
    """Probabilities and weights, in any order, give all probabilities of the model."""
    model = small_model(smoothing, n)
    same = stored_model(model, np.random.default_rng(0))
    for mine, other in zip(same.counts.levels, model.counts.levels, strict=True):
        for name in ("key", "suffix", "first_child"):
            np.testing.assert_array_equal(getattr(mine, name), getattr(other, name))
    for words in CONTEXTS:
        np.testing.assert_allclose(
            next_word_probabilities(same, *context_of(same, words)),
            next_word_probabilities(model, *context_of(model, words)),
            rtol=1e-12,
        )
    np.testing.assert_allclose(
        log_probabilities(same, stream_of(TEXTS)),
        log_probabilities(model, stream_of(TEXTS)),
        rtol=1e-12,
    )


@pytest.mark.parametrize("smoothing", TELLABLE[-3:], ids=repr)
@pytest.mark.parametrize("words", CONTEXTS, ids=str)
def test_draws(smoothing, words):
    """Next words drawn side by side are drawn by their probabilities."""
    model = stored_model(small_model(smoothing))
    asked = continuations_after(model, words, 1, 20_000)
    drawn = sample(model, asked, Controls(), np.random.default_rng(1))
    drawn = drawn[:, 0] if drawn.size else np.zeros(20_000, dtype=int)
    assert_drawn_from(expected_next(model, words), drawn)


@pytest.mark.parametrize("smoothing", rest_slow(TELLABLE[-3:], TELLABLE[-1:]), ids=repr)
@pytest.mark.parametrize("words", rest_slow(CONTEXTS, CONTEXTS[1::4]), ids=str)
def test_draws_one_by_one(smoothing, words):
    """So are next words drawn one after the other."""
    model = stored_model(small_model(smoothing))
    drawn = sample_one_after(model, words, 1, 500, np.random.default_rng(1))
    drawn = np.array([text[0] if text else 0 for text in drawn])
    assert_drawn_from(expected_next(model, words), drawn)


UNIGRAMS = stored([(0,), (1,), (2,)], [0.2, 0.5, 0.2], [0.5, 0.5, 0.5])


def with_bigrams(words, p, backoff=None):
    """A model of three unigrams and some bigrams."""
    return model_of_ngrams([UNIGRAMS, stored(words, p, backoff)], 0.1)


@pytest.mark.parametrize("weight", [0.0, 0.3, 20.0, 1e6])
def test_draws_with_any_weight(weight):
    """However large the weight of a context, its words come by their probabilities.

    With a large one nearly all that is drawn from the shorter context is rejected.
    """
    p_seen = [0.6, 0.399999]
    unigrams = UNIGRAMS._replace(backoff=np.array([1, weight, 1]))
    bigrams = stored([(1, 1), (1, 2)], p_seen)
    model = model_of_ngrams([unigrams, bigrams], 0.1)
    p = expected_next(model, [1])
    expected = np.array([0.2 * weight, *p_seen])
    np.testing.assert_allclose(p, expected / expected.sum())
    rng = np.random.default_rng(2)
    drawn = sample_after(model, [1], 1, 5000, rng)
    assert_drawn_from(p, np.array([text[0] if text else 0 for text in drawn]))


def test_hardly_anything_is_accepted():
    """Words are drawn exactly where an attempt in millions would succeed."""
    # After 1 nothing but the end can come, and it is next to never drawn.
    unigrams = stored([(0,), (1,), (2,)], [1e-9, 0.5, 0.5], [1, 1e9, 1])
    model = model_of_ngrams([unigrams, stored([(1, 1), (1, 2)], [0, 0])], 0)
    rng = np.random.default_rng(3)
    assert sample_after(model, [1], 5, 50, rng) == [[]] * 50
    assert sample_one_after(model, [1], 5, 5, rng) == [[]] * 5


def test_nothing_can_come():
    """Where no word has a probability, that is said."""
    unigrams = stored([(0,), (1,), (2,)], [0.2, 0.5, 0.2], [1, 0, 1])
    model = model_of_ngrams([unigrams, stored([(1, 1)], [0])], 0.1)
    with pytest.raises(ValueError, match="gives no word a probability"):
        sample_after(model, [1], 5, 3, np.random.default_rng(4))


def test_an_ngram_of_probability_0_is_no_unseen_one():
    """What is stored as impossible is not backed off from."""
    model = with_bigrams([(1, 1), (1, 2)], [0, 0.3])
    p = next_word_probabilities(model, *context_of(model, [1]))
    np.testing.assert_allclose(p, [0.5 * 0.2, 0, 0.3])


def test_missing_suffixes_are_put_in():
    """The last words of an n-gram that are missing have the backoff's probability."""
    bigrams = stored([(0, 1), (2, 1)], [0.4, 0.3], [0.7, 1])
    trigrams = stored([(0, 1, 2)], [0.9])
    model = model_of_ngrams([UNIGRAMS, bigrams, trigrams], 0.1)
    level = model.counts.levels[1]
    grams = list(zip(level.context.tolist(), level.word.tolist(), strict=True))
    assert {(0, 1), (1, 2), (2, 1)} <= set(grams)
    assert model.weights[1].p[grams.index((1, 2))] == 0.5 * 0.2
    # After 0 1: 0.9 for 2, else 0.7 times what comes after 1.
    p = next_word_probabilities(model, *context_of(model, [0, 1]))
    np.testing.assert_allclose(p, [0.7 * 0.5 * 0.2, 0.7 * 0.5 * 0.5, 0.9])


def test_a_weight_that_nothing_follows():
    """A context that lost all its n-grams keeps its weight."""
    model = with_bigrams([(1, 2)], [0.4])
    p = next_word_probabilities(model, *context_of(model, [2]))
    np.testing.assert_allclose(p, [0.5 * 0.2, 0.5 * 0.5, 0.5 * 0.2])


@given(st.integers(0, 2**32), st.integers(0, 5))
def test_suffixes_of_suffixes(seed, left_out):
    """With suffixes left out at several orders, every level is complete again."""
    rng = np.random.default_rng(seed)
    orders = stored_like(small_model(KneserNey(), 5))
    for k in (2, 3, 4):
        words = np.stack(orders[k - 1].words)
        above = orders[k].words
        contexts = set(map(tuple, np.stack(above[:-1]).T.tolist()))
        free = [
            row
            for row, gram in enumerate(words.T.tolist())
            if tuple(gram) not in contexts
        ]
        gone = rng.permutation(free)[:left_out]
        orders[k - 1] = StoredNGrams(
            list(np.delete(words, gone, axis=1)),
            np.delete(orders[k - 1].p, gone),
            np.delete(orders[k - 1].backoff, gone),
        )
    model = model_of_ngrams(orders, 0.01)
    for k, level in enumerate(model.counts.levels[1:], start=2):
        below = model.counts.levels[k - 2]
        assert (level.suffix >= 0).all()
        np.testing.assert_array_equal(below.word_at(level.suffix), level.word)
        assert (np.diff(level.key) > 0).all()


@pytest.mark.parametrize(
    ("orders", "where", "message"),
    [
        ([stored([(1, 1), (2, 2), (1, 1)], [0.1] * 3)], (2, 2), "comes twice"),
        (
            [stored([(1, 1)], [0.1]), stored([(1, 1, 1), (2, 1, 1)], [0.1] * 2)],
            (3, 1),
            "first 2 words are not among the 2-grams",
        ),
        ([stored([(2, 2), (1, 1), (1, 2)], [0.1, 0.7, 0.6])], (2, 1), "add up to 1.3"),
    ],
)
def test_what_makes_no_model(orders, where, message):
    """N-grams that contradict each other are refused, and told which."""
    with pytest.raises(StoredNGramError, match=message) as info:
        backoff_model([UNIGRAMS, *orders], 0.1)
    assert (info.value.order, info.value.row) == where
