"""Tests of `sklearn_sslm.ngrams.classes._class_model` and `_class_scoring`."""

import numpy as np
import pytest
from _engine import N_WORDS, asked_texts, stream_of
from _jelinek_mercer import JelinekMercer
from _labelled import N_CLASSES, count, labelled_texts
from _reference import MODELS
from hypothesis import given, settings
from hypothesis import strategies as st

from sklearn_sslm.base import as_smoothing
from sklearn_sslm.ngrams import (
    ClassModel,
    Events,
    LanguageModel,
    class_log_probabilities,
    class_token_log_probabilities,
    log_probabilities,
)
from sklearn_sslm.ngrams.classes import _class_scoring


def model_of(texts, n, smoothing):
    """A model of texts with labels."""
    return ClassModel(count(texts, n), as_smoothing(smoothing), Events(N_WORDS))


@pytest.mark.parametrize("smoothing", MODELS)
@settings(max_examples=15)
@given(texts=labelled_texts, asked=asked_texts, n=st.integers(1, 4))
def test_each_class_has_the_model_of_its_texts(smoothing, texts, asked, n):
    """p(w | h, c) is by the book what the texts of class c alone give, in all classes."""
    texts = [(text, label, True) for text, label, _ in texts]
    model = model_of(texts, n, smoothing)
    found = np.exp(class_token_log_probabilities(model, stream_of(asked)))
    for label in range(N_CLASSES):
        own = [(0, *text, 0) for text, of_class, _ in texts if of_class == label]
        reference = MODELS[smoothing](own, n, N_WORDS)
        expected = [[1, *reference.ps((0, *text, 0))] for text in asked]
        np.testing.assert_allclose(found[:, label], np.concatenate(expected))


@pytest.mark.parametrize("smoothing", ["mle", "kneser_ney", JelinekMercer(0.3)])
@settings(max_examples=15)
@given(texts=labelled_texts, asked=asked_texts, n=st.integers(1, 4))
def test_texts_without_ends_are_learned_so(smoothing, texts, asked, n):
    """Rows that were cut off count as they do for a model of one class."""
    model = model_of(texts, n, smoothing)
    stream = stream_of(asked)
    found = class_token_log_probabilities(model, stream)
    for label in {label for _, label, _ in texts}:
        counts = count([text for text in texts if text[1] == label], n).counts
        own = LanguageModel.of_counts(counts, model.smoothing, model.events)
        expected = log_probabilities(own, stream)
        np.testing.assert_allclose(found[:, label], expected, rtol=1e-12)
        for mine, its in zip(own.discounts, model.discounts, strict=False):
            np.testing.assert_array_equal(mine, its[label])


@settings(max_examples=15)
@given(texts=labelled_texts, asked=asked_texts)
def test_texts_are_scored_some_at_a_time(texts, asked):
    """Log probabilities of texts are sums over tokens, however many are scored at once."""
    model, stream = model_of(texts, 2, "witten_bell"), stream_of(asked)
    tokens = class_token_log_probabilities(model, stream)
    expected = np.add.reduceat(tokens, stream.starts, axis=0)
    for block in (1, 20, 1 << 21):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(_class_scoring, "_BLOCK", block)
            found = class_log_probabilities(model, stream)
        np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_probabilities_by_hand():
    """Witten–Bell bigrams of "1 2" in class 0 and "1 1" in class 1, by hand.

    5 words, the end and an unknown one are 7 events. In class 0 the empty context has 3
    tokens of 3 types, so p(2) = 1/6 + 3/6 · 1/7 = 5/21; after 1, 2 came once: p(2 | 1) =
    1/2 + 1/2 · 5/21 = 13/21. In class 1 p(2) = 2/5 · 1/7 = 2/35, as 3 tokens have 2
    types; after 1 came 1 and the end: p(2 | 1) = 2/4 · 2/35 = 1/35.
    """
    model = model_of([([1, 2], 0, True), ([1, 1], 1, True)], 2, "witten_bell")
    p = np.exp(class_token_log_probabilities(model, stream_of([[1, 2]])))[2]
    np.testing.assert_allclose(p, [13 / 21, 1 / 35, 1 / 7])
