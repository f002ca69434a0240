"""Tests of `sklearn_sslm.ngrams.memory._escapes`: how often a memory is of no use."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sklearn_sslm.ngrams import MemoryRules
from sklearn_sslm.ngrams.memory._escapes import (
    N_BUCKETS,
    Escapes,
    bucket_of,
    buckets_of,
)


def test_uses_are_forgotten():
    """E and N are multiplied by the forgetting for each use, then the uses are added."""
    escapes = Escapes(MemoryRules((100,), n=1, start=0.5, strength=4, forgetting=0.5))
    assert escapes.probability[0] == 0.5  # 2 / 4
    escapes.learn(np.array([0, 0]), np.array([1.0, 0.25]), np.array([1.0, 0.5]))
    assert escapes.probability[0] == (2 / 4 + 1.25) / (4 / 4 + 1.5)
    assert (escapes.probability[1:-1] == 0.5).all()
    assert escapes.probability[escapes.unused] == 1


def test_what_has_no_memory_learns_nothing():
    """The escape of contexts that nothing was observed after stays 1."""
    escapes = Escapes(MemoryRules((100,)))
    unused = np.array([escapes.unused])
    before = escapes.probability.copy()
    escapes.learn(unused, np.array([0.5]), np.array([1.0]))
    np.testing.assert_array_equal(escapes.probability, before)


@given(st.floats(1e-3, 1e5), st.floats(0, 1))
def test_buckets_are_the_same_for_one_and_many(total, share):
    """A context has a bucket of its level, whichever function is asked."""
    bucket = bucket_of(total, share * total)
    assert 0 <= bucket < N_BUCKETS
    found = buckets_of(np.array([total]), np.array([share * total]))
    assert found.tolist() == [bucket]
