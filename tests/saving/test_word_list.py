"""Tests of `sklearn_sslm.saving._word_list`."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sklearn_sslm.saving import StateError, pack_words, unpack_words


@given(st.lists(st.text(min_size=1), unique=True))
def test_words_come_back(words):
    """Words of any characters, surrogates included, are the same after both ways."""
    assert unpack_words(pack_words(["", *words, "\udcff" * 300])) == [
        "",
        *words,
        "\udcff" * 300,
    ]


def test_forgotten_words_come_back():
    """Several words may be empty, the last as well, whose id may be an unknown word's."""
    for words in (["", "", "a", "", "b"], ["", "a", ""]):
        assert unpack_words(pack_words(words)) == words
    assert unpack_words(pack_words([""])) == [""]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["a", "b"], "the first is empty"),
        (["", "a", "b", "a"], "must differ. Got 2 different words among 3"),
    ],
)
def test_words_of_no_index_are_refused(words, message):
    """The first word is empty, and none occurs twice."""
    with pytest.raises(StateError, match=message):
        unpack_words(pack_words(words))


@pytest.mark.parametrize(
    "change",
    [
        {"lengths": np.array([0, 1, 2])},
        {"lengths": np.array([0, 5, -2])},
        {"lengths": np.array([0.0, 1.0, 1.0])},
        {"lengths": np.array([], dtype=int)},
        {"text": np.frombuffer(b"\xff\xff", dtype=np.uint8)},
        {"text": "ab"},
        {"text": None},
    ],
    ids=str,
)
def test_damaged_words_are_refused(change):
    """Lengths fill the text, and the text is UTF-8."""
    packed = pack_words(["", "a", "b"]) | change
    with pytest.raises(StateError, match="words of a saved WordIndexTransformer"):
        unpack_words(packed)
    with pytest.raises(StateError, match="cannot be read"):
        unpack_words([packed])
