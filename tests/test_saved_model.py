"""Tests of `sklearn_sslm._saved_model`: models that travel."""

import contextlib
import copy
import io
import itertools
import json
import pickle
import pickletools
import types
import warnings
import zipfile

import cloudpickle
import joblib
import numpy as np
import pytest
import skops.io
from sklearn.base import clone

from sklearn_sslm import NGramTextGenerator, WordIndexTransformer
from sklearn_sslm._envelope import StateError, seal
from sklearn_sslm.arpa import read_arpa, write_arpa
from sklearn_sslm.ngrams import PackedIntegers, is_mapped
from sklearn_sslm.ngrams._compact_level import CompactLevel
from sklearn_sslm.smoothing import KneserNey, Lidstone

SMOOTHINGS = {
    "mle": "MaximumLikelihood",
    "lidstone": "Lidstone",
    "witten_bell": "WittenBell",
    "absolute_discounting": "AbsoluteDiscounting",
    "kneser_ney": "KneserNey",
    "stupid_backoff": "StupidBackoff",
}
GENERATOR = "sklearn_sslm._text_generator.NGramTextGenerator"
WORD_INDEX = "sklearn_sslm._word_index.WordIndexTransformer"

TEXTS = ["o gato dorme", "a gata dorme e o gato come", "o gato e a gata", "sim", "é só"]
REPLIES = ["boa noite", "que bom", "o gato dorme", "não", "sim"]
HELD_OUT = ["o gato come", "a gata", "o peixe dorme", ""]


def through_joblib(model):
    """A model that was written and read by joblib."""
    file = io.BytesIO()
    joblib.dump(model, file)
    file.seek(0)
    return joblib.load(file)


def through_compressed_joblib(model):
    """A model that was written by joblib in few bytes, and read."""
    file = io.BytesIO()
    joblib.dump(model, file, compress=3)
    file.seek(0)
    return joblib.load(file)


def through_skops(model):
    """A model that was written and read by skops."""
    data = skops.io.dumps(model)
    return skops.io.loads(data, trusted=skops.io.get_untrusted_types(data=data))


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


def texts_of_rows():
    """The texts as padded rows of ids, without their words."""
    return np.asarray(WordIndexTransformer().fit_transform(TEXTS))


def read_model(n, **params):
    """A model that was read from an ARPA file."""
    write_arpa(NGramTextGenerator(n=n, smoothing="kneser_ney").fit(TEXTS), "model.arpa")
    return read_arpa("model.arpa").set_params(**params)


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


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
    expected, params = answers(model), model.get_params()
    for way in WAYS:
        again = way(model)
        assert type(again) is type(model)
        assert answers(again) == expected
        assert again.get_params() == params
    assert answers(model) == expected


@pytest.mark.parametrize("n", range(1, 6))
@pytest.mark.parametrize("smoothing", SMOOTHINGS)
def test_models_of_texts_travel(smoothing, n):
    """By every way replies and scores are the same to the bit."""
    assert_travels(
        NGramTextGenerator(n, smoothing=smoothing, random_state=3).fit(TEXTS)
    )


@pytest.mark.parametrize("n", [1, 2, 5])
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


@pytest.mark.parametrize("n", range(1, 6))
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


@pytest.mark.parametrize("n", [1, 2, 5])
@pytest.mark.parametrize("smoothing", SMOOTHINGS)
def test_compact_models_travel(smoothing, n):
    """So are those of compact models, with words that were forgotten, too."""
    model = NGramTextGenerator(n, smoothing=smoothing, random_state=3)
    model.fit([*TEXTS, "uma palavra", "outra"]).partial_forget(["uma palavra"])
    assert_travels(model.compact())
    assert_travels(clone(model).fit(TEXTS, REPLIES).compact())
    assert_travels(clone(model).fit(texts_of_rows()).compact())


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


def generator():
    """A model of order 3 that can learn on."""
    return NGramTextGenerator(3, smoothing="kneser_ney", random_state=0).fit(TEXTS)


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


def large_model(**params):
    """A model of over 100,000 n-grams, mostly different; words have three letters."""
    rng = np.random.default_rng(0)
    texts = [
        " ".join(f"{w:03d}" for w in rng.integers(999, size=9)) for _ in range(9000)
    ]
    model = NGramTextGenerator(n=4, **params).fit(texts)
    assert sum(map(len, model.counts_.levels)) > 100_000
    return model


def size_of_file(model):
    """Bytes that a model takes as a file."""
    file = io.BytesIO()
    joblib.dump(model, file)
    return file.tell()


# Bytes an n-gram of a trie: 8 of the key, 4 of the suffix, 1 of a count up to 255, 1 of
# a continuation count, and 4 for the children of each context. The words come to 3
# letters and a length of 1 byte.
@pytest.mark.parametrize(("smoothing", "each"), [("mle", 17), ("kneser_ney", 18)])
def test_a_file_is_no_larger_than_its_arrays(smoothing, each):
    """A model file takes 17 or 18 bytes an n-gram, 6 a word, and 10 kB for all else."""
    model = large_model(smoothing=smoothing)
    n_ngrams = sum(map(len, model.counts_.levels))
    assert size_of_file(model) < each * n_ngrams + 6 * model.n_words_ + 10_000


# An n-gram of 999 words among at most 2**17 of its order, with counts up to 2**7: 10 bits
# of the word, 7 of the count, 17 of the suffix and 17 of its children: 51 bits.
def test_a_compact_file_is_no_larger_than_its_bits():
    """A compact model's file takes 51 bits an n-gram here, and as much for all else."""
    model = large_model(smoothing="kneser_ney")
    n_ngrams = sum(map(len, model.counts_.levels))
    most = 51 / 8 * n_ngrams + 6 * model.n_words_ + 10_000
    assert size_of_file(model.compact()) < most


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
    for level in model._model.counts.levels:
        match level:
            case CompactLevel():
                first = level.first_child
                parts = [level.words, level.count, level.suffix, first.offsets]
                arrays += [part.data for part in parts if part is not None]
            case _:
                arrays += [level.key, level.suffix, level.first_child]
    if model._model.knows_all_counts:
        arrays += [level.count for level in model._model.counts.levels]
        arrays += model._model.adjusted
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


def flips(data, n_flips, seed):
    """Copies of a file, a bit of it flipped: every place of a short one, or at random."""
    rng = np.random.default_rng(seed)
    for place in rng.integers(8 * len(data), size=n_flips).tolist():
        flipped = bytearray(data)
        flipped[place // 8] ^= 1 << place % 8
        yield place, bytes(flipped)


def cuts(data, n_cuts, seed):
    """Beginnings of a file."""
    for length in np.random.default_rng(seed).integers(len(data), size=n_cuts).tolist():
        yield length, data[:length]


def to_joblib(model):
    """A model as the bytes of a file."""
    file = io.BytesIO()
    joblib.dump(model, file)
    return file.getvalue()


def of_skops(data):
    """The model in the bytes of a file."""
    return skops.io.loads(data, trusted=skops.io.get_untrusted_types(data=data))


FORMATS = {
    "joblib": (to_joblib, lambda data: joblib.load(io.BytesIO(data))),
    "pickle": (pickle.dumps, pickle.loads),
    "skops": (skops.io.dumps, of_skops),
}


@pytest.mark.parametrize("damage", [flips, cuts])
@pytest.mark.parametrize("name", FORMATS)
def test_damaged_files_are_refused_or_harmless(name, damage):
    """After a flipped bit or a cut there is an error, or the very same answers."""
    dump, load = FORMATS[name]
    model = NGramTextGenerator(2, smoothing="kneser_ney", random_state=0).fit(TEXTS[:2])
    expected = brief(model)
    refused = 0
    for where, data in damage(dump(model), 1000 if damage is flips else 100, seed=1):
        if name == "pickle" and claims_memory(data):
            continue
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                said = brief(load(data))
        except Exception:  # noqa: BLE001 - a damaged pickle can raise anything
            refused += 1
        else:
            assert said == expected, f"{name}: {damage.__name__} at {where}"
    assert refused > 50


def claims_memory(data):
    """Whether a pickle gives an object a number beyond the file's length.

    `pickle` sets memory aside for all objects up to there, before any of our code runs.
    """
    with contextlib.suppress(Exception):
        for operation, argument, _ in pickletools.genops(data):
            if operation.name == "LONG_BINPUT" and argument > len(data):
                return True
    return False


def brief(model):
    """What is soon asked: parameters, replies, and scores."""
    said = model.sample(2).tolist(), model.score_samples(["o gato dorme"]).tolist()
    return said, model.get_params(), model.n_tokens_seen_, model.n_texts_seen_


def changed(model, change):
    """The sealed state of a model that someone changed, the checksum fitting."""
    state = copy.deepcopy(model.__getstate__())
    del state["_sklearn_sslm"]
    change(state)
    return seal(state)


def put(**fields):
    """A change of some fields."""
    return lambda state: state.update(fields)


def drop(name):
    """A change that leaves out a field."""
    return lambda state: state.pop(name)


def no_counts(state):
    """A change to a model that saw each n-gram 0 times."""
    for arrays in state["counts_"]["levels"]:
        arrays["count"][:] = 0


def no_counts_at_all(state):
    """The same change, in all that is said of counts."""
    no_counts(state)
    for arrays in state["counts_"]["levels"]:
        arrays.pop("adjusted", None)
        arrays["counts_of_counts"][:] = 0
        arrays["counts_of_counts"][0] = len(arrays["count"])
    state["smoothing_"] = Lidstone()


def other_counts(name, k):
    """A change to counts that do not belong to the n-grams."""

    def change(state):
        state["counts_"]["levels"][k - 1][name][-1] += 1

    return change


def other_words(state):
    """A change to an index of other words."""
    state["word_index_"] = WordIndexTransformer().fit(["um dois"])


HOSTILE = {
    "counts missing": (drop("counts_"), "'counts_' is missing"),
    "smoothing missing": (drop("smoothing_"), "'smoothing_' is missing"),
    "index missing": (drop("word_index_"), "'word_index_' is missing"),
    "number of words missing": (drop("n_words_"), "'n_words_' is missing"),
    "texts missing": (drop("n_texts_seen_"), "'n_texts_seen_' is missing"),
    "tokens missing": (drop("n_tokens_seen_"), "'n_tokens_seen_' is missing"),
    "replies missing": (drop("has_replies_"), "'has_replies_' is missing"),
    "parameter missing": (drop("max_length"), "no field 'max_length'"),
    "no counts of no words": (no_counts_at_all, "a context of 0 words has no count"),
    "counts of no dict": (put(counts_=[1, 2]), "must come as a dict. Got list"),
    "probabilities too": (put(probabilities_={}), "'n' must be an order. Got None"),
    "compact too": (put(compact_={}), "'n' must be an order. Got None"),
    "other adjusted counts": (other_counts("adjusted", 2), "counts of order 2 do not"),
    "other counts of counts": (
        other_counts("counts_of_counts", 1),
        "counts of order 1 do not",
    ),
    "no counts at all": (no_counts, "the counts of order 2 do not follow"),
    "smoothing by name": (put(smoothing_="mle"), "must be a smoothing. Got 'mle'"),
    "another estimator": (
        put(smoothing_=WordIndexTransformer()),
        "must be a smoothing",
    ),
    "wrong smoothing": (put(smoothing_=Lidstone(-1)), "'alpha' parameter of Lidstone"),
    "wrong discounts": (
        put(smoothing_=KneserNey(discounts=[1, 2])),
        "'discounts' parameter of KneserNey",
    ),
    "least counts missing": (drop("min_count_"), "'min_count_' is missing"),
    "least counts of no list": (put(min_count_=2), "must be a list of int. Got 2"),
    "least counts that fall": (put(min_count_=[2, 1]), "none smaller than the one"),
    "least counts of lists": (put(min_count_=[[1]]), "must be an int of at least 1"),
    "index not fitted": (
        put(word_index_=WordIndexTransformer()),
        "must be a word index of 8 ids",
    ),
    "index of others": (other_words, "must be a word index of 8 ids"),
    "index of no kind": (put(word_index_={"words_": []}), "must be a word index"),
    "index of another kind": (
        put(word_index_=types.SimpleNamespace(words_=["", *"abcdefg"])),
        "must be a word index of 8 ids",
    ),
    "number of words": (put(n_words_=8), "must be 7. Got 8"),
    "negative texts": (put(n_texts_seen_=-1), "'n_texts_seen_' must be an int"),
    "tokens of float": (put(n_tokens_seen_=1.5), "'n_tokens_seen_' must be an int"),
    "replies of int": (put(has_replies_=2), "'has_replies_' must be a bool"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_states_that_cannot_be_are_refused(case):
    """Who puts in a fitting checksum is told what is wrong all the same."""
    change, message = HOSTILE[case]
    model = NGramTextGenerator(3, smoothing="kneser_ney").fit(TEXTS[:3])
    state = changed(model, change)
    with pytest.raises(StateError, match=message):
        NGramTextGenerator().__setstate__(state)


def test_a_compact_model_is_checked_too():
    """So are the fields beside compact n-grams, and the counts in them."""

    def nothing_counted(state):
        part = state["compact_"]["levels"][1]["count"]
        none = PackedIntegers.of(np.zeros(part["size"], dtype=int))
        part.update(bits=none.data, n_bits=0)

    def no_continuations(state):
        state["compact_"]["levels"][0]["counts_of_counts"][2] = 9

    for change in (
        drop("n_words_"),
        put(n_words_=3),
        put(smoothing_="mle"),
        put(compact_=None),
        nothing_counted,
        no_continuations,
    ):
        with pytest.raises(StateError, match="The saved NGramTextGenerator is damaged"):
            NGramTextGenerator().__setstate__(changed(generator().compact(), change))


def test_a_model_that_was_read_is_checked_too():
    """So are the fields beside stored probabilities."""
    for change in (drop("n_words_"), put(n_words_=3), put(probabilities_=None)):
        with pytest.raises(StateError, match="The saved NGramTextGenerator is damaged"):
            NGramTextGenerator().__setstate__(changed(read_model(2), change))


def words(text, lengths, dtype=np.uint8):
    """Words as they are saved."""
    text = np.frombuffer(text, dtype=np.uint8)
    return {"text": text, "lengths": np.array(lengths, dtype=dtype)}


@pytest.mark.parametrize(
    ("packed", "message"),
    [
        (None, "cannot be read: TypeError"),
        ({}, "cannot be read: KeyError"),
        ({"text": "ab", "lengths": [0, 2]}, "cannot be read: AttributeError"),
        (words(b"ab", []), "cannot be read: IndexError"),
        (words(b"\xff", [0, 1]), "cannot be read: UnicodeDecodeError"),
        (words(b"ab", [0, 1, 1], float), "cannot be read: TypeError"),
        (words(b"ab", [0, 1, 1], np.uint64), "cannot be read: TypeError"),
        (words(b"ab", [0]), "must fill their text"),
        (words(b"ab", [0, 1]), "must fill their text, .* 2 words in 2 characters"),
        (words(b"ab", [0, 1, 2]), "must fill their text"),
        (words(b"ab", [0, 3, -1], np.int8), "must fill their text"),
        (words(b"ab", [0, 1, 0, 2]), "must fill their text"),
        (words(b"", [0, 0]), "must fill their text"),
        (words(b"ab", [1, 1]), "must fill their text"),
        (words(b"aba", [0, 1, 1, 1]), "must differ. Got 2 different words among 3"),
    ],
)
def test_words_that_cannot_be_are_refused(packed, message):
    """A word index has words, all different, whose lengths come to their text."""
    state = changed(WordIndexTransformer().fit(["a b"]), put(words_=packed))
    with pytest.raises(StateError, match=message):
        WordIndexTransformer().__setstate__(state)


def test_states_of_others_are_refused():
    """A state of another class, or of another package, is none of ours."""
    index = WordIndexTransformer().fit(["a b"])
    with pytest.raises(
        StateError, match="The saved NGramTextGenerator has no field 'bad_words'"
    ):
        NGramTextGenerator().__setstate__(index.__getstate__())
    with pytest.raises(StateError, match="must be one that sklearn_sslm wrote"):
        WordIndexTransformer().__setstate__({"vocabulary_": {}, "stop_words_": None})


@pytest.mark.parametrize("smoothing", SMOOTHINGS)
def test_skops_asks_for_public_classes_only(smoothing):
    """To trust are the generator, its word index, and its smoothing; nothing else."""
    model = NGramTextGenerator(smoothing=smoothing).fit(TEXTS)
    of_smoothing = f"sklearn_sslm.smoothing.{SMOOTHINGS[smoothing]}"
    data = skops.io.dumps(model)
    expected = [GENERATOR, WORD_INDEX, of_smoothing]
    assert skops.io.get_untrusted_types(data=data) == expected
    again = skops.io.loads(data, trusted=expected)
    assert again.score_samples(TEXTS).tolist() == model.score_samples(TEXTS).tolist()


def test_skops_asks_for_less_where_there_is_less():
    """Neither rows nor models that were read need more; a word index needs itself."""
    rows = NGramTextGenerator().fit(texts_of_rows())
    for estimator, expected in (
        (rows, [GENERATOR, "sklearn_sslm.smoothing.MaximumLikelihood"]),
        (read_model(2), [GENERATOR, WORD_INDEX]),
        (WordIndexTransformer().fit(TEXTS), [WORD_INDEX]),
    ):
        data = skops.io.dumps(estimator)
        assert skops.io.get_untrusted_types(data=data) == expected
        skops.io.loads(data, trusted=expected)


def test_skops_tells_of_a_stranger():
    """A file that would call something else is not loaded with what ours need."""
    data = skops.io.dumps(NGramTextGenerator().fit(TEXTS))
    evil = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(evil, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "schema.json":
                schema = json.loads(content)
                schema["content"]["content"]["smoothing_"] |= {
                    "__class__": "Popen",
                    "__module__": "subprocess",
                }
                content = json.dumps(schema)
            new.writestr(name, content)
    data = evil.getvalue()
    assert "subprocess.Popen" in skops.io.get_untrusted_types(data=data)
    trusted = [GENERATOR, WORD_INDEX, "sklearn_sslm.smoothing.MaximumLikelihood"]
    with pytest.raises(Exception, match=r"subprocess\.Popen"):
        skops.io.loads(data, trusted=trusted)
