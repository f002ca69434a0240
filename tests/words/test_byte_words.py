"""Tests of `sklearn_sslm.words._byte_words`: words of UTF-8 bytes as arrays."""

import sys

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from sklearn_sslm.words._byte_words import MAX_LENGTH, ByteWords, first_equal

BLANKS = [chr(j) for j in range(sys.maxunicode + 1) if chr(j).isspace()]
# Characters that share their first or their first two bytes with a blank, and others.
NEAR = ["\x00", "\x84", "\xa1", "\u1681", "\u2010", "\u2041", "\u3001", "\ud800", "é"]
words_like_others = st.text("ab\0", min_size=1, max_size=MAX_LENGTH + 9)


def words_of(text):
    """The `ByteWords` of a text."""
    return ByteWords.of(text.encode("utf-8", "surrogatepass"))


def spelled(words):
    """All of them as str."""
    return words.spelled(np.arange(len(words.starts)))


@given(st.text(st.sampled_from(["a", *NEAR, *BLANKS]), max_size=12))
@example("")
@example("\u2003")
@example("a\xc2")
def test_words_are_those_of_split(text):
    """Bytes are split where `str.split` splits the text, at every white space there is."""
    assert spelled(words_of(text)) == text.split()


def test_every_blank_splits():
    """Each of Python's blanks, and no other character near it, ends a word."""
    text = "".join(f"{j}{blank}" for j, blank in enumerate(BLANKS))
    assert spelled(words_of(text)) == text.split()
    text = "".join(chr(j) for j in range(1, 0x3100) if not 0xD800 <= j < 0xE000)
    assert spelled(words_of(text)) == text.split()


@given(st.lists(words_like_others, min_size=1, max_size=8))
def test_equal_words_have_equal_hashes(some):
    """What is the same word has the same hash and head, wherever it stands."""
    words = words_of(" ".join(some + some))
    half = len(some)
    np.testing.assert_array_equal(words.hashes[:half], words.hashes[half:])
    np.testing.assert_array_equal(words.heads[:half], words.heads[half:])


@given(st.lists(words_like_others, min_size=1, max_size=8), st.booleans())
def test_the_first_equal_word_is_found(some, all_hashes_equal):
    """It is the first that is spelled the same, though hashes of others are equal."""
    words = words_of(" ".join(some))
    if all_hashes_equal:  # then only the very first one is compared with
        words = words._replace(hashes=np.zeros_like(words.hashes))
    for nth, first in enumerate(first_equal(words, np.arange(len(some)))):
        assert some[first] == some[nth]
        if not all_hashes_equal and len(some[nth]) <= MAX_LENGTH:
            assert first == some.index(some[nth])
