"""The base of estimators that learn texts, or rows of tokens of any kind."""

from __future__ import annotations

from typing import Self

from numpy.typing import ArrayLike

from ..base import NGramEstimator
from ..words import Samples
from ._surprise import samples_of
from ._token_rows import as_texts


class TokenEstimator(NGramEstimator):
    """An estimator that learns texts or lists of tokens, and ignores `y`.

    A subclass adds its constructor and its predictions.
    """

    def fit(
        self,
        X: Samples,
        y: object = None,
        sample_weight: ArrayLike | None = None,
    ) -> Self:
        """Forget everything, then learn texts.

        Parameters
        ----------
        X : iterable of str, rows of tokens, or array-like of int
            Texts; lists of tokens of any kind; or an array of shape (n_samples,
            n_columns) of ids, padded with 0.
        y : object, default=None
            Ignored.
        sample_weight : array-like of shape (n_samples,), int, default=None
            How often each text is learned: whole numbers, 0 leaves it out. None is once each.

        Returns
        -------
        self : object

        Raises
        ------
        TypeError
            If `X` is neither texts nor rows.
        ValueError
            If there is no token in `X`, an id is out of range, or a parameter is outside
            its domain. The model is then as it was before.
        """
        return super().fit(as_texts(X), sample_weight=sample_weight)

    def partial_fit(
        self,
        X: Samples,
        y: object = None,
        sample_weight: ArrayLike | None = None,
    ) -> Self:
        """Learn more texts; the model is then what `fit` on all of them makes.

        Parameters
        ----------
        X : iterable of str, rows of tokens, or array-like of int
            As `fit` takes them.
        y : object, default=None
            Ignored.
        sample_weight : array-like of shape (n_samples,), int, default=None
            How often each text is learned: whole numbers, 0 leaves it out. None is once each.

        Returns
        -------
        self : object

        Raises
        ------
        TypeError
            If `X` is neither texts nor rows.
        ValueError
            As `fit`, and if `n` was changed. The model is then as it was before.
        """
        return super().partial_fit(samples_of(self, X), sample_weight=sample_weight)

    def partial_forget(
        self,
        X: Samples,
        y: object = None,
        sample_weight: ArrayLike | None = None,
    ) -> Self:
        """Forget texts; the model is then what `fit` on all the others makes.

        Parameters
        ----------
        X : iterable of str, rows of tokens, or array-like of int
            Texts that were learned.
        y : object, default=None
            Ignored.
        sample_weight : array-like of shape (n_samples,), int, default=None
            How often each text is forgotten: whole numbers, 0 leaves it out. None is once each.

        Returns
        -------
        self : object

        Raises
        ------
        NotFittedError
            If nothing was learned yet.
        TypeError
            If `X` is neither texts nor rows.
        ValueError
            If a text was never learned, or not so often. The first such text is named,
            and nothing is forgotten.

        Examples
        --------
        >>> from sklearn_sslm import NGramOutlierDetector
        >>> detector = NGramOutlierDetector().fit(["a b", "a c", "c c c"])
        >>> detector.partial_forget(["c c c"]).n_texts_seen_
        2
        """
        return super().partial_forget(samples_of(self, X), sample_weight=sample_weight)
