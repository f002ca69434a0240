"""Tests of `sklearn_sslm.ngrams.generation._tempered_sampler`."""

import numpy as np
import pytest
from _arpa_files import read_text
from _draws import CONTEXTS, assert_drawn_from, expected_next, model_with_a_gap
from _engine import (
    N_WORDS,
    context_of,
    corpora,
    model_of,
    on_demand,
    pairs_of_ids,
    stream_of_pairs,
)
from _random_arpa import files
from _stored import model_of_ngrams, stored
from hypothesis import given, settings
from hypothesis import strategies as st

from sklearn_sslm.base import as_smoothing, fitted_model
from sklearn_sslm.ngrams import Events, LanguageModel, NGramCounts
from sklearn_sslm.ngrams.generation import _tempered_sampler
from sklearn_sslm.ngrams.generation._draws import DeadEndError
from sklearn_sslm.ngrams.generation._streams import Stream
from sklearn_sslm.ngrams.generation._tempered_sampler import (
    TemperedSampler,
    _drawn,
    tempered_sampler_of,
)
from sklearn_sslm.ngrams.scoring import next_word_probabilities
from sklearn_sslm.smoothing import SMOOTHINGS

BACKS_OFF = sorted(set(SMOOTHINGS) - {"mle"})
temperatures = st.sampled_from([0.02, 0.5, 0.9, 1.0, 1.7, 30.0])


def distribution_of(powers, n_ids):
    """The probabilities with which words are drawn by some powers."""
    seen = np.diff(powers.sums, prepend=0)
    p = np.zeros(n_ids)
    if powers.shorter is not None:
        p = distribution_of(powers.shorter, n_ids)
        p[powers.words] = 0
        p *= max(powers.total - seen.sum(), 0) / (p.sum() or 1)
    p[powers.words] = seen
    return p / p.sum()


def assert_tempered(model, temperature):
    """After each context words are drawn by the powers of all probabilities."""
    sampler = TemperedSampler(model, temperature)
    for words in CONTEXTS:
        context = context_of(
            model, [0, *words][-(model.n - 1) :] if model.n > 1 else []
        )
        p = next_word_probabilities(model, *context)
        powers = sampler._powers(*context)
        if not p.any():
            with pytest.raises(DeadEndError):
                sampler.draw(*context, Stream(1))
            continue
        expected = (p / p.max()) ** (1 / temperature)
        found = distribution_of(powers, len(p))
        np.testing.assert_allclose(found, expected / expected.sum(), 1e-6, 1e-9)
        total = powers.total * (powers.most / p.max()) ** (1 / temperature)
        np.testing.assert_allclose(total, expected.sum(), rtol=1e-8)
        assert p[sampler.draw(*context, Stream(1))] > 0


@settings(max_examples=60)
@given(corpora, st.integers(1, 4), st.sampled_from(BACKS_OFF), temperatures)
def test_words_are_drawn_by_powers_of_their_probabilities(texts, n, name, temperature):
    """For every smoothing that backs off, also where weights are computed on demand."""
    model = model_of(texts, n, name)
    for same in (model, on_demand(model), model.compact()):
        assert_tempered(same, temperature)


@settings(max_examples=30)
@given(
    corpora,
    st.integers(1, 4),
    st.sampled_from(["kneser_ney", "witten_bell"]),
    st.sampled_from([(2,), (1, 2, 3)]),
    temperatures,
)
def test_models_that_leave_ngrams_out(texts, n, name, min_count, temperature):
    """N-grams that are pruned have the powers of what is handed on."""
    whole = model_of(texts, n, name)
    model = LanguageModel.of_counts(
        whole.counts, whole.smoothing, whole.events, min_count=min_count
    )
    assert_tempered(model, temperature)


@settings(max_examples=30)
@given(pairs_of_ids, st.integers(1, 4), st.sampled_from(BACKS_OFF), temperatures)
def test_models_of_replies(pairs, n, name, temperature):
    """So have n-grams of messages alone."""
    counts = NGramCounts.from_stream(stream_of_pairs(pairs), n, N_WORDS + 1)
    model = LanguageModel.of_counts(counts, as_smoothing(name), Events(N_WORDS))
    assert_tempered(model, temperature)


@given(text=files, temperature=temperatures)
def test_models_of_files(text, temperature, tmp_path_factory):
    """Probabilities that are stored, of 0 as well, are raised to the same power."""
    path = tmp_path_factory.mktemp("arpa") / "model.arpa"
    model = fitted_model(read_text(text, path)).language_model
    sampler = TemperedSampler(model, temperature)
    for words in ([], [1], [2], [1, 2], [2, 2, 1]):
        context = model.counts.longest_context_of([0, *words][-(model.n - 1) :])
        p = next_word_probabilities(model, *context)
        powers = sampler._powers(*context)
        assert temperature < 0.1 or not np.isnan(powers.total)
        if powers.total > 0:
            expected = (p / p.max()) ** (1 / temperature)
            found = distribution_of(powers, len(p))
            np.testing.assert_allclose(found, expected / expected.sum(), 1e-6, 1e-9)


def test_powers_by_hand():
    """Squares of 0.2, 0.5 and 0.3, and where "b" alone, 0.6, was seen after "a".

    They add up to 0.38. The backoff weight of "a" is 0.4 / 0.7, its square 16 / 49. So
    the squares after "a" are 0.36, and 16 / 49 of 0.38 - 0.09.
    """
    unigrams = stored([(0,), (1,), (2,)], [0.2, 0.5, 0.3], [1, 0.4 / 0.7, 1])
    model = model_of_ngrams([unigrams, stored([(1, 2)], [0.6])], 0.1)
    powers = TemperedSampler(model, 0.5)._powers(*context_of(model, [1]))
    rest = 16 / 49 * (0.38 - 0.09)
    assert powers.total * powers.most**2 == pytest.approx(0.36 + rest)
    squares = [16 / 49 * 0.04, 16 / 49 * 0.25, 0.36]
    expected = np.array(squares) / (0.36 + rest)
    np.testing.assert_allclose(distribution_of(powers, 3), expected)
    stream = Stream(3)
    assert_drawn_from(expected, [_drawn(powers, stream) for _ in range(2000)])


@pytest.mark.parametrize("name", BACKS_OFF)
def test_words_that_were_forgotten_are_not_drawn(name):
    """Their ids have no power, after any context, and no share of the sum."""
    model = model_with_a_gap(as_smoothing(name))
    sampler = TemperedSampler(model, 2.0)
    for context in ((0, 0), *((1, row) for row in (0, 1, 3))):
        expected = np.sqrt(next_word_probabilities(model, *context))
        assert expected[2] == 0
        found = distribution_of(sampler._powers(*context), 5)
        np.testing.assert_allclose(found, expected / expected.sum())


def test_no_power_is_too_small():
    """At a temperature near 0 the likeliest word is drawn, however rare it is."""
    model = model_of([[k] for k in range(1, 300)] + [[7]], 2, "lidstone", 300)
    sampler = TemperedSampler(model, 1e-4)
    assert {
        sampler.draw(*model.counts.back_off(1, 0), Stream(k)) for k in range(9)
    } == {7}
    assert expected_next(model, []).max() < 0.5


def test_a_model_keeps_few_samplers(monkeypatch):
    """The last ones used are kept; words after contexts as far as there is room."""
    model = model_of([[1, 2, 3], [2, 1]], 3, "kneser_ney")
    first = tempered_sampler_of(model, 0.5)
    second = tempered_sampler_of(model, 2.0)
    assert tempered_sampler_of(model, 0.5) is first
    tempered_sampler_of(model, 3.0)
    assert tempered_sampler_of(model, 0.5) is first
    assert tempered_sampler_of(model, 2.0) is not second
    monkeypatch.setattr(_tempered_sampler, "_MAX_WORDS", 3)
    for words in ([0, 1], [2, 1], [1, 2], [0, 2]):  # each with one or two words before
        first.draw(*model.counts.longest_context_of(words), Stream(1))
    assert 0 < len(first._kept) <= 3
