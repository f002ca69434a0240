"""Tests of `sklearn_sslm.base._state`: what pickles name of this package is public."""

import copy
import importlib
import pickle
import pickletools

import cloudpickle
import joblib
import numpy as np
import pytest
from _saved import REPLIES, SMOOTHINGS, TEXTS, read_model, texts_of_rows

from sklearn_sslm import NGramTextGenerator, WordIndexTransformer
from sklearn_sslm.datasets import load_greetings
from sklearn_sslm.smoothing import KneserNey

pytestmark = pytest.mark.usefixtures("in_an_empty_folder")

STRINGS = {"SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8", "UNICODE"}
PUBLIC_MODULES = {"sklearn_sslm", "sklearn_sslm.ngrams", "sklearn_sslm.smoothing"}


def names_in(data):
    """The globals that a pickle names, as (module, qualified name)."""
    strings, memo = [], []
    for operation, argument, _ in pickletools.genops(data):
        if operation.name in STRINGS:
            strings.append(argument)
        elif operation.name == "MEMOIZE":
            memo.append(strings[-1] if strings else None)
        elif operation.name in {"BINGET", "LONG_BINGET"} and argument < len(memo):
            strings.append(memo[argument])
        elif operation.name == "GLOBAL":
            yield tuple(argument.split(" "))
        elif operation.name == "STACK_GLOBAL":
            yield tuple(strings[-2:])


def all_parameters():
    """A model whose parameters are of all kinds."""
    return NGramTextGenerator(
        n=np.int64(3),
        smoothing=KneserNey(discounts=np.array([0.5, 1, 1.5])),
        min_count=np.array([1, 2]),
        word_index=WordIndexTransformer(tokenizer=str.split),
        detokenizer="simple",
        bad_words={"gato"},
        stop=frozenset(["sim"]),
        random_state=np.random.RandomState(0),
    ).fit(TEXTS)


SAVED = {
    **{
        name: lambda name=name: NGramTextGenerator(smoothing=name).fit(TEXTS)
        for name in SMOOTHINGS
    },
    "not fitted": NGramTextGenerator,
    "all parameters": all_parameters,
    "learned on": lambda: all_parameters().set_params(min_count=1).partial_fit(TEXTS),
    "generator": lambda: NGramTextGenerator(random_state=np.random.default_rng(0)),
    "replies": lambda: NGramTextGenerator().fit(TEXTS, REPLIES),
    "rows": lambda: NGramTextGenerator().fit(texts_of_rows()),
    "compact": lambda: NGramTextGenerator().fit(TEXTS).compact(),
    "read": lambda: read_model(3),
    "copy": lambda: copy.copy(NGramTextGenerator().fit(TEXTS)),
    "word index": lambda: WordIndexTransformer().fit(TEXTS),
    "word ids": lambda: WordIndexTransformer().fit_transform(TEXTS),
    "counts": lambda: NGramTextGenerator().fit(TEXTS).counts_,
    "explanation": lambda: NGramTextGenerator().fit(TEXTS).explain(TEXTS[0]),
    "greetings": load_greetings,
}


def mapped(thing):
    """What joblib loads of a file, its arrays staying there."""
    joblib.dump(thing, "thing.joblib")
    return joblib.load("thing.joblib", mmap_mode="r")


@pytest.mark.parametrize("name", SAVED)
def test_pickles_name_public_modules_only(name):
    """No pickle of what the package returns depends on where its source is."""
    thing = SAVED[name]()
    pickles = [
        pickle.dumps(thing, protocol)
        for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1)
    ]
    pickles += [cloudpickle.dumps(thing), pickle.dumps(mapped(thing))]
    for data in pickles:
        ours = {pair for pair in names_in(data) if pair[0].startswith("sklearn_sslm")}
        assert {module for module, _ in ours} <= PUBLIC_MODULES
        for module, public in ours:
            assert public in importlib.import_module(module).__all__
    assert ours or name in {"explanation", "greetings"}
