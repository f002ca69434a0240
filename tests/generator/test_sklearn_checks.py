"""Both estimators are scikit-learn estimators: its own checks, and what users see."""

import re

import pytest
import sklearn
from _adapters import (
    DATA_FREE_CHECKS,
    ArrayTextGenerator,
    ArrayWordIndex,
    for_each_check,
    suite_of,
)
from _greetings import GREETINGS
from sklearn.base import clone
from sklearn.pipeline import make_pipeline
from sklearn.utils import estimator_checks, estimator_html_repr
from sklearn.utils.fixes import parse_version

from sklearn_sslm import NGramTextGenerator, WordIndexTransformer
from sklearn_sslm.utils import _documentation

# That impossible texts are warned of is tested elsewhere; the checks may meet some.
pytestmark = pytest.mark.filterwarnings("ignore:A text has probability 0:UserWarning")

ESTIMATORS = [NGramTextGenerator, WordIndexTransformer]


# Ring 1: scikit-learn's checks that need no data, on the real classes ----------------


@pytest.mark.parametrize("check", DATA_FREE_CHECKS)
@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_scikit_learn_checks_without_data(estimator, check):
    """scikit-learn's checks of parameters, tags and names pass on the real classes."""
    getattr(estimator_checks, check)(estimator.__name__, estimator())


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_tags_say_texts(estimator):
    """Both take texts, and their tags say so; they are no 2-D number crunchers."""
    tags = estimator().__sklearn_tags__()
    assert tags.input_tags.string
    assert not tags.input_tags.two_d_array
    assert tags.requires_fit
    assert not tags.target_tags.required
    if estimator is WordIndexTransformer:
        assert tags.transformer_tags.preserves_dtype == []


# Ring 2: the whole suite on array adapters --------------------------------------------

EXPECTED_TO_FAIL = {
    ArrayTextGenerator: {},
    ArrayWordIndex: {},
}


SUITE = [
    case
    for estimator in [ArrayTextGenerator(random_state=0), ArrayWordIndex()]
    for case in suite_of(estimator, EXPECTED_TO_FAIL[type(estimator)])
]


# The classes that the checks give are what the warning is about.
@pytest.mark.filterwarnings("ignore:'y' of ArrayTextGenerator")
@for_each_check(SUITE)
def test_scikit_learn_suite_on_array_adapters(estimator, check):
    """Every check of scikit-learn passes once numbers are written as texts."""
    check(estimator)


# Parameters ---------------------------------------------------------------------------


def test_clone_copies_parameters_and_no_knowledge():
    """A clone has the same parameters, the word index too, and is not fitted."""
    model = NGramTextGenerator(
        n=4, word_index=WordIndexTransformer(lowercase=True), echo="none"
    ).fit(GREETINGS)
    twin = clone(model)
    assert twin.get_params()["word_index__lowercase"] is True
    assert (twin.n, twin.echo) == (4, "none")
    assert not hasattr(twin, "word_index_")
    assert twin.word_index is not model.word_index


def test_the_word_index_given_is_not_fitted_itself():
    """``word_index`` is a pattern: the fitted one is ``word_index_``."""
    index = WordIndexTransformer(lowercase=True)
    model = NGramTextGenerator(n=2, word_index=index, random_state=0).fit(["OLÁ B"])
    assert not hasattr(index, "vocabulary_")
    assert model.word_index_.words_ == ["", "olá", "b"]
    assert model.predict(["Olá"]).tolist() == ["olá b"]


def test_set_params_reaches_the_word_index():
    """Nested parameters are set by their double-underscore names."""
    model = NGramTextGenerator(word_index=WordIndexTransformer())
    model.set_params(n=3, word_index__lowercase=True, unknown="backoff")
    assert (model.n, model.unknown) == (3, "backoff")
    assert model.fit(["A b"]).word_index_.words_ == ["", "a", "b"]


def test_parameters_that_only_concern_answers_need_no_new_fit():
    """``set_params`` on a fitted model changes how it answers, not what it knows."""
    model = NGramTextGenerator(n=2, random_state=0).fit(["a b c"])
    assert model.predict(["x a", "zebra"]).tolist()[0] == "a b c"
    model.set_params(echo="none", fallback_response="?", max_length=1)
    assert model.predict(["x a", "zebra"]).tolist() == ["b", "?"]
    model.set_params(echo="message", max_length=100)
    assert model.predict(["x a"]).tolist() == ["x a b c"]


def test_repr_shows_what_was_changed():
    """The repr is scikit-learn's: the class and the parameters that differ."""
    assert repr(NGramTextGenerator()) == "NGramTextGenerator()"
    assert repr(NGramTextGenerator(n=3)) == "NGramTextGenerator(n=3)"
    index = WordIndexTransformer(lowercase=True)
    assert repr(index) == "WordIndexTransformer(lowercase=True)"


@pytest.mark.parametrize("fitted", [False, True])
def test_html_repr_shows_parameters(fitted):
    """In a notebook the estimator is shown with its parameters."""
    model = NGramTextGenerator(n=3, echo="message")
    pipeline = make_pipeline(WordIndexTransformer(lowercase=True), model)
    if fitted:
        pipeline.fit(GREETINGS)
    html = estimator_html_repr(pipeline)
    assert html == pipeline._repr_html_() or "sk-container-id" in html
    for shown in ["NGramTextGenerator", "WordIndexTransformer", "echo", "lowercase"]:
        assert shown in html
    assert "message" in html


@pytest.mark.skipif(
    parse_version(sklearn.__version__) < parse_version("1.9"),
    reason="the HTML repr shows docstrings since scikit-learn 1.9",
)
@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_html_repr_explains_every_parameter(estimator, monkeypatch):
    """Each parameter has its docstring as a tooltip, on a link to the site if there is one."""
    monkeypatch.setattr(_documentation, "page_template", lambda: "https://pages.test/")
    html = estimator_html_repr(estimator())
    for name in estimator().get_params(deep=False):
        assert re.search(rf'param-doc-description"[^>]*>\s*{name}:', html), name
