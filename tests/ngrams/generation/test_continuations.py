"""Tests of `sklearn_sslm.ngrams.generation._continuations`."""

import numpy as np
import pytest

from sklearn_sslm.ngrams import Continuations

FOUR = Continuations(
    length=np.array([0, 1, 2, 1]),
    row=np.array([0, 5, 7, 6]),
    max_new=np.array([9, 8, 7, 6]),
    min_new=np.array([0, 1, 2, 3]),
    prefix=[[], [5], [4, 5], [6]],
    stop=np.array([3]),
)


@pytest.mark.parametrize("texts", [slice(1, 3), [2], np.array([3, 0, 0]), []], ids=str)
def test_some_of_them_are_as_they_were(texts):
    """Each text keeps its context, its lengths and its prefix; all share what stops."""
    places = np.arange(4)[texts].tolist()
    some = FOUR[texts]
    assert len(some) == len(places)
    for name in ("length", "row", "max_new", "min_new"):
        expected = [getattr(FOUR, name)[j] for j in places]
        assert getattr(some, name).tolist() == expected
    assert some.prefix == [FOUR.prefix[j] for j in places]
    assert some.stop.tolist() == [3]


def test_prefixes_are_copies():
    """What is added to them while texts are drawn does not change them."""
    prefixes = FOUR.prefixes()
    prefixes[1].append(9)
    assert prefixes == [[], [5, 9], [4, 5], [6]]
    assert FOUR.prefix == [[], [5], [4, 5], [6]]


def test_without_a_prefix_texts_begin_with_nothing():
    """Each text gets a list of its own."""
    bare = Continuations(FOUR.length, FOUR.row, FOUR.max_new, FOUR.min_new)
    assert bare[[0, 1]].prefix is None
    prefixes = bare.prefixes()
    prefixes[0].append(9)
    assert prefixes == [[9], [], [], []]


def test_all_may_end_where_none_needs_a_word():
    """One text with a word to come is enough that not all of them may end at once."""
    assert not FOUR.may_end
    assert not FOUR[[0, 1]].may_end
    assert FOUR[[0]].may_end
    assert FOUR[[]].may_end
