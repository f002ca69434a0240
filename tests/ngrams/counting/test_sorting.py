"""Tests of `sklearn_sslm.ngrams.counting._sorting`."""

from functools import partial

import numpy as np
import pytest
from _engine import N_WORDS, corpora_with_cuts, stream_of
from hypothesis import given
from hypothesis import strategies as st

from sklearn_sslm.ngrams import NGramCounts
from sklearn_sslm.ngrams.counting._sorting import blocks


@given(corpora_with_cuts(), st.integers(1, 5), st.integers(1, 9), st.integers(1, 3))
def test_blocks_and_threads_do_not_show(corpus, n, size, n_threads):
    """In blocks of any size, by any number of threads, the counts come out the same."""
    stream = stream_of(*corpus)
    whole = NGramCounts.from_stream(stream, n, N_WORDS + 1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "sklearn_sslm.ngrams.counting._sorting.blocks", partial(blocks, block=size)
        )
        counts = NGramCounts.from_stream(stream, n, N_WORDS + 1, n_threads)
    for level, expected in zip(counts.levels, whole.levels, strict=True):
        for field in ("key", "count", "suffix", "first_child"):
            np.testing.assert_array_equal(
                getattr(level, field), getattr(expected, field)
            )
