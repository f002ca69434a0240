"""Tests of `sklearn_sslm.classifier._classifier`: Bayes' rule on a model of each class."""

import copy
import warnings

import numpy as np
import pytest
from _classes import ASKED, LABELS, TEXTS, assert_same
from _reference import MODELS
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from sklearn_sslm import NGramClassifier, NGramTextGenerator, WordIndexTransformer
from sklearn_sslm.smoothing import KneserNey

# What it predicts ---------------------------------------------------------------------


def test_the_smoothing_that_none_stands_for(model):
    """None is Kneser–Ney with a strength, of which the parameters are reached, too."""
    assert str(model.smoothing_) == "KneserNey(strength=0.005)"
    assert_same(
        model, clone(model).set_params(smoothing=model.smoothing_).fit(TEXTS, LABELS)
    )
    stronger = clone(model).set_params(smoothing__strength=2.0)
    assert str(stronger.smoothing) == "KneserNey(strength=2.0)"
    plain, weak = (
        NGramClassifier(2, smoothing=smoothing).fit(TEXTS, LABELS).predict_proba(ASKED)
        for smoothing in ("kneser_ney", KneserNey(strength=0.0))
    )
    np.testing.assert_array_equal(plain, weak)
    assert (plain != model.predict_proba(ASKED)).any()


@pytest.mark.parametrize("smoothing", sorted(set(MODELS) - {"mle"}))
def test_bayes_rule_on_models_by_the_book(smoothing):
    """P(c | x) is P(c) p(x | c) over their sum, p(x | c) coming from c's texts alone."""
    ids = {"a": 1, "b": 2, "c": 3, "d": 4, "new": -1}
    joint = []
    for label, prior in (("x", 2 / 6), ("y", 3 / 6), ("z", 1 / 6)):
        own = [
            (0, *map(ids.get, text.split()), 0)
            for text, of_class in zip(TEXTS, LABELS, strict=True)
            if of_class == label
        ]
        reference = MODELS[smoothing](own, 2, len(ids) - 1)
        asked = [(0, *map(ids.get, text.split()), 0) for text in ASKED]
        joint.append([prior * np.prod(reference.ps(text)) for text in asked])
    expected = np.transpose(joint) / np.sum(joint, axis=0)[:, None]
    model = NGramClassifier(2, smoothing=smoothing).fit(TEXTS, LABELS)
    np.testing.assert_allclose(model.predict_proba(ASKED), expected)
    np.testing.assert_allclose(np.exp(model.predict_log_proba(ASKED)), expected)
    likeliest = np.array(["x", "y", "z"])[expected.argmax(axis=1)]
    assert model.predict(ASKED).tolist() == likeliest.tolist()


def test_probabilities_by_hand():
    """Unigrams with alpha 1, by hand.

    3 words, the end and an unknown one are 5 events. Class 0 has a, b and an end: p(a) =
    p(end) = 2/8. Class 1 has c and an end: p(a) = 1/7, p(end) = 2/7. So P(0 | a) is
    (1/16) / (1/16 + 2/49) = 49/81.
    """
    model = NGramClassifier(1, smoothing="lidstone").fit(["a b", "c"], [0, 1])
    np.testing.assert_allclose(model.predict_proba(["a"]), [[49 / 81, 32 / 81]])


def test_languages_are_told_apart():
    """Characters of a few greetings tell languages apart, by words never seen."""
    texts = ["good morning to you", "how are you", "bom dia a você", "como vai você"]
    texts += ["hyvää huomenta teille", "mitä kuuluu sinulle"]
    labels = np.repeat(["en", "pt", "fi"], 2)
    characters = WordIndexTransformer(tokenizer=list)
    model = NGramClassifier(word_index=characters).fit(texts, labels)
    asked = ["tooth", "diva", "päälle"]
    assert model.predict(asked).tolist() == ["en", "pt", "fi"]
    assert model.score(texts, labels) == 1


def test_impossible_texts_get_the_likeliest_class():
    """A text of probability 0 in all classes is judged by the priors, with a warning."""
    model = NGramClassifier(2, smoothing="mle").fit(["a b", "a c", "b a"], [0, 1, 1])
    with pytest.warns(UserWarning, match="probability 0 in every class"):
        p = model.predict_proba(["zebra", "a b"])
    np.testing.assert_allclose(p, [[1 / 3, 2 / 3], [1, 0]])


def test_one_class_is_always_predicted():
    """A classifier that knows one class has no choice."""
    model = NGramClassifier().fit(["a", "b"], ["only", "only"])
    assert model.predict(["zebra", ""]).tolist() == ["only", "only"]
    np.testing.assert_array_equal(model.predict_proba(["a"]), [[1.0]])


@pytest.mark.parametrize("labels", [[0, 1], [2.0, 1.0], [True, False], ["b", "a"]])
def test_labels_keep_their_type(labels):
    """What is predicted is of the type of the labels, which may be any."""
    model = NGramClassifier().fit(["a a", "b b"], labels)
    assert model.predict(["b b", "a a"]).tolist() == labels[::-1]
    assert model.classes_.dtype == np.array(labels).dtype
    names = np.array([f"class {label}" for label in labels], dtype=object)
    assert NGramClassifier().fit(["a", "b"], names).predict(["b"]) == names[1:]


def test_discounts_are_those_of_each_class(model):
    """`discounts_` has a row of three for each class and order."""
    assert model.discounts_.shape == (3, 2, 3)
    own = NGramTextGenerator(2, smoothing="kneser_ney").fit(TEXTS[2:5]).discounts_
    np.testing.assert_array_equal(model.discounts_[1], own)
    with pytest.raises(AttributeError, match="WittenBell takes no discounts"):
        _ = NGramClassifier(smoothing="witten_bell").fit(TEXTS, LABELS).discounts_


# Learning on and forgetting -----------------------------------------------------------


def test_learning_on_is_fitting_on_all(model):
    """Texts may come in parts, with classes that have none yet."""
    parts = NGramClassifier(2).partial_fit(
        TEXTS[:2], LABELS[:2], classes=["y", "x", "z"]
    )
    assert parts.class_count_.tolist() == [2, 0, 0]
    assert parts.predict(["d zebra"]) == "x"  # others have no text yet
    for text, label in zip(TEXTS[2:], LABELS[2:], strict=True):
        parts.partial_fit([text], [label])
    assert_same(parts, model)


def test_forgetting_is_never_having_learned(model):
    """Texts are forgotten exactly, with their words; ids of others stay."""
    more = copy.deepcopy(model)
    more.partial_fit(["e a", "d d"], ["x", "z"]).partial_forget(
        ["e a", "d d"], ["x", "z"]
    )
    assert_same(more, model)
    assert "e" not in more.word_index_.vocabulary_
    rest = copy.deepcopy(model).partial_forget(TEXTS[:1], LABELS[:1])
    assert_same(rest, NGramClassifier(2).fit(TEXTS[1:], LABELS[1:]))


def test_a_class_without_texts_is_not_predicted(model):
    """A class of which all is forgotten has probability 0, until it learns again."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model.partial_forget(["a d"], ["z"])
        p = model.predict_proba(["a d", "zebra", ""])
    assert model.classes_.tolist() == ["x", "y", "z"]
    assert model.class_log_prior_[2] == -np.inf
    assert (p[:, 2] == 0).all()
    np.testing.assert_allclose(p.sum(axis=1), 1)
    assert model.partial_fit(["zebra"], ["z"]).predict(["zebra"]) == "z"


def test_forgetting_all_is_not_being_fitted(model):
    """Nothing is left of a classifier that forgot all."""
    model.partial_forget(TEXTS, LABELS)
    assert not hasattr(model, "classes_")
    with pytest.raises(NotFittedError):
        model.predict(["a"])
    assert_same(model.fit(TEXTS, LABELS), NGramClassifier(2).fit(TEXTS, LABELS))


@pytest.mark.parametrize(
    ("texts", "labels", "named"),
    [
        (["a c", "a b c"], ["x", "y"], "text 1, 'a b c'"),
        (["a c", "a c"], ["x", "x"], "text 1, 'a c'"),
        (["zebra"], ["x"], "text 0, 'zebra'"),
        (iter(["a c", "zebra"]), ["x", "x"], "text 1, 'zebra'"),
    ],
)
def test_what_was_never_learned_is_not_forgotten(model, texts, labels, named):
    """The first text that its class never learned is named, and nothing changes."""
    before = model.predict_proba(ASKED)
    with pytest.raises(ValueError, match=f"{named}; nothing was forgotten"):
        model.partial_forget(texts, labels)
    np.testing.assert_array_equal(model.predict_proba(ASKED), before)


def test_weights_are_repetitions(model):
    """A weight is how often a text is learned or forgotten; 0 leaves it out."""
    weights = [2, 0, 1, 1, 3, 1]
    expected = NGramClassifier(2)
    expected.fit(np.repeat(TEXTS, weights), np.repeat(LABELS, weights))
    found = NGramClassifier(2).fit(TEXTS, LABELS, sample_weight=weights)
    assert_same(found, expected)
    twice = found.partial_fit(TEXTS, LABELS, sample_weight=np.ones(6))
    assert_same(twice.partial_forget(TEXTS, LABELS, [1] * 6), expected)
    with pytest.raises(ValueError, match="text 2, 'b b a'"):
        twice.partial_forget(TEXTS, LABELS, sample_weight=[0, 0, 2, 0, 0, 0])
    with pytest.raises(ValueError, match="fractions"):
        model.fit(TEXTS, LABELS, sample_weight=[0.5] * 6)
    with pytest.raises(ValueError, match="as long as"):
        model.fit(TEXTS, LABELS, sample_weight=[1])


def test_a_weight_of_0_leaves_a_label_out():
    """A class of which every text has weight 0 is none, unless `classes` names it."""
    weights = [1, 1, 1, 1, 1, 0]
    expected = NGramClassifier(2).fit(TEXTS[:5], LABELS[:5])
    found = NGramClassifier(2).fit(TEXTS, LABELS, sample_weight=weights)
    assert found.classes_.tolist() == ["x", "y"]
    assert_same(found, expected)
    found.partial_fit(["e", "a"], ["w", "x"], sample_weight=[0, 1])
    assert_same(found, expected.partial_fit(["a"], ["x"]))
    named = NGramClassifier(2).partial_fit(TEXTS, LABELS, ["x", "y", "z"], weights)
    assert named.class_count_.tolist() == [2, 3, 0]


def test_it_merges(model):
    """Two classifiers become that of all their texts, with the classes of both."""
    one = NGramClassifier(2).fit(TEXTS[:3], LABELS[:3])
    other = NGramClassifier(2).fit(TEXTS[3:], LABELS[3:])
    assert one.classes_.tolist() == ["x", "y"]
    assert_same(one.merge(other), model)
    with pytest.raises(TypeError, match="'other' of NGramClassifier"):
        model.merge(NGramTextGenerator(2).fit(TEXTS))
    with pytest.raises(ValueError, match="n=3"):
        model.merge(NGramClassifier(3).fit(TEXTS, LABELS))


def test_a_new_smoothing_counts_after_learning_on(model):
    """Parameters that were changed are used when texts are learned again."""
    model.set_params(smoothing="witten_bell").partial_fit(["a"], ["x"])
    expected = NGramClassifier(2, smoothing="witten_bell")
    assert_same(model, expected.fit([*TEXTS, "a"], [*LABELS, "x"]))


# Bad input ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "labels", "message"),
    [
        (TEXTS, None, "requires y to be passed"),
        (TEXTS, LABELS[1:], "same length, a label for each text. Got 6 and 5"),
        (TEXTS, ["x", None, "y", "y", "y", "z"], "1 labels are missing, the first at"),
        (TEXTS, [0, 1, 2, np.nan, 1, 2], "the first at index 3"),
        (TEXTS, [0.5, 1.5, 2.25, 0.1, 1.0, 2.0], "label type: '?continuous"),
        ("a b", ["x"], "single text"),
        ([], [], "0 sample|at least one"),
    ],
)
def test_bad_samples_are_refused(model, texts, labels, message):
    """What cannot be learned is named, and a fitted model stays as it is."""
    before = model.predict_proba(ASKED)
    for method in (model.fit, model.partial_fit):
        with pytest.raises((TypeError, ValueError), match=message):
            method(texts, labels)
    np.testing.assert_array_equal(model.predict_proba(ASKED), before)


def test_there_must_be_a_word(model):
    """Texts without any word are learned beside others only."""
    with pytest.raises(ValueError, match="at least one word"):
        model.fit(["", " "], ["x", "y"])
    assert model.partial_fit(["", " "], ["z", "z"]).predict([""]) == "z"


def test_labels_of_several_types_are_refused():
    """Labels have an order."""
    with pytest.raises((TypeError, ValueError), match="must be of one type"):
        NGramClassifier().fit(["a", "b"], np.array(["x", 1], dtype=object))


def test_classes_are_named_at_first(model):
    """The first call of `partial_fit` names all classes; later ones keep to them."""
    with pytest.raises(ValueError, match="classes must be passed on the first call"):
        NGramClassifier().partial_fit(["a"], ["x"])
    with pytest.raises(ValueError, match=r"'x', 'y', 'z'\. Got 'w'"):
        model.partial_fit(["a"], ["w"])
    with pytest.raises(ValueError, match="'classes' of NGramClassifier"):
        model.partial_fit(["a"], ["x"], classes=["x", "y"])
    model.partial_fit(["a"], ["x"], classes=["z", "y", "x"])
    with pytest.raises(ValueError, match="'n' parameter"):
        model.set_params(n=4).partial_fit(["a"], ["x"])
