"""Tests of `sklearn_sslm.ngrams.memory._memory_mixture`: words of large shares are found."""

from sklearn_sslm.ngrams.memory._memory_mixture import LargestShares, OrderShares


def test_shares_grow_with_the_weights():
    """What was noted tells of all words with a share, also of one that has grown since."""
    part = OrderShares(
        [0.1], {}, {1: [4.0], 2: [2.0], 3: [1.0]}
    )  # shares 0.4, 0.2 and 0.1
    frequent = LargestShares.of(part, 2)
    assert frequent.words_above(0.15, [0.1]) == [1, 2]
    assert frequent.words_above(0.3, [0.1]) == [1]
    # With twice the weight they are 0.8, 0.4 and 0.2.
    assert frequent.words_above(0.5, [0.2]) == [1]
    assert frequent.words_above(0.35, [0.2]) == [1, 2]
    assert frequent.words_above(0.15, [0.2]) is None  # word 3 was not noted


def test_shares_of_nothing_may_grow_by_anything():
    """Where a half-life had no weight, what was noted tells nothing of its words now."""
    part = OrderShares([0.1, 0.0], {}, {1: [4.0, 1.0], 2: [2.0, 9.0], 3: [1.0, 1.0]})
    frequent = LargestShares.of(part, 1)
    assert frequent.words_above(0.3, [0.1, 0.0]) is None
    assert frequent.words_above(0.3, [0.1, 0.5]) is None  # 2 has 0.2 + 4.5 now


def test_changed_words_have_their_own_counts():
    """A word that was changed has the share of its new counts, if it was there or not."""
    part = OrderShares([0.1, 0.2], {1: [1.0, 0.5], 9: [2.0, 0.0]}, {1: [4.0, 4.0]})
    assert [part.share(word) for word in (1, 9, 7)] == [0.2, 0.2, 0.0]
    words, shares = part.shares()
    assert dict(zip(words.tolist(), shares.tolist(), strict=True)) == {1: 0.2, 9: 0.2}
