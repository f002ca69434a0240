"""Tests of `sklearn_sslm.ngrams.memory._recent_memory`: token by token as all at once."""

import pickle
import re
from unittest import mock

import numpy as np
import pytest
from _memory_streams import N_IDS, chances, memories, streams
from hypothesis import given, settings
from hypothesis import strategies as st

from sklearn_sslm.ngrams import Memory, MemoryRules, mix_with_memory
from sklearn_sslm.ngrams.memory import _recent_memory


def observe(memory, stream, p):
    """The probabilities of all tokens, 1 at opening boundaries."""
    found, p = [], iter(p.tolist())
    for _, *text in stream.texts():
        memory.start_text()
        found.append(next(p))
        found += [memory.observe(word, next(p)) for word in text]
    return found


@given(streams(30), memories, st.data())
@settings(max_examples=60)
def test_one_by_one_is_all_at_once(stream, rules, data):
    """A memory that hears token after token gives what the whole stream has."""
    p = chances(data, stream)
    with np.errstate(divide="ignore"):
        expected = np.exp(mix_with_memory(rules, stream, np.log(p), N_IDS))
    found = observe(Memory(rules, N_IDS), stream, p)
    np.testing.assert_allclose(found, expected, rtol=1e-10)


@given(streams(), memories, st.data())
@settings(max_examples=40)
def test_a_distribution_has_the_next_token(stream, rules, data):
    """It sums to 1 with other unknown words, and has the probability of each next token."""
    memory = Memory(rules, N_IDS)
    observe(memory, stream, chances(data, stream))
    memory.start_text()
    for word in data.draw(st.lists(st.integers(1, N_IDS + 2), max_size=5)):
        p = np.array(data.draw(st.lists(st.floats(0.1, 1), min_size=N_IDS + 1)))
        p = p[: N_IDS + 1] / p[: N_IDS + 1].sum()
        *known, unknown = p.tolist()
        q = memory.mixture().distribution(np.array(known), unknown)
        columns = [*range(N_IDS), *sorted(memory.new_words)]
        assert len(q) == len(columns)
        other = memory.copy().observe(N_IDS + 9, unknown)
        alike = memory.copy().observe(
            -1, 0.0
        )  # unknown words of rows, if any were observed
        assert q.sum() + other + alike == pytest.approx(1, abs=1e-12)
        if word in columns:
            q_word = memory.observe(word, known[word] if word < N_IDS else unknown)
            assert q[columns.index(word)] == pytest.approx(q_word, abs=1e-12)


@given(
    streams(30), memories, st.lists(st.integers(-1, N_IDS + 3), max_size=12), st.data()
)
@settings(max_examples=100)
def test_a_mixture_after_a_text_is_that_once_it_was_observed(stream, rules, text, data):
    """A text not observed changes the next token as one that was, to the word.

    Words of large shares are all found, also by what was noted some tokens before.
    """
    noting = {"_MANY": data.draw(st.integers(1, 3)), "_N_LARGEST": 1}
    with mock.patch.multiple(_recent_memory, **noting):
        mixture_as_if_observed(stream, rules, text, data)


def mixture_as_if_observed(stream, rules, text, data):
    """Compare the mixture after a text with that of a memory which observed it."""
    memory = Memory(rules, N_IDS)
    observe(memory, stream, chances(data, stream))
    p = np.full(N_IDS, 0.2)
    if data.draw(st.booleans()):
        memory.start_text()
        memory.mixture()  # notes which words are frequent by now
        observe(memory, stream.first(1), chances(data, stream.first(1)))
    found = memory.mixture_after(text)
    if found is None:
        assert len(text) >= min(
            64 - memory.n_observed % 64, 10 * rules.half_lives[-1] // 1
        )
        return
    q, words = found.distribution(p, 0.2), found.new_words()
    shares = {word: found.share(word) for word in range(-1, N_IDS + 9)}
    least = data.draw(st.floats(1e-6, 1))
    some = found.words_above(least)
    with memory.trial():
        memory.start_text()
        for word in text:
            memory.observe(word)
        expected = memory.mixture()
        np.testing.assert_allclose(q, expected.distribution(p, 0.2), rtol=1e-9)
        assert words == expected.new_words()
        for word, share in shares.items():
            assert share == pytest.approx(expected.share(word), rel=1e-9, abs=1e-15)
            assert some is None or word in some or share < least


@given(streams(), streams(), memories, st.data())
@settings(max_examples=20)
def test_a_copy_and_a_pickle_are_apart(before, after, rules, data):
    """Copies and pickles go on exactly as the memory itself, and leave it as it was."""
    memory = Memory(rules, N_IDS)
    observe(memory, before, chances(data, before))
    p = chances(data, after)
    twins = [memory.copy(), pickle.loads(pickle.dumps(memory))]
    found = [observe(twin, after, p) for twin in twins]
    expected = observe(memory, after, p)
    assert found == [expected, expected]


@given(streams(), streams(), memories, st.data())
@settings(max_examples=40)
def test_a_trial_leaves_no_trace(before, tried, rules, data):
    """What was observed in a trial, however much, is undone to the last bit."""
    memory = Memory(rules, N_IDS)
    observe(memory, before, chances(data, before))
    state = pickle.dumps(memory.copy())
    p = chances(data, tried)
    with memory.trial():
        found = observe(memory, tried, p)
        memory.mixture().distribution(np.full(N_IDS, 0.2), 0.2)
    assert observe(memory.copy(), tried, p) == found
    twin = pickle.loads(state)
    assert observe(memory, tried, p) == observe(twin, tried, p)


def test_a_long_trial_leaves_no_trace():
    """Thousands of half-lives on trial are undone, too."""
    memory, words = Memory(MemoryRules((2, 1)), N_IDS), [1, 2, 3, 2, 5]
    memory.start_text()
    for word in words * 20:
        memory.observe(word, 0.1)
    with memory.trial():
        for word in words * 400:
            memory.observe(word, 0.1)
    found = [memory.copy().observe(word, 0.1) for word in words]
    assert found == [memory.observe(word, 0.1) for word in words[:1]] + found[1:]
    assert memory.n_observed == 101


def test_a_pickle_names_public_classes_only():
    """What is pickled of a memory needs no private module to be read."""
    memory = Memory(MemoryRules((10,)), N_IDS)
    memory.start_text()
    memory.observe(1, 0.5)
    names = set(re.findall(rb"sklearn_sslm[\w.]*", pickle.dumps(memory)))
    assert names == {b"sklearn_sslm.ngrams"}


def test_what_is_forgotten_takes_no_room():
    """After ten of the longest half-lives nothing grows any more, all words being new."""
    memory = Memory(MemoryRules((50, 5)), n_ids=1)
    memory.start_text()
    sizes = []
    for word in range(1, 3001):
        memory.observe(word, 0.1)
        if word % 1000 == 0:
            sizes.append(len(pickle.dumps(memory)))
    assert len(memory.new_words) == 500  # ten half-lives
    assert max(sizes) < 1.05 * min(sizes)  # escapes are learned in blocks


def test_a_memory_is_rescaled():
    """The last of many thousand half-lives are as those at the beginning."""
    rules = MemoryRules((1,), n=1)
    memory = Memory(rules, N_IDS)
    memory.start_text()
    found = [memory.observe(word, 0.25) for word in [1, 2, 3] * 1000]
    np.testing.assert_allclose(found[-192:], found[-384:-192], rtol=1e-3)
    assert 0 < found[-1] < 1
