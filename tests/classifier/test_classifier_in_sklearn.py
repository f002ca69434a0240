"""The classifier in what scikit-learn has for classifiers: searches, pipelines, checks."""

import numpy as np
import pytest
import sklearn
from _adapters import DATA_FREE_CHECKS, OfNumbers, for_each_check, suite_of
from _classes import ASKED, LABELS, TEXTS
from sklearn.calibration import CalibratedClassifierCV
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.utils import estimator_checks

from sklearn_sslm import NGramClassifier, WordIndexTransformer


def test_weights_are_routed():
    """Metadata routing hands weights to `fit` and to `score`."""
    with sklearn.config_context(enable_metadata_routing=True):
        model = NGramClassifier(2).set_fit_request(sample_weight=True)
        model.set_score_request(sample_weight=True)
        pipeline = make_pipeline(WordIndexTransformer(), model)
        weights = np.array([1, 1, 1, 1, 1, 5])
        pipeline.fit(TEXTS, LABELS, sample_weight=weights)
        assert pipeline[-1].class_count_.tolist() == [2, 3, 5]
        labels = [*LABELS[:-1], "x"]  # the last text, of weight 5, is of another class
        assert pipeline.score(TEXTS, labels, sample_weight=weights) == 0.5


def test_it_is_searched_and_calibrated():
    """Cross-validation, grid search and calibration work as for any classifier."""
    texts = [" ".join("ab"[i % 2] * (1 + i % 3)) for i in range(24)]
    labels = np.array(["odd", "even"])[np.arange(24) % 2]
    assert (cross_val_score(NGramClassifier(), texts, labels) == 1).all()
    grid = {"n": [1, 2], "smoothing": ["kneser_ney", "witten_bell"]}
    model = NGramClassifier(word_index=WordIndexTransformer(tokenizer=list))
    search = GridSearchCV(model, grid, cv=2).fit(texts, labels)
    assert search.best_score_ == 1
    calibrated = CalibratedClassifierCV(NGramClassifier(2), cv=2).fit(texts, labels)
    assert calibrated.predict(["b b"]) == "even"


def test_rows_of_ids_are_classified():
    """A pipeline of the word index and the classifier is the classifier of texts."""
    pipeline = make_pipeline(WordIndexTransformer(), NGramClassifier(2))
    pipeline.fit(TEXTS, LABELS)
    model = NGramClassifier(2).fit(TEXTS, LABELS)
    np.testing.assert_allclose(
        pipeline.predict_proba(ASKED), model.predict_proba(ASKED), rtol=1e-12
    )
    rows = np.array([[1, 2, 0], [2, 2, 0], [1, 1, 1]])
    model = NGramClassifier(2).fit(rows, [0, 1, 0])
    assert model.predict([[2, 2, 0]]) == 1
    assert model.partial_forget(rows[2:], [0]).class_count_.tolist() == [1, 1]


@pytest.mark.parametrize("check", DATA_FREE_CHECKS)
def test_scikit_learn_checks_without_data(check):
    """The checks of scikit-learn that need no data pass."""
    getattr(estimator_checks, check)("NGramClassifier", NGramClassifier())


class ArrayClassifier(OfNumbers, NGramClassifier):
    """`NGramClassifier` for rows of numbers."""

    def fit(self, X, y, sample_weight=None):
        return super().fit(self._texts(X, reset=True), y, sample_weight)

    def partial_fit(self, X, y, classes=None, sample_weight=None):
        texts = self._more_texts(X)
        return super().partial_fit(texts, y, classes, sample_weight)

    def predict(self, X):
        return super().predict(self._texts(X))

    def predict_proba(self, X):
        return super().predict_proba(self._texts(X))

    def predict_log_proba(self, X):
        return super().predict_log_proba(self._texts(X))


@for_each_check(suite_of(ArrayClassifier()))
def test_scikit_learn_suite_on_arrays(estimator, check):
    """Every check of scikit-learn passes once numbers are written as texts."""
    check(estimator)
