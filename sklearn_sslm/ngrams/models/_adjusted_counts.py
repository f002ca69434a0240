"""The counts that a smoothing works on."""

import numpy as np


def adjusted_counts(counts, smoothing):
    """The counts that a smoothing works on, called so by Heafield et al. (2013).

    Below the highest order these may be continuation counts: how many different words
    come before an n-gram. Nothing comes before the start of a text, so n-grams that
    begin there keep their own counts. The start of a reply comes after its message.

    Parameters
    ----------
    counts : NGramCounts
    smoothing : object

    Returns
    -------
    list of ndarray of int
        Those of each order.
    """
    adjusted = [level.count for level in counts.levels]
    if not smoothing.continuation_counts:
        return adjusted
    # Where the levels end before order n, only whole texts are as long as the last.
    for k, above in enumerate(counts.levels[1 : counts.n], start=1):
        size, suffix = len(adjusted[k - 1]), above.suffix
        if counts.has_messages:
            suffix = suffix[above.count > 0]
        count = np.bincount(suffix, minlength=size).astype(np.int32)
        own = counts.starts_text(k)
        count[own] = adjusted[k - 1][own]
        adjusted[k - 1] = count
    return adjusted


def counts_of_counts_of(count):
    """How many n-grams have count 0, 1, 2, 3 and 4."""
    return np.array([np.count_nonzero(count == c) for c in range(5)])
