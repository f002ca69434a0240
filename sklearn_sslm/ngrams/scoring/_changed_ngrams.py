"""The n-grams of one order that changed since they were sorted."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


class ChangedNGrams:
    """Numbers of the n-grams of one order, by which those that changed are told apart.

    An n-gram that did not change has its row as its number. The numbers of those that
    changed, or are new, are behind these.

    Parameters
    ----------
    level : OnlineLevel

    Attributes
    ----------
    first : int
        The first number of those that changed.
    row : ndarray of shape (n_changed,), int64
        Rows of those that changed, in rising order.
    number : ndarray of shape (n_changed,), int64
        Their numbers.
    """

    def __init__(self, level: Any) -> None:
        self.first = len(level.base)
        self.row = level.changed()
        self.number = np.arange(self.first, self.first + len(self.row))

    def are_changed(self, number: NDArray) -> NDArray[np.bool_]:
        """Which of some n-grams changed."""
        return number >= self.first

    def overlaid(self, values: NDArray, number: NDArray, changed: NDArray) -> NDArray:
        """Values of some n-grams, after those that changed got what they have now.

        Parameters
        ----------
        values : ndarray of shape (n_asked,)
            They are overwritten.
        number : ndarray of shape (n_asked,), int
        changed : ndarray of shape (n_changed,)
            The values of all that changed.

        Returns
        -------
        ndarray of shape (n_asked,)
        """
        here = np.flatnonzero(self.are_changed(number))
        values[here] = changed.take(number.take(here) - self.first)
        return values
