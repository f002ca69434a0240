"""Our two estimators behind the numeric arrays that scikit-learn's checks feed.

A row of numbers becomes the text of its numbers, "w3 w7 w7", and a reply becomes a
number again. Everything between is the estimator itself.
"""

import numpy as np
import pytest
from sklearn.utils import estimator_checks
from sklearn.utils.validation import check_is_fitted, column_or_1d, validate_data

from sklearn_sslm import NGramTextGenerator, WordIndexTransformer

DATA_FREE_CHECKS = [
    "check_do_not_raise_errors_in_init_or_set_params",
    "check_estimator_cloneable",
    "check_estimator_repr",
    "check_estimator_tags_renamed",
    "check_estimators_unfitted",
    "check_get_params_invariance",
    "check_mixin_order",
    "check_no_attributes_set_in_init",
    "check_param_validation",
    "check_parameters_default_constructible",
    "check_set_params",
    "check_valid_tag_types",
]
"""scikit-learn's checks that need no data, for the real classes."""


def suite_of(estimator, expected_to_fail=()):
    """Cases of scikit-learn's whole suite for an estimator of arrays."""
    # `parametrize_with_checks` itself hands pytest a generator up to scikit-learn 1.6,
    # which pytest 9 warns of.
    generator = estimator_checks.estimator_checks_generator(
        estimator, expected_failed_checks=dict(expected_to_fail), mark="xfail"
    )
    return list(generator)


def for_each_check(cases):
    """Run a test, of an estimator and a check, for each case of suites."""
    return pytest.mark.parametrize(
        ("estimator", "check"),
        cases,
        ids=lambda part: getattr(part, "func", type(part)).__name__,
    )


def to_texts(array):
    """Turn numbers into texts: ``[[0.2, 3], [7.1, 7]] -> ["w0.2 w3.0", "w7.1 w7.0"]``.

    So fine that no two rows are the same message, whose second reply differs.
    """
    return [
        " ".join(f"w{number:.1f}" for number in row)
        for row in np.asarray(array).reshape(len(array), -1)
    ]


def to_numbers(texts):
    """Turn texts into the sums of their words: ``["w0 w3", "a fall-back"] -> [3, 0]``."""
    return np.array(
        [
            sum(float(word[1:]) for word in text.split() if word[0] == "w")
            for text in texts
        ]
    )


class OfNumbers:
    """What both are: an estimator whose `X` is an array of numbers."""

    def _texts(self, X, reset=False):
        if not reset:
            check_is_fitted(self)
        return to_texts(validate_data(self, X, reset=reset))

    def _more_texts(self, X):
        return self._texts(X, reset=not hasattr(self, "n_words_"))

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.string = False
        tags.input_tags.one_d_array = False
        tags.input_tags.two_d_array = True
        return tags


class OfUnlabelledNumbers(OfNumbers):
    """One that learns rows without labels, which may have weights."""

    def fit(self, X, y=None, sample_weight=None):
        return super().fit(self._texts(X, reset=True), sample_weight=sample_weight)

    def partial_fit(self, X, y=None, sample_weight=None):
        return super().partial_fit(self._more_texts(X), sample_weight=sample_weight)


class ArrayTextGenerator(OfNumbers, NGramTextGenerator):
    """`NGramTextGenerator` for rows of numbers."""

    def fit(self, X, y=None):
        texts = self._texts(X, reset=True)
        return super().fit(texts, self._replies(y))

    def partial_fit(self, X, y=None):
        texts = self._more_texts(X)
        return super().partial_fit(texts, self._replies(y))

    def _replies(self, y):
        return None if y is None else to_texts(column_or_1d(y))

    def predict(self, X):
        return to_numbers(super().predict(self._texts(X)))

    def score_samples(self, X):
        return super().score_samples(self._texts(X))

    def score(self, X, y=None):
        return super().score(self._texts(X))


class ArrayWordIndex(OfNumbers, WordIndexTransformer):
    """`WordIndexTransformer` for rows of numbers."""

    def fit(self, X, y=None):
        return super().fit(self._texts(X, reset=True))

    def partial_fit(self, X, y=None):
        return super().partial_fit(self._more_texts(X))

    def fit_transform(self, X, y=None):
        return super().fit_transform(self._texts(X, reset=True))

    def transform(self, X):
        return super().transform(self._texts(X))
