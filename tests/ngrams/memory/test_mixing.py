"""Tests of `sklearn_sslm.ngrams.memory._mixing`: recent words, mixed with the model."""

import numpy as np
from _memory_streams import N_IDS, chances, memories, remembering, streams
from hypothesis import given, settings
from hypothesis import strategies as st

from sklearn_sslm.ngrams import MemoryRules, TokenStream, mix_with_memory
from sklearn_sslm.ngrams.memory._mixing import _shares_of_new_words


def mixed(rules, stream, p, only_observed=None):
    """The probabilities of all tokens."""
    with np.errstate(divide="ignore"):
        log_p = np.log(p)
    found = np.exp(mix_with_memory(rules, stream, log_p, N_IDS, only_observed))
    assert (found[stream.starts] == 1).all()
    return np.delete(found, stream.starts)


@given(streams(), memories, st.data())
@settings(max_examples=40)
def test_it_is_the_definition(stream, rules, data):
    """Probabilities are those of the sums and products that define them."""
    p = chances(data, stream)
    tokens = np.delete(p, stream.starts).tolist()
    expected = remembering(rules).score(list(stream.texts()), tokens, N_IDS)
    np.testing.assert_allclose(mixed(rules, stream, p), expected, rtol=1e-10)


@given(streams(), memories, st.data())
@settings(max_examples=30)
def test_what_is_only_observed_is_not_predicted(stream, rules, data):
    """Tokens that are only observed are counted, and nothing is learned of escapes there."""
    p = chances(data, stream)
    only_observed = np.array(data.draw(st.lists(st.booleans(), **sizes(len(p)))))
    scored = ~np.delete(only_observed, stream.starts)
    tokens = np.delete(p, stream.starts).tolist()
    expected = remembering(rules).score(list(stream.texts()), tokens, N_IDS, scored)
    found = mixed(rules, stream, p, only_observed)
    np.testing.assert_allclose(found[scored], np.array(expected)[scored], rtol=1e-10)


def sizes(n):
    """Of a list of n."""
    return {"min_size": n, "max_size": n}


@given(streams(), memories, st.data())
@settings(max_examples=30)
def test_the_future_changes_no_past(stream, rules, data):
    """The scores of texts do not depend on the texts after them."""
    p = chances(data, stream)
    n_texts = data.draw(st.integers(1, len(stream.lengths)))
    first = stream.first(n_texts)
    alone = mixed(rules, first, p[: len(first.ids)])
    np.testing.assert_allclose(mixed(rules, stream, p)[: len(alone)], alone, rtol=1e-12)


def test_a_long_stream_is_the_definition():
    """Counts that were taken out again leave nothing behind, over many half-lives."""
    rng = np.random.default_rng(0)
    words = rng.zipf(1.3, 400) % (N_IDS + 3) + 1
    stream = TokenStream.from_texts(words, np.full(40, 10))
    p = rng.random(len(stream.ids))
    rules = MemoryRules((11, 2.5), n=3)
    tokens = np.delete(p, stream.starts).tolist()
    expected = remembering(rules).score(list(stream.texts()), tokens, N_IDS)
    np.testing.assert_allclose(mixed(rules, stream, p), expected, rtol=1e-9)


def test_escapes_stay_in_bounds():
    """After 10⁵ equal words others are possible; after 10⁵ different ones memories do no harm."""
    n = 100_000
    rules = MemoryRules((4000, 100))
    equal = np.ones(n, dtype=np.int64)
    equal[-1] = 2
    stream = TokenStream.from_texts(equal, np.array([n]))
    found = mixed(rules, stream, np.full(n + 2, 0.25))
    assert 0.25 * 0.001**6 <= found[-2] < 1e-4  # "2", which no memory has
    assert 1 - 0.001**6 >= found[-3] > 0.999
    different = TokenStream.from_texts(np.arange(1, n + 1), np.array([n]))
    found = np.exp(
        mix_with_memory(rules, different, np.log(np.full(n + 2, 0.25)), n + 1)
    )
    # Nothing was of use: the escapes of the 2 memories of single words end at most at 0.999.
    np.testing.assert_allclose(found[n // 2 : -1], 0.25 * 0.999**2, rtol=1e-4)


def test_new_words_share_what_is_unknown():
    """The unknown word's probability is shared by the new words remembered and one more."""
    ids = np.array([9, 8, 9, 1, 9, 1, 1, 1, 1, 9])
    # Before the 3rd token 9 and 8 are remembered; before the last one, nothing is any more.
    found = _shares_of_new_words(ids, n_ids=8, span=4)
    np.testing.assert_array_equal(found, [1, 2, 3, 1, 3, 1, 1, 1, 1, 1])
