"""Tests of `sklearn_sslm.ngrams.scoring._scorer`: word by word as all at once."""

import numpy as np
import pytest
from _engine import context_of, corpora, model_of, stream_of
from hypothesis import given
from hypothesis import strategies as st

from sklearn_sslm.ngrams import Scorer, log_probabilities
from sklearn_sslm.ngrams.scoring import _scorer
from sklearn_sslm.smoothing import SMOOTHINGS

texts_of_ids = st.lists(st.integers(-1, 6).filter(bool), max_size=9)


@pytest.mark.parametrize("smoothing", SMOOTHINGS)
@given(texts=corpora, n=st.integers(1, 5), asked=st.lists(texts_of_ids, max_size=4))
def test_few_texts_score_as_many(smoothing, texts, n, asked):
    """The two ways to score give the same bits, unknown words and all."""
    model, stream = model_of(texts, n, smoothing), stream_of([*asked, [1, 2, 3]])
    one_by_one = log_probabilities(model, stream)
    few, _scorer._FEW = _scorer._FEW, 0
    try:
        np.testing.assert_array_equal(one_by_one, log_probabilities(model, stream))
    finally:
        _scorer._FEW = few


@given(corpora, st.integers(1, 4), texts_of_ids, st.integers(-1, 6))
def test_contexts_are_the_longest_known(texts, n, words, word):
    """After any words the context is the one that a search for them finds."""
    model = model_of(texts, n, "kneser_ney")
    scorer = Scorer(model)
    context = scorer.start
    for before in words:
        _, context = scorer.score(context, before)
    if n > 1:
        assert context == context_of(model, [0, *words][-(n - 1) :])
    p, _ = scorer.score(context, word)
    assert 0 <= p < 1 + 1e-12  # 0 where estimated discounts are


def test_cached_steps_are_those_computed_and_bounded(monkeypatch):
    """Texts scored again, and after the cache was emptied, have the same scores."""
    monkeypatch.setattr(_scorer, "_MAX_STEPS", 3)
    model = model_of([[1, 2, 3, 4, 5], [2, 4, 1]], 3, "kneser_ney")
    texts = [[1, 2, 3, 0], [2, 4, -1, 0], [1, 2, 3, 0], [1, 2, 3, 0]]
    fresh = [Scorer(model).score_text(text) for text in texts]
    scorer = Scorer(model)
    assert [scorer.score_text(text) for text in texts] == fresh
    assert len(scorer._steps) == 4  # of the last text but one, as there were 8
