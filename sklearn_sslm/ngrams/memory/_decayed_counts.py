"""Decayed counts before each token of a stream, computed with arrays."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from scipy.linalg.lapack import dgtsv

from ..counting import BOUNDARY, TokenStream
from ._memory_rules import MemoryLevel, MemoryRules


class DecayedCounts(NamedTuple):
    """The counts of one memory level before each token w of a stream, with context h.

    Attributes
    ----------
    word : ndarray of shape (n_tokens,), float64
        Decayed count c(h w).
    total : ndarray of shape (n_tokens,), float64
        Decayed count c(h) of all tokens after h.
    repeats : ndarray of shape (n_tokens,), float64
        The part of c(h) by tokens that had occurred after h before.
    """

    word: np.ndarray
    total: np.ndarray
    repeats: np.ndarray


def decayed_counts(
    stream: TokenStream, rules: MemoryRules
) -> Iterator[tuple[MemoryLevel, DecayedCounts]]:
    """Decayed counts before each token of a stream, one level of the memory at a time.

    Parameters
    ----------
    stream : TokenStream
        Texts in order. Tokens are all ids but the opening boundaries.
    rules : MemoryRules

    Yields
    ------
    level : MemoryLevel
    counts : DecayedCounts

    Examples
    --------
    The tokens of "a a b" with a half-life of one token: before the second "a" there is
    one "a" with weight 1/2; before "b" there are two, with weights 1/2 and 1/4.

    >>> stream = TokenStream.from_texts(np.array([1, 1, 2]), np.array([3]))
    >>> for _, counts in decayed_counts(stream, MemoryRules((1,), n=1)):
    ...     print(counts.word, counts.total)
    [0.  0.5 0.  0. ] [0.    0.5   0.75  0.875]
    """
    is_token = np.ones(len(stream.ids), dtype=bool)
    is_token[stream.starts] = False
    tokens = np.flatnonzero(is_token)
    ones = np.ones(len(stream.ids))
    followed = _followed(stream, ones)
    orders = _windows_of_orders(stream, np.cumsum(is_token), rules.n)
    for half_life in rules.half_lives:
        words = repeated = ones  # of the next higher order, once there is one
        for order in range(rules.n, max(rules.min_n - 1, 1) - 1, -1):
            columns = [ones]
            if order < rules.n:  # the windows are contexts of the next higher order
                columns += [repeated] if followed is ones else [repeated, followed]
            level = MemoryLevel(order, half_life)
            sums = orders[order - 1].decayed(level, columns)
            if order < rules.n:  # the context ends before the token
                total, repeats = sums[-1 if len(columns) > 2 else 0], sums[1]
                counts = DecayedCounts(words, total[tokens - 1], repeats[tokens - 1])
                yield level._replace(order=order + 1), counts
            words = sums[0][tokens]
            repeated = np.append(sums[0][1:] > 0, 0.0)
        if rules.min_n == 1:
            total = _decayed_ages(level, len(tokens))
            yield level, DecayedCounts(words, total, np.zeros(len(tokens)))


def _followed(stream, ones):
    """1 at positions that a token of the same text follows, else 0.

    The array `ones` itself if counts are the same with it.
    """
    last = stream.starts + stream.lengths - 1
    # If boundaries are at the ends of all texts and nowhere inside, then windows that end
    # with a closing boundary are no contexts of any token.
    ends = np.flatnonzero(stream.ids == BOUNDARY)
    expected = np.sort(np.concatenate([stream.starts, last]))
    if np.array_equal(ends, expected):
        return ones
    followed = ones.copy()
    followed[last] = 0
    return followed


def _decayed_ages(level, n_tokens):
    """Decayed count of all tokens before token t: 2^(−1/H) + … + 2^(−min(t, span)/H).

    >>> _decayed_ages(MemoryLevel(1, 1), 3)
    array([0.  , 0.5 , 0.75])
    """
    oldest = np.minimum(np.arange(n_tokens), level.span)
    return -np.expm1(-np.log(2) / level.half_life * oldest) / np.expm1(
        np.log(2) / level.half_life
    )


def _windows_of_orders(stream, time, n):
    """The windows of 1, 2, … n ids that occur more than once, a `_Windows` each."""
    symbol = stream.ids.astype(np.int64) + 1
    symbol[stream.starts] = symbol.max() + 1  # unlike 0, the end of a text
    n_symbols = int(symbol.max()) + 1
    starts = np.zeros(len(symbol), dtype=bool)
    starts[stream.starts] = True
    orders, key, at = [], symbol, np.arange(len(symbol))
    for k in range(1, n + 1):
        orders.append(_Windows(key, at, time))
        if k < n:  # a window that occurs once is no beginning of one that occurs twice
            number = orders[-1].numbers()
            at = np.flatnonzero((number[:-1] >= 0) & ~starts[1:]) + 1
            key = number[at - 1] * n_symbols + symbol[at]
    return orders


class _Windows:
    """Windows of one length, grouped by equality and in order of time within a group.

    Windows that occur only once are left out, as their counts are 0.

    Parameters
    ----------
    key : ndarray of shape (n_windows,), int64
        Equal for equal windows.
    at : ndarray of shape (n_windows,), int64
        Position of the last id of each window.
    time : ndarray of shape (n_positions,), int64
        Number of tokens up to each position.
    """

    def __init__(self, key, at, time):
        order = _stable_order(key)
        key = key[order]
        is_first = np.ones(len(key) + 1, dtype=bool)
        np.not_equal(key[1:], key[:-1], out=is_first[1:-1])
        several = np.flatnonzero(~(is_first[:-1] & is_first[1:]))
        self._at = at[order[several]]
        self._is_first = is_first[several]
        self._number = np.cumsum(self._is_first) - 1
        self._time = time[self._at]
        self._gap = np.diff(self._time, prepend=0)
        self._age = self._time - self._time[self._is_first][self._number]
        self._n_positions = len(time)

    def numbers(self):
        """The number of the group of the window that ends at each position.

        −1 where no window ends that occurs more than once.
        """
        number = np.full(self._n_positions, -1, dtype=np.int64)
        number[self._at] = self._number
        return number

    def decayed(self, level, columns):
        """For each window, decayed sums over the earlier windows equal to it.

        Parameters
        ----------
        level : MemoryLevel
            With the half-life and the span.
        columns : list of ndarray of shape (n_positions,)
            Values to sum; the value of a window is that at the position of its last id.

        Returns
        -------
        ndarray of shape (n_columns, n_positions), float64
            By the position of the window's last id; 0 where no window ends.
        """
        # With x = [1, 1, 1] for equal windows at times 1, 2, 4 and half-life 1, the sums
        # S_j = x_j + 2^(t_{j-1} - t_j) S_{j-1} are [1, 1.5, 1.375].
        gap = np.where(self._is_first, np.inf, self._gap)
        kept = np.exp2(-gap / level.half_life)
        sums = np.stack([column[self._at] for column in columns])
        _solve_recurrence(kept, sums)
        late, expired, left = self._expired(level)
        result = np.zeros((len(columns), self._n_positions))
        for column, of_windows in zip(result, sums, strict=True):
            before = np.zeros(len(kept))
            np.multiply(kept[1:], of_windows[:-1], out=before[1:])
            before[late] -= left * of_windows[expired]
            before[before < level.least / 2] = 0  # less than any occurrence: rounding
            column[self._at] = before
        return result

    def _expired(self, level):
        """Which windows have equal ones before their span.

        Returns
        -------
        late : ndarray of int
            These windows.
        expired : ndarray of int
            The latest equal window before the span of each.
        left : ndarray of float
            The factor by which the sum at that window has decayed.
        """
        late = np.flatnonzero(self._age > level.span)
        # Times rise within a group. Shifting groups apart makes all of them rise, so that
        # one binary search finds a time within a group.
        apart = int(self._time.max(initial=0)) + level.span + 1
        when = self._number * apart
        when += self._time
        asked = when.take(late)
        asked -= level.span
        expired = np.searchsorted(when, asked)
        expired -= 1
        age = self._time[late] - self._time[expired]
        return late, expired, np.exp2(-age / level.half_life)


def _stable_order(key):
    """``np.argsort(key, kind="stable")`` of non-negative integers, 16 bits at a time.

    NumPy sorts 16-bit integers by radix sort, several times as fast as wider ones.

    >>> _stable_order(np.array([70000, 1, 70000, 0]))
    array([3, 1, 0, 2])
    """
    bits = int(key.max(initial=0)).bit_length()
    order = np.argsort(key.astype(np.uint16), kind="stable")
    for shift in range(16, bits, 16):
        digit = (key[order] >> shift).astype(np.uint16)
        order = order[np.argsort(digit, kind="stable")]
    return order


def _solve_recurrence(kept, x):
    """Replace x_j by S_j = x_j + kept_j · S_{j−1} in each row, in place.

    These are linear equations with a bidiagonal matrix, which LAPACK solves in one pass.

    >>> x = np.ones((1, 3))
    >>> _solve_recurrence(np.array([0, 0.5, 0.25]), x)
    >>> x
    array([[1.   , 1.5  , 1.375]])
    """
    size = len(kept)
    if size > 1:
        *_, sums, _ = dgtsv(
            -kept[1:], np.ones(size), np.zeros(size - 1), x.T, 1, 1, 1, 1
        )
        x[:] = sums.T
