"""Tests of `sklearn_sslm.utils._validation`: bad parameters, and calls before `fit`."""

import copy
import pickle

import numpy as np
import pytest
from _refusals import ANSWERS, MESSAGES, REFUSED, TEXTS, answers, state
from sklearn.exceptions import NotFittedError

from sklearn_sslm import NGramTextGenerator, WordIndexTransformer
from sklearn_sslm.saving._envelope import StateError, seal
from sklearn_sslm.smoothing import KneserNey, MaximumLikelihood
from sklearn_sslm.utils._validation import check_min_count

BAD_PARAMETERS = [
    (NGramTextGenerator, "n", 0),
    (NGramTextGenerator, "n", -1),
    (NGramTextGenerator, "n", 2.5),
    (NGramTextGenerator, "n", "3"),
    (NGramTextGenerator, "n", None),
    (NGramTextGenerator, "echo", "loud"),
    (NGramTextGenerator, "echo", None),
    (NGramTextGenerator, "unknown", "ignore"),
    (NGramTextGenerator, "fallback_response", 3),
    (NGramTextGenerator, "max_length", -1),
    (NGramTextGenerator, "max_length", 1.5),
    (NGramTextGenerator, "random_state", "seed"),
    (NGramTextGenerator, "random_state", -1),
    (NGramTextGenerator, "word_index", "words"),
    (NGramTextGenerator, "verbose", -1),
    (NGramTextGenerator, "verbose", "yes"),
    (WordIndexTransformer, "tokenizer", "split"),
    (WordIndexTransformer, "lowercase", "yes"),
    (WordIndexTransformer, "max_length", 0),
    (WordIndexTransformer, "max_length", 2.5),
    (WordIndexTransformer, "padding", "left"),
    (WordIndexTransformer, "truncating", "left"),
    (WordIndexTransformer, "padding_value", "0"),
    (WordIndexTransformer, "unknown_value", 0.5),
]


@pytest.mark.parametrize(("estimator", "name", "value"), BAD_PARAMETERS)
def test_bad_parameters_are_named_with_their_value(estimator, name, value):
    """``fit`` and ``partial_fit`` name the parameter, its owner and the value."""
    message = rf"The '{name}' parameter of {estimator.__name__} must be .* Got "
    for method in ["fit", "partial_fit"]:
        with pytest.raises(ValueError, match=message) as error:
            getattr(estimator(**{name: value}), method)(TEXTS)
        assert str(error.value).endswith(f"Got {value!r} instead.")


@pytest.mark.parametrize(
    ("min_count", "smoothing"), [(0, KneserNey()), (2, MaximumLikelihood())]
)
def test_a_bad_min_count_is_told_with_its_owner(min_count, smoothing):
    """The class that is told is the one whose parameter it is."""
    with pytest.raises(ValueError, match="'min_count' parameter of Mine must be"):
        check_min_count(min_count, smoothing, owner="Mine")


def test_the_message_for_a_bad_n_in_full():
    """The wording is scikit-learn's."""
    with pytest.raises(ValueError, match="instead") as error:
        NGramTextGenerator(n=0).fit(TEXTS)
    assert str(error.value) == (
        "The 'n' parameter of NGramTextGenerator must be an int in the range "
        "[1, 2147483647]. Got 0 instead."
    )


@pytest.mark.parametrize(("estimator", "name", "value"), BAD_PARAMETERS)
def test_bad_parameters_do_not_harm_a_fitted_model(estimator, name, value):
    """A bad value set on a fitted model is refused by ``fit`` and can be taken back."""
    fitted = estimator().fit(TEXTS)
    good = fitted.get_params()[name]
    before = state(fitted)
    fitted.set_params(**{name: value})
    for method in ["fit", "partial_fit"]:
        with pytest.raises(ValueError, match=f"'{name}' parameter"):
            getattr(fitted, method)(TEXTS)
    fitted.set_params(**{name: good})
    assert state(fitted) == before


@pytest.mark.parametrize("change", ["set_params", "setattr"])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[(n, v) for cls, n, v in BAD_PARAMETERS if cls is NGramTextGenerator],
        ("temperature", float("nan")),
        ("top_p", float("nan")),
        ("bad_words", 3),
    ],
)
def test_parameters_that_validated_before_are_no_excuse(name, value, change):
    """A model that just answered refuses each bad value, as often as it is asked."""
    model = NGramTextGenerator(random_state=0).fit(TEXTS)
    model.predict(MESSAGES)
    if change == "set_params":
        model.set_params(**{name: value})
    else:
        setattr(model, name, value)
    for copied in [model, copy.copy(model), pickle.loads(pickle.dumps(model))]:
        for _ in range(2):
            with pytest.raises(ValueError, match=f"The '{name}' parameter"):
                copied.predict(MESSAGES)


def test_words_barred_are_looked_at_each_time():
    """A list of words that is changed in place is the new list for the next reply."""
    model = NGramTextGenerator(bad_words=[]).fit(["a b"])
    assert model.predict(["a"]) == ["a b"]
    model.bad_words.append("b")
    assert model.predict(["a"]) == ["a"]
    model.bad_words[0] = 3
    with pytest.raises(ValueError, match="'bad_words' parameter"):
        model.predict(["a"])


def test_a_file_does_not_say_that_its_parameters_are_right():
    """A pickled model may not remember checks of its parameters that it passed."""
    model = NGramTextGenerator().fit(TEXTS)
    model.temperature = "hot"
    stranger = model.__getstate__()
    del stranger["_sklearn_sslm"]
    names = model._parameter_constraints
    stranger["_validated"] = [getattr(model, name) for name in names]
    for cls in (NGramTextGenerator, type("Derived", (NGramTextGenerator,), {})):
        with pytest.raises(StateError, match="Got the field '_validated'"):
            cls().__setstate__(seal(stranger))


@pytest.mark.parametrize("new", [1, 2, 4])
def test_partial_fit_after_n_has_changed_is_refused(model, new):
    """The error names both values of n and sends to ``fit``; the model still works."""
    before, said = state(model), answers(model)
    model.set_params(n=new)
    with pytest.raises(ValueError, match=rf"(?s)\b{new}\b.*\bfit\b") as error:
        model.partial_fit(["a d"])
    assert "3" in str(error.value)
    model.set_params(n=3)
    assert state(model) == before
    assert answers(model) == said
    assert model.set_params(n=new).fit(TEXTS).partial_fit(["a d"]).n_texts_seen_ == 5


def test_misspelt_parameters_are_refused():
    """There are no silent options."""
    with pytest.raises(TypeError, match="fallback"):
        NGramTextGenerator(fallback="?")
    with pytest.raises(ValueError, match="smoothness"):
        NGramTextGenerator().set_params(smoothness=1)


@pytest.mark.parametrize("value", [0, -1, 1.5, "2", None])
def test_n_samples_and_k_are_positive_ints(model, value):
    """``sample`` and ``next_words`` name the argument that is out of range."""
    before = state(model)
    with pytest.raises(REFUSED, match="n_samples"):
        model.sample(value)
    with pytest.raises(REFUSED, match=r"\bk\b"):
        model.next_words(["a"], k=value)
    assert state(model) == before


def test_n_samples_and_k_may_be_numpy_ints(model):
    """What scikit-learn takes for an int is one."""
    assert len(model.sample(np.int64(2))) == 2
    assert len(model.next_words(["a"], k=np.int32(2))[0]) == 2


# Unfitted -----------------------------------------------------------------------------


@pytest.mark.parametrize("method", ANSWERS)
def test_unfitted_generator_says_so(method):
    """Before ``fit`` every answer is a ``NotFittedError`` that names the class."""
    with pytest.raises(NotFittedError, match="NGramTextGenerator"):
        getattr(NGramTextGenerator(), method)(["a"])


def test_unfitted_sample_and_stream_say_so():
    """``sample`` and ``stream`` need a fitted model like the others."""
    with pytest.raises(NotFittedError, match="NGramTextGenerator"):
        NGramTextGenerator().sample()
    with pytest.raises(NotFittedError, match="NGramTextGenerator"):
        next(iter(NGramTextGenerator().stream("a")))


@pytest.mark.parametrize("method", ["transform", "inverse_transform"])
def test_unfitted_word_index_says_so(method):
    """The word index needs ``fit`` first, too."""
    with pytest.raises(NotFittedError, match="WordIndexTransformer"):
        getattr(WordIndexTransformer(), method)(["a"])
