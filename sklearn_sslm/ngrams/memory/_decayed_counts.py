"""What was heard before each token of a stream, in counts that decay."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from scipy.linalg.lapack import dgtsv

from ..counting import BOUNDARY, TokenStream
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
    followed = _followed(stream, ones)
    orders = _windows_of_orders(stream, np.cumsum(is_token), rules.n)
    for half_life in rules.half_lives:
        words = repeated = ones  # those of the order above, where there is one
        for order in range(rules.n, max(rules.min_n - 1, 1) - 1, -1):
            columns = [ones]
            if order < rules.n:  # the windows are contexts, too
                columns += [repeated] if followed is ones else [repeated, followed]
            level = MemoryLevel(order, half_life)
            counts = orders[order - 1].decayed(level, columns)
            if order < rules.n:  # the context ends before the token
                total, repeats = counts[-1 if len(columns) > 2 else 0], counts[1]
                heard = Heard(words, total[tokens - 1], repeats[tokens - 1])
                yield level._replace(order=order + 1), heard
            words = counts[0][tokens]
            repeated = np.append(counts[0][1:] > 0, 0.0)
        if rules.min_n == 1:
            total = _decayed_ages(level, len(tokens))
            yield level, Heard(words, total, np.zeros(len(tokens)))


def _followed(stream, ones):
    """1 where a token follows in the text, else 0; `ones` if that makes no difference."""
    last = stream.starts + stream.lengths - 1
    # What ends texts is in no context, if it ends all of them, and comes nowhere else.
    ends = np.flatnonzero(stream.ids == BOUNDARY)
    expected = np.sort(np.concatenate([stream.starts, last]))
    if np.array_equal(ends, expected):
        return ones
    followed = ones.copy()
    followed[last] = 0
    return followed


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
    """The windows of 1, 2, … n tokens of a stream that come more than once."""
    symbol = stream.ids.astype(np.int64) + 1
    symbol[stream.starts] = symbol.max() + 1  # that a text starts, not that one ends
    n_symbols = int(symbol.max()) + 1
    starts = np.zeros(len(symbol), dtype=bool)
    starts[stream.starts] = True
    orders, key, at = [], symbol, np.arange(len(symbol))
    for k in range(1, n + 1):
        orders.append(_Windows(key, at, time))
        if k < n:  # what begins with a window that comes once comes once itself
            number = orders[-1].numbers()
            at = np.flatnonzero((number[:-1] >= 0) & ~starts[1:]) + 1
            key = number[at - 1] * n_symbols + symbol[at]
    return orders


class _Windows:
    """The windows of some tokens of a stream, equal ones side by side in their order.

    Windows that come only once are left out: nothing was heard of them before.

    Parameters
    ----------
    key : ndarray of shape (n_windows,), int64
        Equal for equal windows.
    at : ndarray of shape (n_windows,), int64
        Where the last token of each stands.
    time : ndarray of shape (n_positions,), int64
        How many tokens were heard up to each position.
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
        """A number for each position that equal windows share; −1 where none ends."""
        number = np.full(self._n_positions, -1, dtype=np.int64)
        number[self._at] = self._number
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
        ndarray of shape (n_columns, n_positions), float64
            0 where no window ends.
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
            before[before < level.least / 2] = 0  # what rounding left of nothing
            column[self._at] = before
        return result

    def _expired(self, level):
        """Windows with equal ones beyond the span, the last such, and what is left of it."""
        late = np.flatnonzero(self._age > level.span)
        # Within equal windows times rise, and these are far apart from all others.
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
    """``np.argsort(key, kind="stable")`` of integers of at least 0, by 16 bits at a time.

    NumPy sorts numbers of so few bits by counting them.

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
    """Make x_j the sums S_j = x_j + kept_j · S_{j−1}, in place, a row at a time.

    They are the solution of linear equations with two diagonals, of which one is 1.

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
