"""The prior P(c) of classes."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..base import FittedClasses


def log_prior(
    class_prior: ArrayLike | None, fitted: FittedClasses, owner: str
) -> NDArray[np.float64]:
    """Natural log P(c) of each class.

    Parameters
    ----------
    class_prior : array-like of shape (n_classes,) or None
        The parameter of the estimator. None is the share of the texts of each class.
    fitted : FittedClasses
    owner : str
        What messages of errors name.

    Returns
    -------
    ndarray of shape (n_classes,), float64
        −inf where P(c) is 0.

    Raises
    ------
    ValueError
        If `class_prior` is not a probability for each class.
    """
    if class_prior is None:
        prior = fitted.language_model.n_texts
    else:
        prior = _checked(class_prior, fitted.classes, owner)
    with np.errstate(divide="ignore"):
        return np.log(prior) - np.log(prior.sum())


def _checked(class_prior, classes, owner):
    """The prior as an array of a probability for each class."""
    try:
        prior = np.asarray(class_prior, dtype=np.float64)
    except (TypeError, ValueError):
        prior = np.zeros(0)
    if (
        prior.shape != classes.shape
        or not (prior >= 0).all()
        or not np.isclose(prior.sum(), 1)
    ):
        msg = (
            f"The 'class_prior' parameter of {owner} must be a probability for "
            f"each of {len(classes)} classes, which add up to 1. Got {class_prior!r} "
            "instead."
        )
        raise ValueError(msg)
    return prior
