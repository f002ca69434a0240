"""Tests of `sklearn_sslm.classifier._evidence`: which words speak for which class."""

import numpy as np
import pytest
from _classes import ASKED, LABELS, TEXTS

from sklearn_sslm import NGramClassifier


@pytest.mark.parametrize("smoothing", ["kneser_ney", "witten_bell"])
def test_evidence_adds_up_to_log_odds(smoothing):
    """Sums of evidence and log priors differ as the log probabilities of classes do."""
    model = NGramClassifier(2, smoothing=smoothing).fit(TEXTS, LABELS)
    for text in ASKED:
        table = model.explain(text)
        assert table["word"].tolist() == [*text.split(), ""]
        bits = table["evidence"].sum(axis=0) + model.class_log_prior_ / np.log(2)
        log_odds = model.predict_log_proba([text])[0] / np.log(2)
        np.testing.assert_allclose(bits - bits[0], log_odds - log_odds[0], atol=1e-9)
        best = model.classes_[table["evidence"].argmax(axis=1)]
        assert table["speaks_for"].tolist() == best.tolist()
        np.testing.assert_allclose(np.exp2(table["evidence"]).mean(axis=1), 1)


def test_evidence_as_a_frame_and_of_rows(model):
    """A frame has a column for each class; a row of ids has ids in place of words."""
    frame = model.explain("a zebra", as_frame=True)
    assert frame.columns.tolist() == ["word", "speaks_for", "x", "y", "z"]
    expected = model.explain("a zebra")["evidence"]
    np.testing.assert_array_equal(frame[["x", "y", "z"]].to_numpy(), expected)
    of_ids = NGramClassifier(2).fit(np.array([[1, 2, 0], [2, 2, 0]]), [0, 1])
    assert of_ids.explain([2, 2])["word"].tolist() == [2, 2]  # it was cut off
    assert of_ids.explain([2, 2, 0])["word"].tolist() == [2, 2, 0]
    with pytest.raises(TypeError, match=r"'text' of NGramClassifier\.explain"):
        model.explain(["a", "b"])


def test_impossible_words_are_no_evidence():
    """A word that is impossible in all classes speaks for none, in one for the others."""
    model = NGramClassifier(1, smoothing="mle").fit(["a b", "a"], [0, 1])
    table = model.explain("zebra b")
    np.testing.assert_array_equal(table["evidence"][0], [0, 0])
    np.testing.assert_allclose(table["evidence"][1], [1, -np.inf])
