"""Tests of `sklearn_sslm.ngrams.counting._level`."""

import numpy as np
from _engine import N_WORDS, corpora, count
from hypothesis import given
from hypothesis import strategies as st

from sklearn_sslm.ngrams.counting import Level, first_children, pack


@given(corpora, st.integers(2, 4))
def test_find_finds_every_ngram_and_nothing_else(texts, n):
    """``find`` and ``find_one`` give the row of (context, word), −1 where it is none."""
    counts = count(texts, n)
    for k in range(1, len(counts.levels) + 1):
        level, contexts = counts.levels[k - 1], len(counts.level(k - 1)) if k > 1 else 1
        context = np.repeat(np.arange(-1, contexts), N_WORDS + 3)
        word = np.tile(np.arange(N_WORDS + 3), contexts + 1)
        pairs = list(zip(level.context.tolist(), level.word.tolist(), strict=True))
        asked = list(zip(context.tolist(), word.tolist(), strict=True))
        expected = [pairs.index(pair) if pair in pairs else -1 for pair in asked]
        assert level.find(context, word).tolist() == expected
        known = [pair for pair in asked if pair[0] >= 0]
        find, has_child, suffix = level.look_ups()
        for function in (level.find_one, find):
            found = [function(*pair) for pair in known]
            assert found == [pairs.index(p) if p in pairs else -1 for p in known]
        assert [suffix(row) for row in range(len(level))] == level.suffix.tolist()
        children = level.has_children(np.arange(contexts)).tolist()
        assert [has_child(row) for row in range(contexts)] == children


def test_an_order_with_a_single_context():
    """An n-gram that is the only context of its order is followed by its own words alone."""
    key = pack(np.zeros(2, int), np.array([1, 3]))
    nothing = np.zeros(2, dtype=np.int32)
    level = Level(key, nothing + 1, nothing, first_children(key, 1))
    find, *_ = level.look_ups()
    for function in (level.find_one, find):
        assert [function(0, word) for word in range(5)] == [-1, 0, -1, 1, -1]


@given(corpora, st.integers(2, 4), st.randoms(use_true_random=False))
def test_find_among_children_in_any_order(texts, n, random):
    """It finds what ``find`` does, also after contexts that came later: nothing."""
    for level in count(texts, n).levels[1:]:
        contexts = len(level.first_child) + 1
        asked = [(c, w) for c in range(contexts) for w in range(N_WORDS + 3)]
        random.shuffle(asked)
        context, word = np.array(asked).T
        found = level.find_among_children(context, word)
        np.testing.assert_array_equal(found, level.find(context, word))


def test_find_in_an_empty_level_finds_nothing():
    """A level without rows knows no n-gram."""
    nothing = count([[1]], 5).level(4)
    assert len(nothing) == 0
    assert nothing.find(np.array([0, -1]), np.array([0, 1])).tolist() == [-1, -1]
    assert nothing.find_among_children(np.array([0]), np.array([1])).tolist() == [-1]
    assert nothing.find_one(0, 1) == -1
