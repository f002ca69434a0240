"""Tests of `sklearn_sslm.base._joining`: two models become one."""

import copy
import pickle
import re

import numpy as np
import pytest
from _models import assert_same_model, state_of
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.exceptions import NotFittedError

from sklearn_sslm import NGramTextGenerator, WordIndexTransformer
from sklearn_sslm.arpa import read_arpa, write_arpa
from sklearn_sslm.base import fitted_model
from sklearn_sslm.smoothing import SMOOTHINGS

words = st.sampled_from(["a", "b", "c", "d", "é", "\0"])
texts = st.lists(words, max_size=6).map(" ".join)
corpora = st.lists(texts, min_size=1, max_size=6).filter(lambda c: "".join(c).strip())
few = settings(max_examples=50)


def fit(X, y=None, n=3, smoothing="kneser_ney", **parameters):
    """A model of few texts."""
    parameters["random_state"] = 0
    return NGramTextGenerator(n, smoothing=smoothing, **parameters).fit(X, y)


@few
@given(corpora, corpora, st.integers(1, 5), st.sampled_from(sorted(SMOOTHINGS)))
def test_merged_models_are_fitted_on_both(X, more, n, smoothing):
    """``a.merge(b)`` is ``fit(A + B)``: ids, counts, discounts, scores and replies."""
    merged = fit(X, n=n, smoothing=smoothing).merge(fit(more, n=n))
    together = fit(X + more, n=n, smoothing=smoothing)
    assert_same_model(merged, together)
    discounts = zip(
        fitted_model(merged).language_model.discounts,
        fitted_model(together).language_model.discounts,
        strict=True,
    )
    for mine, theirs in discounts:
        np.testing.assert_array_equal(mine, theirs)
    scores = [model.score_samples(X + more) for model in (merged, together)]
    np.testing.assert_array_equal(*scores)
    assert merged.predict(X + more).tolist() == together.predict(X + more).tolist()


@pytest.mark.slow
@few
@given(corpora, corpora, st.integers(1, 4), st.data())
def test_merged_models_of_replies_are_fitted_on_both(X, more, n, data):
    """The same with messages and their replies."""
    y, more_y = (
        data.draw(st.lists(texts, min_size=len(c), max_size=len(c))) for c in (X, more)
    )
    merged = fit(X, y, n).merge(fit(more, more_y, n))
    assert_same_model(merged, fit(X + more, y + more_y, n))


def test_merged_rows_are_fitted_on_both():
    """Models of plain integer rows add up as they are, ids being ids."""
    X, more = [[1, 2, 0], [3, 0, 0]], [[7, 2, 0], [1, 2, 5]]
    merged = fit(X).merge(fit(more))
    assert merged.word_index_ is None
    assert_same_model(merged, fit(X + more))


def test_the_other_stays_and_may_be_oneself():
    """What is merged is not changed, and a model merged with itself counts double."""
    model, other = fit(["a b", "c"]), fit(["c d"])
    before = pickle.dumps(other)
    assert model.merge(other) is model
    assert pickle.dumps(other) == before
    assert_same_model(fit(["a b"]).merge(fit(["a b"])), fit(["a b", "a b"]))
    model = fit(["a b"])
    assert_same_model(model.merge(model), fit(["a b", "a b"]))


def test_ids_of_the_other_bring_no_gap():
    """An id of the other that no word has any more is not taken over."""
    other = fit(["x b c", "b c"]).partial_forget(["x b c"])
    assert other.word_index_.words_ == ["", "", "b", "c"]
    merged = fit(["c a"]).merge(other)
    assert merged.word_index_.words_ == ["", "c", "a", "b"]


def test_merging_goes_on():
    """A merged model learns on, merges again and survives a file like any other."""
    model = fit(["a b"]).merge(fit(["c b"])).partial_fit(["d"]).merge(fit(["e c"]))
    assert_same_model(
        pickle.loads(pickle.dumps(model)), fit(["a b", "c b", "d", "e c"])
    )


TOKENIZER = re.compile(r"\w").findall


def read_back(model, path="m.arpa"):
    """A model as it is read from a file of probabilities."""
    write_arpa(model, path)
    return read_arpa(path)


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (lambda: fit(["a"], n=2), "n-grams as this model has, n=3. Got n=2"),
        (lambda: fit(["a"], ["b"]), "without replies 'y'. Got with replies"),
        (lambda: fit([[1, 2, 0]]), "words as this model has, as texts. Got as ids"),
        (
            lambda: fit(["a"], word_index=WordIndexTransformer(lowercase=True)),
            "lowercase=False. Got tokenizer=None and lowercase=True",
        ),
        (
            lambda: fit(["a"], word_index=WordIndexTransformer(tokenizer=TOKENIZER)),
            "tokenizer=None and lowercase=False. Got tokenizer=<built-in",
        ),
        (lambda: read_back(fit(["a"])), "The other .* read from probabilities"),
    ],
    ids=["n", "replies", "rows", "lowercase", "tokenizer", "arpa"],
)
def test_what_does_not_fit_is_named(tmp_path, monkeypatch, other, told):
    """Models that differ in what counts cannot make up for are refused, unchanged."""
    monkeypatch.chdir(tmp_path)
    model = fit(["a b"])
    before = state_of(model)
    with pytest.raises(ValueError, match=told):
        model.merge(other())
    assert state_of(model) == before


def test_what_cannot_merge_itself(tmp_path, monkeypatch):
    """A model without counts, with another n set since, or not fitted merges nothing."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match=r"This .* read from probabilities"):
        read_back(fit(["a"])).merge(fit(["a"]))
    with pytest.raises(ValueError, match=r"must stay as it was fitted \(3\) for merge"):
        fit(["a"]).set_params(n=2).merge(fit(["a"], n=2))
    with pytest.raises(NotFittedError):
        NGramTextGenerator().merge(fit(["a"]))
    with pytest.raises(NotFittedError):
        fit(["a"]).merge(NGramTextGenerator())
    with pytest.raises(TypeError, match=r"must be a fitted NGramTextGenerator\. Got 7"):
        fit(["a"]).merge(7)


def test_a_merge_that_is_interrupted_changes_nothing(monkeypatch):
    """Where the smoothing cannot be derived the model stays as it was."""
    model, other = fit(["a b"]), fit(["b c"])
    before = copy.copy(vars(model))

    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("sklearn_sslm.base._fitted.LanguageModel.of_counts", interrupt)
    with pytest.raises(KeyboardInterrupt):
        model.merge(other)
    assert vars(model) == before


def test_more_than_can_be_counted_is_refused():
    """Counts have 31 bits: what would not fit is told, and the model stays as it was."""
    model = fit(["a b"])  # 3 tokens, which 30 merges with itself would make 3 * 2**30
    for _ in range(29):
        model.merge(model)
    assert model.n_tokens_seen_ == 3 * 2**29
    before = model.next_word_proba(["a"]).tolist()
    with pytest.raises(ValueError, match="at most 2147483647 words and ends of texts"):
        model.merge(model)
    assert model.n_tokens_seen_ == 3 * 2**29
    assert model.next_word_proba(["a"]).tolist() == before
    assert sum(before[0]) <= 1
