"""Smoothings: what a context keeps for the words it has seen, and what it hands on.

Each is two numbers, computed from counts: the probability ``discounted`` that a context h
keeps for an n-gram it has seen, and the weight ``backoff_weight`` it gives to the shorter
context h', which is h without its first word:

    p(w | h) = discounted(h, w) + backoff_weight(h) * p(w | h')

The empty context hands on to the uniform distribution over all outcomes: the known
words, the end of the text, and one unknown word. A context that was never seen hands
everything on. Scoring, sampling and the next-word distribution are written once for
all smoothings, on these two numbers.

References
----------
.. [1] S. F. Chen and J. Goodman, "An Empirical Study of Smoothing Techniques for
   Language Modeling", Technical Report TR-10-98, Harvard University, 1998.
"""

from __future__ import annotations

import typing
from numbers import Real

import numpy as np
from sklearn.base import BaseEstimator

from .utils import Interval

if typing.TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from .ngrams import ContextStatistics

__all__ = [
    "SMOOTHINGS",
    "AbsoluteDiscounting",
    "KneserNey",
    "Lidstone",
    "MaximumLikelihood",
    "Smoothing",
    "StupidBackoff",
    "WittenBell",
]


class Smoothing(BaseEstimator):
    """Base of all smoothings; derive from it to add one.

    A smoothing answers two questions about NumPy arrays, `kept` and `backoff_weight`. It
    holds parameters only: everything counted comes in as ``context``, which has

    - ``total``: how many words followed the context, never 0;
    - ``types``: how many different ones;
    - ``ones``, ``twos``: how many of them followed once, and twice;
    - ``discounts``: what `estimate_discounts` said for this order;
    - ``n_events``: how many words could follow at all: the known ones, the end of
      the text, and one unknown word.

    Attributes
    ----------
    continuation_counts : bool, default=False
        Whether orders below the highest count the different left neighbours of an
        n-gram in place of its occurrences. N-grams that start a text have none and
        keep their counts.
    lower_order : {"interpolate", "backoff", "uniform", "none"}, default="interpolate"
        What gets the weight handed on: the shorter context, for all words; the
        shorter context, for words not seen only; the uniform distribution; nothing.

    References
    ----------
    .. [1] S. F. Chen and J. Goodman, "An Empirical Study of Smoothing Techniques for
       Language Modeling", Technical Report TR-10-98, Harvard University, 1998.

    Examples
    --------
    A smoothing of our own, which hands on a fixed share of every context, as Jelinek
    and Mercer did [1]_ (equation 12):

    >>> from sklearn_sslm import NGramTextGenerator
    >>> from sklearn_sslm.smoothing import Smoothing
    >>> class JelinekMercer(Smoothing):
    ...     def __init__(self, share=0.5):
    ...         self.share = share
    ...
    ...     def discounted(self, count, context):
    ...         return (1 - self.share) * count / context.total
    ...
    ...     def backoff_weight(self, context):
    ...         return np.full(np.shape(context.total), self.share)
    >>> model = NGramTextGenerator(n=2, smoothing=JelinekMercer(share=0.2))
    >>> model.fit(["a b", "a c"]).next_words(["a"], k=2)[0][0]
    ('b', 0.43...)
    """

    _parameter_constraints: dict = {}

    continuation_counts = False
    lower_order = "interpolate"

    def discounted(
        self, count: NDArray[np.integer], context: ContextStatistics
    ) -> NDArray[np.float64]:
        """Probability that contexts keep for n-grams, 0 for those never seen.

        It may be at most ``count / context.total``: what is taken off goes to
        `backoff_weight`.

        Parameters
        ----------
        count : ndarray of shape (n_ngrams,), int
            How often each n-gram was seen.
        context : ContextStatistics
            What is known of each n-gram's context; fields of shape (n_ngrams,).

        Returns
        -------
        ndarray of shape (n_ngrams,), float64
        """
        raise NotImplementedError(f"{type(self).__name__} must define discounted()")

    def backoff_weight(self, context: ContextStatistics) -> NDArray[np.float64]:
        """Weight that contexts hand on: what they do not keep.

        Parameters
        ----------
        context : ContextStatistics
            What is known of each context; fields of shape (n_contexts,).

        Returns
        -------
        ndarray of shape (n_contexts,), float64
        """
        raise NotImplementedError(f"{type(self).__name__} must define backoff_weight()")

    def estimate_discounts(
        self, order: int, counts_of_counts: NDArray[np.integer]
    ) -> NDArray[np.float64] | None:
        """What to take off the counts of one order; None where nothing is.

        Parameters
        ----------
        order : int
            The order k, from 1.
        counts_of_counts : ndarray of shape (5,), int
            How many n-grams of this order have count 0, 1, 2, 3 and 4.

        Returns
        -------
        ndarray of shape (4,), float64, or None
            What is taken off counts of 0, 1, 2, and 3 or more.
        """
        return None


class MaximumLikelihood(Smoothing):
    """No smoothing: p(w | h) = c(h w) / c(h).

    Nothing is handed on, so a word never seen after a context has probability 0 there.

    Examples
    --------
    >>> from sklearn_sslm import NGramTextGenerator
    >>> model = NGramTextGenerator(n=2, smoothing="mle").fit(["a b", "a c", "a c"])
    >>> model.next_words(["a"], k=1)
    [[('c', 0.66...)]]
    """

    lower_order = "none"

    def discounted(
        self, count: NDArray[np.integer], context: ContextStatistics
    ) -> NDArray[np.float64]:
        return count / context.total

    def backoff_weight(self, context: ContextStatistics) -> NDArray[np.float64]:
        return np.zeros(len(context.total))


class Lidstone(Smoothing):
    """Add `alpha` to every count: p(w | h) = (c(h w) + alpha) / (c(h) + alpha V).

    V is the number of outcomes: the known words, the end, one unknown word. With
    ``alpha=1`` this is Laplace's rule. (Chen & Goodman 1998, equation 7.)

    Parameters
    ----------
    alpha : float, default=1.0
        What is added to each count, above 0 and at most 1e100.

    Notes
    -----
    After a context never seen the shorter context decides, here as everywhere;
    `nltk.lm` gives all words the same probability there.

    Examples
    --------
    >>> from sklearn_sslm import NGramTextGenerator
    >>> model = NGramTextGenerator(n=2, smoothing="lidstone").fit(["a b", "a c"])
    >>> model.next_words(["a"], k=1)  # (1 + 1) / (2 + 1 * 5)
    [[('b', 0.28...)]]
    """

    _parameter_constraints: dict = {
        # Far more makes all words as likely as each other, until it is infinite.
        "alpha": [Interval(Real, 0, 1e100, closed="right")]
    }

    lower_order = "uniform"

    def __init__(self, alpha: float = 1.0) -> None:
        self.alpha = alpha

    def discounted(
        self, count: NDArray[np.integer], context: ContextStatistics
    ) -> NDArray[np.float64]:
        return count / (context.total + self.alpha * context.n_events)

    def backoff_weight(self, context: ContextStatistics) -> NDArray[np.float64]:
        added = self.alpha * context.n_events
        return added / (context.total + added)


class WittenBell(Smoothing):
    """Hand on as much as new words came: T / (c(h) + T) for T different followers.

    (Witten & Bell 1991, method C; Chen & Goodman 1998, equation 17.)

    Notes
    -----
    The empty context hands on to the uniform distribution; `nltk.lm` stops at the
    relative frequency of the word there, which leaves nothing for an unknown one.

    Examples
    --------
    >>> from sklearn_sslm import NGramTextGenerator
    >>> model = NGramTextGenerator(n=2, smoothing="witten_bell").fit(["a b", "a c"])
    >>> model.next_words(["a"], k=1)
    [[('b', 0.34)]]
    """

    def discounted(
        self, count: NDArray[np.integer], context: ContextStatistics
    ) -> NDArray[np.float64]:
        return count / (context.total + context.types)

    def backoff_weight(self, context: ContextStatistics) -> NDArray[np.float64]:
        return context.types / (context.total + context.types)


class _Discounting(Smoothing):
    """Take a discount off each count and hand on all that was taken off."""

    def discounted(
        self, count: NDArray[np.integer], context: ContextStatistics
    ) -> NDArray[np.float64]:
        taken = context.discounts[np.minimum(count, 3)]
        return np.maximum(count - taken, 0) / context.total

    def backoff_weight(self, context: ContextStatistics) -> NDArray[np.float64]:
        _, one, two, more = context.discounts
        ones, twos = context.ones, context.twos
        taken = one * ones + two * twos + more * (context.types - ones - twos)
        return taken / context.total


class AbsoluteDiscounting(_Discounting):
    """Take the same `discount` off every count (Chen & Goodman 1998, equation 18).

    Parameters
    ----------
    discount : float, default=None
        What is taken off, in [0, 1]. None estimates it for each order from n1 and n2,
        the numbers of n-grams seen once and twice, as n1 / (n1 + 2 n2) (equation 20);
        orders where that is 0 or undefined take 0.5.

    Notes
    -----
    The empty context is discounted too and hands on to the uniform distribution;
    `nltk.lm` stops at the relative frequency of the word there.

    Examples
    --------
    >>> from sklearn_sslm import NGramTextGenerator
    >>> model = NGramTextGenerator(n=2, smoothing="absolute_discounting")
    >>> model.fit(["a b", "a c"]).discounts_  # 2 / (2 + 2 * 2), 4 / (4 + 2 * 1)
    array([[0.33333333, 0.33333333, 0.33333333],
           [0.66666667, 0.66666667, 0.66666667]])
    """

    _parameter_constraints: dict = {
        "discount": [None, Interval(Real, 0, 1, closed="both")]
    }

    def __init__(self, discount: float | None = None) -> None:
        self.discount = discount

    def estimate_discounts(
        self, order: int, counts_of_counts: NDArray[np.integer]
    ) -> NDArray[np.float64] | None:
        _, ones, twos, _, _ = counts_of_counts
        discount = self.discount
        if discount is None:
            discount = ones / (ones + 2 * twos) if ones else 0.5
        return np.array([0, discount, discount, discount], dtype=float)


class KneserNey(_Discounting):
    """Modified, interpolated Kneser–Ney: the probabilities of KenLM's lmplz.

    Counts below the highest order are numbers of different left neighbours, and what
    is taken off depends on the count: D1 off a count of 1, D2 off 2, D3 off 3 or more.
    (Chen & Goodman 1998, section 3; Heafield et al. 2013.)

    Parameters
    ----------
    discounts : array-like of shape (3,) or (n, 3), default=None
        D1, D2 and D3 for all orders, or a row for each, with 0 <= Di <= i. None
        estimates them for each order from n1 to n4, the numbers of n-grams with counts
        1 to 4 (equation 26)::

            Y = n1 / (n1 + 2 n2)
            D1 = 1 - 2 Y n2 / n1
            D2 = 2 - 3 Y n3 / n2
            D3 = 3 - 4 Y n4 / n3

        Orders so small that this is undefined or not in [0, i] take 0.5, 1 and 1.5, as
        lmplz does with ``--discount_fallback``; ``discounts_`` then shows these.

    References
    ----------
    .. [1] S. F. Chen and J. Goodman, "An Empirical Study of Smoothing Techniques for
       Language Modeling", Technical Report TR-10-98, Harvard University, 1998.
    .. [2] K. Heafield, I. Pouzyrevsky, J. H. Clark and P. Koehn, "Scalable Modified
       Kneser-Ney Language Model Estimation", ACL 2013.

    Examples
    --------
    >>> from sklearn_sslm import NGramTextGenerator
    >>> model = NGramTextGenerator(n=2, smoothing="kneser_ney").fit(["a b", "a c"])
    >>> model.discounts_  # far too little text to estimate them from
    array([[0.5, 1. , 1.5],
           [0.5, 1. , 1.5]])
    """

    _parameter_constraints: dict = {"discounts": ["array-like", None]}

    continuation_counts = True

    def __init__(self, discounts: ArrayLike | None = None) -> None:
        self.discounts = discounts

    def estimate_discounts(
        self, order: int, counts_of_counts: NDArray[np.integer]
    ) -> NDArray[np.float64] | None:
        if self.discounts is None:
            return np.concatenate([[0], _chen_goodman_discounts(counts_of_counts)])
        try:
            given = np.asarray(self.discounts, dtype=float)
        except (TypeError, ValueError):
            given = np.zeros(0)
        if given.ndim == 2 and order <= len(given):
            given = given[order - 1]
        if given.shape != (3,) or not np.all((given >= 0) & (given <= [1, 2, 3])):
            msg = (
                "The 'discounts' parameter of KneserNey must be three numbers D1, D2, "
                "D3 with 0 <= Di <= i, or a row of three for each order. Got "
                f"{self.discounts!r}, which has no such row for order {order}."
            )
            raise ValueError(msg)
        return np.concatenate([[0], given])


_FALLBACK_DISCOUNTS = np.array([0.5, 1.0, 1.5])


def _chen_goodman_discounts(counts_of_counts):
    """D1, D2 and D3 by equation 26, or the fall-back where they make no sense."""
    n = counts_of_counts.astype(float)
    if not n[1:4].all():
        return _FALLBACK_DISCOUNTS
    i = np.array([1, 2, 3])
    y = n[1] / (n[1] + 2 * n[2])
    discounts = i - (i + 1) * y * n[i + 1] / n[i]
    in_range = np.all((discounts >= 0) & (discounts <= i))
    return discounts if in_range else _FALLBACK_DISCOUNTS


class StupidBackoff(Smoothing):
    """The relative frequency where seen, `alpha` times the shorter context's where not.

    The scores do not add up to 1 (Brants et al. 2007, equation 5). Sampling draws in
    proportion to them. A context that was never seen itself costs nothing here, as
    with all smoothings; in the paper, and in `nltk.lm`, it costs another `alpha`.

    Parameters
    ----------
    alpha : float, default=0.4
        Weight of the shorter context, in (0, 1].

    References
    ----------
    .. [1] T. Brants, A. C. Popat, P. Xu, F. J. Och and J. Dean, "Large Language Models
       in Machine Translation", EMNLP 2007.

    Examples
    --------
    >>> from sklearn_sslm import NGramTextGenerator
    >>> model = NGramTextGenerator(n=2, smoothing="stupid_backoff").fit(["a b", "a c"])
    >>> model.next_word_proba(["a"]).round(2)  # the end 0.4 · 2/6, a 0.4 · 2/6, b, c
    array([[0.13, 0.13, 0.5 , 0.5 ]])
    """

    _parameter_constraints: dict = {"alpha": [Interval(Real, 0, 1, closed="right")]}

    lower_order = "backoff"

    def __init__(self, alpha: float = 0.4) -> None:
        self.alpha = alpha

    def discounted(
        self, count: NDArray[np.integer], context: ContextStatistics
    ) -> NDArray[np.float64]:
        return count / context.total

    def backoff_weight(self, context: ContextStatistics) -> NDArray[np.float64]:
        return np.full(len(context.total), float(self.alpha))


SMOOTHINGS = {
    "mle": MaximumLikelihood,
    "lidstone": Lidstone,
    "witten_bell": WittenBell,
    "absolute_discounting": AbsoluteDiscounting,
    "kneser_ney": KneserNey,
    "stupid_backoff": StupidBackoff,
}
"""The smoothings that go by a name."""
