"""Parameter checks, and the only imports of scikit-learn's private validation."""

from collections.abc import Iterable
from numbers import Integral
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import (
    HasMethods,
    Interval,
    StrOptions,
    validate_parameter_constraints,
)

__all__ = [
    "MAX_INT",
    "HasMethods",
    "Interval",
    "StrOptions",
    "as_generator",
    "check_count",
    "check_flag",
    "check_min_count",
    "check_parameters",
    "int_from",
]

MAX_INT = 2**31 - 1
"""The largest int of parameters: that of the int32 arrays of the engine."""


def int_from(least: int) -> Interval:
    """The domain of int parameters with a minimum.

    >>> print(int_from(1))
    an int in the range [1, 2147483647]
    """
    return Interval(Integral, least, MAX_INT, closed="both")


def check_parameters(estimator: BaseEstimator) -> None:
    """Raise a ValueError for the first parameter outside its domain.

    >>> from sklearn_sslm import NGramTextGenerator
    >>> check_parameters(NGramTextGenerator(n=0))
    Traceback (most recent call last):
    ...
    sklearn.utils._param_validation.InvalidParameterError: The 'n' parameter of ...
    """
    constraints = estimator._parameter_constraints
    values = {name: getattr(estimator, name) for name in constraints}
    owner = type(estimator).__name__
    validate_parameter_constraints(constraints, values, owner)
    for name, value in values.items():
        if isinstance(value, np.ndarray) and not value.ndim:
            msg = (
                f"The {name!r} parameter of {owner} must not be an array without "
                f"dimensions. Got {value!r} instead."
            )
            raise ValueError(msg)


def check_flag(value: object, name: str, owner: str) -> None:
    """Raise a ValueError unless an argument is True or False."""
    if not isinstance(value, (bool, np.bool_)):
        msg = (
            f"The {name!r} parameter of {owner} must be True or False. Got "
            f"{value!r:.80} instead."
        )
        raise ValueError(msg)


def check_count(value: Any, name: str, owner: str) -> int:
    """Return an argument if it is an int of at least 1; else raise a ValueError."""
    if not isinstance(value, Integral) or not 1 <= int(value) <= MAX_INT:
        msg = (
            f"The {name!r} parameter of {owner} must be an int in the range "
            f"[1, {MAX_INT}]. Got {value!r} instead."
        )
        raise ValueError(msg)
    return int(value)


def check_min_count(
    value: int | Iterable[int], smoothing: Any, owner: str = "NGramTextGenerator"
) -> tuple[int, ...]:
    """Check `min_count`, and return a tuple of the minimal count of each order.

    The last one holds for all higher orders.

    >>> from sklearn_sslm.smoothing import KneserNey
    >>> check_min_count([1, 1, 2, 2], KneserNey())
    (1, 1, 2)
    """
    counts = tuple(value) if isinstance(value, Iterable) else (value,)
    fits = all(isinstance(c, Integral) and 1 <= c <= MAX_INT for c in counts)
    if not counts or not fits or list(counts) != sorted(counts):
        msg = (
            f"The 'min_count' parameter of {owner} must be an int in the range "
            f"[1, {MAX_INT}], or one for each order, none smaller than the one before "
            f"it. Got {value!r}."
        )
        raise ValueError(msg)
    if counts[-1] > 1 and smoothing.lower_order != "interpolate":
        msg = (
            f"The 'min_count' parameter of {owner} must be 1 with "
            f"{type(smoothing).__name__}, which does not interpolate with shorter "
            f"contexts. Got {value!r}; choose smoothing='kneser_ney'."
        )
        raise ValueError(msg)
    while len(counts) > 1 and counts[-1] == counts[-2]:
        counts = counts[:-1]
    return tuple(map(int, counts))


def as_generator(
    random_state: int | np.random.RandomState | np.random.Generator | None,
) -> np.random.Generator:
    """A NumPy Generator from any `random_state` that scikit-learn takes, or a Generator.

    >>> as_generator(0).random() == as_generator(0).random()
    True
    """
    if isinstance(random_state, np.random.Generator):
        return random_state
    if isinstance(random_state, Integral):
        return np.random.default_rng(int(random_state))
    seeds = check_random_state(random_state).randint(2**32, size=4, dtype=np.uint32)
    return np.random.default_rng(seeds)
