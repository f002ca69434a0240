"""How an estimator learns: its parameters for training, checked and put together."""

from dataclasses import dataclass
from functools import partial

from ..smoothing import Smoothing
from ..utils import Progress, check_min_count
from ._reader import Reader
from ._smoothing_parameter import as_smoothing


@dataclass(frozen=True)
class Training:
    """The parameters of an estimator that decide what is learned, and how fast.

    Attributes
    ----------
    owner : str
        The estimator's class, which messages of errors name.
    n : int
        The order.
    smoothing : Smoothing
    min_count : tuple of int
    input : {"content", "filename"}
    n_jobs : int or None
    progress : Progress
    """

    owner: str
    n: int
    smoothing: Smoothing
    min_count: tuple[int, ...]
    input: str
    n_jobs: int | None
    progress: Progress

    @classmethod
    def of(cls, estimator):
        """Those of an estimator."""
        owner = type(estimator).__name__
        smoothing = as_smoothing(estimator.smoothing)
        return cls(
            owner=owner,
            n=estimator.n,
            smoothing=smoothing,
            min_count=check_min_count(estimator.min_count, smoothing, owner),
            input=estimator.input,
            n_jobs=estimator.n_jobs,
            progress=Progress(estimator.verbose, owner),
        )

    def reader(self, index, n_ids):
        """What reads samples by an index, to which new words may become known."""
        return Reader(index, n_ids, self.owner, self.n_jobs, self.progress)

    def track(self, description):
        """What shows the engine's way through the orders."""
        return partial(self.progress.each, description=description, unit=" orders")
