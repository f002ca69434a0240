"""Tests of `sklearn_sslm.ngrams.models._backoff_form`."""

import numpy as np
import pytest
from _engine import asked_texts, corpora, model_of, stream_of
from hypothesis import given
from hypothesis import strategies as st

from sklearn_sslm.ngrams import log_probabilities, stored_form
from sklearn_sslm.smoothing import SMOOTHINGS

STORABLE = sorted(set(SMOOTHINGS) - {"lidstone"})


@pytest.mark.parametrize("name", STORABLE)
@given(texts=corpora, asked=asked_texts, n=st.integers(1, 4))
def test_a_model_and_its_stored_form_score_the_same(name, texts, asked, n):
    """What is stored are the probabilities that the model works out, unknown words' too."""
    model, stream = model_of(texts, n, name), stream_of([*asked, [1, 2, 3, -1, 1]])
    stored = stored_form(model)
    assert stored.is_stored
    assert stored_form(stored) is stored
    p = np.exp(log_probabilities(model, stream))
    np.testing.assert_allclose(
        np.exp(log_probabilities(stored, stream)), p, rtol=1e-12, atol=1e-300
    )
