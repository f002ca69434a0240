"""Laws of exactness on every backing of a model, whenever n-grams are sorted anew."""

from functools import cache

import numpy as np
import pytest
from _backings import BACKINGS, CAN_LEARN
from _slow import smoothings

from sklearn_sslm import NGramTextGenerator
from sklearn_sslm.base import fitted_model, truncated
from sklearn_sslm.ngrams.models import _updating
from sklearn_sslm.smoothing import SMOOTHINGS

# How many n-grams a model must have for each word that goes into the overlay: with 0 all
# words do and nothing is ever sorted, with infinity everything is sorted at once.
RATIOS = {"never": 0, "default": _updating.REBUILD_RATIO, "always": np.inf}

rng = np.random.default_rng(7)
WORDS = np.array(["o", "a", "gato", "gata", "dorme", "come", "e", "sim", "é", "só"])
TEXTS = [" ".join(WORDS[np.minimum(rng.zipf(1.5, 6), 10) - 1]) for _ in range(60)]
MORE = ["o peixe come", "a gata e o peixe", "só o rato", "só o rato"]
CONTEXTS = ["", "o", "a gata", "o peixe", "nada disso"]
ASKED = [*TEXTS[:5], *MORE, "", "zebra o gato", "gato gato gato"]


@pytest.fixture(params=RATIOS)
def rebuilds(request, monkeypatch):
    """When n-grams are sorted anew."""
    monkeypatch.setattr(_updating, "REBUILD_RATIO", RATIOS[request.param])
    return request.param


def unfitted(smoothing, n=3):
    """A model that has learned nothing."""
    return NGramTextGenerator(n, smoothing=smoothing, random_state=3, max_length=6)


def in_words(model, X):
    """The distribution of the next word by word, as ids may differ."""
    words = model.word_index_.words_
    rows = model.next_word_proba(X)
    return [
        {words[j]: p for j, p in enumerate(row) if words[j] or not j} for row in rows
    ]


@cache
def answers_of(smoothing, n, *texts):
    """What a model answers that was fitted on these texts, and was never changed."""
    model = unfitted(smoothing, n).fit(texts)
    scores = {text: model.score_samples([text])[0] for text in ASKED}
    scores = {text: score for text, score in scores.items() if np.isfinite(score)}
    explained = [*list(scores)[:3], "o peixe come a gata"]
    orders = {text: model.explain(text)["order"] for text in explained}
    numbers = model.n_words_, model.n_tokens_seen_
    return (
        scores,
        in_words(model, CONTEXTS),
        orders,
        numbers,
        {*" ".join(texts).split()},
    )


def assert_knows(model, texts):
    """A model is the one fitted on these texts, whatever ids their words have."""
    scores, rows, orders, numbers, words = answers_of(model.smoothing, model.n, *texts)
    found = model.score_samples(list(scores))
    np.testing.assert_allclose(found, list(scores.values()), rtol=1e-12)
    for mine, theirs in zip(in_words(model, CONTEXTS), rows, strict=True):
        assert mine == pytest.approx(theirs, rel=1e-12)
    for text, order in orders.items():
        np.testing.assert_array_equal(model.explain(text)["order"], order)
    assert (model.n_words_, model.n_tokens_seen_) == numbers
    for drawn in (model.sample(30), [model.sample(1)[0] for _ in range(3)]):
        assert {word for text in drawn for word in text.split()} <= words


pytestmark = pytest.mark.filterwarnings("ignore:A text has probability 0:UserWarning")


@pytest.mark.parametrize("smoothing", smoothings(SMOOTHINGS))
@pytest.mark.parametrize("backing", BACKINGS)
def test_every_backing_is_the_model_of_its_texts(
    backing, smoothing, rebuilds, tmp_path
):
    """Whatever a model lies on, it is the one that was fitted on these texts."""
    model = BACKINGS[backing](unfitted(smoothing), TEXTS, tmp_path)
    assert_knows(model, TEXTS)


@pytest.mark.parametrize("smoothing", smoothings(SMOOTHINGS))
@pytest.mark.parametrize("backing", CAN_LEARN)
def test_every_backing_has_models_of_lower_order(
    backing, smoothing, rebuilds, tmp_path
):
    """What is left without the higher orders is the model of the lower order."""
    model = BACKINGS[backing](unfitted(smoothing), TEXTS, tmp_path)
    for n in (1, 3):
        assert_knows(truncated(model, n), TEXTS)


def test_lower_orders_of_mapped_models_are_computed_on_demand(tmp_path):
    """No backoff weights are precomputed for them, as for the mapped model itself."""
    model = BACKINGS["mapped"](unfitted("kneser_ney"), TEXTS, tmp_path)
    for n in (2, 3):
        lower = fitted_model(truncated(model, n)).language_model
        assert not any(weights.is_precomputed for weights in lower.weights)


@pytest.mark.parametrize("smoothing", smoothings(SMOOTHINGS))
@pytest.mark.parametrize("backing", CAN_LEARN)
def test_every_backing_learns_and_forgets(backing, smoothing, rebuilds, tmp_path):
    """Learning on, forgetting and merging are fits on what was learned then.

    The texts forgotten hold words of their own, whose unigrams disappear one by one.
    """
    model = BACKINGS[backing](unfitted(smoothing), TEXTS, tmp_path)
    for text in MORE:
        model.partial_fit([text])
    assert_knows(model, TEXTS + MORE)
    for text in MORE:
        model.partial_forget([text])
    assert_knows(model, TEXTS)
    model.merge(unfitted(smoothing).fit(MORE)).partial_forget(TEXTS[:7])
    assert_knows(model, TEXTS[7:] + MORE)


@pytest.mark.parametrize("backing", CAN_LEARN)
def test_no_more_is_forgotten_than_was_learned(backing, rebuilds, tmp_path):
    """A text learned twice is forgotten twice, and not a third time."""
    model = BACKINGS[backing](unfitted("kneser_ney"), TEXTS, tmp_path)
    model.partial_fit(MORE)  # "só o rato" is in it twice
    with pytest.raises(ValueError, match="text 2, 'só o rato'; nothing was forgotten"):
        model.partial_forget(["só o rato"] * 3)
    assert_knows(model, TEXTS + MORE)
    model.partial_forget(["só o rato"] * 2)
    with pytest.raises(ValueError, match="must hold what was learned"):
        model.partial_forget(["só o rato"])
    assert_knows(model, TEXTS + MORE[:2])


def test_a_word_inside_of_one_text_is_not_forgotten_twice(rebuilds):
    """In "a a b" the 2-gram "a a" occurs once, so a text that needs it twice is refused."""
    model = unfitted("mle", n=2).fit(["a a b", "a b", "b a", "b"])
    with pytest.raises(ValueError, match="text 0, 'a a a b'"):
        model.partial_forget(["a a a b"])


@pytest.mark.parametrize("backing", CAN_LEARN)
def test_forgotten_words_are_unknown(backing, rebuilds, tmp_path):
    """A word that no text holds any more is found by nothing, and its id is free."""
    model = BACKINGS[backing](unfitted("kneser_ney"), TEXTS, tmp_path)
    model.partial_fit(["o leão ruge"]).partial_forget(["o leão ruge"])
    assert "leão" not in model.word_index_.vocabulary_
    assert model.word_index_.transform(["leão gato"])[0][0] == -1
    assert model.predict(["leão"])[0] == model.fallback_response
    assert "leão" not in [word for word, _ in model.next_words(["o"], k=99)[0]]
    with pytest.raises(ValueError, match=r"known words.* 'leão'"):
        model.sample(contains="leão")


@pytest.mark.parametrize("smoothing", ["kneser_ney", "absolute_discounting"])
def test_replies_are_learned_on_as_at_once(smoothing, rebuilds):
    """The boundary between message and reply has left neighbours like any other token."""
    replies = [TEXTS[(7 * i) % 60] for i in range(60)]
    expected = unfitted(smoothing).fit(TEXTS, replies)
    model = unfitted(smoothing).fit(TEXTS[:40], replies[:40])
    for message, reply in zip(TEXTS[40:], replies[40:], strict=True):
        model.partial_fit([message], [reply])
    assert model.score(TEXTS, replies) == pytest.approx(expected.score(TEXTS, replies))
    np.testing.assert_array_equal(model.discounts_, expected.discounts_)
    model.partial_fit(["o leão"], ["ruge"]).partial_forget(["o leão"], ["ruge"])
    assert model.score(TEXTS, replies) == pytest.approx(expected.score(TEXTS, replies))
    np.testing.assert_array_equal(model.discounts_, expected.discounts_)
