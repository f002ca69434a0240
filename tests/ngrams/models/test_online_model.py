"""Tests of `_online_model`, `_online_level`, `_online_text` and `_updating` of `ngrams.models`.

The law: however a model came to know its texts, it is the model of these texts.
"""

import gc
import weakref

import numpy as np
import pytest
from _engine import (
    N_WORDS,
    assert_same_model,
    corpora,
    long_text,
    model_of,
    pairs_of_ids,
    stream_of,
    stream_of_pairs,
    texts_of_ids,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from sklearn_sslm.base import as_smoothing
from sklearn_sslm.ngrams import (
    Events,
    LanguageModel,
    NeverLearnedError,
    NGramCounts,
    OnlineModel,
    log_probabilities,
)
from sklearn_sslm.ngrams.models import _children_of_one
from sklearn_sslm.smoothing import SMOOTHINGS

N_IDS = N_WORDS + 1
ALL = "mle", "lidstone", "witten_bell", "absolute_discounting", "kneser_ney"
smoothings = st.sampled_from([*ALL, "stupid_backoff"])


fews = st.sampled_from([0, 2, _children_of_one._FEW])
"""Children of a context that are kept in lists; more are in arrays."""


def online(model):
    """The model, able to change."""
    return OnlineModel(model)


def learned(model, *texts):
    """The model after it learned texts."""
    return model.update(stream_of(texts), 1, N_IDS, Events(N_WORDS))


def forgotten(model, *texts):
    """The model after it forgot texts."""
    return model.update(stream_of(texts), -1, N_IDS, Events(N_WORDS))


def test_all_smoothings_are_tested():
    """No smoothing is left out below."""
    assert {*ALL, "stupid_backoff"} == set(SMOOTHINGS)


@settings(max_examples=20)
@given(corpora, st.lists(corpora, max_size=3), st.integers(1, 5), smoothings, fews)
def test_learning_is_fitting_on_all(texts, more, n, smoothing, few):
    """Texts learned one after the other, or some at a time, are as if fitted at once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_children_of_one, "_FEW", few)
        model = online(model_of([*texts, long_text], n, smoothing))
        for some in more:
            model = learned(model, *some)
            texts = texts + some
            assert_same_model(model, model_of([*texts, long_text], n, smoothing))


@pytest.mark.slow
@settings(max_examples=12)
@given(corpora, corpora, st.integers(1, 5), smoothings, st.randoms(), fews)
def test_forgetting_undoes_learning(texts, more, n, smoothing, random, few):
    """Texts forgotten are as if never learned, whether they were sorted in or not."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_children_of_one, "_FEW", few)
        model = learned(online(model_of([*texts, long_text], n, smoothing)), *more)
        left = texts + more
        for text in random.sample(left, min(len(left), 4)):
            model = forgotten(model, text)
            left.remove(text)
            assert_same_model(model, model_of([*left, long_text], n, smoothing))
        again = left[:2]
        model = learned(model, *again)
        assert_same_model(model, model_of([*left, *again, long_text], n, smoothing))


@pytest.mark.slow
@settings(max_examples=20)
@given(corpora, corpora, texts_of_ids, st.integers(1, 5), smoothings)
def test_nothing_is_forgotten_where_a_text_is_unknown(texts, some, odd, n, smoothing):
    """The first text that was never learned is named; the model stays as it is."""
    odd = [*odd, 1, 1, 1]  # one more than there can be
    texts = [[word for word in text if word != 1] for text in texts]
    fresh = model_of([*texts, some[0], long_text, long_text], n, smoothing)
    model = online(fresh)
    to_forget = [some[0], odd, odd, [1]]
    with pytest.raises(NeverLearnedError) as error:
        forgotten(model, *to_forget, *to_forget)
    assert error.value.text >= 1
    assert_same_model(model, fresh)


def test_levels_are_copied_for_readers_alone():
    """A change takes over the levels of the model, unless a snapshot reads them."""
    model = online(model_of([long_text], 2, "kneser_ney"))
    levels = model.levels
    changed = learned(model, [1, 2])
    assert changed.levels is levels
    reader = changed.snapshot()
    again = learned(changed, [1, 2])
    assert reader.levels is levels is not again.levels
    assert_same_model(reader, model_of([long_text, [1, 2]], 2, "kneser_ney"))


@pytest.mark.slow
@settings(max_examples=40)
@given(corpora, corpora, st.integers(1, 5), smoothings)
def test_the_model_before_can_still_be_used(texts, more, n, smoothing):
    """What changed is another model: the one before answers as before."""
    before = online(model_of([*texts, long_text], n, smoothing))
    between = learned(before, *more)
    after = forgotten(between, more[0])
    assert_same_model(before, model_of([*texts, long_text], n, smoothing))
    assert_same_model(between, model_of([*texts, *more, long_text], n, smoothing))
    assert_same_model(after, model_of([*texts, *more[1:], long_text], n, smoothing))


def model_of_pairs(pairs, n, smoothing):
    """A smoothed model of messages and replies."""
    counts = NGramCounts.from_stream(stream_of_pairs(pairs), n, N_IDS)
    return LanguageModel.of_counts(counts, as_smoothing(smoothing), Events(N_WORDS))


@pytest.mark.slow
@settings(max_examples=8)
@given(pairs_of_ids, pairs_of_ids, st.integers(1, 6), smoothings, st.randoms())
def test_replies_are_learned_and_forgotten(pairs, more, n, smoothing, random):
    """Pairs learned and forgotten one by one leave the model that the rest makes."""
    enough = (long_text, long_text)  # all orders have a level
    model = online(model_of_pairs([*pairs, enough], n, smoothing))
    model = model.update(stream_of_pairs(more), 1, N_IDS, Events(N_WORDS))
    left = pairs + more
    assert_same_replies(model, model_of_pairs([*left, enough], n, smoothing), left)
    for pair in random.sample(left, min(len(left), 3)):
        model = model.update(stream_of_pairs([pair]), -1, N_IDS, Events(N_WORDS))
        left.remove(pair)
        assert_same_replies(model, model_of_pairs([*left, enough], n, smoothing), more)
    with pytest.raises(NeverLearnedError):
        model.update(stream_of_pairs([([1, 1], [1] * 99)]), -1, N_IDS, Events(N_WORDS))
    assert_same_replies(model, model_of_pairs([*left, enough], n, smoothing), more)


def assert_same_replies(model, fresh, pairs):
    """The same answers as `assert_same_model` asks for, and the same scores of replies."""
    assert_same_model(model, fresh)
    for stream in (
        stream_of_pairs(pairs or [([], [])]),
        stream_of_pairs((pairs or [([], [])]) * 60),
    ):
        scores = log_probabilities(model, stream)
        np.testing.assert_array_equal(scores, log_probabilities(fresh, stream))
        assert not scores[stream.is_given()].any()
    for word in range(N_IDS):
        assert model.occurrences(word) == fresh.occurrences(word)


def test_forgotten_ngrams_are_not_found():
    """What was forgotten is found neither by arrays nor by numbers, the rest by both."""
    model = learned(online(model_of([long_text], 2, "mle")), [1, 1, 3])
    model = forgotten(model, [1, 1, 3])
    contexts, words = np.array([1, 1, 1, 3]), np.array([1, 3, 2, 0])
    rows = model.levels[1].find(contexts, words)
    assert (rows >= 0).tolist() == [False, False, True, False]
    pairs = zip(contexts.tolist(), words.tolist(), strict=True)
    assert [model.levels[1].find_one(*pair) for pair in pairs] == rows.tolist()


def test_what_is_no_longer_used_is_gone_at_once():
    """No circle keeps arrays of n-grams in memory until Python looks for circles."""
    model = learned(online(model_of([long_text], 3, "kneser_ney")), [1, 2], [2, 2])
    model.backoff_weight(2, np.array([0, 1]))
    levels = [weakref.ref(level) for level in model.levels]
    gc.disable()
    try:
        model = model.precomputed()
        assert [level() for level in levels] == [None] * 3
    finally:
        gc.enable()
