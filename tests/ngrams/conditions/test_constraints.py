"""Tests of `sklearn_sslm.ngrams.conditions._constraints`."""

from _replies import fits
from hypothesis import given
from hypothesis import strategies as st

from sklearn_sslm.ngrams import Constraints


@given(st.data())
def test_constraints_fit_what_a_search_finds(data):
    """`fit` says of any text what searching it through says."""
    words = st.integers(1, 3)
    phrases = st.lists(st.lists(words, min_size=1, max_size=3).map(tuple), max_size=3)
    constraints = Constraints(*(tuple(data.draw(phrases)) for _ in range(3)), 1, 4)
    text = data.draw(st.lists(words, max_size=8).map(tuple))
    assert constraints.fit(text) == fits(text, constraints)


def test_bounds_of_the_length_are_themselves_allowed():
    """Texts of min_length to max_length words fit, and no others."""
    constraints = Constraints(min_length=2, max_length=3)
    assert [n for n in range(6) if constraints.fit([1] * n)] == [2, 3]
