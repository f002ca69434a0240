"""Tests of `sklearn_sslm.classifier`: Bayes' rule on a language model for each class."""

import copy
import pickle
import warnings

import joblib
import numpy as np
import pytest
import sklearn
import skops.io
from _adapters import DATA_FREE_CHECKS, OfNumbers, for_each_check, suite_of
from _reference import MODELS
from _saved import saved_and_copied
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.utils import estimator_checks

from sklearn_sslm import NGramClassifier, NGramTextGenerator, WordIndexTransformer
from sklearn_sslm.saving import seal
from sklearn_sslm.smoothing import KneserNey

TEXTS = ["a b c", "a c", "b b a", "c", "d a b", "a d"]
LABELS = ["x", "x", "y", "y", "y", "z"]
ASKED = ["a b", "c", "b b", "", "new a", "a c b", "a b"]


def characters(n=3, **parameters):
    """A classifier that reads characters."""
    index = WordIndexTransformer(tokenizer=list)
    return NGramClassifier(n, word_index=index, **parameters)


@pytest.fixture
def model():
    """A fitted classifier of three classes."""
    return NGramClassifier(2).fit(TEXTS, LABELS)


def assert_same(model, other):
    """The same classes and probabilities."""
    np.testing.assert_array_equal(model.classes_, other.classes_)
    np.testing.assert_array_equal(model.class_count_, other.class_count_)
    found, expected = (one.predict_log_proba(ASKED) for one in (model, other))
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    assert model.n_words_ == other.n_words_
    assert model.n_tokens_seen_ == other.n_tokens_seen_
    assert model.n_texts_seen_ == other.n_texts_seen_


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
    """Characters of a few greetings tell English, Portuguese and Finnish."""
    texts = ["good morning to you", "how are you", "bom dia a você", "como vai você"]
    texts += ["hyvää huomenta teille", "mitä kuuluu sinulle"]
    labels = np.repeat(["en", "pt", "fi"], 2)
    model = characters().fit(texts, labels)
    asked = ["good day you", "boa noite você", "hyvää päivää"]
    assert model.predict(asked).tolist() == ["en", "pt", "fi"]
    assert model.score(texts, labels) == 1


def test_priors_are_shares_of_texts_or_given(model):
    """Without evidence the priors decide; a prior given is taken for what it is."""
    np.testing.assert_allclose(np.exp(model.class_log_prior_), [2 / 6, 3 / 6, 1 / 6])
    given = model.set_params(class_prior=[0.0, 0.1, 0.9])
    np.testing.assert_allclose(np.exp(given.class_log_prior_), [0, 0.1, 0.9])
    assert (given.predict_proba(ASKED)[:, 0] == 0).all()


@pytest.mark.parametrize(
    "prior", [[1], [0.5, 0.5, 0.5], [2, -1, 0], "even", [None] * 3]
)
def test_a_wrong_prior_is_named(model, prior):
    """A prior is a probability for each class; a wrong one changes nothing learned."""
    message = "'class_prior' parameter of NGramClassifier"
    with pytest.raises(ValueError, match=message):
        NGramClassifier(class_prior=prior).fit(TEXTS, LABELS)
    before = model.predict_proba(ASKED)
    with pytest.raises(ValueError, match=message):
        model.set_params(class_prior=prior).fit(["e", "f"], ["x", "y"])
    np.testing.assert_array_equal(
        model.set_params(class_prior=None).predict_proba(ASKED), before
    )


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


# Which words speak for which class ----------------------------------------------------


@pytest.mark.parametrize("smoothing", ["kneser_ney", "witten_bell"])
def test_evidence_adds_up_to_log_odds(smoothing):
    """Sums of evidence and log priors differ as the log probabilities of classes do."""
    model = NGramClassifier(2, smoothing=smoothing).fit(TEXTS, LABELS)
    for text in ASKED:
        table = model.explain(text)
        assert table["word"].tolist() == [*text.split(), ""]
        bits = table["evidence"].sum(axis=0) + model.class_log_prior_ / np.log(2)
        log_odds = model.predict_log_proba([text])[0] / np.log(2)
        np.testing.assert_allclose(bits - bits[0], log_odds - log_odds[0], atol=1e-9)
        best = model.classes_[table["evidence"].argmax(axis=1)]
        assert table["speaks_for"].tolist() == best.tolist()
        np.testing.assert_allclose(np.exp2(table["evidence"]).mean(axis=1), 1)


def test_evidence_as_a_frame_and_of_rows(model):
    """A frame has a column for each class; a row of ids has ids in place of words."""
    frame = model.explain("a zebra", as_frame=True)
    assert frame.columns.tolist() == ["word", "speaks_for", "x", "y", "z"]
    expected = model.explain("a zebra")["evidence"]
    np.testing.assert_array_equal(frame[["x", "y", "z"]].to_numpy(), expected)
    of_ids = NGramClassifier(2).fit(np.array([[1, 2, 0], [2, 2, 0]]), [0, 1])
    assert of_ids.explain([2, 2])["word"].tolist() == [2, 2]  # it was cut off
    assert of_ids.explain([2, 2, 0])["word"].tolist() == [2, 2, 0]
    with pytest.raises(TypeError, match=r"'text' of NGramClassifier\.explain"):
        model.explain(["a", "b"])


def test_impossible_words_are_no_evidence():
    """A word that is impossible in all classes speaks for none, in one for the others."""
    model = NGramClassifier(1, smoothing="mle").fit(["a b", "a"], [0, 1])
    table = model.explain("zebra b")
    np.testing.assert_array_equal(table["evidence"][0], [0, 0])
    np.testing.assert_allclose(table["evidence"][1], [1, -np.inf])


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


# scikit-learn -------------------------------------------------------------------------


def test_it_is_saved_and_cloned(model, tmp_path):
    """Pickles, joblib, mapped files, skops and copies predict the same and learn on."""
    texts, labels = ["e a", "a d"], ["x", "z"]
    same = saved_and_copied(model, tmp_path, "KneserNey")
    for again in same:
        assert_same(again, model)
        again.partial_fit(texts, labels)
        assert_same(again, NGramClassifier(2).fit([*TEXTS, *texts], [*LABELS, *labels]))
        assert_same(again.partial_forget(texts, labels), model)
    with pytest.raises(NotFittedError):
        clone(model).predict(TEXTS)


@pytest.mark.parametrize("smoothing", ["kneser_ney", "lidstone"])
def test_a_compact_one_predicts_the_same(smoothing, tmp_path):
    """A compact classifier, saved or not, has the same probabilities, to the bit."""
    index = WordIndexTransformer(max_features=3)
    model = NGramClassifier(3, smoothing=smoothing, word_index=index)
    compact = model.fit(TEXTS, LABELS).compact()
    joblib.dump(compact, tmp_path / "model.joblib")
    skops.io.dump(compact, tmp_path / "model.skops")
    types = skops.io.get_untrusted_types(file=tmp_path / "model.skops")
    for again in (
        compact,
        compact.compact(),
        pickle.loads(pickle.dumps(compact)),
        joblib.load(tmp_path / "model.joblib", mmap_mode="r"),
        skops.io.load(tmp_path / "model.skops", trusted=types),
    ):
        for ask in ("predict_log_proba", "predict"):
            found, expected = (getattr(of, ask)(ASKED) for of in (again, model))
            np.testing.assert_array_equal(found, expected)
        found, expected = (of.explain("a b")["evidence"] for of in (again, model))
        np.testing.assert_array_equal(found, expected)
        np.testing.assert_array_equal(again.class_count_, model.class_count_)


def test_a_compact_one_takes_a_fraction_of_the_file():
    """What can be computed is left out, and numbers take as few bits as they need."""
    rng = np.random.default_rng(0)
    texts = [" ".join(rng.choice(list("abcdefghijklmnop"), 30)) for _ in range(300)]
    model = NGramClassifier(4).fit(texts, rng.integers(5, size=300))
    sizes = [len(pickle.dumps(of)) for of in (model.compact(), model)]
    assert sizes[0] < 0.5 * sizes[1]


def test_a_compact_one_learns_no_more(model):
    """What it has no counts for is an error that says so; `fit` begins anew."""
    compact = model.compact()
    for change in (
        lambda: compact.partial_fit(["a"], ["x"]),
        lambda: compact.partial_forget(TEXTS, LABELS),
        lambda: compact.merge(model),
        lambda: clone(model).fit(TEXTS, LABELS).merge(compact),
    ):
        with pytest.raises(ValueError, match="compact copy"):
            change()
    assert not hasattr(compact, "counts_")
    np.testing.assert_array_equal(compact.discounts_, model.discounts_)
    assert_same(compact, model)
    assert_same(compact.fit(TEXTS, LABELS), model)
    with pytest.raises(NotFittedError):
        NGramClassifier().compact()


@pytest.mark.parametrize("labels", [[0, 1], ["a", "b"], np.array(["a", "b"], object)])
def test_labels_of_any_type_are_saved(labels):
    """Labels come back as they were."""
    model = NGramClassifier().fit(["a", "b"], labels)
    for again in (
        pickle.loads(pickle.dumps(model)),
        skops.io.loads(
            skops.io.dumps(model),
            trusted=skops.io.get_untrusted_types(data=skops.io.dumps(model)),
        ),
    ):
        assert again.classes_.dtype == model.classes_.dtype
        assert again.predict(["b"]).tolist() == [labels[1]]


@pytest.mark.parametrize(
    "change",
    [
        {"classes_": np.array(["x", "y"])},
        {"n_tokens_seen_": 3},
        {"n_texts_seen_": 3},
        {"has_replies_": True},
        {"class_counts_": {}},
        {"smoothing_": "mle"},
    ],
)
def test_a_damaged_model_is_refused(model, change):
    """What does not fit together is an error when it is loaded."""
    state = {
        name: value
        for name, value in model.__getstate__().items()
        if name != "_sklearn_sslm"
    }
    with pytest.raises(ValueError, match="damaged"):
        NGramClassifier().__setstate__(seal(state | change))


def test_weights_are_routed():
    """Metadata routing hands weights to `fit` and to `score`."""
    with sklearn.config_context(enable_metadata_routing=True):
        model = NGramClassifier(2).set_fit_request(sample_weight=True)
        pipeline = make_pipeline(WordIndexTransformer(), model)
        weights = np.array([1, 1, 1, 1, 1, 5])
        pipeline.fit(TEXTS, LABELS, sample_weight=weights)
        assert pipeline[-1].class_count_.tolist() == [2, 3, 5]


def test_it_is_searched_and_calibrated():
    """Cross-validation, grid search and calibration work as for any classifier."""
    texts = [" ".join("ab"[i % 2] * (1 + i % 3)) for i in range(24)]
    labels = np.array(["odd", "even"])[np.arange(24) % 2]
    assert (cross_val_score(NGramClassifier(), texts, labels) == 1).all()
    grid = {"n": [1, 2], "smoothing": ["kneser_ney", "witten_bell"]}
    search = GridSearchCV(characters(), grid, cv=2).fit(texts, labels)
    assert search.best_score_ == 1
    calibrated = CalibratedClassifierCV(NGramClassifier(2), cv=2).fit(texts, labels)
    assert calibrated.predict(["b b"]) == "even"


def test_rows_of_ids_are_classified():
    """A pipeline of the word index and the classifier is the classifier of texts."""
    pipeline = make_pipeline(WordIndexTransformer(), NGramClassifier(2))
    pipeline.fit(TEXTS, LABELS)
    model = NGramClassifier(2).fit(TEXTS, LABELS)
    np.testing.assert_allclose(
        pipeline.predict_proba(ASKED), model.predict_proba(ASKED), rtol=1e-12
    )
    rows = np.array([[1, 2, 0], [2, 2, 0], [1, 1, 1]])
    model = NGramClassifier(2).fit(rows, [0, 1, 0])
    assert model.predict([[2, 2, 0]]) == 1
    assert model.partial_forget(rows[2:], [0]).class_count_.tolist() == [1, 1]


@pytest.mark.parametrize("check", DATA_FREE_CHECKS)
def test_scikit_learn_checks_without_data(check):
    """The checks of scikit-learn that need no data pass."""
    getattr(estimator_checks, check)("NGramClassifier", NGramClassifier())


class ArrayClassifier(OfNumbers, NGramClassifier):
    """`NGramClassifier` for rows of numbers."""

    def fit(self, X, y, sample_weight=None):
        return super().fit(self._texts(X, reset=True), y, sample_weight)

    def partial_fit(self, X, y, classes=None, sample_weight=None):
        texts = self._more_texts(X)
        return super().partial_fit(texts, y, classes, sample_weight)

    def predict(self, X):
        return super().predict(self._texts(X))

    def predict_proba(self, X):
        return super().predict_proba(self._texts(X))

    def predict_log_proba(self, X):
        return super().predict_log_proba(self._texts(X))


@for_each_check(suite_of(ArrayClassifier()))
def test_scikit_learn_suite_on_arrays(estimator, check):
    """Every check of scikit-learn passes once numbers are written as texts."""
    check(estimator)
