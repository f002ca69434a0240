"""What an estimator has learned, as others ask it, replace it and read samples with it."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sklearn.utils.validation import check_is_fitted

from ..utils import Progress, possible_jobs
from ..words import Samples
from ._batch import Batch
from ._fitted import FittedModel
from ._reader import Reader

if TYPE_CHECKING:
    from ._estimator import NGramEstimator

_POLL_SECONDS = 0.001
"""Seconds between two looks whether another thread has ended learning."""


def fitted_model(estimator: NGramEstimator) -> FittedModel:
    """What an estimator has learned.

    Raises
    ------
    NotFittedError
        If that is nothing yet.
    """
    return snapshot_of(estimator)


def written_by(estimator: NGramEstimator) -> str | None:
    """The version that wrote the file an estimator was loaded from; None if no version did."""
    return vars(estimator).get("_written_by")


@contextmanager
def learning(estimator: NGramEstimator) -> Iterator[None]:
    """Check an estimator's parameters, and let one thread learn at a time.

    Raises
    ------
    ValueError
        If a parameter is outside its domain.
    """
    estimator._check_parameters()
    with estimator._learning():
        yield


def checked_model(estimator: NGramEstimator) -> FittedModel:
    """`fitted_model`, after a check of the estimator's parameters.

    Raises
    ------
    NotFittedError
        If nothing was learned yet.
    ValueError
        If a parameter is outside its domain.
    """
    fitted = fitted_model(estimator)
    estimator._check_parameters()
    return fitted


def set_fitted(estimator: NGramEstimator, fitted: FittedModel | None) -> NGramEstimator:
    """Set what an estimator has learned, None being nothing; returns the estimator."""
    estimator._set_fitted(fitted)
    return estimator


def truncated(estimator: NGramEstimator, n: int) -> NGramEstimator:
    """The estimator that the same texts make with a lower order; this one stays."""
    fitted = fitted_model(estimator).truncate(n, type(estimator).__name__)
    return set_fitted(copy.copy(estimator).set_params(n=n), fitted)


def rebuilt_model(estimator: NGramEstimator) -> FittedModel:
    """`fitted_model` with all n-grams sorted, as the estimator then keeps it."""
    return fitted_model(estimator).rebuilt()


def read(
    estimator: NGramEstimator,
    X: Samples,
    name: str = "X",
    *,
    fitted: FittedModel | None = None,
    n_words_each: int = 0,
    distinct: bool = False,
) -> tuple[FittedModel, Batch]:
    """Check an estimator and its parameters, and read samples with what it has learned.

    Parameters
    ----------
    estimator : NGramEstimator
    X : as `NGramEstimator.fit` takes it
    name : str
        The argument that messages of errors name.
    fitted : FittedModel, default=None
        What to read with; None is what the estimator has learned by now.
    n_words_each : int, default=0
        Words that the model is used for besides, for each sample, such as those of a
        reply: a model that learned texts since its n-grams were sorted sorts them anew
        once that pays.
    distinct : bool, default=False
        Whether equal texts are read once; `Batch.places` then says which is where.

    Returns
    -------
    fitted : FittedModel
        What the samples were read with; the estimator may learn on meanwhile.
    batch : Batch
    """
    if fitted is None:
        fitted = fitted_model(estimator)
    estimator._check_parameters()
    owner = type(estimator).__name__
    progress = Progress(estimator.verbose, owner)
    index, n_ids = fitted.word_index, fitted.n_ids
    n_jobs = possible_jobs(estimator.n_jobs)
    reader = Reader(index, n_ids, owner, n_jobs, progress)
    batch = reader.read(X, name, distinct=distinct)
    n_words = len(batch.ids) + n_words_each * len(batch)
    return fitted.after_use(n_words), batch


def snapshot_of(estimator: NGramEstimator) -> FittedModel:
    """What an estimator has learned by now; what it learns later does not change it.

    Few words are learned in place, unless another thread reads the model at that moment.
    One that comes to read meanwhile waits until they are learned, or, where learning was
    interrupted, restores the model first.
    """
    while True:
        fitted = estimator.__dict__.get("_fitted")
        if fitted is None:
            check_is_fitted(estimator)
            continue  # it has just learned something
        snapshot = fitted.snapshot()
        if snapshot is not None:
            return snapshot
        learning = estimator._learning()
        if learning.acquire(timeout=_POLL_SECONDS):
            try:
                fitted.language_model.restore()
            finally:
                learning.release()
