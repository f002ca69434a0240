"""Tests of `sklearn_sslm.ngrams.counting._merging`."""

from functools import reduce

import numpy as np
import pytest
from _counts import assert_same_counts
from _engine import (
    N_WORDS,
    corpora,
    corpora_with_cuts,
    count,
    pairs_of_ids,
    stream_of_pairs,
    zipf_corpus,
)
from hypothesis import given
from hypothesis import strategies as st

from sklearn_sslm.ngrams import NGramCounts, merge, subtract
from sklearn_sslm.ngrams.counting import _interleaving


@given(corpora_with_cuts(), corpora_with_cuts(), st.integers(1, 12))
def test_merged_counts_are_the_counts_of_all_texts(corpus, other, n):
    """``merge(count(A), count(B))`` is ``count(A + B)``, array for array."""
    (texts, closed), (more, more_closed) = corpus, other
    merged = merge(count(texts, n, closed=closed), count(more, n, closed=more_closed))
    together = count(texts + more, n, closed=closed + more_closed)
    assert_same_counts(merged, together)


@given(corpora, corpora, st.integers(1, 5), st.integers(1, 20))
def test_either_may_know_more_words(texts, more, n, extra):
    """Where one knows more ids than the other, the merged counts know them all."""
    many = N_WORDS + 1 + extra
    together = count(texts + more, n, many)
    assert_same_counts(merge(count(texts, n), count(more, n, many)), together)
    assert_same_counts(merge(count(texts, n, many), count(more, n)), together)


@given(pairs_of_ids, pairs_of_ids, st.integers(1, 6))
def test_messages_and_replies_are_merged_and_subtracted(pairs, more, n):
    """Counts of pairs add up, and the rest of a subtraction is that of the other pairs."""

    def count_pairs(some):
        return NGramCounts.from_stream(stream_of_pairs(some), n, N_WORDS + 1)

    both = merge(count_pairs(pairs), count_pairs(more))
    assert_same_counts(both, count_pairs(pairs + more))
    assert_same_counts(subtract(both, count_pairs(more)), count_pairs(pairs))


@given(st.lists(corpora, min_size=1, max_size=5), st.integers(1, 5))
def test_merging_one_by_one(parts, n):
    """Any number of shards may be added up, in any order."""
    together = count([text for part in parts for text in part], n)
    assert_same_counts(reduce(merge, [count(part, n) for part in parts]), together)
    assert_same_counts(reduce(merge, [count(p, n) for p in parts[::-1]]), together)


@given(corpora, st.integers(1, 5))
def test_merging_changes_neither(texts, n):
    """What is merged stays as it was."""
    counts, other = count(texts, n), count([[1, 2, 3, 4, 5]], n)
    merge(counts, other)
    assert_same_counts(counts, count(texts, n))
    assert_same_counts(other, count([[1, 2, 3, 4, 5]], n))


def test_a_corpus_merged_with_itself_counts_double():
    """All n-grams stay where they are, and each is counted twice."""
    counts = count([[1, 2, 3], [1, 2]], 3)
    double = merge(counts, counts)
    for level, twice in zip(counts.levels, double.levels, strict=True):
        np.testing.assert_array_equal(twice.key, level.key)
        np.testing.assert_array_equal(twice.count, 2 * level.count)


@pytest.mark.parametrize("n_threads", [1, 2])
@pytest.mark.parametrize("block", [1, 3, 20])
def test_parts_and_threads_do_not_show(monkeypatch, block, n_threads):
    """However few contexts are worked on at a time, and by how many, it is the same."""
    texts, more = zipf_corpus(0), zipf_corpus(1, n_texts=20)
    monkeypatch.setattr(_interleaving, "BLOCK", block)
    counts, other = count(texts, 4, 26), count(more, 4, 26)
    together = count(texts + more, 4, 26)
    assert_same_counts(merge(counts, other, n_threads), together)
    assert_same_counts(merge(other, counts, n_threads), together)
