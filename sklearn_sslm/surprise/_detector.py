"""A detector of texts that are unlike the training texts."""

from __future__ import annotations

import copy
from collections.abc import Callable
from numbers import Real
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import OutlierMixin

from ..base import checked_model, constraints_on, rebuilt_model
from ..smoothing import Smoothing
from ..utils import Interval, StrOptions
from ..words import Samples, WordIndexTransformer
from ._surprise import Surprise
from ._token_estimator import TokenEstimator

AGGREGATES = "max", "mean", "share_unseen", "end"

THREE_SIGMA = 0.0027
"""Probability that a normal variable is more than 3 standard deviations from its mean."""


class NGramOutlierDetector(OutlierMixin, TokenEstimator):
    """Detect unusual texts, such as sessions of a log, by the surprise of their tokens.

    The surprise of a token is −log2 of its probability, by an n-gram language model of
    normal texts, given the tokens before it. A text is an outlier if its largest surprise
    is larger than that of almost all training texts, each scored by the model without
    it.

    Parameters
    ----------
    n : int, default=2
        The order: tokens are predicted from the n − 1 tokens before them.
    smoothing : str or Smoothing, default="witten_bell"
        How probability is given to tokens not seen after a context, as in
        `NGramTextGenerator`.
    word_index : WordIndexTransformer, default=None
        How texts become tokens. It is cloned, not changed. None splits at white space.
    aggregate : {"max", "mean", "share_unseen", "end"} or callable, default="max"
        The number that summarises the surprises of the tokens of a text, its end
        included: their maximum, their mean, the share of tokens that were never seen
        after the n − 1 tokens before them, or the surprise of the end. A callable takes
        an array of the surprises of one text, in bits, and returns a number. "max"
        detects a single wrong step, "mean" many.
    contamination : "auto" or float, default="auto"
        The expected share of outliers among texts like the training texts, in (0, 0.5].
        "auto" is 0.0027, the share of a normal distribution beyond three standard
        deviations.
    n_jobs : int, default=None
        Number of workers that read long texts; −1 is all cores.
    verbose : int, default=0
        Whether progress bars are shown.

    Attributes
    ----------
    offset_ : float
        Texts with lower scores are outliers. See Notes.
    discounts_ : ndarray of shape (n_orders, 3), float64
        The discounts of counts 1, 2, and 3 or more, for smoothings with discounts.
    counts_ : NGramCounts
        The counts of all n-grams.
    word_index_ : WordIndexTransformer or None
        The words; None if rows of ids were learned.
    smoothing_ : Smoothing
        The smoothing as an object.
    n_words_ : int
        Number of different tokens known.
    n_texts_seen_, n_tokens_seen_ : int
        Number of texts learned, and of their tokens and ends.

    See Also
    --------
    SurpriseFeatures : Several such numbers for each text, for another estimator.
    NGramTextGenerator.explain : Which token of a text is surprising, and why.
    sklearn.ensemble.IsolationForest : Detects unusual rows of numbers.

    Notes
    -----
    The model itself finds little surprising in its training texts. For the threshold,
    each training text is therefore scored by the model without it: one copy of the text
    is subtracted from all counts, exactly as `partial_forget` would do, for all texts at
    once. `offset_` is the largest of these scores such that at most a share
    `contamination` of them is lower. Hence `predict` seldom finds an outlier among the
    training texts. `offset_` is computed on first access after each change of the model
    or the parameters.

    To do so, the estimator stores the different training texts, as ids; saved files
    have them, too.

    Examples
    --------
    >>> from sklearn_sslm import NGramOutlierDetector
    >>> normal = ["open read close", "open read read close", "open write close"] * 20
    >>> detector = NGramOutlierDetector().fit(normal)
    >>> detector.predict(["open read read read close", "open close read"])
    array([ 1, -1])
    >>> detector.score_samples(["open read close", "open close read"]).round(1)
    array([-0.6, -8.1])

    Rows of any tokens, such as the numbers of events, are texts, too:

    >>> detector.fit([[5, 22, 11], [5, 5, 22, 11]] * 20).predict([[5, 22, 11], [11, 7]])
    array([ 1, -1])
    """

    __module__ = "sklearn_sslm"  # where users have it: the name in saved files

    _parameter_constraints: dict = {
        **constraints_on("n", "smoothing", "word_index"),
        "aggregate": [StrOptions({*AGGREGATES}), callable],
        "contamination": [
            StrOptions({"auto"}),
            Interval(Real, 0, 0.5, closed="right"),
        ],
        **constraints_on("n_jobs", "verbose"),
    }

    _keeps_texts = True

    def __init__(
        self,
        n: int = 2,
        *,
        smoothing: str | Smoothing = "witten_bell",
        word_index: WordIndexTransformer | None = None,
        aggregate: Literal["max", "mean", "share_unseen", "end"]
        | Callable[[NDArray[np.float64]], float] = "max",
        contamination: Literal["auto"] | float = "auto",
        n_jobs: int | None = None,
        verbose: int = 0,
    ) -> None:
        self.n = n
        self.smoothing = smoothing
        self.word_index = word_index
        self.aggregate = aggregate
        self.contamination = contamination
        self.n_jobs = n_jobs
        self.verbose = verbose

    def score_samples(self, X: Samples) -> NDArray[np.float64]:
        """The score of each text: minus its aggregated surprise, in bits.

        Parameters
        ----------
        X : iterable of str, rows of tokens, or array-like of int
            As `fit` takes them. Tokens never seen are unknown words.

        Returns
        -------
        ndarray of shape (n_samples,), float64
            The lower, the more unusual. With "share_unseen" or a callable, the unit is
            that of the aggregate instead of bits.
        """
        return 0 - Surprise.of_new(self, X).aggregate(self.aggregate)

    def decision_function(self, X: Samples) -> NDArray[np.float64]:
        """The scores minus `offset_`, which are negative for outliers.

        Parameters
        ----------
        X : iterable of str, rows of tokens, or array-like of int
            As `score_samples` takes them.

        Returns
        -------
        ndarray of shape (n_samples,), float64
            ``score_samples(X) - offset_``.
        """
        one = copy.copy(self)  # what is learned meanwhile is no part of the answer
        scores, offset = one.score_samples(X), one.offset_
        return np.subtract(
            scores, offset, out=np.zeros(len(scores)), where=scores != offset
        )

    def predict(self, X: Samples) -> NDArray[np.int64]:
        """Classify texts as outliers or as like the training texts.

        Parameters
        ----------
        X : iterable of str, rows of tokens, or array-like of int
            As `score_samples` takes them.

        Returns
        -------
        ndarray of shape (n_samples,), int64
            −1 for outliers, 1 for inliers.
        """
        return np.where(self.decision_function(X) < 0, -1, 1)

    @property
    def offset_(self) -> float:
        """The score below which texts are outliers.

        Raises
        ------
        ValueError
            If only one text was learned, so that none was scored without it, or if a
            compact detector has no threshold for a callable `aggregate`.
        """
        checked_model(self)
        fitted = rebuilt_model(self)
        if fitted.language_model.counts.n_texts < 2:
            msg = (
                f"{type(self).__name__} must have learned at least two texts to tell "
                "which are outliers. Got 1 sample; learn more of them."
            )
            raise ValueError(msg)
        scores = _scores_of_learned(fitted, self.aggregate, type(self).__name__)
        share = THREE_SIGMA if self.contamination == "auto" else self.contamination
        return _quantile(scores, fitted.texts.times, share)

    def compact(self) -> Self:
        """A copy with the same predictions in a fraction of the memory, which cannot learn.

        Instead of the training texts it stores their scores by each named aggregate, so
        that `aggregate` and `contamination` can still be changed.

        Returns
        -------
        NGramOutlierDetector
            `partial_fit`, `partial_forget` and `merge` are errors.

        Raises
        ------
        NotFittedError
            If nothing was learned yet.
        ValueError
            If `aggregate` is a callable, for which it would have no threshold.

        Examples
        --------
        >>> from sklearn_sslm import NGramOutlierDetector
        >>> detector = NGramOutlierDetector().fit(["a b c", "a b b c"] * 9)
        >>> detector.compact().offset_ == detector.offset_
        True
        """
        checked_model(self)
        one = copy.copy(self)  # what is learned meanwhile is no part of the copy
        fitted, owner = rebuilt_model(one), type(self).__name__
        if callable(self.aggregate):
            raise ValueError(_no_threshold(self.aggregate, owner))
        if fitted.language_model.counts.n_texts > 1:
            for how in AGGREGATES:
                _scores_of_learned(fitted, how, owner)
        return super(NGramOutlierDetector, one).compact()


def _scores_of_learned(fitted, aggregate, owner):
    """The scores of the training texts, each by the model without it."""
    memo = fitted.texts.memo
    if aggregate not in memo:
        if not fitted.language_model.knows_all_counts:
            raise ValueError(_no_threshold(aggregate, owner))
        memo[aggregate] = 0 - Surprise.of_learned(fitted).aggregate(aggregate)
    return memo[aggregate]


def _no_threshold(aggregate, owner):
    return (
        f"The 'aggregate' parameter of a compact {owner} must be one of "
        f"{', '.join(map(repr, AGGREGATES))}, for which it keeps scores. Got "
        f"{aggregate!r}; use the detector that it is a copy of."
    )


def _quantile(values, times, share):
    """The largest of some values such that at most a share of them is less.

    Value i occurs ``times[i]`` times.

    >>> _quantile(np.array([3.0, 1.0, 2.0]), np.array([1, 1, 8]), 0.2)
    2.0
    """
    order = np.argsort(values)
    n_before = np.cumsum(times[order])
    place = int(share * (n_before[-1] - 1))
    return float(values[order[np.searchsorted(n_before, place, side="right")]])
