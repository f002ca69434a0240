"""Tests of `sklearn_sslm.ngrams.counting._sorting`."""

from functools import partial

import numpy as np
import pytest
from _engine import N_WORDS, corpora_with_cuts, stream_of
from hypothesis import given
from hypothesis import strategies as st

from sklearn_sslm.ngrams import NGramCounts, TokenStream
from sklearn_sslm.ngrams.counting import _sorting
from sklearn_sslm.ngrams.counting._sorting import (
    WORD_BITS,
    NGramSorter,
    blocks,
    first_children,
)

bits = st.sampled_from([64, *range(3, 12)])
"""Of the integers that are sorted: with few of them, contexts are sorted in blocks."""


@given(
    corpora_with_cuts(), st.integers(1, 5), st.integers(1, 9), st.integers(1, 3), bits
)
def test_blocks_and_threads_do_not_show(corpus, n, size, n_threads, n_bits):
    """In blocks of any size, by any number of threads, the counts come out the same."""
    stream = stream_of(*corpus)
    whole = NGramCounts.from_stream(stream, n, N_WORDS + 1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_sorting, "blocks", partial(blocks, block=size))
        patch.setattr(_sorting, "_BITS", n_bits)
        counts = NGramCounts.from_stream(stream, n, N_WORDS + 1, n_threads)
    for level, expected in zip(counts.levels, whole.levels, strict=True):
        for field in ("key", "count", "suffix", "first_child"):
            np.testing.assert_array_equal(
                getattr(level, field), getattr(expected, field)
            )


@given(corpora_with_cuts(), st.integers(2, 5))
def test_ids_of_any_size_are_sorted(corpus, n):
    """Ids of 31 bits, which leave none for positions, make the same windows as small ones."""
    stream = stream_of(*corpus)
    large = np.array([0, 5, 1 << 20, 1 << 29, 1 << 30, (1 << 31) - 1], dtype=np.int32)
    windows = (
        NGramSorter(stream, n),
        NGramSorter(TokenStream(large[stream.ids], stream.lengths), n),
    )
    n_contexts = [N_WORDS + 1, 1 << 31]
    for _ in range(min(n, int(stream.lengths.max())) - 1):
        levels = []
        for one, rows in zip(windows, n_contexts, strict=True):
            if rows < 1 << 31:
                levels.append(one.next_order(rows))
            else:  # an array of where the children of each begin would be too large
                with pytest.MonkeyPatch.context() as patch:
                    patch.setattr(_sorting, "first_children", lambda *_: None)
                    levels.append(one.next_order(rows))
        small, other = levels
        word = small[0] & ((1 << 32) - 1)
        np.testing.assert_array_equal(large[word], other[0] & ((1 << 32) - 1))
        np.testing.assert_array_equal(small[1], other[1])
        n_contexts = [len(small[0])] * 2


@given(st.lists(st.integers(0, 6)), st.integers(1, 4), st.integers(1, 3))
def test_children_of_contexts_begin_after_those_of_lower_ones(
    contexts, size, n_threads
):
    """The first child of a context has as many before it as lower contexts have children."""
    key = np.array(sorted(contexts), dtype=np.int64) << WORD_BITS
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_sorting, "blocks", partial(blocks, block=size))
        first = first_children(key, 8, n_threads)
    lower = [sum(other < context for other in contexts) for context in range(9)]
    assert first.tolist() == lower
