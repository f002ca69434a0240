"""A memory of recent words: what was just said becomes likely again.

An n-gram model forgets everything before its last n − 1 words. A memory counts what was
heard before, and mixes these counts with what the model says.

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
    """Remember words and phrases that were just heard, and make them likely again.

    A cache model [1]_ whose counts decay: an occurrence counts half after a half-life, and
    is forgotten after ten. For each order k from `min_n` to `n` and each half-life, words
    after the k − 1 words before them are counted. These memories are mixed with the
    language model one after the other, short contexts before long ones and slow memories
    before fast ones. See Notes.

    Parameters
    ----------
    half_life : float or sequence of float, default=(4000, 100)
        Tokens after which what was heard counts half, at least 1; up to four of them, falling.
        The long ones learn the subject, the short ones what is being talked about.
    n : int, default=3
        The highest order that is remembered: 1 is single words, 2 also pairs of words.
    min_n : int, default=1
        The lowest order. With 2 a word becomes more likely after the word that it was heard
        after, but not anywhere; for writing that is often enough.
    start : float, default=0.95
        Escape probability before anything was heard: the share that a memory leaves to what
        is below it.
    strength : float, default=10
        How many uses `start` counts for.
    forgetting : float, default=0.99
        Share of a use of an escape probability that remains when the next one comes.

    See Also
    --------
    sklearn_sslm.NGramTextGenerator : Has it as its parameter `memory`.

    Notes
    -----
    Let c_i(h w) be the sum of 2^(−a / H_i) over all times that the word w was heard after
    the context h, a tokens ago and a ≤ 10 H_i, and c_i(h) that of all words. With the
    language model as q_0, memory i gives

        q_i(w) = (1 − e_i) c_i(h w) / c_i(h) + e_i q_{i−1}(w)

    where it has heard something after h, and q_{i−1}(w) elsewhere. All of these sum to 1. A
    context does not reach across the start of its text.

    e_i is the escape probability, as in PPM [2]_. Each memory has one for contexts of a
    similar c_i(h) and share of repeated words (a single one for order 1), learned online
    from how often the words that came were those below: the expected number of escapes by
    that of uses, both multiplied by `forgetting` at each use. They come into use after
    every 64 tokens, and stay within 0.001 and 0.999.

    Goodman [3]_ compares caches of single words, pairs and triples. What is remembered are
    only counts: nothing is learned in advance, and nothing is fitted.

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
    To the model "a", "b" and the end are equally likely. The second "a" was heard one token
    ago, and nothing else: it has 0.95 · 1/3 + 0.05 · 1. The end was not heard, so that it
    has 0.95 · 1/3.

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
