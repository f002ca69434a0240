"""Tests of `sklearn_sslm.ngrams.scoring._surprises`."""

import numpy as np
import pytest
from _engine import N_WORDS, asked_texts, corpora, model_of, stream_of
from hypothesis import given, settings
from hypothesis import strategies as st

from sklearn_sslm.ngrams import log_probabilities, token_surprises


@pytest.mark.parametrize("smoothing", ["witten_bell", "kneser_ney", "mle"])
@settings(max_examples=20)
@given(texts=corpora, asked=asked_texts, n=st.integers(1, 4))
def test_surprises_are_those_of_other_scores(smoothing, texts, asked, n):
    """Probabilities are those of `log_probabilities`; what was seen is looked up by hand."""
    model, stream = model_of(texts, n, smoothing), stream_of(asked)
    found = token_surprises(model, stream)
    expected = log_probabilities(model, stream)
    np.testing.assert_allclose(found.log_proba, expected, rtol=1e-12)
    unigrams = model_of(texts, 1, smoothing)
    if smoothing != "kneser_ney" or n == 1:  # whose lower orders count otherwise
        expected = log_probabilities(unigrams, stream)
        np.testing.assert_allclose(found.log_prior, expected, rtol=1e-12)
    seen = {
        (0, *text, 0)[max(0, i - n + 1) : i + 1]
        for text in texts
        for i in range(1, len(text) + 2)
    }
    is_unseen = [
        i > 0 and (0, *text, 0)[max(0, i - n + 1) : i + 1] not in seen
        for text in asked
        for i in range(len(text) + 2)
    ]
    assert found.is_unseen.tolist() == is_unseen
    np.testing.assert_array_equal(found.is_unknown, stream.ids < 0)
    assert model.counts.n_ids > N_WORDS
