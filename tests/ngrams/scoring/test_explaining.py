"""Tests of `sklearn_sslm.ngrams.scoring._explaining`."""

import numpy as np
import pytest
from _engine import (
    N_WORDS,
    asked_texts,
    context_of,
    corpora,
    model_of,
    stream_of,
    zipf_corpus,
)
from _reference import UNKNOWN, marked, windows
from _slow import smoothings
from _stored import stored_model
from hypothesis import given, settings
from hypothesis import strategies as st

from sklearn_sslm.ngrams import (
    explain_texts,
    known_contexts,
    log_probabilities,
    next_word_probabilities,
    order_shares,
)
from sklearn_sslm.ngrams.scoring import _scorer
from sklearn_sslm.smoothing import SMOOTHINGS, KneserNey

names = sorted(SMOOTHINGS)
looking_on = sorted(set(names) - {"mle", "lidstone"})
"""Smoothings that look at shorter contexts."""

orders = st.integers(1, 5)


@pytest.fixture(autouse=True, params=["all at once", "one by one"])
def _way(request, monkeypatch):
    """Every law holds for both ways to explain."""
    few = 0 if request.param == "all at once" else 1 << 20
    monkeypatch.setattr(_scorer, "_FEW", few)


def predicted(stream, values):
    """What stands at the positions that are predicted."""
    return np.delete(values, stream.starts)


def seen_by_the_book(texts, asked, n):
    """Lengths of the longest n-grams that end in each word and are in the texts."""
    learned = marked(texts)
    grams = {gram for text in learned for gram in windows(text[1:], 1)}
    for k in range(2, n + 1):
        grams |= {gram for text in learned for gram in windows(text, k)}
    return [
        max(
            (
                k
                for k in range(1, min(n, i + 1) + 1)
                if text[i + 1 - k : i + 1] in grams
            ),
            default=0,
        )
        for text in marked(asked)
        for i in range(1, len(text))
    ]


@pytest.mark.parametrize("name", smoothings(names))
@given(texts=corpora, asked=asked_texts, n=orders)
def test_what_is_explained_is_what_is_scored(name, texts, asked, n):
    """Probabilities are those of `log_probabilities`."""
    model = model_of(texts, n, name)
    stream = stream_of(asked)
    found = explain_texts(model, stream)
    scored = np.exp(predicted(stream, log_probabilities(model, stream)))
    np.testing.assert_allclose(found.p, scored, rtol=1e-12, atol=0)


@given(texts=corpora, asked=asked_texts, n=orders, name=st.sampled_from(names))
def test_seen_is_the_longest_known_ngram(texts, asked, n, name):
    """`seen` is the length of the longest n-gram ending in a word that is in the texts."""
    found = explain_texts(model_of(texts, n, name), stream_of(asked))
    assert found.seen.tolist() == seen_by_the_book(texts, asked, n)


@pytest.mark.parametrize(
    ("name", "as_stored"),
    [
        *((name, False) for name in looking_on),
        *((name, True) for name in looking_on if name != "stupid_backoff"),
    ],
)
def test_weights_multiply_up(name, as_stored):
    """A probability is the weight times what the context of the n-gram that spoke gives."""
    model = model_of(zipf_corpus(seed=0, n_texts=80), 4, name, n_words=26)
    model = stored_model(model) if as_stored else model
    asked = [word if word <= 26 else UNKNOWN for word in range(20, 30)]
    asked = [*zipf_corpus(seed=1, n_texts=20), asked]
    found = explain_texts(model, stream_of(asked))
    assert {0, 1, 2, 3, 4} == set(found.order.tolist())
    assert (found.weight[found.order == found.context + 1] == 1).all()
    assert (found.weight < 1).any()
    place = 0
    for text in marked(asked):
        for i in range(1, len(text)):
            order, word = found.order[place], text[i]
            if order == 0:
                spoke = 1 / len(model.events)
            else:
                row = context_of(model, text[max(i + 1 - order, 0) : i])
                assert row[0] == order - 1
                spoke = next_word_probabilities(model, *row)[word]
            assert found.p[place] == pytest.approx(
                found.weight[place] * spoke, rel=1e-12
            )
            place += 1
    assert place == len(found.p)


def test_an_explanation_worked_out_by_hand():
    """Witten–Bell of "1 2" and "1 3": after 1, of 2 there are 1/4 + 1/2 · (1/10 + 2/5 · 1/5)."""
    model = model_of([[1, 2], [1, 3]], 2, "witten_bell", n_words=3)
    # c(1) = 2 with T = 2 followers: 1/4 kept, 1/2 handed on. Of the 6 tokens, in T = 4
    # types, one is a 2: 1/10 kept, 4/10 handed on to 1/5 for each of 5 outcomes.
    found = explain_texts(model, stream_of([[1, 2, 3]]))
    assert found.p[1] == pytest.approx(0.25 + 0.5 * (0.1 + 0.4 / 5))
    shares = order_shares(model, *context_of(model, [1]), np.array([2]))
    np.testing.assert_allclose(shares, [[0.5 * 0.4 / 5, 0.5 * 0.1, 0.25]])
    # After 2 there was only the end, once: it hands on 1/2. A 3 comes as a 2 does.
    assert (found.order[2], found.seen[2], found.context[2]) == (1, 1, 1)
    assert found.weight[2] == 0.5
    shares = order_shares(model, *context_of(model, [2]), np.array([3]))
    np.testing.assert_allclose(shares, [[0.5 * 0.4 / 5, 0.5 * 0.1, 0]])


def test_models_that_look_no_further():
    """Without shorter contexts no n-gram spoke for a word that the longest did not see."""
    texts = [[1, 2], [1, 3]]
    bare = explain_texts(model_of(texts, 2, "mle"), stream_of([[2]]))
    assert (bare.p[0], bare.order[0], bare.seen[0], bare.weight[0]) == (0, 0, 1, 0)
    # Lidstone with alpha 1: 2 texts and 7 outcomes, so the start hands on 7 of 9 parts.
    added = explain_texts(model_of(texts, 2, "lidstone"), stream_of([[2]]))
    assert (added.order[0], added.seen[0]) == (0, 1)
    assert added.weight[0] == pytest.approx(7 / 9)
    model = model_of(texts, 2, "lidstone")
    shares = order_shares(model, *context_of(model, [0]), np.array([2]))
    np.testing.assert_allclose(shares, [[1 / 9, 0, 0]], atol=1e-15)


def test_an_ngram_whose_whole_count_is_discounted_was_seen():
    """With D1 = 1 a word seen once keeps nothing, and was seen all the same."""
    model = model_of([[1, 2], [1, 3]], 2, KneserNey([1, 1, 1]))
    found = explain_texts(model, stream_of([[1, 2]]))
    assert (found.order[1], found.weight[1]) == (2, 1)
    shares = order_shares(model, *context_of(model, [1]), np.array([2]))
    assert shares[0, 2] == 0


@pytest.mark.parametrize("_way", ["all at once"], indirect=True)
@settings(max_examples=60)
@given(name=st.sampled_from(names), texts=corpora, asked=asked_texts, n=orders)
def test_the_two_ways_agree(name, texts, asked, n):
    """Word by word, everything is explained as all at once."""
    model, stream = model_of(texts, n, name), stream_of(asked)
    explained = []
    kept = _scorer._FEW
    for _scorer._FEW in (0, 1 << 20):
        explained.append(explain_texts(model, stream))
    _scorer._FEW = kept
    for mine, theirs in zip(*explained, strict=True):
        assert mine.dtype == theirs.dtype
        np.testing.assert_allclose(mine, theirs, rtol=1e-15)


@given(texts=corpora.filter(any), n=orders, name=st.sampled_from(names))
def test_what_the_orders_give_adds_up(texts, n, name):
    """Shares are not negative, and their sums the probabilities of the words."""
    model = model_of(texts, n, name)
    context = context_of(model, [0, *texts[-1][:2]])
    shares = order_shares(model, *context, np.arange(N_WORDS + 1))
    assert shares.min() >= -1e-15
    p = next_word_probabilities(model, *context)
    np.testing.assert_allclose(shares.sum(axis=1), p, rtol=0, atol=1e-12)


def test_coverage_worked_out_by_hand():
    """Of each order, how often the last words were a context, and the n-gram was known."""
    model = model_of([[1, 2, 3], [1, 2, 4]], 3, "mle")
    stream = stream_of([[1, 2, 3], [2, 5]])
    # Before 1, 2, 3, end: start; start 1; 1 2; 2 3. All of them were contexts, and all
    # n-grams are known. Before 2, 5, end: start; start 2; 2 5. With one word of context
    # start and 2 were contexts, 5 was not; with two, only the first of them was one.
    contexts, ngrams = known_contexts(stream, explain_texts(model, stream), 3)
    np.testing.assert_allclose(contexts, [7 / 7, 6 / 7, 5 / 7])
    # Of 2, 5, end all but 5 are words that were seen, but none of them after its context.
    np.testing.assert_allclose(ngrams, [6 / 7, 4 / 7, 4 / 7])


def test_nothing_to_explain():
    """A text that was cut off before its first word has no prediction."""
    found = explain_texts(model_of([[1]], 3, "mle"), stream_of([[]], closed=[False]))
    assert [len(part) for part in found] == [0] * 5
