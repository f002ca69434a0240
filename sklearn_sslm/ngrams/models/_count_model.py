"""What every model that is worked out from counts can answer."""

import numpy as np

from ..counting import BOUNDARY

NO_IDS = np.zeros(0, dtype=np.int64)


class CountModel:
    """Counts seen through a smoothing: a language model over ids.

    Those that derive from it have `counts` and `levels`, in which n-grams are found
    and drawn, and say what is `backoff_weight`, what `stays`, and what the `_statistics`
    of contexts are.

    Parameters
    ----------
    n : int
        The highest order.
    smoothing : object
        Answers ``continuation_counts`` (bool), ``lower_order`` (str),
        ``estimate_discounts(k, counts_of_counts)``, ``discounted(count, context)`` and
        ``backoff_weight(context)``, as `sklearn_sslm.smoothing.Smoothing` documents.
    n_words : int
        Number of words known, which share in what is kept for words not seen.
    holes : ndarray of int64, default=none
        Ids below the highest, in rising order, whose words were forgotten.
    min_count : tuple of int, default=(1,)
        How often an n-gram of each order was seen at least, or it is left out: its
        context keeps nothing for it and hands that on. The numbers do not fall, and the
        last one holds for higher orders. With more than 1 the smoothing interpolates.

    Attributes
    ----------
    n_outcomes : int
        Words that could follow at all: those known, the end of the text, and one
        unknown word.
    knows_all_counts : bool
        Whether texts can be learned and forgotten, because it is known how often each
        n-gram occurs, and not only what the smoothing makes of that.
    last_sampler : tuple or None
        Conditions and the `ConditionalSampler` for them, kept as they are often asked
        for again.
    """

    knows_all_counts = True

    def __init__(self, n, smoothing, n_words, holes=NO_IDS, min_count=(1,)):
        self.n = n
        self.smoothing = smoothing
        self.n_outcomes = n_words + 2
        self.holes = holes
        self.min_count = min_count
        self.last_sampler = None

    def settled(self):
        """The same model with everything worked out in advance."""
        return self

    def occurrences(self, word):
        """How often a word was learned."""
        return self.counts.levels[0].occurrences(word)

    def discounted(self, k, context, row):
        """Probability that a context keeps for one of its n-grams.

        Parameters
        ----------
        k : int
            Order of the n-grams.
        context : ndarray of int
            Rows in level k − 1 of contexts that were seen with a word after them.
        row : ndarray of int
            Rows of the n-grams in level k; −1 is an n-gram never seen.

        Returns
        -------
        ndarray of float64
        """
        count = np.where(row >= 0, self.levels[k - 1].count[row], 0)
        kept = self.smoothing.discounted(count, self._statistics(k, context))
        return np.where(self.left_out(k, row), 0, kept) if self._prunes(k) else kept

    def left_out(self, k, row):
        """Whether n-grams of order k were seen too rarely, as a bool for each row."""
        if not self._prunes(k):
            return np.zeros(len(row), dtype=bool)
        rare = self.counts.levels[k - 1].count[row] < self._least(k)
        return rare & (row != BOUNDARY) if k == 1 else rare  # texts have to end

    def _prunes(self, k):
        return self._least(k) > 1

    def _least(self, k):
        return self.min_count[min(k, len(self.min_count)) - 1]

    def combine(self, kept, backoff_weight, shorter):
        """p(w | h) from the two numbers of its context and p(w | shorter context)."""
        match self.smoothing.lower_order:
            case "none":
                return kept
            case "interpolate":
                return kept + backoff_weight * shorter
            case "uniform":
                return kept + backoff_weight / self.n_outcomes
            case _:  # backoff
                return np.where(kept > 0, kept, backoff_weight * shorter)
