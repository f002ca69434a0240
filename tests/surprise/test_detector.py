"""Tests of `sklearn_sslm.surprise._detector` and `_surprise`."""

import copy
import pickle

import joblib
import numpy as np
import pytest
from _adapters import DATA_FREE_CHECKS, OfUnlabelledNumbers, for_each_check, suite_of
from _saved import saved_and_copied
from scipy.stats import norm
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.pipeline import make_pipeline
from sklearn.utils import estimator_checks

from sklearn_sslm import (
    NGramOutlierDetector,
    NGramTextGenerator,
    WordIndexTransformer,
)
from sklearn_sslm.saving import seal
from sklearn_sslm.surprise import _detector

RNG = np.random.default_rng(0)
NORMAL = [
    " ".join(["open", *["read"] * RNG.geometric(0.5), "close"]) for _ in range(60)
]
NORMAL += ["open write close", "open lock write unlock close"] * 5
ASKED = ["open read close", "close open", "open zebra close", "", "open"]
NAMED = ["max", "mean", "share_unseen", "end"]


@pytest.fixture
def detector():
    """A fitted detector."""
    return NGramOutlierDetector().fit(NORMAL)


def assert_same(detector, other):
    """The same scores and the same threshold."""
    found, expected = detector.score_samples(ASKED), other.score_samples(ASKED)
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    np.testing.assert_allclose(detector.offset_, other.offset_, rtol=1e-12)
    assert detector.n_words_ == other.n_words_
    assert detector.n_texts_seen_ == other.n_texts_seen_


# Scores -------------------------------------------------------------------------------


def surprises(texts, n, smoothing):
    """Surprises of the tokens of each asked text, from the generator's tables."""
    model = NGramTextGenerator(n, smoothing=smoothing).fit(texts)
    return [model.explain(text)["surprise"] for text in ASKED]


@pytest.mark.parametrize(
    ("aggregate", "function"),
    [
        ("max", np.max),
        ("mean", np.mean),
        ("end", lambda bits: bits[-1]),
        (np.median, np.median),
    ],
)
@pytest.mark.parametrize(("n", "smoothing"), [(2, "witten_bell"), (3, "kneser_ney")])
def test_scores_are_aggregated_surprises(n, smoothing, aggregate, function):
    """A score is minus the largest, mean or last surprise, or what a callable returns."""
    detector = NGramOutlierDetector(n, smoothing=smoothing, aggregate=aggregate)
    expected = [-function(bits) for bits in surprises(NORMAL, n, smoothing)]
    found = detector.fit(NORMAL).score_samples(ASKED)
    np.testing.assert_allclose(found, expected, rtol=1e-10)


def test_the_share_of_unseen_tokens_by_hand():
    """Of the 2-grams of "a c b" and its end, "c b" was never seen, nor "a c".

    The texts are "a b" and "c": seen are start a, a b, b end, start c, c end.
    """
    detector = NGramOutlierDetector(aggregate="share_unseen").fit(["a b", "c", "c"])
    assert detector.score_samples(["a c b", "a b", "x"]).tolist() == [-0.5, 0, -1]


def test_unusual_texts_are_detected(detector):
    """Steps in a wrong order, unknown steps and missing ends are outliers."""
    asked = ["open read read close", "close open", "open zebra close", "open"]
    assert detector.predict(asked).tolist() == [1, -1, -1, -1]
    np.testing.assert_array_equal(
        detector.decision_function(ASKED),
        detector.score_samples(ASKED) - detector.offset_,
    )


# The threshold ------------------------------------------------------------------------


@pytest.mark.parametrize("smoothing", ["witten_bell", "kneser_ney", "lidstone"])
def test_the_threshold_comes_from_texts_not_learned(smoothing):
    """`offset_` is a quantile of the scores of texts by models that forgot them."""
    aggregates, texts = [*NAMED, np.median], NORMAL[40:]
    detector = NGramOutlierDetector(smoothing=smoothing, contamination=0.2).fit(texts)
    scores = np.zeros((len(texts), len(aggregates)))
    for i, text in enumerate(texts):
        rest = copy.deepcopy(detector).partial_forget([text])
        for j, aggregate in enumerate(aggregates):
            [scores[i, j]] = rest.set_params(aggregate=aggregate).score_samples([text])
    expected = np.sort(scores, axis=0)[int(0.2 * (len(texts) - 1))]
    offsets = [detector.set_params(aggregate=each).offset_ for each in aggregates]
    np.testing.assert_allclose(offsets, expected, rtol=1e-9)


@pytest.mark.parametrize("share", [0.0027, 0.1, 0.25, 0.4, 0.5])
def test_the_quantile_by_its_definition(share):
    """It is the largest value that at most this share of the others are less than."""
    values = np.random.default_rng(0).permutation(21).astype(float)
    times = np.arange(21) % 3 + 1
    each = np.repeat(values, times)
    expected = max(
        value for value in values if (each < value).sum() <= share * (len(each) - 1)
    )
    assert _detector._quantile(values, times, share) == expected


@pytest.mark.parametrize("contamination", [0.05, 0.1, 0.3, 0.5])
def test_contamination_is_the_share_of_outliers(contamination):
    """Of new texts like those learned, about as many are outliers; of more, more."""
    rng, letters = (
        np.random.default_rng(1),
        np.array(list("abcdefghijklmnopqrstuvwxyz")),
    )
    p = 1 / np.arange(1, 27)
    texts = [
        " ".join(rng.choice(letters, rng.integers(3, 20), p=p / p.sum()))
        for _ in range(3000)
    ]
    detector = NGramOutlierDetector(aggregate="mean", contamination=contamination)
    share = (detector.fit(texts[:1500]).predict(texts[1500:]) == -1).mean()
    # Both shares, of texts learned and of others, have a standard deviation of 0.013.
    assert abs(share - contamination) < 0.04


def test_the_default_is_three_sigma(detector):
    """The default is what a normal distribution has beyond three standard deviations."""
    given = detector.set_params(contamination=2 * norm.sf(3)).offset_
    assert detector.set_params(contamination="auto").offset_ == given


def test_parameters_of_answers_need_no_new_fit(detector):
    """`aggregate` and `contamination` change what is answered, not what is known."""
    detector.set_params(aggregate="mean", contamination=0.3)
    fresh = NGramOutlierDetector(aggregate="mean", contamination=0.3).fit(NORMAL)
    assert_same(detector, fresh)


def test_infinite_surprises_have_a_threshold():
    """Without smoothing new steps are infinitely surprising, and outliers if few are."""
    texts = ["a b"] * 50 + ["a b c"]
    detector = NGramOutlierDetector(smoothing="mle", contamination=0.1).fit(texts)
    assert detector.predict(["a b", "c c"]).tolist() == [1, -1]
    detector.set_params(contamination="auto")
    assert detector.offset_ == -np.inf
    assert detector.decision_function(["c c"]).tolist() == [0]


def test_one_text_has_no_threshold():
    """A single text is scored, but what is unusual beside it nobody knows."""
    detector = NGramOutlierDetector().partial_fit(["a b"])
    assert detector.score_samples(["a b"]).shape == (1,)
    with pytest.raises(ValueError, match="at least two texts"):
        detector.predict(["a b"])
    assert detector.partial_fit(["a b"]).predict(["a b"]).tolist() == [1]


# Learning on and forgetting -----------------------------------------------------------


def test_learning_on_is_fitting_on_all(detector):
    """The threshold, too, does not depend on the parts in which texts came."""
    parts = NGramOutlierDetector()
    for first in range(0, len(NORMAL), 7):
        parts.partial_fit(NORMAL[first : first + 7])
    assert_same(parts, detector)


def test_forgetting_is_never_having_learned(detector):
    """Texts are forgotten exactly, with their part in the threshold."""
    more = copy.deepcopy(detector).partial_fit(["new steps", "open close"])
    assert more.offset_ != detector.offset_ or more.n_words_ != detector.n_words_
    assert_same(more.partial_forget(["new steps", "open close"]), detector)
    rest = copy.deepcopy(detector).partial_forget(NORMAL[::2])
    assert_same(rest, NGramOutlierDetector().fit(NORMAL[1::2]))
    with pytest.raises(NotFittedError):
        detector.partial_forget(NORMAL).predict(ASKED)


def test_what_was_never_learned_is_not_forgotten(detector):
    """A text that is not among those learned is named, though its n-grams are known."""
    offset = detector.offset_
    text = "open " + "read " * 50 + "close"
    with pytest.raises(ValueError, match="text 1, 'open read"):
        detector.partial_forget([NORMAL[0], text])
    assert detector.offset_ == offset


def test_weights_are_repetitions(detector):
    """A weight is how often a text is learned or forgotten, in the threshold, too."""
    texts, weights = ["open", "open read close", "new"], [2, 3, 0]
    expected = NGramOutlierDetector(contamination=0.1)
    expected.fit([*NORMAL, *np.repeat(texts, weights)])
    found = NGramOutlierDetector(contamination=0.1)
    found.fit([*NORMAL, *texts], sample_weight=[1] * len(NORMAL) + weights)
    assert_same(found, expected)
    found = copy.deepcopy(detector).set_params(contamination=0.1)
    assert_same(found.partial_fit(texts, sample_weight=weights), expected)
    found.partial_forget(texts, sample_weight=weights)
    assert_same(found, detector.set_params(contamination=0.1))
    many = NGramOutlierDetector().fit(["a b", "a"], sample_weight=[10**8, 10**6])
    assert many.predict(["a b", "b a"]).tolist() == [1, -1]
    with pytest.raises(ValueError, match="text 2, 'open'"):
        found.partial_forget(
            ["new", "open write close", "open"], sample_weight=[0, 5, 1]
        )


def test_it_merges(detector):
    """Two detectors become that of all their texts."""
    one = NGramOutlierDetector().fit(NORMAL[:65])
    assert_same(one.merge(NGramOutlierDetector().fit(NORMAL[65:])), detector)


# Rows ---------------------------------------------------------------------------------


def test_rows_of_tokens_are_texts(detector):
    """Lists of tokens of any kind are what their texts are."""
    rows = [text.split() for text in NORMAL]
    assert_same(NGramOutlierDetector().fit(rows), detector)
    numbers = [[5, 22, 11], [5, 5, 22, 11], [0, 22]] * 20
    detector = NGramOutlierDetector().fit(numbers)
    assert detector.predict([[0, 22], [22, 0], [7], []]).tolist() == [1, -1, -1, -1]
    detector.partial_fit([[7]]).partial_forget([[7]])
    np.testing.assert_array_equal(
        detector.score_samples([[7]]), detector.score_samples([[8]])
    )


def test_padded_rows_of_ids(detector):
    """Arrays are padded rows, in which ids never seen are unknown; or carry words."""
    rows = np.array([[1, 2, 0, 0], [1, 1, 2, 0]] * 20)
    of_ids = NGramOutlierDetector().fit(rows)
    assert of_ids.predict([[1, 2, 0]]).tolist() == [1]
    assert of_ids.predict(np.array([[1, 99, 0]])).tolist() == [-1]
    pipeline = make_pipeline(WordIndexTransformer(), NGramOutlierDetector())
    pipeline.fit(NORMAL)
    found = pipeline.score_samples(ASKED)
    np.testing.assert_allclose(found, detector.score_samples(ASKED), rtol=1e-12)


# Bad input ----------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["predict", "partial_fit", "partial_forget"])
def test_numbers_that_may_be_tokens_or_ids_are_refused(method):
    """After tokens were learned, an array of int could be either: 3 has the id 1 here."""
    detector = NGramOutlierDetector().fit([[3, 1], [3, 2]] * 9)
    rows = np.array([[3, 1]])
    with pytest.raises(TypeError, match=r"may be of tokens or of ids; pass X.tolist"):
        getattr(detector, method)(rows)
    assert detector.predict(rows.tolist()).tolist() == [1]
    as_ids = detector.word_index_.transform(["3 1"])
    assert detector.predict(as_ids).tolist() == [1]
    detector.fit(np.array([[1, 2], [1, 2]]))  # and forgets the tokens


@pytest.mark.parametrize("contamination", [0, 0.51, -0.1, "some", None, np.nan])
def test_contamination_out_of_range_is_refused(contamination):
    """The domain of `contamination` is named."""
    with pytest.raises(ValueError, match="'contamination' parameter of NGramOutlier"):
        NGramOutlierDetector(contamination=contamination).fit(NORMAL)


@pytest.mark.parametrize("aggregate", [lambda bits: bits, lambda bits: None, str])
def test_an_aggregate_that_makes_no_number_is_refused(aggregate):
    """What a callable returned is named."""
    detector = NGramOutlierDetector(aggregate=aggregate).fit(NORMAL)
    with pytest.raises(ValueError, match="must make a number"):
        detector.score_samples(ASKED)


@pytest.mark.parametrize(
    ("X", "message"),
    [
        ("a b", "single text"),
        ([], "at least one"),
        (["", " "], "at least one word"),
        ([["a"], None], "index 1"),
        ([[], []], "at least one word"),
    ],
)
def test_bad_samples_are_refused(detector, X, message):
    """What cannot be learned is named, and a fitted model stays as it is."""
    with pytest.raises((TypeError, ValueError), match=message):
        detector.fit(X)
    assert_same(detector, NGramOutlierDetector().fit(NORMAL))


# scikit-learn -------------------------------------------------------------------------


def test_it_is_saved_and_cloned(detector, tmp_path):
    """Pickles, joblib, mapped files, skops and copies judge the same and learn on."""
    same = saved_and_copied(detector, tmp_path, "WittenBell")
    for again in same:
        assert_same(again, detector)
        again.partial_fit(["e a"])
        assert_same(again, NGramOutlierDetector().fit([*NORMAL, "e a"]))
        assert_same(again.partial_forget(["e a"]), detector)
    with pytest.raises(NotFittedError):
        clone(detector).predict(ASKED)


@pytest.mark.parametrize("smoothing", ["witten_bell", "kneser_ney"])
def test_a_compact_one_judges_the_same(smoothing, tmp_path):
    """A compact detector, saved or not, has the same scores and thresholds, to the bit."""
    detector = NGramOutlierDetector(3, smoothing=smoothing).fit(NORMAL)
    joblib.dump(detector.compact(), tmp_path / "model.joblib")
    compact = detector.compact()
    for again in (
        compact,
        compact.compact(),
        pickle.loads(pickle.dumps(compact)),
        joblib.load(tmp_path / "model.joblib", mmap_mode="r"),
    ):
        for aggregate in NAMED:
            for contamination in ("auto", 0.2):
                for model in (detector, again):
                    model.set_params(aggregate=aggregate, contamination=contamination)
                assert again.offset_ == detector.offset_
                np.testing.assert_array_equal(
                    again.score_samples(ASKED), detector.score_samples(ASKED)
                )
        assert again.predict(ASKED).tolist() == detector.predict(ASKED).tolist()
    assert len(pickle.dumps(compact)) < len(pickle.dumps(detector))


def test_scores_and_threshold_are_of_one_state(detector, monkeypatch):
    """What another thread learns between both is no part of the answer."""
    X = ["a b c", "c b a"]
    expected = detector.decision_function(X)
    of_new = _detector.Surprise.of_new

    def scored(estimator, X):
        answered = of_new(estimator, X)
        detector.partial_fit(["a b c c c c c"] * 9)
        return answered

    monkeypatch.setattr(_detector.Surprise, "of_new", scored)
    assert detector.decision_function(X).tolist() == expected.tolist()


def test_a_compact_one_is_of_one_state(detector, monkeypatch):
    """What is learned while scores are kept is no part of the copy."""
    expected, scores = detector.offset_, _detector._scores_of_learned

    def kept(*asked):
        answered = scores(*asked)
        detector.partial_fit(["a b c c c c c"])
        return answered

    monkeypatch.setattr(_detector, "_scores_of_learned", kept)
    compact = detector.compact()
    monkeypatch.undo()
    assert compact.offset_ == expected


def test_a_compact_one_learns_no_more(detector):
    """What a compact detector has no counts or texts for is an error that says so."""
    detector.set_params(aggregate=np.median).predict(ASKED)
    with pytest.raises(ValueError, match=r"'aggregate' .* compact .* 'max', 'mean'"):
        detector.compact()
    compact = detector.set_params(aggregate="mean").compact()
    pickle.dumps(compact)  # without what belongs to a callable
    with pytest.raises(ValueError, match=r"'aggregate' .* compact NGram"):
        compact.set_params(aggregate=np.median).predict(ASKED)
    compact.set_params(aggregate="mean")
    for change in (
        lambda: compact.partial_fit(ASKED),
        lambda: compact.partial_forget(NORMAL),
        lambda: compact.merge(detector),
    ):
        with pytest.raises(ValueError, match="compact copy"):
            change()
    assert compact.offset_ == detector.offset_
    with pytest.raises(ValueError, match="'contamination' parameter"):
        detector.set_params(contamination=7).compact()
    single = NGramOutlierDetector().fit(["a b"]).compact()
    with pytest.raises(ValueError, match="at least two texts"):
        single.predict(["a b"])


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("max", lambda a: a[1:]),
        ("max", lambda a: np.where(a == a[0], np.nan, a)),
        ("mean", lambda a: a.astype(int)),
        ("mean", lambda a: a.tolist()),
        ("times", lambda a: a + 1),
        ("times", lambda a: a.astype(float)),
        ("times", lambda a: np.append(a[:-2], [a[-2:].sum(), 0])),
    ],
)
def test_damaged_scores_are_refused(detector, name, change):
    """Scores of a compact detector that are none of its texts are an error, too."""
    state = detector.compact().__getstate__()
    del state["_sklearn_sslm"]
    texts = state["texts_"] | {name: change(state["texts_"][name])}
    for damaged in (texts, {"max": texts["max"]}, texts["max"]):
        with pytest.raises(ValueError, match="damaged"):
            NGramOutlierDetector().__setstate__(seal(state | {"texts_": damaged}))


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("ids", lambda a: a + 1),
        ("ids", lambda a: np.where(a == 1, 2**30, a).astype(np.int32)),
        ("ids", lambda a: np.where(a == 1, -1, a).astype(np.int32)),
        ("ids", lambda a: np.where(a == 1, 2, a).astype(np.int32)),
        ("ids", lambda a: a.astype(float)),
        ("lengths", lambda a: a[::-1].copy()),
        ("lengths", lambda a: a[1:]),
        ("lengths", lambda a: a - a),
        ("times", lambda a: a + 1),
        ("times", lambda a: -a),
        ("times", lambda a: None),
    ],
)
def test_damaged_texts_are_refused(detector, name, change):
    """Texts that are not those that were counted are an error when they are loaded."""
    state = detector.__getstate__()
    del state["_sklearn_sslm"]
    texts = state["texts_"] | {name: change(state["texts_"][name])}
    with pytest.raises(ValueError, match="damaged"):
        NGramOutlierDetector().__setstate__(seal(state | {"texts_": texts}))


@pytest.mark.parametrize("check", DATA_FREE_CHECKS)
def test_scikit_learn_checks_without_data(check):
    """The checks of scikit-learn that need no data pass."""
    getattr(estimator_checks, check)("NGramOutlierDetector", NGramOutlierDetector())


class ArrayDetector(OfUnlabelledNumbers, NGramOutlierDetector):
    """`NGramOutlierDetector` for rows of numbers."""

    def score_samples(self, X):
        return super().score_samples(self._texts(X))


NOT_OUTLIERS = (
    "the threshold comes from texts scored by models without them, so that fewer of "
    "the texts learned are outliers than the contamination"
)
EXPECTED_TO_FAIL = dict.fromkeys(
    ["check_outliers_train", "check_outliers_fit_predict"], NOT_OUTLIERS
)


@for_each_check(suite_of(ArrayDetector(), EXPECTED_TO_FAIL))
def test_scikit_learn_suite_on_arrays(estimator, check):
    """Every check of scikit-learn passes once numbers are written as texts."""
    check(estimator)
