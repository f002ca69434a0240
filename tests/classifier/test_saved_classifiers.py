"""Saved, copied and compact classifiers predict what the fitted one does."""

import pickle

import joblib
import numpy as np
import pytest
import skops.io
from _classes import ASKED, LABELS, TEXTS, assert_same
from _saved import saved_and_copied
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from sklearn_sslm import NGramClassifier, WordIndexTransformer
from sklearn_sslm.saving import seal


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
