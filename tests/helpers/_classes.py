"""Texts of three classes, and whether two classifiers are the same."""

import numpy as np

TEXTS = ["a b c", "a c", "b b a", "c", "d a b", "a d"]
LABELS = ["x", "x", "y", "y", "y", "z"]
ASKED = ["a b", "c", "b b", "", "new a", "a c b", "a b"]


def assert_same(model, other):
    """The same classes and probabilities."""
    np.testing.assert_array_equal(model.classes_, other.classes_)
    np.testing.assert_array_equal(model.class_count_, other.class_count_)
    found, expected = (one.predict_log_proba(ASKED) for one in (model, other))
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    assert model.n_words_ == other.n_words_
    assert model.n_tokens_seen_ == other.n_tokens_seen_
    assert model.n_texts_seen_ == other.n_texts_seen_
