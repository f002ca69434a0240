"""Tests of `sklearn_sslm.ngrams.models._distinct_statistics`."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sklearn_sslm.ngrams.models import Children, DistinctStatistics
from sklearn_sslm.ngrams.models import _distinct_statistics as module

NAMES = "total", "types", "ones", "twos"


@given(
    st.lists(st.lists(st.integers(0, 40), max_size=8), min_size=1, max_size=12),
    st.integers(1, 5),
)
def test_each_context_has_its_own(children, block):
    """The statistics at the place of a context are those that its children count."""
    first = np.cumsum([0, *map(len, children)])
    counts = np.array([count for some in children for count in some], dtype=np.int32)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_BLOCK", block)
        found = DistinctStatistics.of(Children(first, counts))
    for context, place in zip(children, found.place.tolist(), strict=True):
        expected = (
            sum(context),
            *(
                sum(map(is_so, context))
                for is_so in (lambda c: c > 0, lambda c: c == 1, lambda c: c == 2)
            ),
        )
        assert tuple(getattr(found, name)[place] for name in NAMES) == expected
        assert (place == 0) == (expected[0] == 0)


def test_small_ones_are_kept_once():
    """Contexts that are followed equally often, by as many words, share a place."""
    first = np.arange(0, 2001, 2)
    found = DistinctStatistics.of(Children(first, np.tile([1, 2, 2, 1], 500)))
    assert len(found.total) == 2
    assert set(found.place.tolist()) == {1}
    more = found.with_more(np.array([[9], [3], [1], [2]]))
    assert [getattr(more, name)[2] for name in NAMES] == [9, 3, 1, 2]
