"""Tests of `sklearn_sslm.ngrams.scoring._likeliest`: the same as sorting all words."""

import numpy as np
import pytest
from _engine import N_WORDS, context_of, corpora, model_of, zipf_corpus
from hypothesis import given
from hypothesis import strategies as st

from sklearn_sslm.ngrams import Events, LanguageModel, likeliest_words
from sklearn_sslm.ngrams import next_word_probabilities as all_words
from sklearn_sslm.ngrams.scoring import _likeliest
from sklearn_sslm.smoothing import SMOOTHINGS


def assert_likeliest(model, words, k):
    """The k likeliest words are the first of all, sorted, with the same probabilities."""
    context = context_of(model, words)
    p = all_words(model, *context)
    expected = [j for j in np.argsort(-p, kind="stable")[:k] if p[j]]
    found, its_p = likeliest_words(model, *context, k)
    assert found.tolist() == expected
    np.testing.assert_array_equal(its_p, p[expected])


@pytest.mark.parametrize("smoothing", SMOOTHINGS)
@given(texts=corpora, n=st.integers(1, 4), k=st.integers(1, N_WORDS + 3))
def test_they_are_the_first_of_all(smoothing, texts, n, k):
    """In every context, ties by the lower id, and no word without probability."""
    model = model_of(texts, n, smoothing)
    for words in ([], [0], [1], [2, 1], [1, 2, 3]):
        assert_likeliest(model, words[-(n - 1) :] if n > 1 else [], k)


@pytest.mark.parametrize("smoothing", SMOOTHINGS)
@pytest.mark.parametrize("k", [1, 5, 40])
def test_a_short_head_is_made_longer(smoothing, k, monkeypatch):
    """Where followers use up the words kept in order, more are put in order."""
    monkeypatch.setattr(_likeliest, "_HEAD", 2)
    texts = zipf_corpus(seed=1, n_texts=80)
    model = model_of(texts, 3, smoothing, n_words=60)  # 35 of them are never seen
    for words in ([], [0], [1], [1, 1], [2], [1, 2], [3, 1]):
        assert_likeliest(model, words, k)


@pytest.mark.parametrize("smoothing", SMOOTHINGS)
@pytest.mark.parametrize("most", [0, 40, 1 << 20])
def test_what_is_kept_does_not_show(smoothing, most, monkeypatch):
    """What was asked before, in whatever order and for how many words, is no matter."""
    monkeypatch.setattr(_likeliest, "_FEW", 2)
    monkeypatch.setattr(_likeliest, "_MAX_CACHED", most)
    model = model_of(zipf_corpus(seed=1, n_texts=80), 3, smoothing, n_words=60)
    for k in (3, 1, 9, 70, 2):
        for words in ([1, 1], [1], [2, 1], [], [1, 2], [3, 1], [0, 1]):
            assert_likeliest(model, words, k)


@pytest.mark.parametrize("smoothing", SMOOTHINGS)
def test_of_many_words_not_all_are_sorted(smoothing, monkeypatch):
    """Those about as likely as the last one are among the few that are."""
    monkeypatch.setattr(_likeliest, "_FEW", 2)
    monkeypatch.setattr(_likeliest, "_MANY", 1)
    model = model_of(zipf_corpus(seed=1, n_texts=80), 3, smoothing, n_words=60)
    for k in (1, 3, 9, 70):
        for words in ([], [1], [1, 1], [2], [1, 2], [3, 1], [0, 1]):
            assert_likeliest(model, words, k)


def test_no_more_is_kept_than_allowed(monkeypatch):
    """The words after all contexts that are kept add up to no more than the bound."""
    monkeypatch.setattr(_likeliest, "_MAX_CACHED", 200)
    model = model_of(zipf_corpus(seed=1, n_texts=80), 3, "kneser_ney", n_words=60)
    for word in range(1, 40):
        assert_likeliest(model, [word, 1], 5)
        kept = model.computed.followers.values()
        n_words = sum(len(one.seen) + len(one.best) for one in kept)
        assert n_words == model.computed.followers.n_words <= 200


@pytest.mark.parametrize("smoothing", SMOOTHINGS)
def test_unused_ids_are_not_among_them(smoothing):
    """An id whose word was forgotten is no word."""
    whole = model_of([[1, 3], [3, 5, 1]], 2, smoothing)
    events = Events(3, np.array([2, 4]))
    model = LanguageModel.of_counts(whole.counts, whole.smoothing, events)
    for words in ([0], [1], [3], [5]):
        assert_likeliest(model, words, 9)
