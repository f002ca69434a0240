"""Tests of `sklearn_sslm.classifier._class_prior`."""

import numpy as np
import pytest
from _classes import ASKED, LABELS, TEXTS

from sklearn_sslm import NGramClassifier


def test_priors_are_shares_of_texts_or_given(model):
    """Without evidence the priors decide; a prior given is taken for what it is."""
    np.testing.assert_allclose(np.exp(model.class_log_prior_), [2 / 6, 3 / 6, 1 / 6])
    given = model.set_params(class_prior=[0.0, 0.1, 0.9])
    np.testing.assert_allclose(np.exp(given.class_log_prior_), [0, 0.1, 0.9])
    assert (given.predict_proba(ASKED)[:, 0] == 0).all()


@pytest.mark.parametrize(
    "prior", [[1], [0.5, 0.5, 0.5], [2, -1, 0], "even", [None] * 3]
)
def test_a_wrong_prior_is_named(model, prior):
    """A prior is a probability for each class; a wrong one changes nothing learned."""
    message = "'class_prior' parameter of NGramClassifier"
    with pytest.raises(ValueError, match=message):
        NGramClassifier(class_prior=prior).fit(TEXTS, LABELS)
    before = model.predict_proba(ASKED)
    with pytest.raises(ValueError, match=message):
        model.set_params(class_prior=prior).fit(["e", "f"], ["x", "y"])
    np.testing.assert_array_equal(
        model.set_params(class_prior=None).predict_proba(ASKED), before
    )
