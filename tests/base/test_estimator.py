"""Tests of `_estimator` and `_learned_model` of `sklearn_sslm.base`: it is one class."""

import numpy as np
import pytest
from _adapters import DATA_FREE_CHECKS, OfUnlabelledNumbers, for_each_check, suite_of
from _saved import saved_and_copied
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.utils import estimator_checks

from sklearn_sslm import NGramTextGenerator
from sklearn_sslm.base import NGramEstimator, constraints_on, read, stream_of
from sklearn_sslm.ngrams import log_probabilities
from sklearn_sslm.smoothing import Lidstone

TEXTS = ["a b c", "a c", "b b a", "c"]


class SurpriseOfTexts(NGramEstimator):
    """How surprising each text is, in nats a token."""

    _parameter_constraints = constraints_on("n", "smoothing", "word_index")

    def __init__(self, n=2, *, smoothing="witten_bell", word_index=None):
        self.n = n
        self.smoothing = smoothing
        self.word_index = word_index

    def predict(self, X):
        """Mean surprise of each text, its end included."""
        fitted, batch = read(self, X)
        stream = stream_of(batch)
        log_p = log_probabilities(fitted.language_model, stream)
        return -np.add.reduceat(log_p, stream.starts) / (stream.lengths - 1)


@pytest.fixture
def model():
    """A fitted estimator."""
    return SurpriseOfTexts().fit(TEXTS)


def test_it_learns_on_and_forgets(model):
    """Learning on is fitting on all, forgetting is fitting on the rest."""
    expected = model.predict(TEXTS)
    parts = SurpriseOfTexts().fit(TEXTS[:2]).partial_fit(TEXTS[2:])
    np.testing.assert_array_equal(parts.predict(TEXTS), expected)
    parts.partial_fit(["d a"]).partial_forget(["d a"])
    np.testing.assert_array_equal(parts.predict(TEXTS), expected)
    assert parts.n_texts_seen_ == 4


def test_it_merges(model):
    """Two estimators of a class become the one of all their texts."""
    one, other = SurpriseOfTexts().fit(TEXTS[:2]), SurpriseOfTexts().fit(TEXTS[2:])
    merged = one.merge(other)
    np.testing.assert_allclose(merged.predict(TEXTS), model.predict(TEXTS), rtol=1e-12)
    with pytest.raises(TypeError, match="'other' of SurpriseOfTexts"):
        model.merge(NGramTextGenerator().fit(TEXTS))


def test_it_predicts_what_the_generator_scores(model):
    """The engine below is the same."""
    generator = NGramTextGenerator(smoothing="witten_bell").fit(TEXTS)
    lengths = np.array([4, 3, 4, 2])
    expected = -generator.score_samples(TEXTS) / lengths
    np.testing.assert_allclose(model.predict(TEXTS), expected, rtol=1e-12)


def test_it_is_saved_and_cloned(model, tmp_path):
    """Pickles, joblib, skops, copies and compact ones predict the same; clones forget."""
    same = saved_and_copied(model, tmp_path, "WittenBell")
    for again in (*same, model.compact()):
        assert again.get_params()["smoothing"] == "witten_bell"
        np.testing.assert_array_equal(again.predict(TEXTS), model.predict(TEXTS))
    with pytest.raises(NotFittedError):
        clone(model).predict(TEXTS)


@pytest.mark.parametrize("check", DATA_FREE_CHECKS)
def test_scikit_learn_checks_without_data(check):
    """The checks of scikit-learn that need no data pass."""
    getattr(estimator_checks, check)("SurpriseOfTexts", SurpriseOfTexts())


class ArraySurprise(OfUnlabelledNumbers, SurpriseOfTexts):
    """`SurpriseOfTexts` for rows of numbers."""

    def predict(self, X):
        return super().predict(self._texts(X))


@for_each_check(suite_of(ArraySurprise()))
def test_scikit_learn_suite_on_arrays(estimator, check):
    """Every check of scikit-learn passes once numbers are written as texts."""
    check(estimator)


@pytest.mark.parametrize("wrong", [{"n": 0}, {"smoothing": dict}, {"word_index": str}])
def test_a_wrong_parameter_is_named(wrong):
    """What is checked for the generator is checked here, by the estimator's own name."""
    message = f"The '{next(iter(wrong))}' parameter of SurpriseOfTexts must be"
    with pytest.raises(ValueError, match=message):
        SurpriseOfTexts(**wrong).fit(TEXTS)


@pytest.mark.parametrize("kind", [SurpriseOfTexts, NGramTextGenerator])
def test_a_name_stands_for_its_object(kind):
    """Parameters of a smoothing, word index or memory can be set beside its name or None."""
    model = kind(smoothing="lidstone")
    model.set_params(smoothing__alpha=0.1, word_index__lowercase=True)
    assert isinstance(model.smoothing, Lidstone)
    assert model.smoothing.alpha == 0.1
    assert model.fit(["A a"]).n_words_ == 1
    model.set_params(smoothing="absolute_discounting", smoothing__discount=0.3)
    assert model.smoothing.discount == 0.3
    with pytest.raises(ValueError, match="Invalid parameter 'alpha'"):
        model.set_params(smoothing__alpha=0.1)
    model.set_params(smoothing__discount=0.4)  # of the object that is there
    assert model.smoothing.discount == 0.4


def test_a_search_sets_parameters_of_what_has_a_name():
    """So does a search over a generator in a pipeline."""
    pipeline = make_pipeline(NGramTextGenerator(smoothing="lidstone"))
    grid = {
        "ngramtextgenerator__smoothing__alpha": [0.1, 1.0],
        "ngramtextgenerator__word_index__lowercase": [True],
    }
    search = GridSearchCV(pipeline, grid, cv=2).fit(["A b", "a b", "b a", "B A"])
    assert search.best_estimator_[-1].smoothing.alpha in (0.1, 1.0)
    assert search.best_estimator_[-1].n_words_ == 2
    memory = NGramTextGenerator(memory="recent").set_params(memory__half_life=9)
    assert memory.memory.half_life == 9


def test_a_fold_without_probability_warns_once():
    """A score of −inf comes with one warning, which names a smoothing that avoids it."""
    with pytest.warns(UserWarning, match="kneser_ney") as warned:
        scores = cross_val_score(NGramTextGenerator(), ["a b", "c d"], cv=2)
    assert np.isneginf(scores).all()
    assert len(warned) == 2  # one for each fold
