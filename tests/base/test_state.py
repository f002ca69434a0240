"""Tests of `sklearn_sslm.base._state`: models that travel."""

import copy
import itertools
import pickle
import warnings
from functools import cache

import cloudpickle
import joblib
import numpy as np
import pytest
import skops.io
from _saved import (
    HELD_OUT,
    REPLIES,
    SMOOTHINGS,
    TEXTS,
    generator,
    of_joblib,
    of_skops,
    read_model,
    texts_of_rows,
    to_joblib,
)
from _slow import rest_slow, smoothings
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn.base import clone

from sklearn_sslm import NGramTextGenerator, WordIndexTransformer
from sklearn_sslm.base import fitted_model
from sklearn_sslm.ngrams.models._compact_level import CompactLevel
from sklearn_sslm.saving import is_mapped
from sklearn_sslm.saving._envelope import seal
from sklearn_sslm.smoothing import KneserNey, Lidstone

pytestmark = pytest.mark.usefixtures("in_an_empty_folder")


def through_joblib(model):
    """A model that was written and read by joblib."""
    return of_joblib(to_joblib(model))


def through_compressed_joblib(model):
    """A model that was written by joblib in few bytes, and read."""
    return of_joblib(to_joblib(model, compress=3))


def through_skops(model):
    """A model that was written and read by skops."""
    return of_skops(skops.io.dumps(model))


WAYS = [
    through_joblib,
    lambda model: pickle.loads(pickle.dumps(model)),
    lambda model: cloudpickle.loads(cloudpickle.dumps(model)),
    copy.copy,
    copy.deepcopy,
    through_skops,
]
ALL_WAYS = [
    *WAYS,
    through_compressed_joblib,
    *(
        (lambda model, protocol=protocol: pickle.loads(pickle.dumps(model, protocol)))
        for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1)
    ),
]


def answers(model):
    """What a model says and scores, as bytes where these are numbers."""
    X, held_out = TEXTS, HELD_OUT
    if model.word_index_ is None:
        X, held_out = texts_of_rows(), texts_of_rows()[:, ::-1]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of texts of probability 0
        scores = [model.score_samples(each).tobytes() for each in (X, held_out)]
    said = [model.predict(X).tolist(), model.sample(20).tolist()]
    return scores, said, model.next_word_proba(held_out).tobytes(), vars_of(model)


def vars_of(model):
    """What a model tells of itself."""
    names = ("n_words_", "n_texts_seen_", "n_tokens_seen_", "has_replies_")
    index = model.word_index_
    words = index and [index.words_, index.vocabulary_, index.n_words_]
    return [getattr(model, name) for name in names], words


def assert_travels(model):
    """Whether a model is the same after all ways it can go."""
    expected, params = answers(model), repr(model.get_params())
    for way in WAYS:
        again = way(model)
        assert type(again) is type(model)
        assert answers(again) == expected
        assert repr(again.get_params()) == params
    assert answers(model) == expected


@pytest.mark.parametrize("n", rest_slow(range(1, 6), [1, 3]))
@pytest.mark.parametrize("smoothing", smoothings(SMOOTHINGS))
def test_models_of_texts_travel(smoothing, n):
    """By every way replies and scores are the same to the bit."""
    assert_travels(
        NGramTextGenerator(n, smoothing=smoothing, random_state=3).fit(TEXTS)
    )


@pytest.mark.parametrize("n", rest_slow([1, 2, 5], [2]))
@pytest.mark.parametrize("smoothing", ["mle", "kneser_ney", "stupid_backoff"])
def test_models_of_replies_and_of_rows_travel(smoothing, n):
    """So are those of models of messages with replies, and of plain integer rows."""
    model = NGramTextGenerator(n, smoothing=smoothing, random_state=3)
    assert_travels(clone(model).fit(TEXTS, REPLIES))
    assert_travels(clone(model).fit(texts_of_rows()))


@pytest.mark.parametrize("n", [1, 3])
def test_models_that_leave_ngrams_out_travel(n):
    """So are those of models without what is rare, whatever was set since."""
    model = NGramTextGenerator(n, smoothing="kneser_ney", min_count=[1, 2, 3])
    model.set_params(random_state=3).fit(TEXTS)
    assert_travels(model)
    assert_travels(model.set_params(min_count=1))
    again = through_joblib(model.set_params(min_count=2)).partial_fit(["a gata come"])
    whole = clone(model).fit([*TEXTS, "a gata come"])
    assert answers(again) == answers(whole)


@pytest.mark.parametrize("n", rest_slow(range(1, 6), [1, 3]))
def test_models_that_were_read_travel(n):
    """So are those of models that were read from ARPA files."""
    assert_travels(read_model(n, random_state=3))


def test_models_that_forgot_words_travel():
    """The ids of forgotten words stay free, and all others keep theirs."""
    model = NGramTextGenerator(3, smoothing="kneser_ney", random_state=3)
    model.fit([*TEXTS, "uma palavra", "outra"]).partial_forget(["uma palavra"])
    assert model.word_index_.words_[-1] == "outra"
    assert model.word_index_.words_[1:].count("") == 2
    assert_travels(model)
    index = through_skops(model.word_index_)
    assert (
        index.partial_fit(["mais"]).vocabulary_
        == model.word_index_.partial_fit(["mais"]).vocabulary_
    )


@pytest.mark.parametrize("n", rest_slow([1, 2, 5], [2]))
@pytest.mark.parametrize("smoothing", smoothings(SMOOTHINGS))
def test_compact_models_travel(smoothing, n):
    """So are those of compact models, with words that were forgotten, too."""
    model = NGramTextGenerator(n, smoothing=smoothing, random_state=3)
    model.fit([*TEXTS, "uma palavra", "outra"]).partial_forget(["uma palavra"])
    assert_travels(model.compact())
    assert_travels(clone(model).fit(TEXTS, REPLIES).compact())
    assert_travels(clone(model).fit(texts_of_rows()).compact())


def of_rows(width):
    """Rows of so many columns, closed by a 0 or cut off."""
    row = st.lists(st.integers(0, 3), min_size=width, max_size=width)
    rows = st.lists(row, min_size=1, max_size=4)
    return rows.map(lambda rows: np.array(rows, dtype=int).reshape(len(rows), width))


samples = {
    "texts": st.lists(
        st.sampled_from(["", "a", "b a", "a a c"]), min_size=1, max_size=4
    ),
    "rows": st.integers(1, 3).flatmap(of_rows),
}


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(
    st.data(),
    st.sampled_from(sorted(samples)),
    st.booleans(),
    st.integers(1, 3),
    st.sampled_from(["mle", "kneser_ney"]),
)
def test_whatever_was_learned_and_forgotten_travels(data, kind, replies, n, smoothing):
    """No texts and no rows, closed or cut off, are taken for what cannot have been."""

    def drawn():
        X = data.draw(samples[kind])
        y = data.draw(samples[kind]) if replies else X
        size = min(len(X), len(y))
        return X[:size], y[:size] if replies else None

    first, more = drawn(), drawn()
    model = NGramTextGenerator(n, smoothing=smoothing)
    try:
        model.fit(*first).partial_fit(*more)
    except ValueError:  # there was no word
        assume(False)
    for again in (model, model.compact(), model.partial_forget(*first)):
        if hasattr(again, "word_index_"):
            assert vars_of(pickle.loads(pickle.dumps(again))) == vars_of(again)


@pytest.mark.parametrize("way", ALL_WAYS)
def test_parameters_travel(way):
    """Parameters of all kinds come back, whatever is in them."""
    model = NGramTextGenerator(
        n=np.int64(3),
        smoothing=Lidstone(alpha=0.25),
        word_index=WordIndexTransformer(lowercase=True, max_length=9),
        detokenizer="simple",
        fallback_response="olá 🙂",
        bad_words={"gato", "é"},
        stop=["sim"],
        temperature=0.5,
        random_state=np.random.default_rng(4),
    ).fit(TEXTS)
    same = copy.deepcopy(model)
    again = way(model)
    told, expected = again.get_params(), model.get_params()
    for name in ("random_state", "smoothing", "word_index"):  # compare by identity
        assert type(told.pop(name)) is type(expected.pop(name))
    assert told == expected
    assert again.sample(9).tolist() == same.sample(9).tolist()


def test_functions_travel():
    """Cloudpickle carries functions that are defined where they are used."""
    suffix = "!"
    model = NGramTextGenerator(
        word_index=WordIndexTransformer(tokenizer=lambda text: list(text)),
        detokenizer=lambda words: "".join(words) + suffix,
    ).fit(["abc"])
    again = cloudpickle.loads(cloudpickle.dumps(model))
    assert again.predict(["a"]).tolist() == model.predict(["a"]).tolist() == ["abc!"]


@pytest.mark.parametrize("way", ALL_WAYS)
def test_what_was_never_fitted_travels(way):
    """Estimators without a state come back without one."""
    for estimator in (NGramTextGenerator(n=4), WordIndexTransformer(lowercase=True)):
        again = way(estimator)
        assert vars(again) == vars(estimator)


@pytest.mark.parametrize("way", ALL_WAYS)
def test_word_indices_travel(way):
    """Words of all kinds come back with their ids, those that are no UTF-8 too."""
    words = ["é", "\udcff", "🙂" * 300, "a\0b", "b"]
    index = WordIndexTransformer().fit([" ".join(words)])
    again = way(index)
    assert again.words_ == ["", *words]
    assert again.vocabulary_ == index.vocabulary_
    assert again.n_words_ == 5


@pytest.mark.parametrize("way", ALL_WAYS)
def test_models_learn_on_after_travelling(way):
    """A model that was loaded learns on as one that never left, and leaves that alone."""
    model = NGramTextGenerator(n=3, smoothing="kneser_ney", random_state=0).fit(TEXTS)
    before = answers(model)
    again = way(model).partial_fit(["um gato novo", *TEXTS])
    assert answers(model) == before
    assert answers(again) == answers(model.partial_fit(["um gato novo", *TEXTS]))


def test_clones_know_nothing():
    """`clone` copies parameters only, also of a model that was loaded."""
    model = through_joblib(NGramTextGenerator(n=3, random_state=7).fit(TEXTS))
    assert vars(clone(model)) == vars(NGramTextGenerator(n=3, random_state=7))


def test_versions_of_scikit_learn_are_checked():
    """A model in a module of scikit-learn's name warns of another version of it."""
    cls = type("Model", (NGramTextGenerator,), {"__module__": "sklearn.model"})
    model = cls().fit(TEXTS)
    state = model.__getstate__()
    assert state.pop("_sklearn_version")
    del state["_sklearn_sslm"]
    with pytest.warns(UserWarning, match=r"from version 0\.1 when using version"):
        cls().__setstate__(seal(state | {"_sklearn_version": "0.1"}))


def leaves(value):
    """All that is in containers and in estimators' states, at any depth."""
    if isinstance(value, dict):
        yield from itertools.chain(value, *map(leaves, value.values()))
    elif isinstance(value, (list, tuple)):
        yield from itertools.chain(*map(leaves, value))
    elif isinstance(value, (WordIndexTransformer, KneserNey)):
        yield from leaves(value.__getstate__())
    else:
        yield value


KINDS = {
    "learning": generator,
    "compact": lambda: generator().compact(),
    "without what is rare": lambda: generator().set_params(min_count=[1, 2]).fit(TEXTS),
    "read": lambda: read_model(3, random_state=0),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_state_is_arrays_numbers_and_strings(kind):
    """Nothing else is saved, but for public estimators; arrays are plain ones."""
    kinds = {type(leaf) for leaf in leaves(KINDS[kind]().__getstate__())}
    assert kinds <= {np.ndarray, int, float, str, bool, type(None)}


@cache
def large_model(**params):
    """A model of over 100,000 n-grams, mostly different; words have three letters."""
    rng = np.random.default_rng(0)
    texts = [
        " ".join(f"{w:03d}" for w in rng.integers(999, size=9)) for _ in range(9000)
    ]
    model = NGramTextGenerator(n=4, **params).fit(texts)
    assert sum(map(len, model.counts_.levels)) > 100_000
    return model


# Bytes an n-gram of a trie: 8 of the key, 4 of the suffix, 1 of a count up to 255, 1 of
# a continuation count, and 4 for the children of each context. The words come to 3
# letters and a length of 1 byte.
@pytest.mark.parametrize(("smoothing", "each"), [("mle", 17), ("kneser_ney", 18)])
def test_a_file_is_no_larger_than_its_arrays(smoothing, each):
    """A model file takes 17 or 18 bytes an n-gram, 6 a word, and 10 kB for all else."""
    model = large_model(smoothing=smoothing)
    n_ngrams = sum(map(len, model.counts_.levels))
    assert len(to_joblib(model)) < each * n_ngrams + 6 * model.n_words_ + 10_000


# An n-gram of 999 words among at most 2**17 of its order, with counts up to 2**7: 10 bits
# of the word, 7 of the count, 17 of the suffix and 17 of its children: 51 bits.
def test_a_compact_file_is_no_larger_than_its_bits():
    """A compact model's file takes 51 bits an n-gram here, and as much for all else."""
    model = large_model(smoothing="kneser_ney")
    n_ngrams = sum(map(len, model.counts_.levels))
    most = 51 / 8 * n_ngrams + 6 * model.n_words_ + 10_000
    assert len(to_joblib(model.compact())) < most


@pytest.mark.parametrize("kind", KINDS)
def test_a_model_is_mapped(kind):
    """With ``mmap_mode`` the arrays stay in the file, and the model says the same."""
    model = KINDS[kind]()
    joblib.dump(model, "model.joblib")
    mapped = joblib.load("model.joblib", mmap_mode="r")
    assert_in_file(mapped)
    assert answers(mapped) == answers(model)
    assert_in_file(mapped)  # whatever it was asked
    assert_travels(mapped)


def assert_in_file(model):
    """Whether the arrays of a model are in a file, so that processes share them."""
    arrays = []
    for level in fitted_model(model).language_model.counts.levels:
        match level:
            case CompactLevel():
                first = level.first_child
                parts = [level.words, level.count, level.suffix, first.offsets]
                arrays += [part.data for part in parts if part is not None]
            case _:
                arrays += [level.key, level.suffix, level.first_child]
    if fitted_model(model).language_model.knows_all_counts:
        arrays += [
            level.count for level in fitted_model(model).language_model.counts.levels
        ]
        arrays += fitted_model(model).language_model.adjusted
    assert all(map(is_mapped, arrays))
    assert not any(array.flags.writeable for array in arrays)


def test_a_mapped_model_answers_conditions_and_tells_its_counts():
    """What needs all n-grams at once is worked out in memory; the rest stays mapped."""
    model = generator()
    joblib.dump(model, "model.joblib")
    mapped = joblib.load("model.joblib", mmap_mode="r")
    asked = {"n_samples": 5, "contains": TEXTS[0].split()[1]}
    assert mapped.sample(**asked).tolist() == model.sample(**asked).tolist()
    for level, other in zip(mapped.counts_.levels, model.counts_.levels, strict=True):
        np.testing.assert_array_equal(level.count, other.count)
        assert level.count.dtype == np.int32
    assert_in_file(mapped)


@pytest.mark.parametrize("texts", [["um gato novo"], TEXTS * 3])
def test_a_mapped_model_learns_on(texts):
    """The file of a mapped model stays as it was; what is learned is in memory."""
    model = generator()
    joblib.dump(model, "model.joblib")
    mapped = joblib.load("model.joblib", mmap_mode="r").partial_fit(texts)
    assert answers(mapped) == answers(clone(model).fit([*TEXTS, *texts]))
    mapped.partial_forget(texts).merge(model)
    assert answers(mapped) == answers(clone(model).fit(TEXTS * 2))
    assert answers(joblib.load("model.joblib")) == answers(model)
