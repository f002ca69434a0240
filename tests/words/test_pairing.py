"""Tests of `sklearn_sslm.words._pairing`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sklearn_sslm.words import is_balanced

PAIRS = ["()", "[]", "{}", "“”", "«»", "‹›", ("``", "''"), '""']

balanced = st.recursive(
    st.sampled_from(["", "a", "don't", "b c ,"]),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(PAIRS[:-1]), inner).map(
            lambda pair: f"{pair[0][0]} {pair[1]} {pair[0][1]}"
        ),
        st.tuples(inner, inner).map(" ".join),
    ),
)


@given(balanced)
def test_pairs_within_pairs_are_balanced(text):
    """However deep they are, one after the other or one within the other."""
    assert is_balanced(text)
    assert is_balanced(f'( "{text}" )')


@given(balanced, balanced, st.sampled_from(PAIRS), st.integers(0, 1))
def test_one_mark_more_is_not(before, after, pair, which):
    """A mark that has no other is found, wherever it is."""
    assert not is_balanced(f"{before} {pair[which]} {after}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"a" "b"', True),  # the third opens again
        ('"a ( " )', False),  # it opens another one within the brackets
        ("it's the dogs' 'turn", True),  # apostrophes are no quotes
        ("`` a '' ( `` b '' )", True),
        ("'' a ``", False),
        ("a ) ( b", False),
        ("[ ( ] )", False),
        ("1 ) one", False),
        ("„ a “ „ b ”", True),  # the one that opens in English closes in German
        ("„ a", False),
    ],
)
def test_examples(text, expected):
    """Each by hand."""
    assert is_balanced(text) == expected
