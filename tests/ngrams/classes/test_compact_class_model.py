"""Tests of `sklearn_sslm.ngrams.classes._compact_class_model`."""

import numpy as np
import pytest
from _engine import N_WORDS, asked_texts, stream_of
from _labelled import count, labelled_texts
from hypothesis import given, settings
from hypothesis import strategies as st

from sklearn_sslm.base import as_smoothing
from sklearn_sslm.ngrams import (
    ClassModel,
    CompactClassModel,
    Events,
    class_token_log_probabilities,
)
from sklearn_sslm.smoothing import SMOOTHINGS


@pytest.mark.parametrize("smoothing", sorted(SMOOTHINGS))
@settings(max_examples=15)
@given(texts=labelled_texts, asked=asked_texts, n=st.integers(1, 4))
def test_it_gives_the_same_bits(smoothing, texts, asked, n):
    """p(w | h, c) is that of the model it was made of, cut-off texts included."""
    model = ClassModel(count(texts, n), as_smoothing(smoothing), Events(N_WORDS))
    found, expected = (
        class_token_log_probabilities(of, stream_of(asked))
        for of in (CompactClassModel.of(model), model)
    )
    np.testing.assert_array_equal(found, expected)


def test_it_knows_no_counts_of_texts():
    """It has what its answers need: adjusted counts, and how many texts a class has."""
    texts = [((1, 2), 0, True), ((2, 2, 2), 1, True)]
    counts = count(texts, 2)
    compact = CompactClassModel.of(
        ClassModel(counts, as_smoothing("kneser_ney"), Events(N_WORDS))
    )
    assert compact.n_texts.tolist() == counts.n_texts.tolist()
    # Word 2 stands after the start and after 2 in class 1: it is there 3 times.
    place, label, found = compact.entries[0].within(np.array([2]), np.array([3]))
    assert (place.tolist(), label.tolist(), found.tolist()) == ([0, 0], [0, 1], [1, 2])
    assert set(np.asarray(compact.counts.levels[1].count).tolist()) == {1}
