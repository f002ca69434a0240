"""Tests of `sklearn_sslm.ngrams.generation._distribution_cache`."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sklearn_sslm.ngrams.generation import DistributionCache, cumulative, draw_from


@given(
    st.lists(st.integers(0, 5), min_size=1, max_size=8).filter(any),
    st.floats(0, 1, exclude_max=True),
)
def test_a_random_number_selects_words_by_their_weights(weights, u):
    """Words cover intervals as long as their weights, one after the other."""
    words = np.arange(len(weights)) * 10
    drawn = draw_from(*cumulative(words, np.array(weights, dtype=float)), u)
    # As many intervals as there are words, each an integer long: "0 0 1 3 3 3".
    by_number = np.repeat(words, weights)
    assert drawn == by_number[int(u * len(by_number))]


@pytest.mark.parametrize("u", [0.0, np.nextafter(1, 0)])
def test_words_without_weight_are_never_drawn(u):
    """Neither at the borders nor by rounding."""
    weights = np.array([0, 0.1, 0, 0.2, 0.3, 0.4, 0])
    assert draw_from(*cumulative(np.arange(7), weights), u) in (1, 5)


@pytest.mark.parametrize("size", [0, 3, 1000])
def test_a_cache_draws_what_would_be_drawn_without_it(size):
    """Distributions are worked out once, or again where there is no room for them."""
    asked = []

    def distribution(*key):
        asked.append(key)
        return np.arange(5), np.random.default_rng(key).random(5)

    cache = DistributionCache(distribution, size)
    rng = np.random.default_rng(0)
    for _ in range(200):
        key = (int(rng.integers(4)), int(rng.integers(2)))
        u = rng.random()
        expected = draw_from(*cumulative(*distribution(*key)), u)
        assert cache.draw(key, u) == expected
    assert len(set(asked)) == 8
    again = len(asked) - 200
    assert again == 8 if size == 1000 else again > 8
    assert len(cache._stored) <= max(size, 1) + 1
