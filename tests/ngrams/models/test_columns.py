"""Tests of `sklearn_sslm.ngrams.models._columns`."""

import pickle
from bisect import bisect_left

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sklearn_sslm.ngrams import PackedIntegers, RisingIntegers
from sklearn_sslm.ngrams.models._columns import listed

numbers = st.integers(0, 57).flatmap(
    lambda n_bits: arrays(
        np.int64, st.integers(0, 99), elements=st.integers(0, 2**n_bits - 1)
    )
)


@given(numbers)
def test_numbers_come_back(numbers):
    """What was packed is read again: one by one, by places, by slices and as a whole."""
    packed = PackedIntegers.of(numbers)
    assert len(packed) == len(numbers)
    assert [packed.item(at) for at in range(len(numbers))] == numbers.tolist()
    assert [packed[at] for at in range(len(numbers))] == numbers.tolist()
    backwards = np.arange(len(numbers))[::-1]
    np.testing.assert_array_equal(packed[backwards], numbers[::-1])
    np.testing.assert_array_equal(packed[1:-1], numbers[1:-1])
    np.testing.assert_array_equal(np.asarray(packed), numbers)
    assert packed[backwards].dtype == np.int64
    assert packed.some(1, len(numbers)) == numbers[1:].tolist()
    rows = range(len(numbers) // 3, len(numbers))
    for column in (numbers, packed):
        assert listed(column, rows) == numbers[rows.start :].tolist()


@given(numbers, st.data())
def test_rising_numbers_are_searched(numbers, data):
    """`index` is that of `bisect_left` if the number is there; else it is −1."""
    rising = np.unique(numbers)
    packed = PackedIntegers.of(rising)
    first = data.draw(st.integers(0, len(rising)))
    last = data.draw(st.integers(first, len(rising)))
    number = data.draw(st.sampled_from([-1, 0, *rising.tolist(), 2**57]))
    row = bisect_left(rising.tolist(), number, first, last)
    is_there = row < last and rising[row] == number
    assert packed.index(number, first, last) == (row if is_there else -1)


@given(numbers)
def test_two_rising_numbers_are_read_at_once(numbers):
    """`two` are a number and the next, in whatever order they are asked for."""
    rising = np.sort(numbers)
    at = RisingIntegers.of(rising)
    places = list(range(len(rising) - 1))
    for place in places + places[::-1]:
        assert at.two(place) == tuple(rising[place : place + 2].tolist())


def test_copies_are_of_what_is_stored():
    """What was made to read numbers quickly is in no copy, and no pickle."""
    for numbers in (PackedIntegers.of(np.arange(99)), RisingIntegers.of(np.arange(99))):
        size = len(pickle.dumps(numbers))
        assert numbers.item(7) == 7
        again = pickle.loads(pickle.dumps(numbers))
        assert again.item(98) == 98
        assert len(pickle.dumps(numbers)) == size


@given(numbers)
def test_numbers_take_as_many_bits_as_the_largest(numbers):
    """And eight bytes more, so that eight can be read wherever a number begins."""
    packed = PackedIntegers.of(numbers)
    n_bits = max(map(int.bit_length, numbers.tolist()), default=0)
    assert packed.n_bits == n_bits
    assert len(packed.data) == -(-n_bits * len(numbers) // 8) + 8


def test_bits_are_stored_lowest_first():
    """1, 2 and 3 in two bits each are 0b11_10_01, and so are they in any other build."""
    packed = PackedIntegers.of(np.array([1, 2, 3]))
    assert packed.data.tolist() == [0b111001, 0, 0, 0, 0, 0, 0, 0, 0]


@pytest.mark.parametrize(
    ("n_bytes", "n_bits", "size"), [(9, 3, 3), (11, 3, 3), (40, 58, 3), (8, -1, 0)]
)
def test_bytes_that_do_not_fit_are_refused(n_bytes, n_bits, size):
    """Three numbers of 3 bits are 2 bytes and 8, and no number has over 57 bits."""
    with pytest.raises(ValueError, match=f"{size} numbers of {n_bits} bits must be"):
        PackedIntegers(np.zeros(n_bytes, dtype=np.uint8), n_bits, size)


@pytest.mark.parametrize("number", [2**57, 2**62, -1])
def test_numbers_that_do_not_fit_are_refused(number):
    """A number of 58 bits might begin at the last bit of a byte and end in a ninth."""
    with pytest.raises(ValueError, match=rf"\[0, 2\*\*57\)\. Got {number}\."):
        PackedIntegers.of(np.array([3, number, 1]))


@given(st.lists(st.integers(0, 2**40), max_size=100).map(sorted))
def test_numbers_come_back_that_rise(numbers):
    """What was packed is read again: one by one, by places and as a whole."""
    rising = RisingIntegers.of(np.array(numbers, dtype=np.int64))
    assert len(rising) == len(numbers)
    assert [rising.item(at) for at in range(len(numbers))] == numbers
    assert [rising[at] for at in range(len(numbers))] == numbers
    backwards = np.arange(len(numbers))[::-1]
    assert rising[backwards].tolist() == numbers[::-1]
    assert np.asarray(rising, dtype=np.int64).tolist() == numbers


def test_only_what_is_inside_of_blocks_costs_bits_for_each():
    """3200 numbers that rise by 2: offsets up to 62 need 6 bits, starts up to 6336 13."""
    rising = RisingIntegers.of(2 * np.arange(3200))
    assert (rising.offsets.n_bits, rising.starts.n_bits) == (6, 13)
    assert (len(rising.offsets), len(rising.starts)) == (3200, 100)


def test_blocks_that_do_not_fit_are_refused():
    """33 numbers are two blocks."""
    offsets = PackedIntegers.of(np.zeros(33, dtype=int))
    with pytest.raises(ValueError, match=r"33 numbers .* blocks of 32\. Got 1 blocks"):
        RisingIntegers(PackedIntegers.of(np.zeros(1, dtype=int)), offsets)
