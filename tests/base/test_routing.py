"""Tests of `sklearn_sslm.base._routing`: weights for what is forgotten."""

import copy
import pickle

import pytest
from sklearn import config_context
from sklearn.base import clone
from sklearn.utils.metadata_routing import get_routing_for_object

from sklearn_sslm import (
    NGramClassifier,
    NGramOutlierDetector,
    NGramTextGenerator,
    SurpriseFeatures,
)

ESTIMATORS = [
    NGramTextGenerator,
    NGramClassifier,
    NGramOutlierDetector,
    SurpriseFeatures,
]


@pytest.mark.parametrize("kind", ESTIMATORS)
def test_what_is_asked_for_is_kept(kind):
    """Clones, copies and pickles ask for the same metadata, in all methods."""
    with config_context(enable_metadata_routing=True):
        model = kind().set_partial_forget_request(sample_weight="times")
        model.set_fit_request(sample_weight=True)
        assert model.set_partial_forget_request() is model  # changes nothing
        pickled = pickle.dumps(model)
        assert b"_routing" not in pickled  # but public names
        for twin in (model, clone(model), copy.copy(model), pickle.loads(pickled)):
            request = get_routing_for_object(twin)
            assert request.partial_forget.requests == {"sample_weight": "times"}
            assert request.consumes("partial_forget", ["times", "x"]) == {"times"}
            assert request.fit.requests == {"sample_weight": True}
            assert "'partial_forget': {'sample_weight': 'times'}" in repr(request)


@pytest.mark.parametrize("kind", ESTIMATORS)
def test_nothing_is_asked_for_at_first(kind):
    """Without a request there is none, and one model's request is of no other."""
    with config_context(enable_metadata_routing=True):
        kind().set_partial_forget_request(sample_weight=True)
        request = kind().get_metadata_routing()
        assert request.partial_forget.requests == {"sample_weight": None}
        copied = get_routing_for_object(request)
        copied.partial_forget.add_request(param="sample_weight", alias=False)
        assert request.partial_forget.requests == {"sample_weight": None}


def test_wrong_requests_are_refused():
    """What is no request is an error, and so is any where routing is not enabled."""
    model = NGramTextGenerator()
    with pytest.raises(RuntimeError, match="enable_metadata_routing=True"):
        model.set_partial_forget_request(sample_weight=True)
    with (
        config_context(enable_metadata_routing=True),
        pytest.raises(ValueError, match="sample_weight"),
    ):
        model.set_partial_forget_request(sample_weight=3)
