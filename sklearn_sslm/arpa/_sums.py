"""Contexts after which probabilities sum to more than 1."""

from typing import NamedTuple

import numpy as np

from ..ngrams import BOUNDARY

_ROUNDED = 1.001
"""A sum up to this one is taken to be 1 but for rounding of its terms."""

_ROUNDED_WITH_WEIGHT = 1.01
"""The same for sums with a backoff weight, which may be large."""

_A_LITTLE = 1.25
"""The largest sum of stored probabilities that is accepted: 0.1 in log10."""


class Excess(NamedTuple):
    """Contexts after which probabilities sum to more than 1.

    Attributes
    ----------
    order, row : int
        An n-gram of the context with the largest sum: its order and index among the
        stored ones.
    total : float
        The largest sum.
    n_contexts : int
        The number of such contexts.
    """

    order: int
    row: int
    total: float
    n_contexts: int

    @property
    def is_a_little(self):
        """Whether the sums may be due to numbers with few digits."""
        return self.total <= _A_LITTLE


def find_excess(levels, rows, p, of_file, backoff_weight, p_unknown):
    """Find the contexts after which probabilities sum to more than 1.

    Parameters
    ----------
    levels : list of Level
    rows : list of ndarray of int
        For each level which stored n-gram each row is.
    p, of_file : list of ndarray of float64
        p(last word | the words before) of all n-grams, and the same with 0 for those that
        are not in the file.
    backoff_weight : list of ndarray of float64
        For each order the weights of its contexts.
    p_unknown : float
        What is to be added without context.

    Returns
    -------
    direct : Excess or None
        After which contexts the probabilities of the file alone add up to too much. Of the
        context with the largest sum it names the first n-gram.
    through_backoff : Excess or None
        Which contexts let all words add up to too much by their backoff weight. It names
        the context with the largest sum.

    Notes
    -----
    All words after a context h add up to ::

        S(h) = sum over stored w of p(w | h)
               + backoff_weight(h) * (S(h') - sum over stored w of p(w | h'))

    A context is named only if its sum is larger than that of the shorter one, h'.
    """
    of_all = p[0].sum(keepdims=True) + p_unknown
    direct = [_largest(of_all, of_all > _ROUNDED, 1, rows[0][:1])]
    through_backoff = []
    for k, level in enumerate(levels[1:], start=2):
        below, weight = levels[k - 2], backoff_weight[k - 1]
        parents = np.flatnonzero(level.first_child[1:] > level.first_child[:-1])
        first = level.first_child[parents]
        stored = given = _sums(p[k - 1], first)
        if of_file[k - 1] is not p[k - 1]:
            given = _sums(of_file[k - 1], first)
        direct.append(_largest(given, given > _ROUNDED, k, rows[k - 1][first]))

        shorter = of_all[below.suffix]
        backed_off = shorter.copy()
        backed_off[parents] -= _sums(p[k - 2][level.suffix], first)
        with np.errstate(over="ignore", invalid="ignore"):
            of_all = np.maximum(backed_off, 0) * weight
        of_all[weight == 0] = 0  # of infinity, too
        of_all[parents] += stored
        too_much = of_all > _ROUNDED_WITH_WEIGHT * np.maximum(shorter, 1)
        too_much[parents[given > _ROUNDED]] = False
        if k > 2:
            too_much &= below.word != BOUNDARY  # no text goes on after its end
        through_backoff.append(_largest(of_all, too_much, k - 1, rows[k - 2]))
    return _worst(direct), _worst(through_backoff)


def _sums(p, first):
    """Sums of the n-grams of each context, by where its first one is."""
    return np.add.reduceat(p, first) if len(first) else np.zeros(0)


def _largest(sums, too_much, order, row):
    """The largest of the sums that are too much, with its n-gram; None if there is none."""
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
