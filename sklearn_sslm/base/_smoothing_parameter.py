"""The parameter 'smoothing': a name or an object."""

from __future__ import annotations

import numpy as np
from sklearn.base import BaseEstimator, clone

from ..smoothing import SMOOTHINGS, Smoothing
from ..utils import check_parameters


def as_smoothing(
    smoothing: str | Smoothing, owner: str = "NGramTextGenerator"
) -> Smoothing:
    """The smoothing of a name, or a checked copy of a smoothing.

    Parameters
    ----------
    smoothing : str or Smoothing
    owner : str
        Class that the message of an error names.

    Raises
    ------
    ValueError
        If it is no smoothing, or one of its parameters is outside its domain.

    Examples
    --------
    >>> as_smoothing("lidstone")
    Lidstone()
    """
    if isinstance(smoothing, str):
        return SMOOTHINGS[smoothing]()
    if isinstance(smoothing, type) or not isinstance(smoothing, BaseEstimator):
        msg = (
            f"The 'smoothing' parameter of {owner} must be a name or an object that "
            f"derives from sklearn_sslm.smoothing.Smoothing. Got {smoothing!r} instead."
        )
        raise ValueError(msg)
    copy: Smoothing = clone(smoothing)
    check_parameters(copy)
    if copy.lower_order not in ("none", "interpolate", "backoff", "uniform"):
        msg = (
            f"The 'lower_order' attribute of {type(copy).__name__} must be 'none', "
            f"'interpolate', 'backoff' or 'uniform'. Got {copy.lower_order!r} instead."
        )
        raise ValueError(msg)
    return copy


def are_equal(smoothing: Smoothing, other: Smoothing) -> bool:
    """Whether two smoothings are of the same kind and have the same parameters.

    >>> from sklearn_sslm.smoothing import KneserNey, Lidstone
    >>> are_equal(KneserNey(), KneserNey()), are_equal(Lidstone(1), Lidstone(2))
    (True, False)
    """
    if (
        type(smoothing) is not type(other)
        or vars(smoothing).keys() != vars(other).keys()
    ):
        return False
    pairs = zip(vars(smoothing).values(), vars(other).values(), strict=True)
    return all(mine is theirs or np.array_equal(mine, theirs) for mine, theirs in pairs)
