"""Tests of `sklearn_sslm.saving._class_arrays`."""

import copy

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sklearn_sslm.ngrams import (
    ClassCounts,
    ClassModel,
    CompactClassModel,
    Events,
    PackedIntegers,
    TokenStream,
)
from sklearn_sslm.saving import (
    pack_class_counts,
    pack_compact_classes,
    unpack_class_counts,
    unpack_compact_classes,
)
from sklearn_sslm.smoothing import WittenBell


def counts_of(texts, labels, n=3):
    """Counts by class of some texts of ids."""
    words = np.array([word for text in texts for word in text], dtype=np.int64)
    stream = TokenStream.from_texts(words, np.array(list(map(len, texts))))
    return ClassCounts.from_stream(stream, np.array(labels), 2, n, n_ids=5)


@settings(max_examples=15)
@given(st.lists(st.lists(st.integers(1, 4), max_size=5), min_size=1), st.integers(1, 4))
def test_what_is_packed_comes_back(texts, n):
    """Unpacking is the inverse of packing."""
    counts = counts_of(texts, [len(text) % 2 for text in texts], n)
    again = unpack_class_counts(pack_class_counts(counts))
    np.testing.assert_array_equal(again.n_texts, counts.n_texts)
    for mine, theirs in zip(again.by_class, counts.by_class, strict=True):
        np.testing.assert_array_equal(mine.toarray(), theirs.toarray())
        assert mine.indices.dtype == mine.data.dtype == np.int32


PACKED = pack_class_counts(counts_of([[1, 2], [1, 2, 2], [3]], [0, 1, 1]))


def damages():
    """What is changed, as (name, order or None, function of the array)."""
    for k in range(3):
        yield "class", k, lambda a: a + 1
        yield "class", k, lambda a: a[::-1].copy()
        yield "class", k, lambda a: a[1:]
        yield "class", k, lambda a: a.astype(float)
        yield "count_in_class", k, lambda a: a + 1
        yield "count_in_class", k, lambda a: np.append(a, a[:1])
        yield "first_class", k, lambda a: a - 1
        yield "first_class", k, lambda a: a[:-1]
        yield "first_class", k, lambda a: a[::-1].copy()
        yield "first_class", k, lambda a: a.astype(np.int64)
        yield "count", k, lambda a: a + 1
    yield "n_texts_in_class", None, lambda a: a[::-1].copy()
    yield "n_texts_in_class", None, lambda a: a - 1
    yield "n_texts_in_class", None, lambda a: list(a)
    yield "n_texts", None, lambda n: n + 1
    yield "n", None, lambda n: 0


@pytest.mark.parametrize(("name", "k", "change"), list(damages()))
def test_damage_is_noticed(name, k, change):
    """What no counts could be like is an error, and nothing is read out of bounds."""
    packed = copy.deepcopy(PACKED)
    part = packed if k is None else packed["levels"][k]
    part[name] = change(part[name])
    with pytest.raises(ValueError, match=r"order|'n'|n_texts"):
        unpack_class_counts(packed)


# The n-grams of these texts, with their classes. 2: start 1 (0, 1), start 3 (1), 1 2 (0, 1),
# 2 end (0, 1), 2 2 (1), 3 end (1). 3: start 1 2 (0, 1), start 3 end (1), 1 2 end (0),
# 1 2 2 (1), 2 2 end (1).


@pytest.mark.parametrize(
    ("k", "entry", "why"), [(2, 8, "has no word 3"), (3, 4, "has 1 2, but not 2 2")]
)
def test_an_entry_without_its_context_or_suffix_is_damage(k, entry, why):
    """A class that has an n-gram has those that it begins and ends with."""
    packed = copy.deepcopy(PACKED)
    labels = packed["levels"][k - 1]["class"]
    assert labels.tolist() == [[0, 1, 1, 0, 1, 0, 1, 1, 1], [0, 1, 1, 0, 1, 1]][k - 2]
    labels[entry] = 0
    with pytest.raises(ValueError, match=f"'class' of order {k}"):
        unpack_class_counts(packed)


# Compact ------------------------------------------------------------------------------


def compact_of(texts, labels, n=3):
    """A compact model, packed."""
    model = ClassModel(counts_of(texts, labels, n), WittenBell(), Events(4))
    return pack_compact_classes(CompactClassModel.of(model))


@settings(max_examples=15)
@given(st.lists(st.lists(st.integers(1, 4), max_size=5), min_size=1), st.integers(1, 4))
def test_what_is_packed_compactly_comes_back(texts, n):
    """Unpacking is the inverse of packing, and checks find nothing."""
    packed = compact_of(texts, [len(text) % 2 for text in texts], n)
    again = CompactClassModel(*unpack_compact_classes(packed), WittenBell(), Events(4))
    for part, expected in zip(
        pack_compact_classes(again)["levels"], packed["levels"], strict=True
    ):
        np.testing.assert_equal(part, expected)


COMPACT = compact_of([[1, 2], [1, 2, 2], [3]], [0, 1, 1])


def repacked(change):
    """A change of numbers, for those that are packed."""

    def of_packed(part):
        numbers = PackedIntegers(part["bits"], part["n_bits"], part["size"])
        numbers = PackedIntegers.of(change(np.asarray(numbers)))
        return {"bits": numbers.data, "n_bits": numbers.n_bits, "size": len(numbers)}

    return of_packed


def compact_damages():
    """What is changed, as (name, order, function of the packed numbers)."""
    for k in range(3):
        for name in ("class", "count_in_class", "first_class_offsets"):
            yield name, k, repacked(lambda a: a + 1)
            yield name, k, repacked(lambda a: a[:-1])
            yield name, k, repacked(np.zeros_like)
            yield name, k, lambda part: part | {"size": 2**31 - 1}
            yield name, k, lambda part: part | {"n_bits": 0}
            yield name, k, lambda part: None
        yield "class", k, repacked(lambda a: a[::-1])
        yield "first_class_starts", k, repacked(lambda a: a + 1)
        yield "counts_of_counts", k, lambda a: a + 1
        yield "counts_of_counts", k, lambda a: a[:-1]
        yield "suffix", k, lambda part: {"bits": 1}
    yield "n_texts_in_class", None, lambda a: a - 1


@pytest.mark.parametrize(("name", "k", "change"), list(compact_damages()))
def test_compact_damage_is_noticed(name, k, change):
    """What no counts could be like is an error, before any memory goes by it."""
    packed = copy.deepcopy(COMPACT)
    part = packed if k is None else packed["levels"][k]
    part[name] = change(part[name])
    with pytest.raises(ValueError, match=r"order|numbers|n_texts"):
        unpack_compact_classes(packed)
