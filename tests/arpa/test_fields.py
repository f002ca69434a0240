"""Tests of `sklearn_sslm.arpa._fields`."""

import re

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sklearn_sslm.arpa._fields import Buffer, split, word_keys


@given(
    st.lists(
        st.lists(st.binary(min_size=1, max_size=9), min_size=1, max_size=5), min_size=1
    )
)
def test_fields(lines):
    """Each line is parted at each tab and blank; two of them in a row are told."""
    blanks = re.compile(rb"[\t\n ]")
    regular = not any(blanks.search(field) for line in lines for field in line)
    text = b"".join(b"\t".join(line) + b"\n" for line in lines)
    fields = split(Buffer(text))
    if regular:
        assert fields.counts.tolist() == list(map(len, lines))
        ends = fields.ends.tolist()
        starts = fields.start(np.arange(len(ends))).tolist()
        found = [text[a:b] for a, b in zip(starts, ends, strict=True)]
        assert found == [field for line in lines for field in line]
    elif re.search(rb"[\t\n ][\t\n ]|^[\t\n ]", text):
        assert fields is None


def test_words_have_keys_of_their_own():
    """Words of any length have different keys if they differ in a single byte."""
    words = [b"a" * n for n in range(1, 30)]
    words += [w[:at] + b"b" + w[at + 1 :] for w in words for at in range(len(w))]
    ends = np.cumsum(list(map(len, words)))
    starts = ends - np.array(list(map(len, words)))
    keys = word_keys(Buffer(b"".join(words)), starts, ends, np.uint64(7))
    assert len(np.unique(keys)) == len(set(words)) == len(words)
