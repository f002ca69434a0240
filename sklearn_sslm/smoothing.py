"""Smoothing methods, which give probability to words never seen after a context.

A smoothing computes two weights from counts: the discounted probability
``discounted(h, w)`` of a word w that was seen after the context h, and the backoff weight
``backoff_weight(h)`` of the distribution after the shorter context h', which is h without
its first word:

    p(w | h) = discounted(h, w) + backoff_weight(h) * p(w | h')

The empty context backs off to the uniform distribution over all events: the known words,
the end of the text, and one unknown word. A context that was never seen has a backoff
weight of 1. Scoring, sampling and the next-word distribution are written once for all
smoothings, in terms of these two weights.

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
    """Base class of smoothings.

    A subclass implements `discounted` and `backoff_weight` on NumPy arrays. It has
    parameters, but no state; the counts are the attributes of the argument ``context``:

    - ``total``: the sum of the counts of the words after the context, never 0;
    - ``types``: the number of different words after the context;
    - ``ones``, ``twos``: the number of different words with a count of 1, and of 2;
    - ``discounts``: the result of `estimate_discounts` for this order;
    - ``n_events``: the number of possible events: the known words, the end of the text,
      and one unknown word.

    Attributes
    ----------
    continuation_counts : bool, default=False
        Whether orders below the highest use continuation counts: the number of
        different words that precede an n-gram, instead of its count. N-grams at the
        start of a text, which no word precedes, have their counts.
    lower_order : {"interpolate", "backoff", "uniform", "none"}, default="interpolate"
        The distribution that the backoff weight multiplies: "interpolate", that of the
        shorter context, for all words; "backoff", the same, but for unseen words only;
        "uniform", the uniform distribution; "none", no distribution.
    takes_numbers : bool, default=False
        Whether the methods also accept single Python numbers in place of arrays, with the
        same results; this makes scoring single texts faster. It is not inherited.

    References
    ----------
    .. [1] S. F. Chen and J. Goodman, "An Empirical Study of Smoothing Techniques for
       Language Modeling", Technical Report TR-10-98, Harvard University, 1998.

    Examples
    --------
    A smoothing with the same backoff weight for every context, as that of Jelinek and
    Mercer [1]_ (equation 12):

    >>> from sklearn_sslm import NGramTextGenerator
    >>> from sklearn_sslm.smoothing import Smoothing
    >>> class JelinekMercer(Smoothing):
    ...     def __init__(self, share=0.5):
    ...         self.share = share
    ...     def discounted(self, count, context):
    ...         return (1 - self.share) * count / context.total
    ...     def backoff_weight(self, context):
    ...         return np.full(np.shape(context.total), self.share)
    ...
    >>> model = NGramTextGenerator(n=2, smoothing=JelinekMercer(share=0.2))
    >>> model.fit(["a b", "a c"]).next_words(["a"], k=2)[0][0]
    ('b', 0.43...)
    """

    _parameter_constraints: dict = {}

    continuation_counts = False
    lower_order = "interpolate"
    takes_numbers = False

    def __init_subclass__(cls) -> None:
        cls.takes_numbers = vars(cls).get("takes_numbers", False)

    def discounted(
        self, count: NDArray[np.integer], context: ContextStatistics
    ) -> NDArray[np.float64]:
        """Discounted probability α of n-grams, 0 for those never seen.

        At most ``count / context.total``; the rest is the backoff weight.

        Parameters
        ----------
        count : ndarray of shape (n_ngrams,), int
            The count, or continuation count, of each n-gram.
        context : ContextStatistics
            The statistics of the context of each n-gram, of shape (n_ngrams,).

        Returns
        -------
        ndarray of shape (n_ngrams,), float64
        """
        raise NotImplementedError(f"{type(self).__name__} must define discounted()")

    def backoff_weight(self, context: ContextStatistics) -> NDArray[np.float64]:
        """Backoff weight γ of contexts.

        Parameters
        ----------
        context : ContextStatistics
            The statistics of each context, of shape (n_contexts,).

        Returns
        -------
        ndarray of shape (n_contexts,), float64
        """
        raise NotImplementedError(f"{type(self).__name__} must define backoff_weight()")

    def estimate_discounts(
        self, order: int, counts_of_counts: NDArray[np.integer]
    ) -> NDArray[np.float64] | None:
        """Estimate the discounts of one order; None for a smoothing without discounts.

        Parameters
        ----------
        order : int
            The order k, from 1.
        counts_of_counts : ndarray of shape (5,), int
            The number of n-grams of this order with count 0, 1, 2, 3 and 4.

        Returns
        -------
        ndarray of shape (4,), float64, or None
            The discounts of counts 0, 1, 2, and 3 or more.
        """
        return None


class MaximumLikelihood(Smoothing):
    """No smoothing: p(w | h) = c(h w) / c(h).

    It does not back off: a word never seen after a context has probability 0 there.

    Examples
    --------
    >>> from sklearn_sslm import NGramTextGenerator
    >>> model = NGramTextGenerator(n=2, smoothing="mle").fit(["a b", "a c", "a c"])
    >>> model.next_words(["a"], k=1)
    [[('c', 0.66...)]]
    """

    lower_order = "none"
    takes_numbers = True

    def discounted(
        self, count: NDArray[np.integer], context: ContextStatistics
    ) -> NDArray[np.float64]:
        return count / context.total

    def backoff_weight(self, context: ContextStatistics) -> NDArray[np.float64]:
        return np.zeros(np.shape(context.total))


class Lidstone(Smoothing):
    """Add `alpha` to every count: p(w | h) = (c(h w) + alpha) / (c(h) + alpha V).

    V is the number of events: the known words, the end, one unknown word. With
    ``alpha=1`` this is Laplace's rule. (Chen & Goodman 1998, equation 7.)

    Parameters
    ----------
    alpha : float, default=1.0
        The number added to each count, in the range (0, 1e100].

    Notes
    -----
    After a context that was never seen, words have the probabilities of the shorter
    context, as with all smoothings; in `nltk.lm` all words are equally likely there.

    Examples
    --------
    >>> from sklearn_sslm import NGramTextGenerator
    >>> model = NGramTextGenerator(n=2, smoothing="lidstone").fit(["a b", "a c"])
    >>> model.next_words(["a"], k=1)  # (1 + 1) / (2 + 1 * 5)
    [[('b', 0.28...)]]
    """

    _parameter_constraints: dict = {
        # The upper bound prevents overflow; all words are equally likely long before.
        "alpha": [Interval(Real, 0, 1e100, closed="right")]
    }

    lower_order = "uniform"
    takes_numbers = True

    def __init__(self, alpha: float = 1.0) -> None:
        self.alpha = alpha

    def discounted(
        self, count: NDArray[np.integer], context: ContextStatistics
    ) -> NDArray[np.float64]:
        return count / (context.total + self.alpha * context.n_events)

    def backoff_weight(self, context: ContextStatistics) -> NDArray[np.float64]:
        added: typing.Any = self.alpha * context.n_events
        return added / (context.total + added)


class WittenBell(Smoothing):
    """Back off with weight T / (c(h) + T), where T different words followed h.

    T is the number of occurrences in which a word was new after h. (Witten &
    Bell 1991, method C; Chen & Goodman 1998, equation 17.)

    Notes
    -----
    The empty context backs off to the uniform distribution. In `nltk.lm` it does not
    back off, so that an unknown word has probability 0.

    Examples
    --------
    >>> from sklearn_sslm import NGramTextGenerator
    >>> model = NGramTextGenerator(n=2, smoothing="witten_bell").fit(["a b", "a c"])
    >>> model.next_words(["a"], k=1)
    [[('b', 0.34)]]
    """

    takes_numbers = True

    def discounted(
        self, count: NDArray[np.integer], context: ContextStatistics
    ) -> NDArray[np.float64]:
        return count / (context.total + context.types)

    def backoff_weight(self, context: ContextStatistics) -> NDArray[np.float64]:
        return context.types / (context.total + context.types)


class _Discounting(Smoothing):
    """Subtract a discount from each count; the backoff weight is their sum over c(h)."""

    strength = 0.0

    def discounted(
        self, count: NDArray[np.integer], context: ContextStatistics
    ) -> NDArray[np.float64]:
        # For Python numbers, NumPy's functions take several times as long.
        least, most = (min, max) if isinstance(count, int) else (np.minimum, np.maximum)
        discounted = most(count - context.discounts[least(count, 3)], 0) / context.total
        return discounted * self._trust(context) if self.strength else discounted

    def backoff_weight(self, context: ContextStatistics) -> NDArray[np.float64]:
        _, one, two, more = context.discounts
        total, ones, twos = context.total, context.ones, context.twos
        subtracted = one * ones + two * twos + more * (context.types - ones - twos)
        weight = subtracted / total
        if not self.strength:
            return weight
        trust = self._trust(context)
        return weight * trust + (1 - trust)

    def _trust(self, context):
        """c(h) / (c(h) + θ), with θ = strength · V."""
        return context.total / (context.total + self.strength * context.n_events)


class AbsoluteDiscounting(_Discounting):
    """Subtract the same `discount` from every count (Chen & Goodman 1998, equation 18).

    Parameters
    ----------
    discount : float, default=None
        The discount, in [0, 1]. None estimates it for each order as n1 / (n1 + 2 n2),
        where n1 and n2 are the numbers of n-grams with count 1 and 2 (equation 20);
        if that is 0 or undefined, it is 0.5.

    Notes
    -----
    Unigrams are discounted too, and back off to the uniform distribution; `nltk.lm` does
    neither.

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

    takes_numbers = True

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
    """Modified, interpolated Kneser–Ney smoothing, with the probabilities of KenLM's lmplz.

    Orders below the highest use continuation counts, and the discount depends on the
    count: D1 for a count of 1, D2 for 2, D3 for 3 or more. (Chen & Goodman 1998, section
    3; Heafield et al. 2013.)

    Parameters
    ----------
    discounts : array-like of shape (3,) or (n, 3), default=None
        D1, D2 and D3 for all orders, or a row for each, with 0 <= Di <= i. None
        estimates them for each order, with n1, …, n4 for the numbers of n-grams with
        count 1, …, 4 (equation 26)::

            Y = n1 / (n1 + 2 n2)
            D1 = 1 - 2 Y n2 / n1
            D2 = 2 - 3 Y n3 / n2
            D3 = 3 - 4 Y n4 / n3

        If one of these is undefined or not in [0, i], as in small corpora, they are 0.5,
        1 and 1.5, as of lmplz with ``--discount_fallback``.
    strength : float, default=0.0
        The strength parameter θ of the hierarchical Pitman–Yor model [3]_, divided by the
        number V of events; Kneser–Ney is the case θ = 0. Both weights are as if
        ``strength * V`` further words, drawn from the shorter context, had followed each
        context. It reduces the weight of rare contexts, which hardly changes perplexity,
        but makes `NGramClassifier` more accurate.

    References
    ----------
    .. [1] S. F. Chen and J. Goodman, "An Empirical Study of Smoothing Techniques for
       Language Modeling", Technical Report TR-10-98, Harvard University, 1998.
    .. [2] K. Heafield, I. Pouzyrevsky, J. H. Clark and P. Koehn, "Scalable Modified
       Kneser-Ney Language Model Estimation", ACL 2013.
    .. [3] Y. W. Teh, "A Hierarchical Bayesian Language Model based on Pitman-Yor
       Processes", ACL 2006, section 4.

    Examples
    --------
    >>> from sklearn_sslm import NGramTextGenerator
    >>> model = NGramTextGenerator(n=2, smoothing="kneser_ney").fit(["a b", "a c"])
    >>> model.discounts_  # undefined by the formulas for so little text
    array([[0.5, 1. , 1.5],
           [0.5, 1. , 1.5]])
    """

    _parameter_constraints: dict = {
        "discounts": ["array-like", None],
        "strength": [Interval(Real, 0, 1e100, closed="both")],
    }

    continuation_counts = True
    takes_numbers = True

    def __init__(
        self, discounts: ArrayLike | None = None, *, strength: float = 0.0
    ) -> None:
        self.discounts = discounts
        self.strength = strength

    def estimate_discounts(
        self, order: int, counts_of_counts: NDArray[np.integer]
    ) -> NDArray[np.float64] | None:
        if self.discounts is None:
            return np.array([0, *_chen_goodman_discounts(counts_of_counts)])
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


_FALLBACK_DISCOUNTS = [0.5, 1.0, 1.5]


def _chen_goodman_discounts(counts_of_counts):
    """D1, D2 and D3 by equation 26; the fallback if one is undefined or out of range."""
    # Python numbers are faster here than arrays.
    _, one, two, three, four = counts_of_counts.tolist()
    if not (one and two and three):
        return _FALLBACK_DISCOUNTS
    y = one / (one + 2 * two)
    d1, d2, d3 = (
        1 - 2 * y * two / one,
        2 - 3 * y * three / two,
        3 - 4 * y * four / three,
    )
    in_range = 0 <= d1 <= 1 and 0 <= d2 <= 2 and 0 <= d3 <= 3
    return [d1, d2, d3] if in_range else _FALLBACK_DISCOUNTS


class StupidBackoff(Smoothing):
    """Stupid backoff: relative frequencies, or `alpha` times the score after h'.

    The score of a word seen after h is its relative frequency there; that of any other
    word is `alpha` times its score after h' (Brants et al. 2007, equation 5). Scores do
    not sum to 1; words are drawn in proportion to them. For a context that was never
    seen, the backoff weight is 1, as with all smoothings; in the paper, and in
    `nltk.lm`, it is `alpha`.

    Parameters
    ----------
    alpha : float, default=0.4
        The backoff weight, in (0, 1].

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
    takes_numbers = True

    def __init__(self, alpha: float = 0.4) -> None:
        self.alpha = alpha

    def discounted(
        self, count: NDArray[np.integer], context: ContextStatistics
    ) -> NDArray[np.float64]:
        return count / context.total

    def backoff_weight(self, context: ContextStatistics) -> NDArray[np.float64]:
        return np.full(np.shape(context.total), float(self.alpha))


SMOOTHINGS = {
    "mle": MaximumLikelihood,
    "lidstone": Lidstone,
    "witten_bell": WittenBell,
    "absolute_discounting": AbsoluteDiscounting,
    "kneser_ney": KneserNey,
    "stupid_backoff": StupidBackoff,
}
"""The smoothings by their names as a parameter."""
