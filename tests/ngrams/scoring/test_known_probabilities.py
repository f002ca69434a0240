"""Tests of `sklearn_sslm.ngrams.scoring._known_probabilities`."""

import pickle

import numpy as np
import pytest
from _engine import N_WORDS, corpora, model_of, pairs_of_ids, stream_of_pairs
from hypothesis import given
from hypothesis import strategies as st

from sklearn_sslm.base import as_smoothing
from sklearn_sslm.ngrams import Events, LanguageModel, NGramCounts
from sklearn_sslm.ngrams.scoring._known_probabilities import (
    KnownProbabilities,
    known_probabilities,
)
from sklearn_sslm.smoothing import SMOOTHINGS

names = st.sampled_from(sorted(SMOOTHINGS))


def taken(known, levels, k, rows):
    """The probabilities of some n-grams of order k, asked for one after the other."""
    level = levels[k - 1]
    given_shorter = known.p[k - 2].take(level.suffix)
    return [
        known.take(k, np.array([row]), level.context, given_shorter, np.array([row]))[0]
        for row in rows
    ]


def assert_one_by_one_is_all_at_once(model):
    """Those that were asked for are kept, and are the bits of all."""
    levels = model.counts.levels
    known, every = KnownProbabilities(model), KnownProbabilities(model)
    every.compute_all()
    for k in range(2, len(levels) + 1):
        rows = range(len(levels[k - 1]))[::-1]
        first = taken(known, levels, k, rows)
        assert first == taken(known, levels, k, rows)
        np.testing.assert_array_equal(known.p[k - 1], every.p[k - 1])


@given(corpora, st.integers(1, 4), names)
def test_probabilities_asked_for_are_those_of_all(texts, n, name):
    """One n-gram after the other, or all at once."""
    assert_one_by_one_is_all_at_once(model_of(texts, n, name))


def model_of_replies(pairs, n, name):
    """A model of messages and replies."""
    counts = NGramCounts.from_stream(stream_of_pairs(pairs), n, N_WORDS + 1)
    return LanguageModel.of_counts(counts, as_smoothing(name), Events(N_WORDS))


@given(pairs_of_ids, st.integers(1, 4), names)
def test_models_of_replies(pairs, n, name):
    """So are those of a model of replies."""
    assert_one_by_one_is_all_at_once(model_of_replies(pairs, n, name))


@pytest.mark.parametrize("name", sorted(SMOOTHINGS))
def test_contexts_of_messages_alone_have_no_say(name):
    """What follows such a context has the probability after the shorter one."""
    model = model_of_replies([([1, 2, 3], [2, 4]), ([2, 2], [1])], 3, name)
    known = KnownProbabilities(model)
    known.compute_all()
    n_alone = 0
    for k, level in enumerate(model.counts.levels[1:], start=2):
        alone = ~known.has_children[k - 1][level.context]
        n_alone += alone.sum()
        shorter = known.p[k - 2][level.suffix]
        np.testing.assert_array_equal(known.p[k - 1][alone], shorter[alone])
    assert n_alone  # such as "3" before the end of the message


@pytest.mark.parametrize("name", sorted(SMOOTHINGS))
def test_words_alone_are_there_at_once(name):
    """Longer n-grams have 0 until they are asked for."""
    model = model_of([[1, 2], [2, 3, 1]], 3, name)
    known = KnownProbabilities(model)
    assert known.p[0][[0, 1, 2, 3]].all()
    assert not any(p.any() for p in known.p[1:])


def test_a_model_keeps_them():
    """They are made once, and are not in pickles."""
    model = model_of([[1, 2], [2, 3, 1]], 3, "kneser_ney")
    known = known_probabilities(model)
    assert known_probabilities(model) is known
    assert pickle.loads(pickle.dumps(model)).computed.known is None
