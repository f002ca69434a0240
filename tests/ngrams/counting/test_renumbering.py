"""Tests of `sklearn_sslm.ngrams.counting._renumbering`."""

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

from sklearn_sslm.ngrams import NGramCounts, merge, renumber
from sklearn_sslm.ngrams.counting import _renumbering as renumbering

N_IDS = 2 * N_WORDS + 3
"""More ids than words, so that some are left free."""

other_ids = st.permutations(range(1, N_IDS)).map(lambda ids: [0, *ids[:N_WORDS]])


def in_ids(texts, ids):
    """The same texts, their words written as other ids."""
    return [[ids[word] for word in text] for text in texts]


@given(corpora_with_cuts(), other_ids, st.integers(1, 10))
def test_renumbered_counts_are_the_counts_of_renumbered_texts(corpus, ids, n):
    """``renumber(count(texts), ids)`` is ``count(ids[texts])``, array for array."""
    texts, closed = corpus
    renumbered = renumber(count(texts, n, closed=closed), np.array(ids), N_IDS)
    assert_same_counts(renumbered, count(in_ids(texts, ids), n, N_IDS, closed))


@given(pairs_of_ids, other_ids, st.integers(1, 6))
def test_messages_and_replies_are_renumbered(pairs, ids, n):
    """Counts of pairs get other ids as if the pairs had been written in these."""
    counts = NGramCounts.from_stream(stream_of_pairs(pairs), n, N_WORDS + 1)
    others = [in_ids(pair, ids) for pair in pairs]
    expected = NGramCounts.from_stream(stream_of_pairs(others), n, N_IDS)
    assert_same_counts(renumber(counts, np.array(ids), N_IDS), expected)


@given(corpora, other_ids, st.integers(1, 5))
def test_renumbering_back_undoes_it(texts, ids, n):
    """With the inverse of the ids everything is as it was, and the input unchanged."""
    counts = count(texts, n)
    there = renumber(counts, np.array(ids), N_IDS)
    assert_same_counts(counts, count(texts, n))
    back = np.full(N_IDS, -1)
    back[ids] = np.arange(N_WORDS + 1)
    assert_same_counts(renumber(there, back, N_WORDS + 1), counts)


@given(st.lists(corpora, min_size=1, max_size=4), st.integers(1, 5), st.data())
def test_shards_with_ids_of_their_own_add_up(parts, n, data):
    """Shards counted over any ids, brought to the same ones, merge to the whole."""
    whole = count([], n)
    for texts in parts:
        ids = data.draw(st.permutations(range(1, N_WORDS + 1)))
        own = np.argsort([0, *ids])  # the id here of each id there
        counts = count(in_ids(texts, own), n)
        whole = merge(whole, renumber(counts, np.array([0, *ids]), N_WORDS + 1))
    assert_same_counts(whole, count([text for part in parts for text in part], n))


def test_keys_too_long_to_carry_their_place(monkeypatch):
    """Where no place fits beside context and word, the same comes out."""
    texts = zipf_corpus(0)
    ids = np.append(0, np.random.default_rng(0).permutation(25) + 1)
    expected = count(in_ids(texts, ids), 4, 26)
    monkeypatch.setattr(renumbering, "_KEY_BITS", 0)
    assert_same_counts(renumber(count(texts, 4, 26), ids, 26), expected)


def test_words_by_hand():
    """'1 2' and '2' with 1 ↔ 2 become '2 1' and '1'."""
    counts = renumber(count([[1, 2], [2]], 2, 3), np.array([0, 2, 1]), 3)
    assert counts.levels[0].count.tolist() == [2, 2, 1]
    bigrams = counts.levels[1]
    pairs = zip(bigrams.context.tolist(), bigrams.word.tolist(), strict=True)
    # 0 2, 2 1 and 1 0 of the first, 0 1 and 1 0 of the second
    assert list(pairs) == [(0, 1), (0, 2), (1, 0), (2, 1)]
    assert bigrams.count.tolist() == [1, 1, 2, 1]
    assert isinstance(counts, NGramCounts)


@pytest.mark.parametrize("block", [1, 2, 7])
def test_blocks_do_not_show(monkeypatch, block):
    """However few rows are worked on at a time, the same comes out."""
    texts = zipf_corpus(1)
    ids = np.append(0, np.random.default_rng(1).permutation(25) + 1)
    expected = count(in_ids(texts, ids), 4, 26)
    blocks = renumbering.blocks
    monkeypatch.setattr(renumbering, "blocks", lambda size: blocks(size, block))
    assert_same_counts(renumber(count(texts, 4, 26), ids, 26), expected)
