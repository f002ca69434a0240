"""Tests of `sklearn_sslm.ngrams.counting._trie`."""

from itertools import pairwise

import numpy as np
import pytest
from _counts import assert_same_counts
from _engine import (
    N_WORDS,
    corpora,
    corpora_with_cuts,
    count,
    grams_of,
    pairs_of_ids,
    stream_of,
    stream_of_pairs,
)
from _reference import REPLY, count_ngrams, marked, paired, windows
from hypothesis import given
from hypothesis import strategies as st

from sklearn_sslm.ngrams import BOUNDARY, NGramCounts, TokenStream
from sklearn_sslm.ngrams.counting._trie import index_stream

orders = st.integers(1, 12)


def by_gram(counts, k):
    """The n-grams of order k and their counts, as a dict without zeros."""
    if k > len(counts.levels):
        return {}
    numbers = counts.levels[k - 1].count.tolist()
    pairs = zip(grams_of(counts, k), numbers, strict=True)
    return {gram: number for gram, number in pairs if number}


@given(corpora_with_cuts(), orders)
def test_counts_are_those_of_counting_windows(corpus, n):
    """Each order holds the k-grams of the texts, as often as they occur in one text."""
    texts, closed = corpus
    counts = count(texts, n, closed=closed)
    expected = count_ngrams(marked(texts, closed), n)
    for k in range(1, n + 1):
        assert by_gram(counts, k) == dict(expected[k - 1])
    filled = len(counts.levels)
    assert counts.n_ngrams() == [len(counter) for counter in expected[:filled]]
    assert not any(expected[filled:])


@given(corpora_with_cuts(), orders)
def test_rows_are_sorted_by_context_then_word(corpus, n):
    """Above the unigrams, every n-gram has one row, in the order of the tuples."""
    texts, closed = corpus
    counts = count(texts, n, closed=closed)
    for k in range(2, len(counts.levels) + 1):
        grams = grams_of(counts, k)
        assert grams == sorted(set(grams))
        assert np.all(np.diff(counts.levels[k - 1].key) > 0)
        assert counts.levels[k - 1].count.min() > 0


@given(corpora_with_cuts(), orders)
def test_children_of_a_context_are_its_slice(corpus, n):
    """Rows ``first_child[c]`` to ``first_child[c + 1]`` are the n-grams after c."""
    texts, closed = corpus
    counts = count(texts, n, closed=closed)
    for k in range(1, len(counts.levels) + 1):
        contexts, grams = grams_of(counts, k - 1), grams_of(counts, k)
        first = counts.levels[k - 1].first_child.tolist()
        assert len(first) == len(contexts) + 1
        for context, (start, end) in zip(contexts, pairwise(first), strict=True):
            expected = [gram for gram in grams if gram[:-1] == context]
            assert grams[start:end] == expected


@given(corpora_with_cuts(), orders)
def test_suffix_links_drop_the_first_word(corpus, n):
    """The suffix of w1 … wk is the row of w2 … wk one order below."""
    texts, closed = corpus
    counts = count(texts, n, closed=closed)
    for k in range(1, len(counts.levels) + 1):
        shorter = grams_of(counts, k - 1)
        suffix = counts.levels[k - 1].suffix.tolist()
        assert [shorter[row] for row in suffix] == [g[1:] for g in grams_of(counts, k)]


@given(corpora_with_cuts(), orders)
def test_ngrams_that_open_a_text_come_first(corpus, n):
    """The first ``opening(k)`` rows are those that begin with 0, but no lone 0."""
    texts, closed = corpus
    counts = count(texts, n, closed=closed)
    for k in range(1, len(counts.levels) + 1):
        opens = [k > 1 and gram[0] == BOUNDARY for gram in grams_of(counts, k)]
        number = counts.opening(k)
        assert opens == [True] * number + [False] * (len(opens) - number)


@given(corpora_with_cuts(), orders)
def test_rows_of_an_index_are_what_starts_there(corpus, n):
    """``row_at()[i]`` is the k-gram at position i, wherever k words are left."""
    texts, closed = corpus
    stream = stream_of(texts, closed)
    counts = NGramCounts.from_stream(stream, n, N_WORDS + 1)
    indexed = enumerate(index_stream(stream, n, N_WORDS + 1), start=1)
    for k, (level, windows_) in indexed:
        np.testing.assert_array_equal(level.key, counts.levels[k - 1].key)
        grams = grams_of(counts, k)
        expected = [gram for text in marked(texts, closed) for gram in windows(text, k)]
        at = np.flatnonzero(stream.room(k) >= k)
        assert [grams[i] for i in windows_.row_at()[at]] == expected
        spread = np.full(len(stream.ids), -1)
        windows_.scatter(np.arange(len(level)), spread)
        assert [grams[i] for i in spread[at + k - 1]] == expected


@pytest.mark.parametrize(("n", "seed"), [(5, 0), (12, 1)])
def test_huge_vocabularies_count_the_same(n, seed):
    """With ids up to 2**24 the counts are those of small ids, renamed in order."""
    # A key of 63 bits holds two ids of 25 bits, and one beside the rank of many pairs.
    rng = np.random.default_rng(seed)
    rename = np.append([0, 1, 2**24], rng.integers(2, 2**24, 200))
    rename = np.unique(rename)
    n_words = len(rename) - 1
    texts = [rng.integers(1, n_words + 1, size).tolist() for size in (20_000, 3, 0, 12)]
    texts += [[1, n_words] * 10, [1, n_words] * 10 + [1]]
    wide = [rename[text].tolist() for text in texts]
    counts, expected = count(wide, n, 2**24 + 1), count(texts, n, n_words + 1)
    for k in range(2, n + 1):
        level, small = counts.levels[k - 1], expected.levels[k - 1]
        assert len(level) == len(small)
        np.testing.assert_array_equal(level.count, small.count)
        np.testing.assert_array_equal(level.word, rename[small.word])
        renamed = rename if k == 2 else np.arange(len(expected.levels[k - 2]))
        np.testing.assert_array_equal(level.context, renamed[small.context])
        np.testing.assert_array_equal(level.suffix, renamed[small.suffix])


@given(corpora_with_cuts(), orders, st.integers(0, 30))
def test_more_known_ids_only_lengthen_the_unigrams(corpus, n, more):
    """Words that are known but do not occur have a count of 0 and no n-grams."""
    texts, closed = corpus
    counts = count(texts, n, closed=closed)
    longer = count(texts, n, N_WORDS + 1 + more, closed)
    assert longer.n_ids == counts.n_ids + more
    assert longer.n_ngrams() == counts.n_ngrams()
    for k in range(1, len(counts.levels) + 1):
        assert by_gram(longer, k) == by_gram(counts, k)


@given(corpora, orders)
def test_an_order_that_no_text_reaches_is_empty(texts, n):
    """``level(k)`` beyond the longest text has no rows, and a slice for each context."""
    counts = count(texts, n)
    k = len(counts.levels) + 1
    nothing = counts.level(k)
    assert len(nothing) == 0
    assert nothing.first_child.tolist() == [0] * (len(counts.level(k - 1)) + 1)
    assert not counts.has_children(k - 1, np.arange(len(counts.level(k - 1)))).any()


@given(
    corpora,
    orders,
    st.lists(st.lists(st.integers(-1, N_WORDS), max_size=6), min_size=1),
)
def test_longest_context_is_the_longest_ending_with_a_follower(texts, n, asked):
    """It is the longest ending, of up to n − 1 words, that an n-gram goes on from."""
    counts = count(texts, n)
    rows = [([-1] * n + words)[len(words) + 1 :] for words in asked]
    rows = np.array(rows, dtype=np.int64).reshape(len(rows), n - 1)
    length, row = counts.longest_context(rows)
    continued = [gram for counter in count_ngrams(marked(texts), n) for gram in counter]
    contexts = {gram[:-1] for gram in continued}
    for i, words in enumerate(asked):
        endings = [
            tuple(words[len(words) - k :]) for k in range(min(n, len(words) + 1))
        ]
        expected = max((e for e in endings if e in contexts), key=len, default=())
        assert length[i] == len(expected)
        assert grams_of(counts, len(expected))[row[i]] == expected
        alone = counts.longest_context(rows[i : i + 1])  # may go another way
        assert (alone[0].tolist(), alone[1].tolist()) == ([length[i]], [row[i]])


@given(corpora, st.integers(1, 5))
def test_endings_words_and_children_of_every_context(texts, n):
    """``endings``, ``words_at`` and ``has_children`` say what the n-grams say."""
    counts = count(texts, n)
    for k in range(1, len(counts.levels) + 1):
        grams = grams_of(counts, k)
        rows = np.arange(len(grams))
        highest = k == len(counts.levels)
        longer = [] if highest else grams_of(counts, k + 1)
        contexts = {gram[:-1] for gram in longer}
        expected = [gram in contexts for gram in grams]
        assert counts.has_children(k, rows).tolist() == expected
        words = counts.words_at(np.full(len(rows), k), rows)
        assert words.tolist() == [gram[-1] for gram in grams]
        for row, gram in enumerate(grams):
            chain = counts.suffixes(k, row)
            found = [grams_of(counts, length)[i] for length, i in chain]
            assert found == [gram[k - length :] for length in range(k + 1)]


def test_words_at_takes_rows_of_mixed_orders():
    """Rows of different orders can be asked for together."""
    counts = count([[3, 1]], 3)
    # Bigrams by row: 0 3, 1 0, 3 1; trigrams: 0 3 1, 3 1 0.
    words = counts.words_at(np.array([3, 1, 2, 3]), np.array([0, 4, 2, 1]))
    assert words.tolist() == [1, 4, 1, 0]


def test_messages_are_contexts_of_replies():
    """N-grams count where their last word is in the reply; others lead there, as rows."""
    stream = TokenStream.from_pairs(
        (np.array([1, 3]), np.array([2])), (np.array([2]), np.array([1]))
    )
    counts = NGramCounts.from_stream(stream, 3, n_ids=4)  # 0 1 3 0 2 0
    assert by_gram(counts, 1) == {(0,): 1, (2,): 1}
    assert counts.levels[0].given.tolist() == [1, 1, 0, 1]
    # With n = 3 a reply sees one word of its message, so that "0 1" and "1 3" are of no use.
    assert by_gram(counts, 2) == {(0, 2): 1, (2, 0): 1}
    assert grams_of(counts, 2) == [(0, 2), (2, 0), (3, 0)]
    assert counts.levels[1].given.tolist() == [0, 0, 1]
    assert by_gram(counts, 3) == {(3, 0, 2): 1, (0, 2, 0): 1}
    # "1" and "3" were followed in the message only.
    assert counts.has_children(1, np.arange(4)).tolist() == [True, False, True, False]
    assert counts.n_texts == 1
    assert counts.n_tokens == 5


@given(pairs_of_ids, st.integers(1, 6))
def test_replies_are_counted_as_by_the_book(pairs, n):
    """The counts of n-grams are those whose last word is in a reply."""
    messages, replies = zip(*pairs, strict=True)
    counts = NGramCounts.from_stream(stream_of_pairs(pairs), n, N_WORDS + 1)
    expected = count_ngrams(paired(messages, replies), n)
    for k in range(1, len(counts.levels) + 1):
        assert by_gram(counts, k) == {
            tuple(0 if word == REPLY else word for word in gram): times
            for gram, times in expected[k - 1].items()
        }


@given(pairs_of_ids, st.integers(2, 6), st.integers(1, 5))
def test_fewer_orders_are_those_of_a_lower_n(pairs, n, fewer):
    """Without the highest orders, counts are those with a lower n."""
    stream, fewer = stream_of_pairs(pairs), min(n, fewer)
    counts = NGramCounts.from_stream(stream, n, N_WORDS + 1).up_to(fewer)
    assert_same_counts(counts, NGramCounts.from_stream(stream, fewer, N_WORDS + 1))


@pytest.mark.parametrize(
    "texts",
    [
        [[1 + i % 7 for i in range(200_000)]],
        [[1 + i % 7] for i in range(200_000)],
        [[1 + i] for i in range(200_000)],
        [list(range(1, 200_001))],
        [[1] * 200_000],
    ],
    ids=["one long text", "short texts", "many words", "all new", "one word"],
)
def test_nothing_is_quadratic(texts):
    """Corpora of 200 000 words are counted in any shape; quadratic work would not end."""
    counts = count(texts, 3, n_ids=200_001)
    assert counts.levels[0].count.sum() == 200_000 + len(texts)
    assert counts.levels[1].count.sum() == 200_000 + len(texts)


def test_counts_are_printed_in_one_line():
    """What is printed of counts is how many there are, however many that be."""
    # The texts 1 2, 1 3 and the cut-off 1: unigrams 0, 1, 2, 3; bigrams 0 1, 1 2, 1 3,
    # 2 0, 3 0.
    counts = count([[1, 2], [1, 3], [1]], 2, closed=[True, True, False])
    assert repr(counts) == "NGramCounts(n=2, n_texts=3, n_ngrams=[4, 5])"
    assert repr(counts.levels[1]) == "Level(n_ngrams=5)"
    long = count([list(range(1, 3000))], 9)
    assert len(repr(long).splitlines()) == 1
    assert len(repr(long)) < 120
