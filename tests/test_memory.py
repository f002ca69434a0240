"""Tests of `sklearn_sslm.memory`: what the parameters of a memory may be."""

import re

import pytest
from sklearn.base import clone

from sklearn_sslm import NGramTextGenerator
from sklearn_sslm.memory import RecentWords

WRONG = {
    "half_life": [
        *(0, -1, 0.5, float("nan"), float("inf"), "long", None, True, (), ("a",)),
        *((100, 4000), (5, 5), (100, 0), [[4, 2], [2, 1]], (5, 4, 3, 2, 1)),
    ],
    "n": [0, 17, 2.0, "3", None],
    "min_n": [0, 4, "1"],
    "start": [-0.1, 1.1, "0.5", None],
    "strength": [0, -1, "10"],
    "forgetting": [0, 1.01, "0.9"],
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name in WRONG for value in WRONG[name]]
)
def test_wrong_parameters_are_told(name, value):
    """What is out of its domain is an error that names the parameter and the value."""
    model = NGramTextGenerator(memory=RecentWords(**{name: value}))
    told = rf"(?s)The '{name}' parameter of RecentWords must be.*Got .*"
    shown = str(value) if name == "min_n" and value == 4 else repr(value)
    with pytest.raises(ValueError, match=told + re.escape(shown)):
        model.fit(["a b"])


def test_wrong_parameters_harm_no_fitted_model():
    """A memory that was made wrong after the fit is an error where it is needed."""
    model = NGramTextGenerator(smoothing="witten_bell", memory=RecentWords())
    model.fit(["a b"])
    before = model.score_samples(["a b"])
    model.set_params(memory__half_life=0)
    with pytest.raises(ValueError, match="'half_life' parameter of RecentWords"):
        model.score_samples(["a b"])
    model.set_params(memory__half_life=(4000, 100))
    assert model.score_samples(["a b"]) == before


def test_parameters_are_nested():
    """Those of the memory are searched as ``memory__half_life``, and cloned."""
    model = NGramTextGenerator(memory=RecentWords(n=1)).set_params(memory__half_life=50)
    assert model.get_params()["memory__half_life"] == 50
    twin = clone(model)
    assert repr(twin.memory) == repr(model.memory) == "RecentWords(half_life=50, n=1)"


@pytest.mark.parametrize("memory", ["old", 3, RecentWords])
def test_other_memories_are_none(memory):
    """Only "recent" and objects of this module are memories."""
    with pytest.raises(ValueError, match="'memory' parameter of NGramTextGenerator"):
        NGramTextGenerator(memory=memory).fit(["a b"])
