"""Smoothings that users write: what derives from `sklearn_sslm.smoothing.Smoothing`."""

import numpy as np
import pytest
from _jelinek_mercer import JelinekMercer
from scipy import stats

from sklearn_sslm import NGramTextGenerator
from sklearn_sslm.smoothing import SMOOTHINGS, Smoothing


def fit(smoothing, texts=("a b", "a c")):
    """A model of few texts."""
    return NGramTextGenerator(n=2, smoothing=smoothing).fit(list(texts))


def test_a_smoothing_of_ones_own_by_hand():
    """Ten lines are enough for Jelinek–Mercer to score texts and rank words."""
    model = fit(JelinekMercer(share=0.2))
    # Unigrams: p(b) = 0.8 · 1/6 + 0.2 · 1/5. After a: 0.8 · 1/2 + 0.2 · p(b).
    unigram = 0.8 / 6 + 0.2 / 5
    assert model.next_word_proba(["a"])[0, 2] == pytest.approx(0.4 + 0.2 * unigram)
    unknown = 1 - model.next_word_proba(["a"]).sum()
    assert unknown == pytest.approx(0.2 * 0.2 / 5)
    assert model.next_words(["a"], k=1)[0][0][0] == "b"


@pytest.mark.parametrize("texts", [["a b", "a c"], ["b a a b c", "a", "c a b"]])
def test_a_smoothing_of_ones_own_is_drawn_from(texts):
    """Its texts begin with each word as often as ``next_word_proba`` says."""
    model = fit(JelinekMercer(), texts=texts).set_params(max_length=1, random_state=0)
    p = model.next_word_proba([""])[0]
    drawn = model.sample(50_000)
    counts = [np.count_nonzero(drawn == word) for word in model.word_index_.words_]
    assert sum(counts) == 50_000
    assert stats.chisquare(counts, p / p.sum() * 50_000).pvalue > 1e-4


def test_parameters_of_ones_own_are_reached_through_the_estimator():
    """``smoothing__share`` can be set like any other parameter."""
    model = NGramTextGenerator(smoothing=JelinekMercer())
    model.set_params(smoothing__share=1.0).fit(["a b", "a c"])
    np.testing.assert_allclose(model.next_word_proba(["a"]), np.full((1, 4), 1 / 5))


class KatzLike(Smoothing):
    """Backs off with what an absolute discount has taken: not interpolated."""

    lower_order = "backoff"

    def discounted(self, count, context):
        return np.maximum(count - 0.5, 0) / context.total

    def backoff_weight(self, context):
        return 0.5 * context.types / context.total


def test_a_backoff_smoothing_of_ones_own_is_drawn_from():
    """A discounted backoff is drawn in proportion to its scores, like any other."""
    texts = ["a b", "a b", "a b", "a c", "b a", "c"]
    model = fit(KatzLike(), texts=texts).set_params(max_length=1, random_state=0)
    p = model.next_word_proba([""])[0]
    drawn = model.sample(50_000)
    counts = [np.count_nonzero(drawn == word) for word in model.word_index_.words_]
    assert stats.chisquare(counts, p / p.sum() * 50_000).pvalue > 1e-4


class Sideways(JelinekMercer):
    lower_order = "sideways"


@pytest.mark.parametrize(
    "use",
    [
        lambda model: model.score_samples(["a b"]),
        lambda model: model.next_word_proba(["a"]),
        lambda model: model.predict(["a"]),
        lambda model: model.predict(["a", "b"]),
        lambda model: model.sample(3),
    ],
    ids=["score_samples", "next_word_proba", "predict one", "predict", "sample"],
)
def test_a_wrong_lower_order_is_an_error(use):
    """A smoothing that says in no known way what is below it is named, whatever is asked."""
    message = (
        "The 'lower_order' attribute of Sideways must be .* Got 'sideways' instead"
    )
    with pytest.raises(ValueError, match=message):
        use(fit(Sideways()))


@pytest.mark.parametrize("missing", ["discounted", "backoff_weight"])
def test_a_smoothing_without_an_answer_is_an_error(missing):
    """What derives from `Smoothing` without its two methods is told which one it lacks."""
    answers = {
        "discounted": JelinekMercer.discounted,
        "backoff_weight": JelinekMercer.backoff_weight,
    }
    del answers[missing]
    half = type("Half", (Smoothing,), answers | {"share": 0.4})
    with pytest.raises(NotImplementedError, match=f"Half must define {missing}"):
        fit(half()).score_samples(["a b"])


def test_that_a_smoothing_takes_numbers_is_not_inherited():
    """One that overrides a method for arrays only is given arrays."""

    class Capped(SMOOTHINGS["witten_bell"]):
        def backoff_weight(self, context):
            weight = super().backoff_weight(context)
            weight[weight > 1] = 1  # an error for a single number
            return weight

    texts = ["a b", "a c", "b a c a"]
    expected = NGramTextGenerator(smoothing="witten_bell").fit(texts)
    model = NGramTextGenerator(smoothing=Capped()).fit(texts)
    assert model.score(texts) == expected.score(texts)
