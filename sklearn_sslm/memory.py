"""Cache models: words and phrases that occurred recently become likelier.

An n-gram model predicts a word from the n − 1 words before it. A cache model adds the
relative frequencies of what occurred earlier in the same text or conversation [1]_ [2]_.

References
----------
.. [1] R. Kuhn and R. De Mori, "A Cache-Based Natural Language Model for Speech
   Recognition", IEEE Transactions on Pattern Analysis and Machine Intelligence 12(6), 1990.
.. [2] J. T. Goodman, "A Bit of Progress in Language Modeling", Computer Speech & Language
   15(4), 2001.
"""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Integral, Real

from sklearn.base import BaseEstimator

from .utils import Interval

__all__ = ["RecentWords"]


class RecentWords(BaseEstimator):
    """A cache model of words and phrases that occurred recently, with decaying counts.

    It counts recent n-grams of each order from `min_n` to `n` [1]_. The weight of an
    occurrence is halved after each half-life, and 0 after ten of them. There is one level
    of counts for each order and half-life. The levels are interpolated with the language
    model one after the other, lower orders before higher ones, and longer half-lives
    before shorter ones. See Notes.

    Parameters
    ----------
    half_life : float or sequence of float, default=(4000, 100)
        Number of tokens after which the weight of an occurrence is halved, at least 1; or
        up to four such numbers in falling order. Long ones adapt to the subject of a text,
        short ones to the current passage.
    n : int, default=3
        The highest order of the n-grams counted: 1 counts words, 2 also pairs of words.
    min_n : int, default=1
        The lowest order. With 2, a word becomes likelier only after the word that it
        followed; for writing that is often enough.
    start : float, default=0.95
        Initial escape probability: the weight of the distribution below a level.
    strength : float, default=10
        Weight of `start`, as a number of uses of a level.
    forgetting : float, default=0.99
        Factor by which the weight of earlier uses is multiplied at each use of a level.

    See Also
    --------
    sklearn_sslm.NGramTextGenerator : Its parameter `memory` takes this object.

    Notes
    -----
    Level i has a half-life Hᵢ. Let cᵢ(h w) be the sum of 2^(−a / Hᵢ) over all earlier
    occurrences of the word w after the context h, each a ≤ 10 Hᵢ tokens ago, and cᵢ(h)
    the sum of cᵢ(h w) over all words. With the language model as q₀, level i has the
    distribution

        qᵢ(w) = (1 − eᵢ) cᵢ(h w) / cᵢ(h) + eᵢ qᵢ₋₁(w)

    and qᵢ₋₁ if cᵢ(h) = 0. Contexts do not extend across the start of a text.

    eᵢ is an escape probability as in PPM [2]_. Each level has one for each group of
    contexts with similar cᵢ(h) and a similar share of repeated words (a single one for
    order 1). It is estimated online, as the expected number of escapes, where the word came
    from the distribution below, divided by the number of uses of the level, both multiplied
    by `forgetting` at each use. It is updated every 64 tokens, and limited to the interval
    from 0.001 to 0.999.

    Goodman [3]_ compares caches of words, pairs and triples. A cache has counts only:
    nothing of it is fitted.

    References
    ----------
    .. [1] R. Kuhn and R. De Mori, "A Cache-Based Natural Language Model for Speech
       Recognition", IEEE Transactions on Pattern Analysis and Machine Intelligence 12(6),
       1990.
    .. [2] J. G. Cleary and I. H. Witten, "Data Compression Using Adaptive Coding and
       Partial String Matching", IEEE Transactions on Communications 32(4), 1984.
    .. [3] J. T. Goodman, "A Bit of Progress in Language Modeling", Computer Speech &
       Language 15(4), 2001, section 3.

    Examples
    --------
    In the model, "a", "b" and the end of a text have probability 1/3. Before the second
    "a", the cache has seen only an "a": its probability is 0.95 · 1/3 + 0.05 · 1. The end
    has not been seen: its probability is 0.95 · 1/3.

    >>> import numpy as np
    >>> from sklearn_sslm import NGramTextGenerator
    >>> from sklearn_sslm.memory import RecentWords
    >>> memory = RecentWords(half_life=100, n=1)
    >>> model = NGramTextGenerator(n=1, memory=memory).fit(["a b"])
    >>> float(np.exp(model.score_samples(["a a"])[0]))  # 0.3333 · 0.3667 · 0.3167
    0.0387...
    """

    _parameter_constraints: dict = {
        "half_life": [Real, "array-like"],
        "n": [Interval(Integral, 1, 16, closed="both")],
        "min_n": [Interval(Integral, 1, 16, closed="both")],
        "start": [Interval(Real, 0, 1, closed="both")],
        "strength": [Interval(Real, 0, None, closed="neither")],
        "forgetting": [Interval(Real, 0, 1, closed="right")],
    }

    def __init__(
        self,
        half_life: float | Sequence[float] = (4000, 100),
        n: int = 3,
        *,
        min_n: int = 1,
        start: float = 0.95,
        strength: float = 10,
        forgetting: float = 0.99,
    ) -> None:
        self.half_life = half_life
        self.n = n
        self.min_n = min_n
        self.start = start
        self.strength = strength
        self.forgetting = forgetting
