"""The parameter 'sample_weight': the multiplicity of each sample."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..ngrams import NGramCounts


def check_sample_weight(
    sample_weight: Any, n_samples: int, owner: str
) -> NDArray[np.int32] | None:
    """Check weights of samples, and return them as integers.

    Parameters
    ----------
    sample_weight : array-like of shape (n_samples,), int, or None
        Whole numbers, also as floats, none below 0.
    n_samples : int
    owner : str
        Class that the message of an error names.

    Returns
    -------
    ndarray of shape (n_samples,), int32, or None
        None if each sample has weight 1.

    Raises
    ------
    ValueError
        If there are not as many weights as samples, if one is no whole number of at
        least 0 or too large, or if all of them are 0.

    Examples
    --------
    >>> check_sample_weight([1, 0, 3.0], 3, "Model")
    array([1, 0, 3], dtype=int32)
    >>> check_sample_weight([1, 0.5], 2, "Model")
    Traceback (most recent call last):
    ...
    ValueError: 'sample_weight' of Model must hold whole numbers of at least 0, ...
    """
    if sample_weight is None:
        return None
    weights = np.asarray(sample_weight)
    if weights.shape != (n_samples,):
        msg = (
            f"'sample_weight' of {owner} must be 1-D and as long as 'X', {n_samples}. "
            f"Got shape {weights.shape}."
        )
        raise ValueError(msg)
    if weights.dtype.kind not in "biuf":
        weights = _as_numbers(weights, owner)
    is_whole = (weights >= 0) & (weights == np.floor(weights))
    wrong = ~is_whole | (weights > NGramCounts.most)
    if wrong.any():
        at = int(np.flatnonzero(wrong)[0])
        hint = "counts have 32 bits" if is_whole[at] else "fractions cannot be counted"
        msg = (
            f"'sample_weight' of {owner} must hold whole numbers of at least 0, how "
            f"often each sample counts. Got {weights[at]} at index {at}; {hint}."
        )
        raise ValueError(msg)
    if not weights.any():
        msg = (
            f"'sample_weight' of {owner} must be more than 0 for at least one sample. "
            "Got zeros only."
        )
        raise ValueError(msg)
    return None if (weights == 1).all() else weights.astype(np.int32)


def _as_numbers(weights, owner):
    """Weights in an array of objects, such as a column of integers with a None."""
    try:
        if weights.dtype.kind != "O" or any(isinstance(w, str) for w in weights):
            raise TypeError
        return weights.astype(np.float64)
    except (TypeError, ValueError):
        msg = (
            f"'sample_weight' of {owner} must hold whole numbers of at least 0. Got "
            f"an array of {weights.dtype}."
        )
        raise ValueError(msg) from None
