"""Tests of `sklearn_sslm.words._word_cache`: a cache knows a word or says that it does not."""

import pickle

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sklearn_sslm.words import _word_cache
from sklearn_sslm.words._byte_words import MAX_LENGTH, ByteWords, first_equal
from sklearn_sslm.words._word_cache import NOT_CACHED, WordCache

words = st.text("ab\0é", min_size=1, max_size=MAX_LENGTH // 2)


def words_of(some):
    """The `ByteWords` of some words."""
    return ByteWords.of(" ".join(some).encode())


@given(st.lists(st.lists(words, min_size=1, max_size=9), max_size=4), st.booleans())
def test_a_word_has_its_id_or_none(batches, all_hashes_equal):
    """Words that were added have their id, or none where another one has their slot."""
    cache, ids = WordCache(), {}
    for batch in [*batches, *batches]:
        some = words_of(batch)
        if all_hashes_equal:
            some = some._replace(hashes=np.zeros_like(some.hashes))
        found = cache.find(some)
        for word, number in zip(batch, found.tolist(), strict=True):
            assert number in (NOT_CACHED, ids.get(word))
        new = np.unique(first_equal(some, np.flatnonzero(found == NOT_CACHED)))
        for word in batch:
            ids.setdefault(word, len(ids))
        cache.add(some, new, np.array([ids[batch[j]] for j in new], dtype=np.int32))


def test_most_words_have_a_slot():
    """However many words there are, only few are not found again."""
    cache = WordCache()
    for n_words in (10, 3000, 100_000):
        some = words_of(map(str, range(n_words)))
        new = np.flatnonzero(cache.find(some) == NOT_CACHED)
        cache.add(some, new, new.astype(np.int32))
        found = cache.find(some)
        assert np.isin(found, [NOT_CACHED, *range(n_words)]).all()
        assert np.mean(found == np.arange(n_words)) > 0.8


@given(st.lists(words, min_size=1, max_size=9), st.lists(words, max_size=9))
def test_a_cache_with_more_words_is_another_one(some, others):
    """It has the words of both, with their ids, and the first cache has its own as before."""
    first, second = WordCache(), WordCache()
    for cache, batch in ((first, some), (second, others)):
        added = np.unique(first_equal(words_of(batch), np.arange(len(batch))))
        cache.add(words_of(batch), added, added.astype(np.int32))
    before = first.find(words_of([*some, *others])).tolist()
    both = first.with_more(second.words, np.arange(len(second)), second.ids + 100)
    ids = both.find(words_of([*some, *others])).tolist()
    assert first.find(words_of([*some, *others])).tolist() == before
    assert (
        ids[: len(some)] == before[: len(some)] == first.find(words_of(some)).tolist()
    )
    for number, word in zip(ids[len(some) :], others, strict=True):
        own = some.index(word) if word in some else 100 + others.index(word)
        assert number in (own, NOT_CACHED)


def test_no_more_is_kept_than_allowed(monkeypatch):
    """A full cache knows the words that came first, and no others."""
    monkeypatch.setattr(_word_cache, "_MAX_WORDS", 8)
    cache, ids = WordCache(), np.arange(20, dtype=np.int32)
    some = words_of(map(str, range(20)))
    for part in (ids[:5], ids[5:12], ids[12:]):
        cache.add(some, part, part)
    found = cache.find(some)
    assert (found[8:] == NOT_CACHED).all()
    assert np.isin(found[:8], [NOT_CACHED, *range(8)]).all()
    assert (found >= 0).sum() in (6, 7)  # two may have the same slot


def test_long_words_are_compared_to_their_end():
    """A word that differs in its last byte only, or in its length, is another word."""
    for length in range(1, MAX_LENGTH):
        word = "a" * length
        cache, added = WordCache(), words_of([word])
        cache.add(added, np.zeros(1, int), np.array([7], np.int32))
        others = [word[:-1] + "b", word + "a", word + "\0", word]
        found = cache.find(words_of(others)._replace(hashes=added.hashes.repeat(4)))
        assert found.tolist() == [NOT_CACHED] * 3 + [7]


def test_pickles_are_empty():
    """What was cached is not written to files, nor sent to other processes."""
    cache, added = WordCache(), words_of(["a"])
    cache.add(added, np.zeros(1, int), np.array([7], np.int32))
    again = pickle.loads(pickle.dumps(cache))
    assert (len(cache), len(again)) == (1, 0)
    assert again.find(added).tolist() == [NOT_CACHED]
