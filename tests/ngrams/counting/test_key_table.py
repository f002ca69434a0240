"""The table that finds the rows of keys."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sklearn_sslm.ngrams.counting import KeyTable

keys = st.one_of(st.integers(0, 40), st.integers(-(2**63), 2**63 - 1))


@given(st.lists(keys, unique=True, max_size=60), st.lists(keys, max_size=60))
def test_find(stored, asked):
    """Each key stored is found in its row, and no other is."""
    table = KeyTable(np.array(stored, dtype=np.int64))
    rows = table.find(np.array(stored + asked, dtype=np.int64)).tolist()
    assert rows == [
        stored.index(key) if key in stored else -1 for key in stored + asked
    ]


def test_keys_in_a_row():
    """Keys that lie close to each other, and far from each other, are all found."""
    for step in (1, 2**20, 2**32, 2**44):
        stored = np.arange(50_000, dtype=np.int64) * step
        table = KeyTable(stored)
        np.testing.assert_array_equal(table.find(stored[::-1]), np.arange(50_000)[::-1])
        assert (table.find(stored[-1] + 1 + stored) == -1).all()


def test_nothing_stored():
    """An empty table finds nothing, not even a key of zeros."""
    table = KeyTable(np.zeros(0, dtype=np.int64))
    assert table.find(np.array([0, 1])).tolist() == [-1, -1]
