"""Tests of `_count_arrays`, `_compact_arrays` and `_probability_arrays` of `saving`."""

import copy
import tracemalloc

import numpy as np
import pytest
from _counts import assert_same_counts
from _draws import small_model
from _engine import (
    N_WORDS,
    corpora,
    corpora_with_cuts,
    count,
    model_of,
    sample_after,
)
from _stored import model_of_ngrams, stored, stored_model
from hypothesis import given
from hypothesis import strategies as st

from sklearn_sslm.arpa._building import StoredNGrams
from sklearn_sslm.ngrams import (
    Events,
    LanguageModel,
    PackedIntegers,
    TokenStream,
    log_probabilities,
)
from sklearn_sslm.saving import (
    is_mapped,
    pack_backoff,
    pack_compact,
    pack_counts,
    unpack_backoff,
    unpack_compact,
    unpack_counts,
)
from sklearn_sslm.smoothing import KneserNey, WittenBell


@given(corpora_with_cuts(), st.integers(1, 6))
def test_counts_come_back(corpus, n):
    """Whatever was counted is unpacked as it was packed, and is found to be proper."""
    counts = count(corpus[0], n, closed=corpus[1])
    for smoothing in (KneserNey(), WittenBell()):
        model = LanguageModel.of_counts(counts, smoothing, Events(N_WORDS))
        same, adjusted, counts_of_counts = unpack_counts(pack_counts(model))
        assert_same_counts(same, counts)
        for before, after in zip(model.adjusted, adjusted, strict=True):
            np.testing.assert_array_equal(before, after)
        np.testing.assert_array_equal(model.counts_of_counts, counts_of_counts)


@given(corpora, st.integers(1, 6))
def test_a_compact_model_comes_back(texts, n):
    """Whatever is compact is unpacked as it was packed, and is found to be proper."""
    counts = count(texts, n)
    model = LanguageModel.of_counts(counts, KneserNey(), Events(N_WORDS)).compact()
    counts, _, counts_of_counts = unpack_compact(pack_compact(model))
    assert_same_counts(counts.plain(), model.counts.plain())
    np.testing.assert_array_equal(model.counts_of_counts, counts_of_counts)


@pytest.mark.parametrize(
    ("times", "dtype"), [(255, "u1"), (256, "u2"), (65535, "u2"), (65536, "u4")]
)
def test_counts_take_the_smallest_type_that_holds_them(times, dtype):
    """255 is the most that one byte holds, 65535 the most that two hold."""
    model = LanguageModel.of_counts(
        count([[1] * times], 1), WittenBell(), Events(N_WORDS)
    )
    packed = pack_counts(model)
    assert packed["levels"][0]["count"].dtype == dtype
    assert_same_counts(unpack_counts(packed)[0], model.counts)


def packed_counts():
    """Small counts of order 3, all of whose arrays may be changed."""
    return copy.deepcopy(pack_counts(small_model(KneserNey())))


def packed_compact():
    """The same as a compact model."""
    return copy.deepcopy(pack_compact(small_model(KneserNey()).compact()))


def read():
    """A model of stored probabilities."""
    return stored_model(small_model(KneserNey()))


def test_probabilities_come_back():
    """A model of stored probabilities draws and scores the same, to the bit."""
    model = read()
    same = unpack_backoff(pack_backoff(model))
    for before, after in zip(model.weights, same.weights, strict=True):
        assert before.p.tobytes() == after.p.tobytes()
    draws = [
        sample_after(each, [0], 9, 50, np.random.default_rng(5))
        for each in (model, same)
    ]
    assert draws[0] == draws[1]


def test_what_was_put_in_comes_back():
    """What is there for a backoff weight alone is told from the n-grams of a file."""
    unigrams = stored([(0,), (1,), (2,)], [0.5, 0.2, 0.2], [1, 0.3, 1])
    packed = pack_backoff(model_of_ngrams([unigrams, stored([(2, 2)], [0.4])], 0.1))
    model = unpack_backoff(packed)
    assert model.left_out(2, np.arange(2)).tolist() == [True, False]  # "1 0", "2 2"
    assert model.discounted(2, np.array([1, 2]), np.arange(2)).tolist() == [0, 0.4]
    packed["levels"][1]["put_in"] = np.ones(3, dtype=bool)
    with pytest.raises(ValueError, match="'put_in' of order 2"):
        unpack_backoff(packed)


def test_a_probability_of_0_comes_back():
    """0 that is stored is told from what was never seen, also after packing."""
    ids = np.arange(3, dtype=np.int32)
    unigrams = StoredNGrams([ids], np.array([0.5, 0.0, 0.4]), np.ones(3))
    never = StoredNGrams([ids[:1], ids[1:2]], np.zeros(1), np.ones(1))
    model = unpack_backoff(pack_backoff(model_of_ngrams([unigrams, never], 0.1)))
    assert np.signbit(model.discounted(2, np.zeros(1, int), np.zeros(1, int)))


def put(name, k, row, value):
    """A change of one number of an array of order k."""

    def change(packed):
        array = packed["levels"][k - 1][name]
        array[row] = value(array[row]) if callable(value) else value

    return change


def replace(name, k, make):
    """A change of a whole array of order k."""

    def change(packed):
        arrays = packed["levels"][k - 1]
        arrays[name] = make(arrays[name])

    return change


def empty(packed):
    """A change that leaves order 3 without n-grams."""
    arrays = packed["levels"][2]
    arrays["first_child"][:] = 0
    for name in ("key", "suffix", "count", "p"):
        if name in arrays:
            arrays[name] = arrays[name][:0]


def twice(packed):
    """A change that puts an n-gram of order 3 in the place of the next one."""
    arrays = packed["levels"][2]
    context = arrays["key"] >> 32
    row = np.flatnonzero(context[1:] == context[:-1])[0]
    for name in ("key", "suffix"):
        arrays[name][row + 1] = arrays[name][row]


def overlap(packed):
    """A change that gives children of a later context also to an earlier one."""
    first = packed["levels"][2]["first_child"]
    childless = np.flatnonzero(first[1:] == first[:-1])
    first[childless[childless > 0][0]] += 1


def drop(name, k=None):
    """A change that leaves out a field."""
    return lambda packed: (packed if k is None else packed["levels"][k - 1]).pop(name)


WRONG = {
    "no order": drop("n"),
    "no levels": drop("levels"),
    "order 0": lambda packed: packed.update(n=0),
    "order of no int": lambda packed: packed.update(n=2.0),
    "order too high": lambda packed: packed.update(n=1 << 63),
    "more levels than orders": lambda packed: packed.update(n=2),
    "no level": lambda packed: packed.update(levels=[]),
    "level of no dict": lambda packed: packed["levels"].append(
        packed["levels"].pop()["key"]
    ),
    "no keys": drop("key", 2),
    "no suffixes": drop("suffix", 3),
    "2-D": replace("key", 2, lambda a: a[:, None]),
    "a list": replace("suffix", 2, lambda a: a.tolist()),
    "keys of float": replace("key", 3, lambda a: a.astype(float)),
    "keys of uint64": replace("key", 3, lambda a: a.astype(np.uint64)),
    "suffixes of object": replace("suffix", 3, lambda a: a.astype(object)),
    "empty level": empty,
    "key missing": replace("key", 2, lambda a: a[:-1]),
    "suffix missing": replace("suffix", 2, lambda a: a[:-1]),
    "context too many": replace("first_child", 3, lambda a: np.append(a, a[-1])),
    "context missing": replace("first_child", 3, lambda a: a[:-1]),
    "unigram twice": put("key", 1, 2, 1),
    "unigram with suffix": put("suffix", 1, 2, 1),
    "unigrams of another context": put("first_child", 1, 0, 1),
    "negative key": put("key", 2, 0, -(1 << 62)),
    "keys fall": replace("key", 2, lambda a: a[::-1].copy()),
    "key twice": twice,
    "context beyond": put("key", 2, -1, lambda key: key + (1 << 40)),
    "word beyond": put("key", 2, -1, lambda key: key + 1000),
    "word negative": put("key", 2, -1, lambda key: key | (1 << 31)),
    "suffix beyond": put("suffix", 3, -1, 1 << 30),
    "suffix negative": put("suffix", 3, -1, -1),
    "suffix of another word": put("suffix", 2, 0, lambda row: row + 1),
    "suffix of another context": put("suffix", 3, 0, lambda row: row + 1),
    "children before the first": put("first_child", 2, 0, -1),
    "children beyond the last": put("first_child", 2, -1, 1 << 30),
    "children of another": put("first_child", 2, 1, lambda row: row + 1),
    "children given away": put("first_child", 2, 1, lambda row: row - 1),
    "children of two": overlap,
    "children fall": put("first_child", 3, 1, 1 << 20),
}
WRONG_COUNTS = WRONG | {
    "no number of texts": drop("n_texts"),
    "negative texts": lambda packed: packed.update(n_texts=-1),
    "no counts": drop("count", 2),
    "negative counts": replace("count", 2, lambda a: -a.astype(np.int32)),
    "count missing": replace("count", 3, lambda a: a[:-1]),
    "too many": replace("count", 3, lambda a: np.full(len(a), 1 << 31, np.uint32)),
    "adjusted missing": replace("adjusted", 2, lambda a: a[:-1]),
    "adjusted negative": replace("adjusted", 2, lambda a: -a.astype(np.int32)),
    "no counts of counts": drop("counts_of_counts", 2),
    "too few counts of counts": replace("counts_of_counts", 1, lambda a: a[:4]),
    "counts of counts of float": replace("counts_of_counts", 1, lambda a: a / 2),
}


def repack(name, k, make):
    """A change of the numbers of order k that are stored in few bits."""

    def change(packed):
        part = packed["levels"][k - 1][name]
        numbers = make(PackedIntegers(*part.values())[:])
        again = PackedIntegers.of(numbers)
        part.update(bits=again.data, n_bits=again.n_bits, size=again.size)

    return change


def put_part(name, k, **fields):
    """A change of what tells how numbers are stored."""
    return lambda packed: packed["levels"][k - 1][name].update(fields)


def no_bits(packed):
    """A change to as many counts and suffixes as there can be, in no bits at all."""
    arrays, size = packed["levels"][0], 2**31 - 1
    for name in ("count", "suffix"):
        arrays[name].update(bits=np.zeros(8, np.uint8), n_bits=0, size=size)
    repack("starts", 1, lambda a: np.array([0]))(packed)
    repack("offsets", 1, lambda a: np.array([0, size]))(packed)


def contexts_without_counts(packed):
    """A change to counts of 0 after all contexts but the first, and no other fault."""
    repack("count", 2, lambda a: np.where(np.arange(len(a)), 0, a[0]))(packed)
    count = PackedIntegers(*packed["levels"][1]["count"].values()).item(0)
    counts_of_counts = np.bincount([count], minlength=5)[:5]
    packed["levels"][1]["counts_of_counts"] = counts_of_counts


WRONG_COMPACT = {
    "no order": drop("n"),
    "no number of texts": drop("n_texts"),
    "no level": lambda packed: packed.update(levels=[]),
    "no words": drop("word", 2),
    "no suffixes": drop("suffix", 3),
    "no counts of counts": drop("counts_of_counts", 2),
    "words of no dict": lambda packed: packed["levels"][1].update(word=[1]),
    "bits of int64": put_part("word", 2, bits=np.zeros(99, np.int64)),
    "bits missing": put_part("word", 2, bits=np.zeros(7, np.uint8)),
    "32 bits": repack("word", 3, lambda a: a + (1 << 31)),
    "words of another 2**32": repack("word", 2, lambda a: a + (1 << 32)),
    "suffixes of another 2**32": repack("suffix", 3, lambda a: a + (1 << 32)),
    "starts of another 2**32": repack("starts", 3, lambda a: a + (1 << 32)),
    "counts of no bits": no_bits,
    "58 bits": put_part("word", 2, n_bits=58, bits=np.zeros(500, np.uint8)),
    "size of float": put_part("word", 2, size=2.0),
    "negative size": put_part("word", 2, size=-1),
    "block missing": repack("starts", 3, lambda a: a[:-1]),
    "block too many": repack("starts", 3, lambda a: np.append(a, a[-1])),
    "word missing": repack("word", 2, lambda a: a[:-1]),
    "count missing": repack("count", 3, lambda a: a[:-1]),
    "context missing": repack("offsets", 3, lambda a: a[:-1]),
    "word beyond": repack("word", 2, lambda a: np.append(a[:-1], 99)),
    "words fall": repack("word", 2, lambda a: a[::-1]),
    "suffix beyond": repack("suffix", 3, lambda a: a + 1000),
    "suffix of another": repack("suffix", 3, lambda a: np.roll(a, 1)),
    "children fall": repack("offsets", 3, lambda a: a[::-1]),
    "children before the first": repack("starts", 2, lambda a: a + 1),
    "children of another": repack("offsets", 2, lambda a: np.maximum(a, 1)),
    "no counts": repack("count", 2, lambda a: 0 * a),
    "contexts without counts": contexts_without_counts,
    "other counts of counts": replace("counts_of_counts", 2, lambda a: a + 1),
    "too many": repack("count", 3, lambda a: np.full(len(a), 1 << 31)),
}


@pytest.mark.parametrize("case", WRONG_COMPACT)
def test_compact_models_that_cannot_be_are_refused(case):
    """What is no trie of n-grams is a ValueError before anything walks on it."""
    packed = packed_compact()
    WRONG_COMPACT[case](packed)
    with pytest.raises(ValueError, match=r"order|n_texts|levels|bits|blocks"):
        unpack_compact(packed)


@pytest.mark.parametrize("change", [no_bits, repack("count", 1, lambda a: a + 2**29)])
def test_a_small_compact_model_takes_little_memory(change):
    """However many numbers it tells of, and however large, what was read is the bound."""
    packed = packed_compact()
    change(packed)
    tracemalloc.start()
    with pytest.raises(ValueError, match="of order 1"):
        unpack_compact(packed)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 1_000_000


WRONG_PROBABILITIES = WRONG | {
    "p missing": replace("p", 3, lambda a: a[:-1]),
    "weight missing": replace("backoff_weight", 2, lambda a: a[:-1]),
    "p of float32": replace("p", 3, lambda a: a.astype(np.float32)),
    "p negative": put("p", 3, 0, -0.5),
    "p NaN": put("p", 3, 0, np.nan),
    "p infinite": put("p", 3, 0, np.inf),
    "weight negative": put("backoff_weight", 2, 0, -0.5),
    "weight NaN": put("backoff_weight", 2, 0, np.nan),
    "weight infinite": put("backoff_weight", 1, 0, np.inf),
}


@pytest.mark.parametrize("case", WRONG_COUNTS)
def test_counts_that_cannot_be_are_refused(case):
    """What is no trie of n-grams is a ValueError before anything walks on it."""
    packed = packed_counts()
    WRONG_COUNTS[case](packed)
    with pytest.raises(ValueError, match=r"order|n_texts|levels"):
        unpack_counts(packed)


@pytest.mark.parametrize("case", WRONG_PROBABILITIES)
def test_probabilities_that_cannot_be_are_refused(case):
    """What is no trie of n-grams, or not of probabilities, is a ValueError."""
    packed = copy.deepcopy(pack_backoff(read()))
    WRONG_PROBABILITIES[case](packed)
    with pytest.raises(ValueError, match=r"order|levels"):
        unpack_backoff(packed)


@pytest.mark.parametrize(
    "change", [put("key", 1, 1, 5), lambda packed: packed["levels"][0].update(NO_IDS)]
)
def test_unigrams_that_cannot_be_are_refused(change):
    """Without higher orders too, ids are rows, and the boundary is one of them."""
    packed = pack_counts(model_of([[1, 2]], 1, WittenBell(), n_words=2))
    change(packed)
    with pytest.raises(ValueError, match="'key' of order 1"):
        unpack_counts(packed)


NO_IDS = {
    "key": np.zeros(0, dtype=np.int64),
    "count": np.zeros(0, dtype=np.uint8),
    "suffix": np.zeros(0, dtype=np.int32),
    "first_child": np.array([0, 0], dtype=np.int32),
}


@pytest.mark.parametrize("unpack", [unpack_counts, unpack_backoff, unpack_compact])
@pytest.mark.parametrize("packed", [None, [], 7, "text"])
def test_what_is_no_dict_is_refused(unpack, packed):
    """N-grams come in a dict."""
    with pytest.raises(ValueError, match="must come as a dict"):
        unpack(packed)


def test_arrays_of_the_other_byte_order_are_read():
    """A file of another machine gives the same counts, in the order of this one."""
    packed = packed_counts()
    for arrays in packed["levels"]:
        for name, array in arrays.items():
            arrays[name] = array.astype(array.dtype.newbyteorder("S"))
    assert_same_counts(unpack_counts(packed)[0], small_model(KneserNey()).counts)


@given(st.data())
def test_any_change_is_refused_or_harmless(data):
    """After any change of a number, counts are refused, or they can be scored with."""
    packed = packed_counts()
    arrays = data.draw(st.sampled_from(packed["levels"]))
    array = arrays[data.draw(st.sampled_from(sorted(arrays)))]
    limits = np.iinfo(array.dtype)
    row = data.draw(st.integers(0, len(array) - 1))
    array[row] = data.draw(st.integers(int(limits.min), int(limits.max)))
    try:
        counts = unpack_counts(packed)[0]
    except ValueError:
        return
    model = LanguageModel.of_counts(counts, KneserNey(), Events(counts.n_ids - 1))
    stream = small_stream(counts.n_ids)
    assert not np.isnan(log_probabilities(model, stream)).any()


def small_stream(n_ids):
    """A text of all words, and of none."""
    words = np.arange(1, n_ids)
    return TokenStream.from_texts(words, np.array([len(words), 0]))


def test_what_is_in_a_file_is_not_read(tmp_path):
    """Of memory-mapped arrays only types and lengths are checked, and none is copied."""
    packed = packed_counts()
    for k, arrays in enumerate(packed["levels"]):
        for name, array in arrays.items():
            path = tmp_path / f"{k}.{name}.npy"
            np.save(path, array)
            arrays[name] = np.load(path, mmap_mode="r+")
            assert is_mapped(arrays[name])
    packed["levels"][1]["suffix"][:] = -1
    counts, adjusted, _ = unpack_counts(packed)
    assert (counts.levels[1].suffix == -1).all()
    assert all(map(is_mapped, adjusted))
    for level in counts.levels:
        assert is_mapped(level.count)
        assert is_mapped(level.key)
        assert is_mapped(level.suffix[1:])
        assert type(level.key) is np.ndarray
    packed["levels"][1]["suffix"] = packed["levels"][1]["suffix"][1:]
    with pytest.raises(ValueError, match="'suffix' of order 2"):
        unpack_counts(packed)


def test_an_array_in_memory_is_not_mapped():
    """Neither an array nor a memmap that was pickled is one in a file."""
    assert not is_mapped(np.zeros(3))
    assert not is_mapped(np.zeros(3)[1:].view(np.memmap))
