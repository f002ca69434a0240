"""Tests of `sklearn_sslm.surprise._features`."""

import copy
import pickle

import numpy as np
import pandas as pd
import pytest
import sklearn
from _adapters import DATA_FREE_CHECKS, OfUnlabelledNumbers, for_each_check, suite_of
from _saved import saved_and_copied
from sklearn.base import clone
from sklearn.compose import ColumnTransformer
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils import estimator_checks
from sklearn.utils.fixes import parse_version

from sklearn_sslm import NGramTextGenerator, SurpriseFeatures, WordIndexTransformer
from sklearn_sslm.base import fitted_model
from sklearn_sslm.ngrams import OnlineModel

TEXTS = ["a b c", "a b", "b a c c", "a b", "", "d a"]
ASKED = ["a b c", "c x", "", "b b"]
NAMES = "mean max std end share_unseen share_unknown length prior".split()


@pytest.mark.parametrize(("n", "smoothing"), [(2, "witten_bell"), (3, "lidstone")])
def test_columns_are_numbers_of_the_generators_tables(n, smoothing):
    """The columns follow from what the generator explains of each token."""
    features = SurpriseFeatures(n, smoothing=smoothing).fit(TEXTS)
    model = NGramTextGenerator(n, smoothing=smoothing).fit(TEXTS)
    unigrams = NGramTextGenerator(1, smoothing=smoothing).fit(TEXTS)
    expected = []
    for text in ASKED:
        table = model.explain(text)
        bits, n_tokens = table["surprise"], len(table)
        is_unseen = table["order"] < np.minimum(np.arange(n_tokens) + 2, n)
        row = [bits.mean(), bits.max(), bits.std(), bits[-1], is_unseen.mean()]
        row += [text.split().count("x") / n_tokens, n_tokens]
        expected.append([*row, unigrams.explain(text)["surprise"].mean()])
    np.testing.assert_allclose(features.transform(ASKED), expected, rtol=1e-10)
    assert features.get_feature_names_out().tolist() == NAMES


@pytest.mark.parametrize("smoothing", ["witten_bell", "kneser_ney"])
def test_training_texts_are_scored_without_themselves(smoothing):
    """`fit_transform` gives each text the columns of the model that forgot it."""
    features = SurpriseFeatures(smoothing=smoothing)
    found = features.fit_transform(iter(TEXTS))
    for text, row in zip(TEXTS, found, strict=True):
        rest = copy.deepcopy(features).partial_forget([text])
        np.testing.assert_allclose(row, rest.transform([text])[0], rtol=1e-9)
    assert (features.transform(TEXTS)[:, 1] <= found[:, 1] + 1e-9).all()


@pytest.mark.parametrize("smoothing", ["witten_bell", "kneser_ney"])
@pytest.mark.parametrize(
    "words",
    [{"max_features": 2}, {"vocabulary": ["a", "c", "z"]}, {"unk_min_count": 2}],
)
def test_a_closed_vocabulary_stays(smoothing, words):
    """Words of a closed vocabulary stay known without the text, all others unknown."""
    index = WordIndexTransformer(**words)
    features = SurpriseFeatures(smoothing=smoothing, word_index=index)
    found = features.fit_transform(TEXTS)
    for text, row in zip(TEXTS, found, strict=True):
        rest = copy.deepcopy(features).partial_forget([text])
        np.testing.assert_allclose(row, rest.transform([text])[0], rtol=1e-9)
    assert (found[:, 5] > 0).any()  # some words are unknown


def test_the_prior_of_unknown_words_that_were_learned():
    """Of a, b and an end, only a being known, p(unknown) is 1/3 by maximum likelihood."""
    index = WordIndexTransformer(vocabulary=["a"])
    features = SurpriseFeatures(
        smoothing="mle", word_index=index, features=["prior", "share_unknown"]
    ).fit(["a b"])
    np.testing.assert_allclose(features.transform(["x"]), [[np.log2(3), 0.5]])


def test_a_classifier_behind_it_is_not_fooled():
    """Columns of training texts that are random are like those of new ones."""
    rng = np.random.default_rng(0)
    texts = [" ".join(rng.choice(list("abcdefgh"), 8)) for _ in range(600)]
    features = SurpriseFeatures(n=3)
    known, new = features.fit_transform(texts[:300]), features.transform(texts[300:])
    for column in (0, 4):  # mean, share_unseen
        spread = known[:, column].std() / np.sqrt(300)
        assert abs(known[:, column].mean() - new[:, column].mean()) < 5 * spread
        fooled = features.transform(texts[:300])[:, column].mean()
        assert abs(fooled - new[:, column].mean()) > 5 * spread


def test_some_columns_are_chosen():
    """`features` chooses columns, in their order."""
    everything = SurpriseFeatures().fit(TEXTS).transform(ASKED)
    features = SurpriseFeatures(features=["length", "max"]).fit(TEXTS)
    np.testing.assert_array_equal(features.transform(ASKED), everything[:, [6, 1]])
    assert features.get_feature_names_out().tolist() == ["length", "max"]


@pytest.mark.parametrize("names", [[], ["max", "max"], ["maximum"], "max", [3]])
def test_wrong_columns_are_named(names):
    """What is no name of a column is in the message."""
    with pytest.raises(ValueError, match="'features' parameter of SurpriseFeatures"):
        SurpriseFeatures(features=names).fit(TEXTS)


def test_in_a_column_transformer_with_pandas():
    """Columns of a frame of texts are a frame of named numbers, with its index."""
    frame = pd.DataFrame({"title": TEXTS, "price": np.arange(6.0)})
    if parse_version(sklearn.__version__) >= parse_version("1.7"):
        frame.index = list("uvwxyz")  # versions before lose the index of a Series
    columns = ColumnTransformer(
        [("title", SurpriseFeatures(), "title"), ("price", "passthrough", ["price"])]
    ).set_output(transform="pandas")
    found = columns.fit_transform(frame)
    names = [f"title__{name}" for name in NAMES] + ["price__price"]
    assert found.columns.tolist() == names
    assert found.index.tolist() == frame.index.tolist()
    expected = SurpriseFeatures().fit_transform(TEXTS)
    np.testing.assert_array_equal(found.to_numpy()[:, :8], expected)
    assert columns.transform(frame[:2]).shape == (2, 9)
    alone = SurpriseFeatures().set_output(transform="pandas").fit(frame["title"])
    assert alone.transform(frame["title"]).columns.tolist() == NAMES


def test_before_a_classifier():
    """A pipeline of columns and a classifier is cross-validated as any other."""
    rng = np.random.default_rng(0)
    texts = ["open " + "read " * rng.integers(1, 5) + "close" for _ in range(80)]
    texts += ["open " + "close " * rng.integers(1, 3) + "read" for _ in range(20)]
    labels = np.repeat([0, 1], [80, 20])
    model = make_pipeline(SurpriseFeatures(), StandardScaler(), LogisticRegression())
    assert cross_val_score(model, texts, labels).mean() > 0.95


def test_it_learns_on_merges_and_forgets():
    """The columns of new texts are those of one fit on all texts."""
    expected = SurpriseFeatures().fit(TEXTS).transform(ASKED)
    parts = SurpriseFeatures().partial_fit(TEXTS[:2]).partial_fit(TEXTS[2:])
    np.testing.assert_allclose(parts.transform(ASKED), expected, rtol=1e-12)
    parts.partial_fit(["z z"]).partial_forget(["z z"])
    np.testing.assert_allclose(parts.transform(ASKED), expected, rtol=1e-12)
    merged = SurpriseFeatures().fit(TEXTS[:2])
    merged.merge(SurpriseFeatures().fit(TEXTS[2:]))
    np.testing.assert_allclose(merged.transform(ASKED), expected, rtol=1e-12)


def test_weights_are_repetitions():
    """A weight is how often a text is learned; without one it is a new text."""
    weights = [2, 0, 1, 1, 3, 0]
    repeated = np.repeat(TEXTS, weights)
    features, expected = SurpriseFeatures(), SurpriseFeatures()
    found = features.fit_transform(TEXTS, sample_weight=weights)
    of_repeated = expected.fit_transform(repeated)
    first = np.cumsum(weights) - weights
    learned = np.flatnonzero(weights)
    np.testing.assert_allclose(found[learned], of_repeated[first[learned]], rtol=1e-12)
    new = [TEXTS[1], TEXTS[5]]
    np.testing.assert_allclose(found[[1, 5]], expected.transform(new), rtol=1e-12)


def test_it_leaves_the_model_of_fit():
    """`fit_transform` leaves what `fit` does, without the texts that it scored."""
    features, expected = SurpriseFeatures(), SurpriseFeatures().fit(TEXTS)
    features.fit_transform(TEXTS)
    assert fitted_model(features).texts is None
    assert pickle.dumps(features) == pickle.dumps(expected)


@pytest.mark.parametrize("weights", [None, [2, 0, 1, 1, 3, 0]])
def test_each_text_is_split_once(weights):
    """`fit_transform` splits each text once, be it learned, a repetition or new."""
    split = []

    def counting(text):
        split.append(text)
        return text.split()

    index = WordIndexTransformer(tokenizer=counting)
    features = SurpriseFeatures(word_index=index)
    found = features.fit_transform(TEXTS, sample_weight=weights)
    assert sorted(split) == sorted(TEXTS)
    expected = SurpriseFeatures().fit_transform(TEXTS, sample_weight=weights)
    np.testing.assert_array_equal(found, expected)


def test_rows_of_tokens_and_of_ids():
    """Lists of tokens are their texts; arrays are padded rows of ids."""
    rows = [text.split() for text in TEXTS]
    np.testing.assert_array_equal(
        SurpriseFeatures().fit_transform(rows), SurpriseFeatures().fit_transform(TEXTS)
    )
    of_ids = np.array([[1, 2, 0], [2, 1, 0], [1, 1, 0]])
    features = SurpriseFeatures().fit(of_ids)
    assert features.transform([[1, 2, 0], [9, 9, 0]])[:, 5].tolist() == [0, 2 / 3]
    assert features.fit_transform(of_ids).shape == (3, 8)
    carrying_words = WordIndexTransformer().fit_transform(TEXTS)
    weights = [2, 0, 1, 1, 3, 1]
    found, expected = (
        SurpriseFeatures().fit_transform(X, sample_weight=weights)
        for X in (carrying_words, TEXTS)
    )
    np.testing.assert_array_equal(found, expected)


def test_the_end_of_a_row_that_was_cut_off_is_not_surprising():
    """A row without a 0 has no end, whatever its last token is."""
    rows = np.array([[1, 2, 0], [2, 1, 1], [2, 1, 0]])
    features = SurpriseFeatures(features=["end", "max"]).fit(rows)
    cut, ended = features.transform(rows[1:])
    assert cut[0] == 0 < cut[1]
    assert ended[0] > 0


def test_what_is_certain_has_a_surprise_of_plain_0():
    """Where nothing else can come all columns are 0, none of them -0."""
    features = SurpriseFeatures(n=3, smoothing="mle", features=["mean", "max", "end"])
    columns = features.fit(["a b c"]).transform(["a b c"])
    assert columns.tolist() == [[0, 0, 0]]
    assert not np.signbit(columns).any()


def test_what_is_learned_later_is_learned_all_the_same():
    """Many texts have the features of a model fitted on all, which sorted its n-grams."""
    rng = np.random.default_rng(0)
    texts = [" ".join(rng.choice(list("abcdefghij"), 12)) for _ in range(400)]
    features = SurpriseFeatures(n=4).fit(texts).partial_fit(["a b c"])
    assert isinstance(fitted_model(features).language_model, OnlineModel)
    at_once = SurpriseFeatures(n=4).fit([*texts, "a b c"])
    for _ in range(2):
        np.testing.assert_array_equal(
            features.transform(texts), at_once.transform(texts)
        )


def test_it_is_saved_and_cloned(tmp_path):
    """Pickles, joblib, skops, copies and compact ones transform the same."""
    features = SurpriseFeatures().fit(TEXTS)
    expected = features.transform(ASKED)
    same = saved_and_copied(features, tmp_path, "WittenBell")
    for again in (*same, features.compact()):
        np.testing.assert_array_equal(again.transform(ASKED), expected)
    with pytest.raises(NotFittedError):
        clone(features).transform(ASKED)
    with pytest.raises(NotFittedError):
        SurpriseFeatures().get_feature_names_out()


@pytest.mark.parametrize("check", DATA_FREE_CHECKS)
def test_scikit_learn_checks_without_data(check):
    """The checks of scikit-learn that need no data pass."""
    getattr(estimator_checks, check)("SurpriseFeatures", SurpriseFeatures())


class ArrayFeatures(OfUnlabelledNumbers, SurpriseFeatures):
    """`SurpriseFeatures` for rows of numbers."""

    def fit_transform(self, X, y=None, sample_weight=None):
        texts = self._texts(X, reset=True)
        return super().fit_transform(texts, sample_weight=sample_weight)

    def transform(self, X):
        return super().transform(self._texts(X))


NOT_THE_SAME = (
    "each text of fit_transform is scored without itself, unlike in transform"
)
EXPECTED_TO_FAIL = dict.fromkeys(
    ["check_transformer_general", "check_transformer_data_not_an_array"], NOT_THE_SAME
)


@for_each_check(suite_of(ArrayFeatures(), EXPECTED_TO_FAIL))
def test_scikit_learn_suite_on_arrays(estimator, check):
    """Every check of scikit-learn passes once numbers are written as texts."""
    check(estimator)
