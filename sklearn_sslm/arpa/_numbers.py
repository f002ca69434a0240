"""Parsing of decimal numbers, with arrays."""

import re

import numpy as np

from ._fields import load8

_LONGEST = 40
_DECIMAL = re.compile(rb"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?|(?i:-inf(inity)?)")

_BYTE, _ZERO, _NINE = (np.uint64(n) for n in (0xFF, ord("0"), 9))
_FIRST_AND_THIRD = np.uint64(0xFF00FF)
_MINUS_AND_POINT = np.uint64(ord("-") | ord(".") << 16)

_ZEROS = np.uint64(0x3030303030303030)
_SIX = np.uint64(0x0606060606060606)
_HIGH = np.uint64(0xF0F0F0F0F0F0F0F0)
_PAIRS = np.uint64(0x00FF00FF00FF00FF)
_FOURS = np.uint64(0x0000FFFF0000FFFF)
_BEYOND = np.array([~((1 << 8 * n) - 1) % (1 << 64) for n in range(9)], np.uint64)
"""For each n, a mask of all bytes of an integer but the first n."""


def parse_numbers(buffer, starts, ends):
    """Parse numbers; NaN for invalid ones.

    Parameters
    ----------
    buffer : Buffer
    starts, ends : ndarray of shape (n_numbers,), int64

    Returns
    -------
    ndarray of shape (n_numbers,), float64

    Examples
    --------
    >>> from sklearn_sslm.arpa._fields import Buffer
    >>> buffer = Buffer(b"-1.25 5e-1 nan")
    >>> parse_numbers(buffer, np.array([0, 6, 11]), np.array([5, 10, 14]))
    array([-1.25,  0.5 ,   nan])
    """
    numbers, parsed = _parse_usual(buffer, starts, ends)
    for parse in (_parse_rarer, _parse_others):
        left = np.flatnonzero(~parsed)
        if not len(left):
            break
        numbers[left], parsed[left] = parse(buffer, starts[left], ends[left])
    return numbers


def _parse_usual(buffer, starts, ends):
    """Parse numbers such as −3.939143, with at most eight decimals.

    Returns
    -------
    numbers : ndarray of float64
    parsed : ndarray of bool
        Whether each number has this form.
    """
    decimals = starts + 3
    head = load8(buffer, starts, np.full(1, 3))
    numbers, parsed = _parse_decimals(buffer, decimals, ends - decimals)
    digit = head >> np.uint64(8)
    digit &= _BYTE
    digit -= _ZERO
    parsed &= digit <= _NINE
    head &= _FIRST_AND_THIRD
    parsed &= head == _MINUS_AND_POINT
    numbers += digit
    return np.negative(numbers, out=numbers), parsed


def _parse_rarer(buffer, starts, ends):
    """Parse numbers of one or two digits and up to 16 decimals, also negative ones."""
    head = load8(buffer, starts, np.minimum(ends - starts, 4))
    minus = (head & _BYTE) == ord("-")
    head >>= minus.astype(np.uint64) << np.uint64(3)
    # Now: a digit, the point; or two digits, the point; or no point at all.
    first, second, third = head & 0xFF, head >> 8 & 0xFF, head >> 16 & 0xFF
    two = (second != ord(".")) & (second != 0)
    parsed = (first - _ZERO <= 9) & ~(two & (second - _ZERO > 9))
    parsed &= ~two | (third == ord(".")) | (third == 0)
    whole = np.where(two, 10 * first + second - 11 * _ZERO, first - _ZERO)

    decimals = starts + minus + two + 2
    lengths = ends - decimals
    numbers, are_digits = _parse_decimals(buffer, decimals, np.minimum(lengths, 8))
    rest, are_digits_too = _parse_decimals(buffer, decimals + 8, lengths - 8)
    numbers += whole + rest * 1e-8
    np.negative(numbers, out=numbers, where=minus)
    return numbers, parsed & are_digits & are_digits_too


def _parse_decimals(buffer, starts, lengths):
    """The value of up to eight decimals, and whether all of them are digits.

    The eight bytes of an integer are parsed at once, with the first digit lowest.
    """
    few = np.clip(lengths, 0, 8)
    digits = load8(buffer, starts, few)
    digits |= _ZEROS & _BEYOND.take(few)
    digits ^= _ZEROS
    high = digits + _SIX  # sets a high bit of bytes from 10 to 15
    high |= digits  # and these are those of larger ones
    high &= _HIGH
    parsed = high == 0
    parsed &= lengths <= 8
    # [1, 2, 5, 0, 0, 0, 0, 0] -> pairs [12, 50, 0, 0] -> [1250, 0] -> 12500000
    for factor, shift, mask in ((10, 8, _PAIRS), (100, 16, _FOURS), (10000, 32, None)):
        right = digits >> np.uint64(shift)
        digits *= np.uint64(factor)
        digits += right
        digits &= mask or np.uint64(0xFFFFFFFF)
    return digits * 1e-8, parsed


def _parse_others(buffer, starts, ends):
    """Parse numbers of any form, one by one."""
    places = zip(starts.tolist(), ends.tolist(), strict=True)
    return [_parse_one(buffer.text[start:end]) for start, end in places], True


def _parse_one(field):
    """Parse a number, finite or −inf; NaN if it is invalid.

    >>> _parse_one(b"+2.5e1"), _parse_one(b"-Inf"), _parse_one(b"1_000"), _parse_one(b"inf")
    (25.0, -inf, nan, nan)
    """
    if len(field) > _LONGEST or not _DECIMAL.fullmatch(field):
        return np.nan
    number = float(field)
    is_too_large = abs(number) == np.inf and field[-1:].isdigit()
    return np.nan if is_too_large else number
