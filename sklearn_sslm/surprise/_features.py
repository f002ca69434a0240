"""A transformer of texts into features of their surprise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import compress
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import TransformerMixin
from sklearn.utils.validation import check_is_fitted

from ..base import FittedModel, Training, constraints_on, learning, set_fitted
from ..smoothing import Smoothing
from ..words import Samples, WordIndexTransformer
from ._surprise import Surprise
from ._token_estimator import TokenEstimator
from ._token_rows import as_texts

FEATURES = (
    "mean",
    "max",
    "std",
    "end",
    "share_unseen",
    "share_unknown",
    "length",
    "prior",
)
"""The names of the columns, each that of a method of `Surprise`."""


class SurpriseFeatures(TransformerMixin, TokenEstimator):
    """Transform texts into numbers that describe their surprise to a language model.

    The surprise of a token is −log2 of its probability, in bits. Each text, with its end
    as a token, has these features:

    - ``mean``, ``max``, ``std``: mean, maximum and standard deviation of the surprises
      of its tokens;
    - ``end``: the surprise of the end;
    - ``share_unseen``: the share of tokens that were never seen after the n − 1 tokens
      before them;
    - ``share_unknown``: the share of tokens that are unknown words;
    - ``length``: the number of tokens;
    - ``prior``: the mean surprise of its tokens by their unigram probabilities, so that
      ``prior - mean`` is the information from contexts.

    Parameters
    ----------
    n : int, default=2
        The order: tokens are predicted from the n − 1 tokens before them.
    smoothing : str or Smoothing, default="witten_bell"
        How probability is given to tokens not seen after a context, as in
        `NGramTextGenerator`. With "mle", surprises may be infinite.
    word_index : WordIndexTransformer, default=None
        How texts become tokens. It is cloned, not changed. None splits at white space.
    features : sequence of str, default=None
        Some of the columns above, in the order wanted. None is all of them.
    n_jobs : int, default=None
        Number of workers that read long texts; −1 is all cores.
    verbose : int, default=0
        Whether progress bars are shown.

    Attributes
    ----------
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
    NGramOutlierDetector : One such number, with a threshold.
    sklearn.preprocessing.TargetEncoder : Another transformer of which
        ``fit_transform(X)`` is not ``fit(X).transform(X)``.

    Notes
    -----
    A model finds little surprising in its training texts. `fit_transform` therefore
    scores each text by the model without it (one copy of the text is subtracted from all
    counts, exactly as `partial_forget` would do), so that the features of training texts
    are distributed as those of new texts. Pipelines and
    `sklearn.compose.ColumnTransformer` call `fit_transform` when they are fitted.

    Examples
    --------
    >>> from sklearn_sslm import SurpriseFeatures
    >>> features = SurpriseFeatures(features=["max", "share_unseen"])
    >>> features.fit_transform(["a b", "a b", "a c"]).round(2)
    array([[1.56, 0.  ],
           [1.56, 0.  ],
           [5.17, 0.67]])
    >>> features.transform(["a c"]).round(2)
    array([[1.97, 0.  ]])
    """

    __module__ = "sklearn_sslm"  # where users have it: the name in saved files

    _parameter_constraints: dict = {
        **constraints_on("n", "smoothing", "word_index"),
        "features": ["array-like", None],
        **constraints_on("n_jobs", "verbose"),
    }

    def __init__(
        self,
        n: int = 2,
        *,
        smoothing: str | Smoothing = "witten_bell",
        word_index: WordIndexTransformer | None = None,
        features: Sequence[str] | None = None,
        n_jobs: int | None = None,
        verbose: int = 0,
    ) -> None:
        self.n = n
        self.smoothing = smoothing
        self.word_index = word_index
        self.features = features
        self.n_jobs = n_jobs
        self.verbose = verbose

    def transform(self, X: Samples) -> NDArray[np.float64]:
        """The features of new texts.

        Parameters
        ----------
        X : iterable of str, rows of tokens, or array-like of int
            As `fit` takes them. Tokens never seen are unknown words.

        Returns
        -------
        ndarray of shape (n_samples, n_features_out), float64
        """
        return self._columns(Surprise.of_new(self, X))

    def fit_transform(
        self,
        X: Samples,
        y: object = None,
        sample_weight: ArrayLike | None = None,
    ) -> NDArray[np.float64]:
        """Learn texts, and return the features of each by the model without it.

        Parameters
        ----------
        X : iterable of str, rows of tokens, or array-like of int
            As `fit` takes them.
        y : object, default=None
            Ignored.
        sample_weight : array-like of shape (n_samples,), int, default=None
            How often each text is learned: whole numbers, 0 leaves it out. None is once
            each. To score a text, one copy is subtracted from the counts.

        Returns
        -------
        ndarray of shape (n_samples, n_features_out), float64
        """
        texts: Any = as_texts(X)
        with learning(self):
            training = replace(Training.of(self), keeps_texts=True)
            fitted = FittedModel.fit(
                texts, None, training, self.word_index, sample_weight
            )
            set_fitted(self, replace(fitted, texts=None))
        of_learned = self._columns(Surprise.of_learned(fitted))[fitted.texts.places]
        if sample_weight is None or np.all(sample_weight):
            return of_learned
        is_new = np.asarray(sample_weight) == 0
        is_array = isinstance(texts, np.ndarray)
        new = texts[is_new] if is_array else list(compress(texts, is_new))
        columns = np.empty((len(is_new), of_learned.shape[1]))
        columns[~is_new] = of_learned
        columns[is_new] = self._columns(Surprise.of_new(self, new))
        return columns

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[np.object_]:
        """The names of the columns.

        Parameters
        ----------
        input_features : object, default=None
            Ignored.

        Returns
        -------
        ndarray of shape (n_features_out,), object

        Examples
        --------
        >>> from sklearn_sslm import SurpriseFeatures
        >>> SurpriseFeatures().fit(["a b"]).get_feature_names_out()[:3]
        array(['mean', 'max', 'std'], dtype=object)
        """
        check_is_fitted(self)
        return np.array(self._names(), dtype=object)

    def _columns(self, surprise):
        return np.column_stack([surprise.aggregate(name) for name in self._names()])

    def _check_parameters(self):
        super()._check_parameters()
        self._names()

    def _names(self):
        """The names of the columns that were asked for."""
        names = FEATURES if self.features is None else list(map(str, self.features))
        if not names or not {*names} <= {*FEATURES} or len({*names}) < len(names):
            msg = (
                f"The 'features' parameter of {type(self).__name__} must be None or "
                f"different ones of {', '.join(FEATURES)}. Got {self.features!r:.200} "
                "instead."
            )
            raise ValueError(msg)
        return names

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = []
        return tags
