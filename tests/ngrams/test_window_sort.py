"""Tests of `sklearn_sslm.ngrams._window_sort`."""

import numpy as np
import pytest
from _engine import stream_of
from _reference import marked
from hypothesis import example, given
from hypothesis import strategies as st

from sklearn_sslm.ngrams._window_sort import sort_windows

# Of such ids a 63-bit key holds two words, and one where a rank comes first.
HUGE = 2**24
wide_ids = st.sampled_from([1, 2, 3, HUGE - 2, HUGE - 1, HUGE])
small_ids = st.integers(1, 3)


def corpora_over(ids):
    """Few texts that repeat themselves, and an n that one of them is long enough for."""
    phrase = st.lists(ids, max_size=6)
    text = st.builds(lambda words, times: words * times, phrase, st.integers(1, 4))
    texts = st.lists(text, min_size=1, max_size=6)
    return texts.flatmap(
        lambda texts: st.tuples(
            st.just(texts), st.integers(1, max(map(len, texts)) + 2)
        )
    )


def all_windows(texts, n):
    """What starts at each position: up to n words of its own text."""
    return [text[i : i + n] for text in marked(texts) for i in range(len(text))]


def shared(window, other):
    """How many leading words two windows share."""
    pairs = zip(window, other, strict=False)
    return next((i for i, (a, b) in enumerate(pairs) if a != b), None)


@given(corpora_over(small_ids) | corpora_over(wide_ids))
@example(([[HUGE] * 30, [HUGE] * 29 + [HUGE - 1]], 12))
@example(([[]], 1))
def test_positions_are_sorted_by_the_words_that_start_there(corpus):
    """The order is a permutation in which windows of up to n words rise like tuples."""
    texts, n = corpus
    order = sort_windows(stream_of(texts), n).order
    windows = all_windows(texts, n)
    assert sorted(order.tolist()) == list(range(len(windows)))
    assert [windows[i] for i in order] == sorted(windows)


@given(corpora_over(small_ids) | corpora_over(wide_ids))
@example(([[HUGE] * 30, [HUGE] * 29 + [HUGE - 1]], 12))
@example(([[]], 1))
def test_alike_is_the_prefix_shared_with_the_window_before(corpus):
    """Neighbours share exactly ``alike`` words; equal ones at least all that they have."""
    texts, n = corpus
    order, alike, _ = sort_windows(stream_of(texts), n)
    windows = all_windows(texts, n)
    in_order = [windows[i] for i in order]
    assert alike[0] == 0
    for before, window, number in zip(in_order, in_order[1:], alike[1:], strict=False):
        expected = shared(before, window)
        if before == window:
            assert len(window) <= number <= n
        elif expected is None:  # one is the beginning of the other
            assert number == min(len(before), len(window))
        else:
            assert number == expected


def test_a_long_text_of_one_word():
    """Windows that differ only in where the text ends are sorted by what is left."""
    stream = stream_of([[7] * 50])
    order = sort_windows(stream, 52).order
    # 0 alone, then 0 7 7 …, then the shortest rest first: the end comes before 7.
    assert order.tolist() == [51, 0, *range(50, 0, -1)]
    assert np.issubdtype(order.dtype, np.integer)


@given(corpora_over(small_ids) | corpora_over(wide_ids), st.integers(1, 9))
def test_blocks_do_not_show(corpus, size):
    """Sorted in blocks of any size, windows come out as sorted all at once."""
    texts, n = corpus
    stream = stream_of(texts)
    whole = sort_windows(stream, n)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sklearn_sslm.ngrams._window_sort._BLOCK", size)
        blocks = sort_windows(stream, n, n_threads=2)
    windows = all_windows(texts, n)
    assert [windows[i] for i in blocks.order] == [windows[i] for i in whole.order]
    np.testing.assert_array_equal(blocks.alike, whole.alike)
    np.testing.assert_array_equal(blocks.room, stream.room(n)[blocks.order])
