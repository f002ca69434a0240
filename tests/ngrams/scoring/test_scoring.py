"""Tests of `sklearn_sslm.ngrams.scoring._scoring`."""

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
from _reference import MODELS, UNKNOWN, marked
from _slow import smoothings
from hypothesis import given
from hypothesis import strategies as st

from sklearn_sslm.ngrams import log_probabilities, next_word_probabilities
from sklearn_sslm.ngrams.scoring import _scorer, _table_cache
from sklearn_sslm.smoothing import SMOOTHINGS, KneserNey, Lidstone


@pytest.fixture(autouse=True, params=["all at once", "from tables", "one by one"])
def _way(request, monkeypatch):
    """Every law holds for all ways to score."""
    monkeypatch.setattr(
        _scorer, "_FEW", 1 << 20 if request.param == "one by one" else 0
    )
    asked = 1 << 60 if request.param == "from tables" else 0
    monkeypatch.setattr(_table_cache, "_ASKED", asked)


names = sorted(SMOOTHINGS)
orders = st.integers(1, 5)


def probabilities(model, texts, closed=None):
    """Probabilities of all positions of some texts, 1 at the opening ones."""
    return np.exp(log_probabilities(model, stream_of(texts, closed)))


def expected_probabilities(reference, texts, closed=None):
    """The same by recursion."""
    return [p for text in marked(texts, closed) for p in (1, *reference.ps(text))]


def unknown_after(model, words):
    """Probability of an unknown word after the beginning of a text."""
    return probabilities(model, [[*words, UNKNOWN]], closed=[False])[-1]


@pytest.mark.parametrize("name", smoothings(names))
@given(texts=corpora, asked=asked_texts, n=orders)
def test_scores_are_those_of_the_recursion(name, texts, asked, n):
    """Every word of any text has the probability that dictionaries and recursion give."""
    model = model_of(texts, n, name)
    reference = MODELS[name](marked(texts), n, N_WORDS)
    np.testing.assert_allclose(
        probabilities(model, asked), expected_probabilities(reference, asked), rtol=1e-9
    )


@pytest.mark.parametrize("name", names)
@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_scores_of_a_larger_corpus(name, n):
    """The same with discounts that were estimated, texts long and short, unknown words."""
    texts = zipf_corpus(seed=0, n_texts=300, n_words=60)
    asked = zipf_corpus(seed=1, n_texts=50, n_words=70)
    asked = [[word if word <= 60 else UNKNOWN for word in text] for text in asked]
    model = model_of(texts, n, name, n_words=60)
    reference = MODELS[name](marked(texts), n, 60)
    np.testing.assert_allclose(
        probabilities(model, asked), expected_probabilities(reference, asked), rtol=1e-9
    )


@given(corpora, asked_texts, orders, st.sampled_from(names))
def test_texts_are_scored_for_themselves(texts, asked, n, name):
    """What a text scores does not depend on the texts beside it."""
    model = model_of(texts, n, name)
    together = probabilities(model, asked)
    alone = [probabilities(model, [text]) for text in asked]
    np.testing.assert_array_equal(together, np.concatenate(alone))


@given(corpora, asked_texts, orders, st.sampled_from(names))
def test_an_end_that_was_cut_off_is_not_scored(texts, asked, n, name):
    """Without its closing boundary a text scores the same words, and no end."""
    model = model_of(texts, n, name)
    cut = log_probabilities(model, stream_of(asked, closed=[False] * len(asked)))
    whole = log_probabilities(model, stream_of(asked))
    ends = np.cumsum([len(text) + 2 for text in asked]) - 1
    np.testing.assert_array_equal(cut, np.delete(whole, ends))


@pytest.mark.parametrize("name", smoothings(n for n in names if n != "stupid_backoff"))
@given(
    texts=corpora.filter(any),
    words=st.lists(st.integers(1, N_WORDS), max_size=6),
    n=orders,
)
def test_next_words_and_the_unknown_word_share_all(name, texts, words, n):
    """After any words, all next words, the end and the unknown word add up to 1."""
    model = model_of(texts, n, name)
    p = next_word_probabilities(model, *context_of(model, [0, *words]))
    assert p.min() >= 0
    # The longest context that was seen decides; unseen ones hand on to it whole.
    assert p.sum() + unknown_after(model, words) == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize("name", smoothings(names))
@given(texts=corpora, words=st.lists(st.integers(1, N_WORDS), max_size=6), n=orders)
def test_next_words_have_the_probabilities_they_are_scored_with(name, texts, words, n):
    """Entry j is what a text that goes on with word j scores there."""
    model = model_of(texts, n, name)
    p = next_word_probabilities(model, *context_of(model, [0, *words]))
    followed = [[*words, word] for word in range(1, N_WORDS + 1)]
    scored = [probabilities(model, [text])[len(text)] for text in followed]
    end = probabilities(model, [words])[-1]
    np.testing.assert_allclose(p, [end, *scored], rtol=1e-12)


def test_an_unknown_word_hides_what_stands_before_it():
    """After an unknown word only the unigrams are left, which it is no part of."""
    model = model_of([[1, 2], [1, 2]], 3, "kneser_ney")
    p = probabilities(model, [[1, UNKNOWN, 2]])
    unigram = probabilities(model_of([[1, 2], [1, 2]], 3, "kneser_ney"), [[3, 2]])
    assert p[3] == unigram[2]
    assert context_of(model, [1, UNKNOWN]) == (0, 0)


def test_a_text_far_longer_than_all_that_were_learned():
    """A model of short texts scores long ones, where no long n-gram can be known."""
    model = model_of([[1], [2]], 5, Lidstone(0.5))
    reference = MODELS["lidstone"](marked([[1], [2]]), 5, N_WORDS)
    reference.alpha = 0.5
    text = [1, 2] * 20
    np.testing.assert_allclose(
        probabilities(model, [text]), expected_probabilities(reference, [text])
    )


def test_discounts_of_zero_hand_nothing_on():
    """With D1 = D2 = D3 = 0 the highest order has the relative frequencies."""
    model = model_of([[1, 2], [1, 3], [1, 3]], 2, KneserNey([0, 0, 0]))
    p = next_word_probabilities(model, *context_of(model, [0, 1]))
    np.testing.assert_allclose(p, [0, 0, 1 / 3, 2 / 3, 0, 0])
