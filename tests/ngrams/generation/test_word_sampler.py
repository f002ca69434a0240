"""Tests of `sklearn_sslm.ngrams.generation._word_sampler`."""

import numpy as np
import pytest
from _draws import CONTEXTS, assert_drawn_from, expected_next, small_model
from _draws import SMOOTHINGS as ALL_SMOOTHINGS
from _engine import context_of, corpora, count, model_of
from hypothesis import given, settings
from hypothesis import strategies as st

from sklearn_sslm.ngrams import Events, LanguageModel
from sklearn_sslm.ngrams.generation import _word_sampler
from sklearn_sslm.ngrams.generation._sample_one import _draw_by_arrays
from sklearn_sslm.ngrams.generation._streams import Stream, Streams
from sklearn_sslm.ngrams.generation._word_sampler import WordSampler, word_sampler_of
from sklearn_sslm.ngrams.models import _children_of_one
from sklearn_sslm.smoothing import SMOOTHINGS, WittenBell

names = sorted(set(SMOOTHINGS) - {"stupid_backoff"})  # which is drawn by arrays
filled = corpora.filter(any)


def words_of(draw, model, rng=None, n_words=30):
    """Words drawn one after the other, with the contexts after them; texts follow texts."""
    rng = Stream(3) if rng is None else rng
    start = model.counts.back_off(1, 0) if len(model.counts.levels) > 1 else (0, 0)
    drawn, context = [], start
    for _ in range(n_words):
        word, *context = draw(*context, rng)
        if word == 0:  # whatever the context is then
            context = start
        drawn.append((word, *context))
    return drawn


@pytest.mark.parametrize("name", names)
@settings(max_examples=30)
@given(texts=filled, n=st.integers(1, 4))
def test_words_are_those_that_arrays_draw(name, texts, n):
    """From the same random numbers come the words and contexts of the array kernels."""
    model = model_of(texts, n, name)
    streams = Streams(np.array([3], dtype=np.uint64))
    by_arrays = words_of(lambda *args: _draw_by_arrays(model, *args), model, streams)
    assert words_of(WordSampler(model).draw, model) == by_arrays


@settings(max_examples=50)
@given(filled, st.integers(1, 4), st.sampled_from(names))
def test_what_is_kept_does_not_show(texts, n, name):
    """What was visited before, or forgotten, or is too large for a list, is the same."""
    model = model_of(texts, n, name)
    sampler = word_sampler_of(model)
    assert word_sampler_of(model) is sampler
    first = words_of(sampler.draw, model)
    assert words_of(sampler.draw, model) == first
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_word_sampler, "_MAX_CACHED", 3)
        assert words_of(WordSampler(model).draw, model) == first
        assert words_of(WordSampler(model.compact()).draw, model) == first
        patch.setattr(_children_of_one, "_FEW", 0)
        in_arrays = WordSampler(model_of(texts, n, name))
        assert words_of(in_arrays.draw, model) == first


interpolating = [each for each in ALL_SMOOTHINGS if each.lower_order == "interpolate"]


@pytest.mark.parametrize("smoothing", interpolating, ids=str)
def test_without_the_end_words_are_those_of_the_model(smoothing):
    """Given that the end does not follow, each word has its share of what is left."""
    model = small_model(smoothing)
    for seed, words in enumerate(CONTEXTS):
        context, stream = context_of(model, words), Stream(seed)
        sampler = WordSampler(model)
        drawn = [sampler.draw_no_end(*context, stream)[0] for _ in range(1500)]
        p = expected_next(model, words)
        p[0] = 0
        assert_drawn_from(p, np.array(drawn))


@settings(max_examples=50)
@given(filled, st.integers(1, 4), st.sampled_from(["kneser_ney", "witten_bell"]))
def test_without_the_end_contexts_are_the_longest(texts, n, name):
    """After a word that is not the end, too, the context is the longest one known."""
    model = model_of(texts, n, name)
    sampler, stream, context = WordSampler(model), Stream(3), (0, 0)
    for _ in range(20):
        before = context
        word, *context = sampler.draw_no_end(*before, stream)
        expected = model.counts.back_off(*model.counts.advance(*before, word))
        assert (word > 0, tuple(context)) == (True, expected)


def test_forgotten_words_are_never_drawn():
    """An id without a word is not among those that follow with equal probability."""
    counts = count([[1, 2], [2, 4]], 2)  # 3 and 5 never occur
    events = Events(3, np.array([3, 5]))
    model = LanguageModel.of_counts(counts, WittenBell(), events)
    drawn = {word for word, *_ in words_of(WordSampler(model).draw, model, n_words=500)}
    assert drawn == {0, 1, 2, 4}
