"""Tests of `sklearn_sslm.ngrams.conditions._constraints_cache`."""

from types import SimpleNamespace

from _engine import model_of

from sklearn_sslm.ngrams import Constraints, Start
from sklearn_sslm.ngrams.conditions import _constraints_cache
from sklearn_sslm.ngrams.conditions._constraints_cache import cache_of

ASKED = [Constraints(max_length=most) for most in range(20)]


def small_model():
    """A model of few texts."""
    return model_of([[1, 2, 1], [1, 2], [3]], 2, "kneser_ney", 3)


def test_recent_constraints_are_cached_and_few():
    """Those asked for last are cached in the model, and old ones are not."""
    model = small_model()
    caches = [cache_of(model, constraints) for constraints in ASKED]
    assert cache_of(model, ASKED[-1]) is caches[-1]
    assert cache_of(model, ASKED[-7]) is caches[-7]
    assert cache_of(model, ASKED[0]) is not caches[0]
    assert len(model.computed.texts_given) == 8


def test_the_cache_is_bounded_by_its_size(monkeypatch):
    """Large results make older ones go; the newest are always cached."""
    model = small_model()
    monkeypatch.setattr(_constraints_cache, "_MAX_CACHED", 10)
    for constraints in ASKED[:4]:
        cache = cache_of(model, constraints)
        cache.timed = SimpleNamespace(n_numbers=4)
    assert cache_of(model, ASKED[3]) is cache
    assert [of for of, _ in model.computed.texts_given] == [ASKED[3], ASKED[2]]
    cache.completed = SimpleNamespace(n_numbers=12)
    assert cache_of(model, ASKED[3]) is cache
    assert [of for of, _ in model.computed.texts_given] == [ASKED[3]]


def test_rates_of_few_starts_are_cached():
    """The rate of the last start is there, however many there were before."""
    cache = cache_of(small_model(), ASKED[0])
    for row in range(100):
        cache.add_rate(Start(1, row), 0, row / 100)
        assert cache.rates[Start(1, row)] == (0, row / 100)
        assert len(cache.rates) <= 8
