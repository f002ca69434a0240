"""Functions to get and set the fitted state of an estimator, and to read samples by it."""

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
"""Seconds between two checks whether another thread has ended learning."""


def fitted_model(estimator: NGramEstimator) -> FittedModel:
    """The fitted state of an estimator.

    Raises
    ------
    NotFittedError
        If nothing was learned yet.
    """
    return snapshot_of(estimator)


def written_by(estimator: NGramEstimator) -> str | None:
    """The version that saved an estimator; None if it was not loaded from a file."""
    return vars(estimator).get("_written_by")


@contextmanager
def learning(estimator: NGramEstimator) -> Iterator[None]:
    """A context manager that checks the parameters, and lets one thread learn at a time.

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
    """Set the fitted state of an estimator, None for unfitted; returns the estimator."""
    estimator._set_fitted(fitted)
    return estimator


def truncated(estimator: NGramEstimator, n: int) -> NGramEstimator:
    """A copy of an estimator, as if fitted to the same texts with a lower order."""
    fitted = fitted_model(estimator).truncate(n, type(estimator).__name__)
    return set_fitted(copy.copy(estimator).set_params(n=n), fitted)


def rebuilt_model(estimator: NGramEstimator) -> FittedModel:
    """`fitted_model` without an overlay of changes; the estimator is rebuilt, too."""
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
    """Check an estimator and its parameters, and read samples with its vocabulary.

    Parameters
    ----------
    estimator : NGramEstimator
    X : as `NGramEstimator.fit` takes it
    name : str
        The argument that messages of errors name.
    fitted : FittedModel, default=None
        The fitted state to read with; None takes the current one of the estimator.
    n_words_each : int, default=0
        Number of words, for each sample, that the model will be used for, such as those of
        a reply; see `FittedModel.after_use`. `score_stream` counts the words it scores.
    distinct : bool, default=False
        Whether equal texts are read once; see `Batch.places`.

    Returns
    -------
    fitted : FittedModel
        The fitted state that the samples were read with; other threads may change that
        of the estimator meanwhile.
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
    return fitted.after_use(n_words_each * len(batch)), batch


def snapshot_of(estimator: NGramEstimator) -> FittedModel:
    """The current fitted state of an estimator, which no later change affects.

    Few words are learned in place, if no other thread reads the model. A thread that
    asks for a snapshot meanwhile waits for the end of the change, or if the change was
    interrupted, restores the model first.
    """
    while True:
        fitted = estimator.__dict__.get("_fitted")
        if fitted is None:
            check_is_fitted(estimator)
            continue  # another thread has just changed it
        snapshot = fitted.snapshot()
        if snapshot is not None:
            return snapshot
        learning = estimator._learning()
        if learning.acquire(timeout=_POLL_SECONDS):
            try:
                fitted.language_model.restore()
            finally:
                learning.release()
