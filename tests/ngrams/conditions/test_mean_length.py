"""Tests of `sklearn_sslm.ngrams.conditions._mean_length`."""

import pytest
from _engine import model_of
from _stored import stored_model

from sklearn_sslm.ngrams.conditions._mean_length import mean_length
from sklearn_sslm.smoothing import KneserNey, Lidstone

TEXTS = [
    [1, 2, 1],
    [1, 2],
    [3],
    [2, 2, 3],
    [1, 3],
    [],
    [2, 3, 1, 2],
]  # 15 words, 7 ends


def test_texts_are_as_long_as_those_learned():
    """Their mean length is that of the texts learned, each with its end."""
    assert mean_length(model_of(TEXTS, 2, KneserNey(), 3)) == 22 / 7


def test_the_mean_length_of_stored_probabilities_is_a_guess():
    """A model without counts is taken to have texts of 25 words."""
    assert mean_length(stored_model(model_of(TEXTS, 2, KneserNey(), 3))) == 25


def test_texts_that_are_longer_than_those_learned_are_measured():
    """Where one of 3001 events is the end, so long are texts; others are as learned."""
    many_words = [[1 + k % 7, 1 + k % 5] for k in range(20)]
    model = model_of(many_words, 2, Lidstone(1e6), 3000)
    assert 1500 < mean_length(model) < 6000
    model = model_of(TEXTS, 2, Lidstone(1e-9), 3)
    assert mean_length(model) == pytest.approx(22 / 7, rel=0.3)


def test_texts_are_measured_once():
    """The estimate is cached in the model."""
    model = model_of(TEXTS, 2, Lidstone(1), 3)
    measured = mean_length(model)
    assert model.computed.mean_length == measured
    model.computed.mean_length = 17.0
    assert mean_length(model) == 17.0
