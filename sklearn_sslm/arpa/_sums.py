"""What the probabilities after a context add up to, where that is more than 1."""

from typing import NamedTuple

import numpy as np

_ROUNDED = 1.001
"""What a sum may come to because its numbers are rounded."""

_ROUNDED_WITH_WEIGHT = 1.01
"""The same with a backoff weight, which may be large."""

_A_LITTLE = 1.25
"""What stored probabilities may add up to at most: this is 0.1 in log10."""


class Excess(NamedTuple):
    """The contexts after which too much comes.

    Attributes
    ----------
    order, row : int
        An n-gram of the context with the largest sum: which stored one of what order.
    total : float
        The largest sum.
    n_contexts : int
        After how many contexts there is too much.
    """

    order: int
    row: int
    total: float
    n_contexts: int

    @property
    def is_a_little(self):
        """Whether that much may come of numbers written with few digits."""
        return self.total <= _A_LITTLE


def direct_excess(levels, rows, p, p_unknown):
    """The contexts after which the stored probabilities alone add up to too much.

    Parameters
    ----------
    levels : list of Level
    rows : list of ndarray of int
        For each level which stored n-gram each row is.
    p : list of ndarray of float64
        p(last word | the words before), 0 for n-grams that are not in the file.
    p_unknown : float
        What is to be added without context.

    Returns
    -------
    Excess or None
        Of the context with the largest sum the first n-gram.
    """
    found = []
    for k, level in enumerate(levels, start=1):
        first = level.first_child[_parents(level)]
        if len(first):
            sums = np.add.reduceat(p[k - 1], first) + (p_unknown if k == 1 else 0)
            found.append(_largest(sums, sums > _ROUNDED, k, rows[k - 1][first]))
    return _worst(found)


def backoff_excess(levels, rows, p, of_file, backoff_weight, p_unknown):
    """The contexts whose backoff weight lets all words add up to too much.

    Parameters
    ----------
    levels, rows, p_unknown
        As `direct_excess` takes them.
    p, of_file : list of ndarray of float64
        Probabilities of all n-grams, and the same with 0 for those not in the file.
    backoff_weight : list of ndarray of float64
        For each order the weights of its contexts.

    Returns
    -------
    Excess or None
        Of the context with the largest sum itself as an n-gram.

    Notes
    -----
    All words after a context h add up to ::

        S(h) = sum over stored w of p(w | h)
               + backoff_weight(h) * (S(h') - sum over stored w of p(w | h'))

    A context is to blame only if its sum is larger than that of the shorter one, h'.
    """
    found = []
    of_all = p[0].sum(keepdims=True) + p_unknown
    for k, level in enumerate(levels[1:], start=2):
        parents, below = _parents(level), levels[k - 2]
        shorter = of_all[below.suffix]
        stored, direct, passed_over = np.zeros((3, len(below)))
        if len(parents):
            first = level.first_child[parents]
            stored[parents] = np.add.reduceat(p[k - 1], first)
            direct[parents] = stored[parents]
            if of_file[k - 1] is not p[k - 1]:
                direct[parents] = np.add.reduceat(of_file[k - 1], first)
            passed_over[parents] = np.add.reduceat(p[k - 2][level.suffix], first)
        weight = backoff_weight[k - 1]
        with np.errstate(invalid="ignore", over="ignore"):
            backed_off = weight * np.maximum(shorter - passed_over, 0)
            of_all = stored + np.where(weight > 0, backed_off, 0)
        too_much = of_all > _ROUNDED_WITH_WEIGHT * np.maximum(shorter, 1)
        too_much &= direct <= _ROUNDED
        if k > 2:  # no text goes on after its end
            too_much &= below.word != 0
        found.append(_largest(of_all, too_much, k - 1, rows[k - 2]))
    return _worst(found)


def _parents(level):
    """The contexts that have n-grams in a level."""
    return np.flatnonzero(level.first_child[1:] > level.first_child[:-1])


def _largest(sums, too_much, order, row):
    """The largest of some sums, told by an n-gram of each; None if there are none."""
    some = np.flatnonzero(too_much)
    if not len(some):
        return None
    worst = some[np.argmax(sums[some])]
    return Excess(order, int(row[worst]), float(sums[worst]), len(some))


def _worst(found):
    """The largest excess of all orders, with the number of contexts of all of them."""
    found = [excess for excess in found if excess]
    if not found:
        return None
    worst = max(found, key=lambda excess: excess.total)
    return worst._replace(n_contexts=sum(excess.n_contexts for excess in found))
