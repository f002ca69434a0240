"""Tests of `sklearn_sslm.base._state`: files that are damaged, states that cannot be."""

import contextlib
import copy
import pickle
import pickletools
import types
import warnings

import numpy as np
import pytest
import skops.io
from _saved import REPLIES, TEXTS, generator, of_joblib, of_skops, read_model, to_joblib

from sklearn_sslm import NGramTextGenerator, WordIndexTransformer
from sklearn_sslm.ngrams import PackedIntegers
from sklearn_sslm.saving._envelope import StateError, seal
from sklearn_sslm.smoothing import KneserNey, Lidstone

pytestmark = pytest.mark.usefixtures("in_an_empty_folder")


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


FORMATS = {
    "joblib": (to_joblib, of_joblib),
    "joblib, compact": (lambda model: to_joblib(model.compact()), of_joblib),
    "pickle": (pickle.dumps, pickle.loads),
    "skops": (skops.io.dumps, of_skops),
}


# NumPy fails once more when it frees an array whose dtype a flip made a structure.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("damage", [flips, cuts])
@pytest.mark.parametrize("name", FORMATS)
def test_damaged_files_are_refused_or_harmless(name, damage):
    """After a flipped bit or a cut there is an error, or the very same answers."""
    dump, load = FORMATS[name]
    model = NGramTextGenerator(2, smoothing="kneser_ney", random_state=0).fit(TEXTS[:2])
    expected = brief(model)
    refused = 0
    for where, data in damage(dump(model), 400 if damage is flips else 100, seed=1):
        if name == "pickle" and (claims_memory(data) or has_times(data)):
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


def has_times(data):
    """Whether a flip made integers times, whose state NumPy unpickles without a check."""
    return b"\x02m8" in data or b"\x02M8" in data


def brief(model):
    """What is soon asked: parameters, replies, and scores."""
    said = model.sample(2).tolist(), model.score_samples(["o gato dorme"]).tolist()
    return said, model.get_params(), model.n_tokens_seen_, model.n_texts_seen_


# States that someone made up ----------------------------------------------------------


def changed(model, change):
    """The sealed state of a model that someone changed, the checksum fitting."""
    state = copy.deepcopy(model.__getstate__())
    del state["_sklearn_sslm"]
    change(state)
    return seal(state)


def put(**fields):
    """A change of some fields."""
    return lambda state: state.update(fields)


def put_item(name, value):
    """A change of a field of any name."""
    return lambda state: state.update({name: value})


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


def texts(n_texts, kind="counts_"):
    """A change to a model of so many texts, in all that is said of them."""

    def change(state):
        state[kind]["n_texts"] = state["n_texts_seen_"] = n_texts

    return change


HOSTILE = {
    "counts missing": (drop("counts_"), "'counts_' is missing"),
    "smoothing missing": (drop("smoothing_"), "'smoothing_' is missing"),
    "index missing": (drop("word_index_"), "'word_index_' is missing"),
    "number of words missing": (drop("n_words_"), "'n_words_' is missing"),
    "texts missing": (drop("n_texts_seen_"), "'n_texts_seen_' is missing"),
    "tokens missing": (drop("n_tokens_seen_"), "'n_tokens_seen_' is missing"),
    "replies missing": (drop("has_replies_"), "'has_replies_' is missing"),
    "a parameter of a later version": (put(forgetting=1), "Got the field 'forgetting'"),
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
    "least counts of lists": (put(min_count_=[[1]]), "must be an int in the range"),
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
    "texts of others": (put(n_texts_seen_=77), "'n_texts_seen_' must be 3. Got 77"),
    # 3, 7 and 5 words, and 3 ends
    "tokens of others": (put(n_tokens_seen_=0), "'n_tokens_seen_' must be 18. Got 0"),
    "too few texts": (texts(2), "3 2-grams begin a text or a reply. Got 2 texts"),
    "too many texts": (texts(4), "3 2-grams begin a text or a reply. Got 4 texts"),
    "no texts": (texts(0), "begin a text or a reply. Got 0 texts"),
    "replies of none": (put(has_replies_=True), "begin a text or a reply. Got 3 texts"),
    "replies of int": (put(has_replies_=2), "'has_replies_' must be a bool"),
    "a method": (put(predict=np.log), "Got the field 'predict'"),
    "a property": (put(discounts_=[]), "Got the field 'discounts_'"),
    "a field in place of a method": (put(_learning="x"), "Got the field '_learning'"),
    "a field without name": (put_item(5, 6), "Got the field 5"),
    "a model": (put(_fitted="x"), "Got the field '_fitted'"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_states_that_cannot_be_are_refused(case):
    """Who puts in a fitting checksum is told what is wrong all the same."""
    change, message = HOSTILE[case]
    model = NGramTextGenerator(3, smoothing="kneser_ney").fit(TEXTS[:3])
    state = changed(model, change)
    with pytest.raises(StateError, match=message):
        NGramTextGenerator().__setstate__(state)


def test_what_was_never_fitted_is_checked_too():
    """Nor has a generator or an index that knows nothing a field that is not its own."""
    for estimator, name in (
        (NGramTextGenerator(), "_fitted"),
        (NGramTextGenerator(), "sample"),
        (WordIndexTransformer(), "_vocabulary"),
        (WordIndexTransformer(), "n_words_"),
    ):
        state = changed(estimator, put(**{name: 7}))
        with pytest.raises(StateError, match=f"Got the field '{name}'"):
            type(estimator)().__setstate__(state)


@pytest.mark.parametrize(
    ("name", "value"), [("n_words_", 10**9), ("tokenize", str), ("_know", 1)]
)
def test_an_index_has_words_and_nothing_else(name, value):
    """How many words there are follows from these, and methods are those of the class."""
    state = changed(WordIndexTransformer().fit(["a b"]), put(**{name: value}))
    with pytest.raises(StateError, match=f"Got the field '{name}'"):
        WordIndexTransformer().__setstate__(state)


class Derived(NGramTextGenerator):
    """A generator with attributes of its own."""

    hits_ = 0

    def last(self):
        """A method of its own."""

    @property
    def best_(self):
        """A property of its own."""


def test_what_derives_may_have_more():
    """Its attributes travel, but none that stands in front of what a class has."""
    model = Derived(2).fit(TEXTS)
    model.hits_, model.seen_ = 3, ["a"]
    again = pickle.loads(pickle.dumps(model))
    assert (again.hits_, again.seen_) == (3, ["a"])
    assert again.score_samples(TEXTS).tolist() == model.score_samples(TEXTS).tolist()
    for name in ("last", "best_", "sample", "discounts_", "_fitted", 5):
        with pytest.raises(StateError, match=f"Got the field {name!r}"):
            Derived().__setstate__(changed(model, put_item(name, 1)))


def test_what_could_not_be_loaded_is_not_saved():
    """Whoever puts something in place of a method is told so before the file is needed."""
    for estimator in (generator(), WordIndexTransformer().fit(["a b"])):
        estimator.note_ = "mine"  # what no class has a use for travels
        assert pickle.loads(pickle.dumps(estimator)).note_ == "mine"
        estimator.fit = "mine"
        with pytest.raises(StateError, match="Got the field 'fit'; delete it"):
            pickle.dumps(estimator)
        del estimator.fit
        pickle.dumps(estimator)


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
        put(n_texts_seen_=6),
        texts(4, "compact_"),
        nothing_counted,
        no_continuations,
    ):
        with pytest.raises(StateError, match="The saved NGramTextGenerator is damaged"):
            NGramTextGenerator().__setstate__(changed(generator().compact(), change))


def test_a_model_that_was_read_is_checked_too():
    """So are the fields beside stored probabilities."""
    for change in (
        drop("n_words_"),
        put(n_words_=3),
        put(probabilities_=None),
        put(n_texts_seen_=1),
        put(n_tokens_seen_=1),
    ):
        with pytest.raises(StateError, match="The saved NGramTextGenerator is damaged"):
            NGramTextGenerator().__setstate__(changed(read_model(2), change))


def given(k, values):
    """A change to how often n-grams of order k are in messages; None drops it."""

    def change(state):
        arrays = state["counts_"]["levels"][k - 1]
        del arrays["given"]
        if values is not None:
            arrays["given"] = values

    return change


def nothing_but_messages(state):
    """A change to a model that predicts nothing."""
    no_counts_at_all(state)
    for arrays in state["counts_"]["levels"][1:]:
        arrays["counts_of_counts"][:] = 0
    state["n_tokens_seen_"] = int(state["counts_"]["levels"][0]["given"].sum())


@pytest.mark.parametrize("n_texts", [4, 10])
def test_messages_have_one_reply_each(n_texts):
    """As many 2-grams begin a reply as there are messages, here 5."""
    model = NGramTextGenerator(2).fit(TEXTS, REPLIES)
    message = f"5 2-grams begin a text or a reply. Got {n_texts} texts"
    with pytest.raises(StateError, match=message):
        NGramTextGenerator().__setstate__(changed(model, texts(n_texts, "counts_")))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (given(2, None), "'given' of order 2 is not that"),
        (given(1, None), "'given' of order 2 is not that"),
        (given(2, np.zeros(3, np.uint8)), "'given' of order 2 is not that"),
        (given(2, np.zeros(3)), "'given' of order 2 must not be of type float64"),
        (given(1, np.full(18, 2**31, np.uint32)), "order 1"),
        (nothing_but_messages, "a context of 0 words has no count"),
        (put(has_replies_=False), "'has_replies_' must be a bool that fits"),
    ],
)
def test_damaged_messages_are_refused(change, message):
    """What is stored of messages fits to the n-grams, and is there for all orders."""
    model = NGramTextGenerator(3).fit(TEXTS, REPLIES)
    with pytest.raises(StateError, match=message):
        NGramTextGenerator().__setstate__(changed(model, change))


def test_damaged_bits_of_compact_messages_are_refused():
    """Which contexts a reply goes on from follows from the counts."""
    model = NGramTextGenerator(3).fit(TEXTS, REPLIES).compact()

    def change(state):
        followed = state["compact_"]["levels"][1]["followed"]
        followed["bits"] = ~followed["bits"]

    with pytest.raises(StateError, match="'followed' of order 2"):
        NGramTextGenerator().__setstate__(changed(model, change))


def test_what_a_smoothing_has_beside_its_parameters_is_not_used():
    """An attribute in front of one of its class does not change the answers."""
    model = generator()

    def change(state):
        state["smoothing_"].lower_order = "none"

    again = NGramTextGenerator()
    again.__setstate__(changed(model, change))
    assert again.smoothing_.lower_order == "interpolate"
    assert brief(again) == brief(model)
    assert (
        again.next_word_proba(["o"]).tolist() == model.next_word_proba(["o"]).tolist()
    )


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
        StateError, match=r"NGramTextGenerator must hold .* Got the field"
    ):
        NGramTextGenerator().__setstate__(index.__getstate__())
    with pytest.raises(StateError, match="must be one that sklearn_sslm wrote"):
        WordIndexTransformer().__setstate__({"vocabulary_": {}, "stop_words_": None})
