"""Tests of `sklearn_sslm.ngrams.memory._decayed_counts`: counts that halve with time."""

import numpy as np

from sklearn_sslm.ngrams import MemoryRules, TokenStream
from sklearn_sslm.ngrams.memory._decayed_counts import decayed_counts

# a b a b | a b, where | is the end of a text; b cut off
STREAM = TokenStream.from_texts(
    np.array([1, 2, 1, 2, 1, 2]), np.array([4, 2]), np.array([True, False])
)


def counts_by_order(rules, stream=STREAM):
    """By order, the decayed counts before each token."""
    return {level.order: found for level, found in decayed_counts(stream, rules)}


def test_counts_halve():
    """With a half-life of 1, an occurrence a tokens ago counts 2^-a."""
    found = counts_by_order(MemoryRules((1,), n=2))
    # Tokens at times 1 to 7: a b a b | a b
    a, b = 2**-2, 2**-2
    np.testing.assert_allclose(
        found[1].word, [0, 0, a, b, 0, 2**-3 + 2**-5, 2**-3 + 2**-5]
    )
    np.testing.assert_allclose(found[1].total, 1 - 0.5 ** np.arange(7))
    # After "a": b at 2, again at 4, and once more at 7. A text starts before times 1 and 6.
    np.testing.assert_allclose(found[2].word, [0, 0, 0, 0.25, 0, 2**-5, 2**-3 + 2**-5])
    np.testing.assert_allclose(
        found[2].total, [0, 0, 0, 0.25, 0.25, 2**-5, 2**-3 + 2**-5]
    )
    np.testing.assert_allclose(found[2].repeats, [0, 0, 0, 0, 0, 0, 2**-3])


def test_what_is_older_than_the_span_is_gone():
    """An occurrence counts until ten half-lives have passed, and then not at all."""
    words = np.array([1, *range(2, 11), 1, 1])
    found = counts_by_order(
        MemoryRules((1,), n=1), TokenStream.from_texts(words, np.array([12]))
    )
    assert found[1].word[10] == 2**-10
    assert found[1].word[11] == 0.5  # not 2^-11 more
    assert found[1].total[11] == 1 - 2**-10


def test_long_gaps_overflow_nothing():
    """Words that come once in thousands of half-lives are new each time."""
    words = np.tile(np.arange(1, 3001), 2)
    with np.errstate(all="raise", under="ignore"):
        stream = TokenStream.from_texts(words, np.array([6000]))
        found = counts_by_order(MemoryRules((1,), n=2), stream)
    assert not found[1].word.any()
    assert not found[2].total.any()
