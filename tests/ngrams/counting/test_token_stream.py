"""Tests of `sklearn_sslm.ngrams.counting._token_stream`."""

import numpy as np
from _engine import corpora, corpora_with_cuts, flat, stream_of
from _reference import marked
from hypothesis import given
from hypothesis import strategies as st

from sklearn_sslm.ngrams import TokenStream


@given(corpora_with_cuts())
def test_a_stream_is_its_texts_end_to_end(corpus):
    """Each text stands as ``0 w1 … wk 0``, without the last 0 where it was cut off."""
    texts, closed = corpus
    stream = stream_of(texts, closed)
    expected = marked(texts, closed)
    assert stream.ids.tolist() == [word for text in expected for word in text]
    assert stream.lengths.tolist() == [len(text) for text in expected]
    assert stream.ids.dtype == np.int32


@given(corpora)
def test_without_closed_every_text_ends(texts):
    """``closed=None`` is the same as all True."""
    stream, expected = stream_of(texts), stream_of(texts, [True] * len(texts))
    np.testing.assert_array_equal(stream.ids, expected.ids)
    np.testing.assert_array_equal(stream.lengths, expected.lengths)


@given(st.data())
def test_pairs_are_message_boundary_reply_boundary(data):
    """A pair is one text ``0 m1 … 0 r1 … 0``."""
    messages, closed = data.draw(corpora_with_cuts())
    same = {"min_size": len(messages), "max_size": len(messages)}
    words = st.lists(st.integers(1, 5), max_size=4)
    replies = data.draw(st.lists(words, **same))
    stream = TokenStream.from_pairs(flat(messages), flat(replies), closed)
    joined = [[*m, 0, *r] for m, r in zip(messages, replies, strict=True)]
    np.testing.assert_array_equal(stream.ids, stream_of(joined, closed).ids)
    np.testing.assert_array_equal(stream.lengths, stream_of(joined, closed).lengths)
    given = [
        i < len(message) + 2
        for message, text in zip(messages, stream.texts(), strict=True)
        for i in range(len(text))
    ]
    assert stream.is_given().tolist() == given
    assert stream.n_before.tolist() == [len(message) + 2 for message in messages]


@given(corpora_with_cuts(), st.randoms())
def test_texts_in_another_order(corpus, random):
    """Reordered texts keep their words, their weights and what of them is given."""
    texts, closed = corpus
    words, lengths = flat(texts)
    stream = TokenStream.from_pairs((words, lengths), (words, lengths), closed)
    stream = stream.weighted(np.arange(1, len(texts) + 1, dtype=np.int32))
    order = random.sample(range(len(texts)), len(texts))
    moved = stream.reordered(np.array(order, dtype=np.int64))
    before = list(stream.texts())
    assert list(moved.texts()) == [before[text] for text in order]
    assert moved.times.tolist() == [text + 1 for text in order]
    assert moved.n_before.tolist() == [len(texts[text]) + 2 for text in order]
    assert moved.ids.dtype == np.int32


@given(corpora_with_cuts())
def test_starts_are_the_opening_boundaries(corpus):
    """Text i starts where the texts before it end; all other positions are tokens."""
    texts, closed = corpus
    stream = stream_of(texts, closed)
    expected = marked(texts, closed)
    begins = [sum(map(len, expected[:i])) for i in range(len(expected))]
    assert stream.starts.tolist() == begins
    assert stream.n_tokens == sum(len(text) - 1 for text in expected)


@given(corpora_with_cuts(), st.integers(1, 300))
def test_room_is_the_way_to_the_end_of_the_text(corpus, most):
    """From each position it counts the words to the end of its own text, up to a most."""
    texts, closed = corpus
    expected = [
        min(len(text) - i, most)
        for text in marked(texts, closed)
        for i in range(len(text))
    ]
    assert stream_of(texts, closed).room(most).tolist() == expected


def test_room_of_a_text_longer_than_a_byte_counts():
    """300 words have 302, 301, … positions to go: more than the 255 of a byte."""
    room = stream_of([[1] * 300]).room(1000)
    assert room.tolist() == list(range(302, 0, -1))
