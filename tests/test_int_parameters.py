"""Tests of what all parameters that are whole numbers do with numbers out of range."""

from numbers import Integral

import numpy as np
import pytest

import sklearn_sslm
import sklearn_sslm.memory
import sklearn_sslm.smoothing
from sklearn_sslm import NGramTextGenerator
from sklearn_sslm.utils import Interval

LARGE = [2**31, 2**63, 10**30]
TOO_LARGE = [*LARGE, *(-number - 1 for number in LARGE)]


def int_parameters():
    """Each public class with parameters, and those of them that take an int."""
    for module in (sklearn_sslm, sklearn_sslm.memory, sklearn_sslm.smoothing):
        for name in module.__all__:
            kind = getattr(module, name)
            for parameter, domain in getattr(
                kind, "_parameter_constraints", {}
            ).items():
                if any(isinstance(d, Interval) and d.type is Integral for d in domain):
                    yield kind, parameter
                assert Integral not in domain, f"{parameter} of {name} has no bounds"


PARAMETERS = list(int_parameters())


def use(kind, parameter, value):
    """What an object of a class answers, which reads its parameters."""
    if kind.__name__ == "NGramMixture":
        model = kind([NGramTextGenerator().fit(["a b"])], **{parameter: value})
    elif hasattr(kind, "fit"):
        y = ["x", "y"] if "Classifier" in kind.__name__ else None
        model = kind(**{parameter: value}).fit(["a b", "b a"], y)
    else:
        role = "memory" if kind.__module__.endswith("memory") else "smoothing"
        model = NGramTextGenerator(**{role: kind(**{parameter: value})}).fit(["a b"])
    fixed = {
        "random_state": 0,
        "echo": "message",
    }  # no reply is longer than its message
    model.set_params(**{k: v for k, v in fixed.items() if k in model.get_params()})
    answers = [model.sample()] if hasattr(model, "sample") else []
    for name in ("predict", "score_samples", "predict_proba", "transform"):
        if hasattr(model, name):
            answers += [getattr(model, name)(X) for X in (["a b", "b"], ["a b"])]
    return [np.asarray(answer).tolist() for answer in answers]


def test_there_are_int_parameters():
    """The list that is tested is not empty, and has those of several classes."""
    named = {(kind.__name__, parameter) for kind, parameter in PARAMETERS}
    assert {
        ("NGramTextGenerator", "n"),
        ("WordIndexTransformer", "max_length"),
    } <= named


@pytest.mark.parametrize("value", TOO_LARGE)
@pytest.mark.parametrize(("kind", "parameter"), PARAMETERS)
def test_an_int_out_of_range_is_named(kind, parameter, value):
    """It is a ValueError that names the parameter, never an OverflowError from below."""
    with pytest.raises(ValueError, match=f"'{parameter}' parameter of {kind.__name__}"):
        use(kind, parameter, value)


@pytest.mark.parametrize("value", TOO_LARGE)
@pytest.mark.parametrize(
    ("method", "name"),
    [
        ("sample", "n_samples"),
        ("sample", "min_length"),
        ("sample", "max_length"),
        ("next_words", "k"),
    ],
)
def test_an_int_out_of_range_for_a_method_is_named(method, name, value):
    """Arguments of methods are refused as parameters are."""
    model = NGramTextGenerator().fit(["a b"])
    asked = {"X": ["a"]} if method == "next_words" else {}
    with pytest.raises(ValueError, match=f"'{name}'.*in the range.*{value}"):
        getattr(model, method)(**asked, **{name: value})


@pytest.mark.parametrize("value", TOO_LARGE)
def test_an_int_out_of_range_in_an_array_is_named(value):
    """So are the numbers of `min_count`, one for each order."""
    model = NGramTextGenerator(smoothing="kneser_ney", min_count=[1, value])
    with pytest.raises(ValueError, match="'min_count'"):
        model.fit(["a b"])


def test_the_largest_ints_can_be_used():
    """Orders, lengths and numbers of words far above what there is change nothing."""
    most = np.iinfo(np.int32).max
    model = NGramTextGenerator(most, max_length=most, top_k=most, random_state=0)
    model.set_params(no_repeat_ngram_size=most).fit(["a b", "a c"])
    assert set(model.predict(["a"] * 20)) == {"a b", "a c"}
    assert len(model.next_words(["a"], k=most)[0]) == 2
    model.set_params(no_repeat_ngram_size=0, top_k=None)
    assert model.sample(max_length=most)[0] in {"a b", "a c"}


@pytest.mark.parametrize("value", [True, np.int8(1), np.uint64(1)])
@pytest.mark.parametrize(
    ("kind", "parameter"),
    [asked for asked in PARAMETERS if not asked[1].endswith("_value")],  # 0 or less
)
def test_any_kind_of_int_is_an_int(kind, parameter, value):
    """True is 1, as for scikit-learn, and narrow NumPy integers do not overflow."""
    answers = use(kind, parameter, value)
    assert answers
    assert answers == use(kind, parameter, 1)


def test_a_narrow_number_of_jobs_counts_from_the_end():
    """−1 is all processors, whatever the type of the number."""
    assert NGramTextGenerator(n_jobs=np.int8(-1)).fit(["a b"]).n_texts_seen_ == 1


def array_likes():
    """Each estimator, and those of its parameters that take an array."""
    for name in sklearn_sslm.__all__:
        kind = getattr(sklearn_sslm, name)
        for parameter, domain in getattr(kind, "_parameter_constraints", {}).items():
            if "array-like" in domain and name != "NGramMixture":
                yield kind, parameter


@pytest.mark.parametrize(("kind", "parameter"), list(array_likes()))
def test_an_array_without_dimensions_is_named(kind, parameter):
    """NumPy's scalars in arrays are no lists of values."""
    with pytest.raises(ValueError, match=f"'{parameter}' parameter of {kind.__name__}"):
        use(kind, parameter, np.array(3))


@pytest.mark.parametrize(
    ("method", "asked", "named"),
    [
        ("sample", {"unique": np.array([1, 2])}, "'unique'"),
        ("sample", {"balanced": 2}, "'balanced'"),
        ("sample", {"contains": np.array(3)}, "'contains'"),
        ("sample", {"ends_with": np.array(3)}, "'ends_with'"),
        ("next_words", {"X": ["a"], "prefix": np.array(3)}, "'prefix'"),
        ("score_texts", {"X": ["a"], "unknown": np.array([1, 2])}, "'unknown'"),
        ("score_texts", {"X": ["a"], "as_frame": None}, "'as_frame'"),
        ("score_tokens", {"X": ["a"], "as_frame": 1.5}, "'as_frame'"),
        ("explain", {"text": "a", "as_frame": np.array([1, 2])}, "'as_frame'"),
        ("fit", {"X": ["a"], "y": 5}, "'y'"),
        ("partial_fit", {"X": ["a"], "y": np.array(3)}, "'y'"),
    ],
)
def test_an_argument_of_another_kind_is_named(method, asked, named):
    """It is a ValueError or TypeError that says which one, and the model is as before."""
    model = NGramTextGenerator().fit(["a b"])
    with pytest.raises((ValueError, TypeError), match=named):
        getattr(model, method)(**asked)
    assert model.score(["a b"]) == 0


@pytest.mark.parametrize("value", [None, 3, ["a"], np.array(3)])
def test_words_and_texts_of_another_kind_are_named(value):
    """What is no str is not split, and what are no str are not joined."""
    index = sklearn_sslm.WordIndexTransformer()
    with pytest.raises(TypeError, match=r"'text' parameter of WordIndex.*\.tokenize"):
        index.tokenize(value)
    with pytest.raises(TypeError, match=r"'words' parameter of WordIndex.*\.join"):
        index.join([value])
    with pytest.raises(TypeError, match=r"'words' parameter of WordIndex.*\.join"):
        index.join(None)


def test_classes_of_another_kind_are_named():
    """Classes that are no list are no more refused by Python than by name."""
    model = sklearn_sslm.NGramClassifier().fit(["a b", "b"], ["x", "y"])
    with pytest.raises(ValueError, match="'classes'"):
        model.partial_fit(["a"], ["x"], classes=3)
