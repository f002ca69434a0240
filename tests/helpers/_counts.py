"""Whether two models have counted the same."""

import numpy as np


def assert_same_counts(counts, other):
    """Equal array for array, types and all."""
    assert counts.n == other.n
    assert counts.n_texts == other.n_texts
    assert len(counts.levels) == len(other.levels)
    for level, other_level in zip(counts.levels, other.levels, strict=True):
        assert (level.given is None) == (other_level.given is None)
        for name in ("key", "count", "suffix", "first_child", "given"):
            mine, theirs = getattr(level, name), getattr(other_level, name)
            if mine is None:
                continue
            np.testing.assert_array_equal(mine, theirs, err_msg=name)
            assert mine.dtype == theirs.dtype, name
