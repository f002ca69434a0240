"""What was heard before each token of a stream, in counts that decay."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from scipy.linalg.lapack import dgtsv

from ..counting import TokenStream
from ._memory_rules import MemoryLevel, MemoryRules


class Heard(NamedTuple):
    """What one memory had heard before each token of a stream.

    Attributes
    ----------
    word : ndarray of shape (n_tokens,), float64
        Decayed count of the token after its context.
    total : ndarray of shape (n_tokens,), float64
        Decayed count of all tokens after that context.
    repeats : ndarray of shape (n_tokens,), float64
        The part of it that had been heard after that context before.
    """

    word: np.ndarray
    total: np.ndarray
    repeats: np.ndarray


def heard_before(
    stream: TokenStream, rules: MemoryRules
) -> Iterator[tuple[MemoryLevel, Heard]]:
    """Decayed counts before each token of a stream, memory by memory.

    Parameters
    ----------
    stream : TokenStream
        What is heard, in order. Tokens are all but the opening boundaries.
    rules : MemoryRules

    Yields
    ------
    level : MemoryLevel
    heard : Heard

    Examples
    --------
    Of "a a b" every token but the first knows one "a", half of it at each token:

    >>> stream = TokenStream.from_texts(np.array([1, 1, 2]), np.array([3]))
    >>> for _, heard in heard_before(stream, MemoryRules((1,), n=1)):
    ...     print(heard.word, heard.total)
    [0.  0.5 0.  0. ] [0.    0.5   0.75  0.875]
    """
    is_token = np.ones(len(stream.ids), dtype=bool)
    is_token[stream.starts] = False
    tokens = np.flatnonzero(is_token)
    ones = np.ones(len(stream.ids))
    followed = ones.copy()
    followed[stream.starts + stream.lengths - 1] = 0
    orders = _windows_of_orders(stream, np.cumsum(is_token), rules.n)
    for half_life in rules.half_lives:
        words = repeated = ones  # those of the order above, where there is one
        for order in range(rules.n, max(rules.min_n - 1, 1) - 1, -1):
            columns = [ones, followed, repeated] if order < rules.n else [ones]
            level = MemoryLevel(order, half_life)
            counts = orders[order - 1].decayed(level, columns)
            if order < rules.n:  # the context ends before the token
                total, repeats = (column[tokens - 1] for column in counts[1:])
                yield level._replace(order=order + 1), Heard(words, total, repeats)
            words = counts[0][tokens]
            repeated = np.append(counts[0][1:] > 0, 0.0)
        if rules.min_n == 1:
            total = _decayed_ages(level, len(tokens))
            yield level, Heard(words, total, np.zeros(len(tokens)))


def _decayed_ages(level, n_tokens):
    """Decayed count of all tokens before each: 2^(−1/H) + … + 2^(−t/H) up to the span.

    >>> _decayed_ages(MemoryLevel(1, 1), 3)
    array([0.  , 0.5 , 0.75])
    """
    oldest = np.minimum(np.arange(n_tokens), level.span)
    return -np.expm1(-np.log(2) / level.half_life * oldest) / np.expm1(
        np.log(2) / level.half_life
    )


def _windows_of_orders(stream, time, n):
    """The windows of 1, 2, … n tokens of a stream."""
    symbol = stream.ids.astype(np.int64) + 1
    symbol[stream.starts] = symbol.max() + 1  # that a text starts, not that one ends
    place = np.arange(len(symbol)) - np.repeat(stream.starts, stream.lengths)
    n_symbols = int(symbol.max()) + 1
    orders, key, at = [], symbol, np.arange(len(symbol))
    for k in range(1, n + 1):
        orders.append(_Windows(k, key, at, time))
        if k < n:
            at = np.flatnonzero(place >= k)
            key = orders[-1].number(len(symbol))[at - 1] * n_symbols + symbol[at]
    return orders


class _Windows:
    """The windows of k tokens of a stream, equal ones side by side in their order.

    Parameters
    ----------
    key : ndarray of shape (n_windows,), int64
        Equal for equal windows.
    at : ndarray of shape (n_windows,), int64
        Where the last token of each stands.
    time : ndarray of shape (n_positions,), int64
        How many tokens were heard up to each position.
    """

    def __init__(self, k, key, at, time):
        self.k = k
        order = np.argsort(key, kind="stable")
        self._at, key = at[order], key[order]
        self._is_first = np.ones(len(key), dtype=bool)
        np.not_equal(key[1:], key[:-1], out=self._is_first[1:])
        self._time = time[self._at]
        self._n_positions = len(time)

    def number(self, size):
        """A number for each position that equal windows share; −1 is no window."""
        number = np.full(size, -1, dtype=np.int64)
        number[self._at] = np.cumsum(self._is_first) - 1
        return number

    def decayed(self, level, columns):
        """Decayed sums over the earlier windows that are equal to each.

        Parameters
        ----------
        level : MemoryLevel
            Its half-life and span.
        columns : list of ndarray of shape (n_positions,)
            What each window counts, by the position of its last token.

        Returns
        -------
        list of ndarray of shape (n_positions,), float64
            For each column; 0 where no window ends.
        """
        # With x = [1, 1, 1] for equal windows at times 1, 2, 4 and half-life 1, the sums
        # S_j = x_j + 2^(t_{j-1} - t_j) S_{j-1} are [1, 1.5, 1.375].
        gap = np.diff(self._time, prepend=0)
        gap[self._is_first] = 0
        kept = np.where(self._is_first, 0, np.exp2(-gap / level.half_life))
        x = np.stack([column[self._at] for column in columns], axis=1)
        sums = _solve_recurrence(kept, x)
        before = np.zeros_like(sums)
        before[1:] = kept[1:, None] * sums[:-1]
        late, expired, left = self._expired(level)
        before[late] -= left[:, None] * sums[expired]
        before[before < level.least / 2] = 0  # what rounding left of nothing
        spread = np.zeros((before.shape[1], self._n_positions))
        spread[:, self._at] = before.T
        return list(spread)

    def _expired(self, level):
        """Windows with earlier ones beyond the span, the last such, and what is left of it."""
        group = np.cumsum(self._is_first) - 1
        apart = int(self._time.max(initial=0)) + level.span + 1
        when = group * apart + self._time
        expired = np.searchsorted(when, when - level.span) - 1
        late = np.flatnonzero((expired >= 0) & (group[expired] == group))
        expired = expired[late]
        age = self._time[late] - self._time[expired]
        return late, expired, np.exp2(-age / level.half_life)


def _solve_recurrence(kept, x):
    """S_j = x_j + kept_j · S_{j−1}, by forward substitution in a band of two diagonals.

    >>> _solve_recurrence(np.array([0, 0.5, 0.25]), np.ones((3, 1))).ravel()
    array([1.   , 1.5  , 1.375])
    """
    if len(x) < 2:
        return x
    *_, sums, _ = dgtsv(-kept[1:], np.ones(len(x)), np.zeros(len(x) - 1), x)
    return sums
