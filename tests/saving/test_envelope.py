"""Tests of `sklearn_sslm.saving._envelope`."""

import copy
import functools
import math

import joblib
import numpy as np
import pytest
from sklearn.base import BaseEstimator

import sklearn_sslm
from sklearn_sslm.saving._envelope import (
    LAYOUT,
    StateError,
    _Checksum,
    check_names,
    seal,
    unseal,
)
from sklearn_sslm.smoothing import KneserNey


class Thing(BaseEstimator):
    def __init__(self, size=1, note=None):
        self.size = size
        self.note = note


def state_of(**changes):
    """What a thing may hold, all kinds of values in it."""
    return {
        "size": 3,
        "note": "olá \udcff",
        "numbers": [1.5, True, None, 2j, math.nan, np.float64(2), np.int64(3)],
        "sets": ({"a", "b"}, frozenset([1, 2])),
        "arrays": {"key": np.arange(20), "rest": [np.zeros((2, 3), order="F"), b"\0"]},
        "odd": [np.array(["a", None], dtype=object), np.array("2026-01-01", "M8[D]")],
        "inner": KneserNey(discounts=[0.5, 1, 1.5]),
        "call": [str.lower, functools.partial(min, 0)],
    } | changes


def test_what_was_sealed_comes_back():
    """The fields come back as they were, without the envelope."""
    state = state_of()
    back = unseal(seal(state), Thing)
    assert list(back) == list(state)
    assert all(back[name] is value for name, value in state.items())


def test_it_tells_who_wrote_it():
    """Version and layout stand in the envelope."""
    envelope = seal(state_of())["_sklearn_sslm"]
    assert envelope["version"] == sklearn_sslm.__version__
    assert envelope["layout"] == LAYOUT


def test_the_order_of_fields_does_not_matter():
    """Neither that of fields nor that in which sets hold what is in them."""
    assert list({0, 8}) != list({8, 0})
    sealed = seal(state_of(sets=[{0, 8}]))
    sealed["sets"] = [{8, 0}]
    unseal(dict(reversed(sealed.items())), Thing)


CHANGES = {
    "a number": ("size", 4),
    "its type": ("size", 3.0),
    "a bool": ("size", True),
    "a text": ("note", "ola \udcff"),
    "a number in a list": ("numbers", [1.25, True, None, 2j, math.nan, 2.0, 3]),
    "a set": ("sets", ({"a", "c"}, frozenset([1, 2]))),
    "a kind of set": ("sets", (frozenset("ab"), frozenset([1, 2]))),
    "a list for a tuple": ("sets", [{"a", "b"}, frozenset([1, 2])]),
    "a parameter of an estimator": ("inner", KneserNey(discounts=[0.5, 1, 1.25])),
    "another function": ("call", [str.upper, functools.partial(min, 0)]),
    "a field more": ("more", 1),
    "a field less": ("inner", None),
}


@pytest.mark.parametrize("case", CHANGES)
def test_a_change_is_told(case):
    """Whatever of the fields differs, the checksum does."""
    name, value = CHANGES[case]
    sealed = seal(state_of()) | {name: value}
    with pytest.raises(StateError, match="its checksum differs"):
        unseal(sealed, Thing)


@pytest.mark.parametrize(
    "array",
    [
        np.arange(20, dtype=np.int32),
        np.arange(20).reshape(4, 5),
        np.arange(20.0),
        np.arange(21),
        np.arange(20)[::-1],
    ],
)
def test_another_array_is_told(array):
    """So it is with an array of another type, shape, or content."""
    sealed = seal(state_of())
    sealed["arrays"] = sealed["arrays"] | {"key": array}
    with pytest.raises(StateError, match="its checksum differs"):
        unseal(sealed, Thing)


def test_every_bit_of_an_array_counts():
    """A single flipped bit is told, wherever it is."""
    sealed = seal({"size": 1, "note": np.zeros(9, dtype=np.uint8)})
    for bit in range(72):
        flipped = copy.deepcopy(sealed)
        flipped["note"][bit // 8] ^= 1 << bit % 8
        with pytest.raises(StateError, match="its checksum differs"):
            unseal(flipped, Thing)


@pytest.mark.parametrize("name", ["version", "checksum"])
def test_the_envelope_counts_too(name):
    """A version that was changed, and a checksum that is missing, are told."""
    for change in ({name: "0.0.9"}, {name: 0}):
        sealed = seal(state_of())
        sealed["_sklearn_sslm"] = sealed["_sklearn_sslm"] | change
        with pytest.raises(StateError, match="its checksum differs"):
            unseal(sealed, Thing)
    del sealed["_sklearn_sslm"][name]
    with pytest.raises(StateError, match="its checksum differs"):
        unseal(sealed, Thing)


@pytest.mark.parametrize("layout", [None, 0, -1, 1.0, True, "1"])
def test_no_layout_is_none_of_ours(layout):
    """A layout is an int of at least 1."""
    sealed = seal(state_of())
    sealed["_sklearn_sslm"]["layout"] = layout
    with pytest.raises(
        StateError, match="one that sklearn_sslm wrote, with its version"
    ):
        unseal(sealed, Thing)


def test_a_newer_layout_is_told():
    """What a later version wrote says which one, and what to do."""
    sealed = seal(state_of())
    sealed["_sklearn_sslm"] |= {"layout": LAYOUT + 1, "version": "3.1"}
    with pytest.raises(
        StateError, match=rf"at most {LAYOUT} .* layout {LAYOUT + 1}, .* 3\.1; update"
    ):
        unseal(sealed, Thing)


@pytest.mark.parametrize(
    ("state", "got"),
    [
        ({"coef_": 1, "classes_": 2}, "Got the fields 'coef_', 'classes_'"),
        ({}, "Got no field"),
        ({"_sklearn_sslm": 5}, "Got the fields '_sklearn_sslm'"),
        ([1, 2], "Got a list"),
        (None, "Got a NoneType"),
    ],
)
def test_states_of_others_are_told(state, got):
    """What this package did not write is refused by name of what it holds."""
    with pytest.raises(StateError, match=got):
        unseal(state, Thing)


class Later(Thing):
    """The same class, whose constructor got a parameter more."""

    def __init__(self, size, note, more="as before"):
        super().__init__(size, note)
        self.more = more


def test_a_parameter_that_came_later_takes_its_default():
    """What was saved by an older version means what it meant there."""
    assert unseal(seal(state_of()), Later)["more"] == "as before"
    assert unseal(seal(state_of(more=3)), Later)["more"] == 3


def test_a_parameter_of_a_later_version_is_told():
    """A field that is neither parameter nor attribute comes from a version to come."""
    with pytest.raises(StateError, match="Got the field 'forgetting'; update"):
        check_names(["size", "seen_", "_own", "forgetting"], Thing, Thing, (), ())


def test_a_missing_parameter_is_told():
    """Every parameter without a default must be there."""

    class Needy(Thing):
        def __init__(self, note, size=1):
            super().__init__(size, note)

    state = state_of()
    del state["note"]
    with pytest.raises(StateError, match="The saved Needy has no field 'note'"):
        unseal(seal(state), Needy)


def test_lists_within_lists_take_no_time():
    """A list that holds one a hundred times, which holds … is read once, not 100**50 times."""
    bomb = ["a"]
    for _ in range(50):
        bomb = [bomb] * 100
    unseal(seal({"size": 1, "note": bomb}), Thing)


def test_what_is_in_a_file_is_not_read(tmp_path):
    """The content of memory-mapped arrays is not checked, all else is."""
    path = tmp_path / "state.joblib"
    joblib.dump(seal({"size": 1, "note": np.arange(1000)}), path)
    mapped = joblib.load(path, mmap_mode="c")
    mapped["note"][5] = 7
    unseal(mapped, Thing)
    with pytest.raises(StateError, match="its checksum differs"):
        unseal(mapped | {"size": 2}, Thing)


def test_the_other_byte_order_is_the_same():
    """A machine of the other byte order reads the same numbers, and the same checksum."""
    sealed = seal({"size": 1, "note": np.arange(5)})
    unseal(sealed | {"note": np.arange(5).astype(">i8")}, Thing)


def test_a_parameter_that_comes_later_leaves_the_checksum_of_what_was_saved():
    """A nested estimator counts by the parameters that have not their defaults."""

    def kind(*names):
        code = f"def __init__(self, {', '.join(f'{name}=0' for name in names)}):\n    "
        scope = {}
        exec(code + "; ".join(f"self.{name} = {name}" for name in names), scope)
        return type("Part", (BaseEstimator,), {"__init__": scope["__init__"]})

    before, later = kind("a"), kind("a", "b")
    assert _Checksum()({"part": before(a=1)}) == _Checksum()({"part": later(a=1)})
    assert _Checksum()([later(a=1)]) != _Checksum()([later(a=1, b=1)])
    assert _Checksum()([later(a=0)]) != _Checksum()([later(a=False)])
