"""Adjusted counts: counts, or continuation counts below the highest order."""

from functools import partial

import numpy as np

from ..counting import for_each


def adjusted_counts(counts, smoothing, n_threads=1):
    """The adjusted counts of a smoothing (Heafield et al. 2013, section 3.2).

    With `Smoothing.continuation_counts`, the adjusted count of an n-gram below the highest
    order is its continuation count: the number of different words that precede it. No
    word precedes the start of a text, so n-grams at the start have their own counts. (A
    message precedes the start of its reply.) All other adjusted counts are counts.

    Parameters
    ----------
    counts : NGramCounts
    smoothing : Smoothing
    n_threads : int, default=1
        Number of threads; each works on an order.

    Returns
    -------
    list of ndarray of shape (n_ngrams,), int
        An array for each order.

    References
    ----------
    .. [1] K. Heafield, I. Pouzyrevsky, J. H. Clark and P. Koehn, "Scalable Modified
       Kneser-Ney Language Model Estimation", ACL 2013.
    """
    adjusted = [level.count for level in counts.levels]
    if not smoothing.continuation_counts:
        return adjusted
    # If no text is long enough for order n, the last level has whole texts only, and no
    # continuation counts.
    orders = range(1, min(counts.n, len(adjusted)))
    below = for_each(partial(_continuation_counts, counts), orders, n_threads)
    return [*below, *adjusted[len(orders) :]]


def _continuation_counts(counts, k):
    """The adjusted counts of order k, below the highest order."""
    above, count = counts.levels[k], counts.levels[k - 1].count
    suffix = above.suffix
    if counts.has_messages:
        suffix = suffix[above.count > 0]
    continuations = np.bincount(suffix, minlength=len(count)).astype(np.int32)
    own = counts.starts_text(k)
    continuations[own] = count[own]
    return continuations


def counts_of_counts_of(count):
    """The number of n-grams with count 0, 1, 2, 3 and 4, an ndarray of shape (5,)."""
    return np.array([np.count_nonzero(count == c) for c in range(5)])
