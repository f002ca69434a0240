"""The parameters of an estimator for training."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from sklearn.base import BaseEstimator

from ..smoothing import SMOOTHINGS, Smoothing
from ..utils import (
    MAX_INT,
    HasMethods,
    Progress,
    StrOptions,
    check_min_count,
    int_from,
    possible_jobs,
)
from ..words import WordIndexTransformer
from ._reader import Reader
from ._smoothing_parameter import as_smoothing

_CONSTRAINTS: dict[str, list[Any]] = {
    "n": [int_from(1)],
    "smoothing": [StrOptions({*SMOOTHINGS}), HasMethods("discounted")],
    "min_count": [int_from(1), "array-like"],
    "word_index": [WordIndexTransformer, None],
    "input": [StrOptions({"content", "filename"})],
    "n_jobs": [int_from(-MAX_INT), None],
    "verbose": ["verbose"],
}


def constraints_on(*names: str) -> dict[str, list[Any]]:
    """The domains of training parameters, for ``_parameter_constraints``.

    Parameters
    ----------
    *names : {"n", "smoothing", "min_count", "word_index", "input", "n_jobs", "verbose"}

    Returns
    -------
    dict

    Examples
    --------
    >>> constraints_on("verbose")
    {'verbose': ['verbose']}
    """
    return {name: _CONSTRAINTS[name] for name in names}


@dataclass(frozen=True)
class Training:
    """The validated parameters of an estimator for training.

    Attributes
    ----------
    owner : str
        The estimator's class, which messages of errors name.
    n : int
        The order.
    smoothing : Smoothing
    min_count : tuple of int
        As returned by `check_min_count`.
    input : {"content", "filename"}
    n_jobs : int or None
    progress : Progress
        Progress bars.
    keeps_texts : bool
        Whether the texts are stored beside their counts.
    hashes_texts : bool
        Whether a hash of each text is stored, to recognise it.
    """

    owner: str
    n: int
    smoothing: Smoothing
    min_count: tuple[int, ...]
    input: str
    n_jobs: int | None
    progress: Progress
    keeps_texts: bool
    hashes_texts: bool

    @classmethod
    def of(cls, estimator: BaseEstimator) -> Training:
        """The training parameters of an estimator, whose own domains were checked.

        Raises
        ------
        ValueError
            If a parameter of the smoothing is outside its domain, or `min_count` is not
            possible with the smoothing.
        """
        owner = type(estimator).__name__
        smoothing = estimator._objects["smoothing"](estimator.smoothing)
        if smoothing is estimator.smoothing:  # an object, not a name
            smoothing = as_smoothing(smoothing, owner)
        return cls(
            owner=owner,
            n=int(estimator.n),
            smoothing=smoothing,
            min_count=check_min_count(estimator.min_count, smoothing, owner),
            input=estimator.input,
            n_jobs=possible_jobs(estimator.n_jobs),
            progress=Progress(estimator.verbose, owner),
            keeps_texts=estimator._keeps_texts,
            hashes_texts=getattr(estimator, "novel", False),
        )

    def reader(
        self, index: WordIndexTransformer | None, n_ids: int, **options: Any
    ) -> Reader:
        """A reader of samples, as `Reader` documents it."""
        owner, n_jobs, progress = self.owner, self.n_jobs, self.progress
        return Reader(index, n_ids, owner, n_jobs, progress, **options)

    def track(self, description: str) -> Callable:
        """A function that wraps the iterable of orders with a progress bar."""
        return partial(self.progress.each, description=description, unit=" orders")
