"""What may be said next: the controls of generation.

Names and meaning are those of Hugging Face's ``GenerationConfig``. First words are
barred, then the rest is reshaped, in the order temperature, top-k, top-p, min-p.
"""

from dataclasses import dataclass, field

import numpy as np

from ..counting import BOUNDARY


def _no_words():
    return np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class Controls:
    """Which words may come next, and how boldly they are drawn.

    Attributes
    ----------
    temperature : float
        Probabilities are raised to 1 / temperature; 0 takes the likeliest word.
    top_k : int or None
        Only the k likeliest words, and those as likely as the last of them.
    top_p : float or None
        Only the likeliest words that together reach this probability.
    min_p : float or None
        Only words with this share of the likeliest one's probability.
    no_repeat_ngram_size : int
        No sequence of so many words comes twice; 0 is no limit.
    bad_words : ndarray of int
        Words that are never said.
    stop : ndarray of int
        Words that end a text.
    """

    temperature: float = 1.0
    top_k: int | None = None
    top_p: float | None = None
    min_p: float | None = None
    no_repeat_ngram_size: int = 0
    bad_words: np.ndarray = field(default_factory=_no_words)
    stop: np.ndarray = field(default_factory=_no_words)

    @property
    def has_bans(self):
        """Whether any word may be barred."""
        return bool(len(self.bad_words) or self.no_repeat_ngram_size)

    @property
    def has_warps(self):
        """Whether what is not barred is drawn otherwise than by its probability."""
        shape = (self.temperature, self.top_k, self.top_p, self.min_p)
        return shape != (1.0, None, None, None)

    def allow(self, words, p, may_end, repeats=()):
        """Set the probability of what may not come next to 0.

        Parameters
        ----------
        words : ndarray of shape (n_words,), int
            Ids in rising order.
        p : ndarray of shape (n_words,), float64
            Their probabilities.
        may_end : bool
            Whether the text may end here.
        repeats : iterable of int
            Words that would repeat what was said.

        Returns
        -------
        ndarray of shape (n_words,), float64
        """
        barred = [*self.bad_words, *repeats]
        if not may_end:
            barred.append(BOUNDARY)
        p = p.copy()
        p[np.isin(words, barred)] = 0
        return p

    def warp(self, p):
        """Reshape probabilities that need not add up to 1.

        >>> Controls(temperature=0.5).warp(np.array([0.6, 0.3]))
        array([1.  , 0.25])
        >>> Controls(top_k=2).warp(np.array([0.5, 0.2, 0.3]))
        array([0.5, 0. , 0.3])
        >>> Controls(top_p=0.7).warp(np.array([0.5, 0.2, 0.3]))
        array([0.5, 0. , 0.3])
        >>> Controls(min_p=0.5).warp(np.array([0.5, 0.2, 0.3]))
        array([0.5, 0. , 0.3])
        """
        if self.temperature == 0:
            likeliest = np.zeros_like(p)
            likeliest[np.argmax(p)] = 1
            return likeliest
        if self.temperature != 1:
            p = (p / p.max()) ** (1 / self.temperature)
        if self.top_k is not None and self.top_k < len(p):
            p = np.where(p < np.partition(p, -self.top_k)[-self.top_k], 0, p)
        if self.top_p is not None:
            likeliest = np.argsort(-p, kind="stable")
            reached = np.cumsum(p[likeliest]) / p.sum()
            beyond = likeliest[np.searchsorted(reached, self.top_p - 1e-12) + 1 :]
            p = p.copy()
            p[beyond] = 0
        if self.min_p is not None:
            p = np.where(p < self.min_p * p.max(), 0, p)
        return p


class SaidNGrams:
    """The n-grams of a text so far, and the words that would end one of them again.

    Parameters
    ----------
    size : int
        Words of an n-gram; 0 keeps none.
    words : iterable of int, default=()
        The text so far.

    Examples
    --------
    >>> said = SaidNGrams(3, [1, 2, 3, 1, 2])
    >>> said.repeats()
    [3]
    >>> said.add(4)
    >>> said.repeats()
    []
    """

    def __init__(self, size, words=()):
        self._n_before = size - 1
        self._last = ()
        self._after = {}
        for word in words:
            self.add(word)

    def add(self, word):
        """Go one word on."""
        if self._n_before < 0:
            return
        self._after.setdefault(self._last, []).append(word)
        last = (*self._last, word)
        self._last = last[max(0, len(last) - self._n_before) :]

    def repeats(self):
        """The words that would end an n-gram said before."""
        if len(self._last) < self._n_before:
            return []  # what begins the text is shorter than an n-gram
        return self._after.get(self._last, [])
