"""Tests of `sklearn_sslm.ngrams.models._rising_integers`."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sklearn_sslm.ngrams import PackedIntegers, RisingIntegers


@given(st.lists(st.integers(0, 2**40), max_size=100).map(sorted))
def test_numbers_come_back(numbers):
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
