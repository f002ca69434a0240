"""The envelope of a saved estimator: its version, its layout, and a checksum.

The checksum is a CRC-32 over all fields. An array enters it by its type, its shape, and a
CRC-32 of its contents; the latter are stored, too, so that memory-mapped arrays need not
be read. The checksum detects every flipped bit, and all but one in 2**32 of other
accidental changes. It does not detect deliberate changes, since anyone can compute it:
fields are therefore checked again where they are read. Nor does it cover the contents of
objects of other packages, such as a tokenizer or a RandomState.
"""

from __future__ import annotations

import inspect
import zlib
from collections.abc import Collection, Iterable
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator

from .. import __version__
from ._checked_arrays import is_mapped

LAYOUT = 2
"""The layout that this version writes, and the highest one that it reads."""

_ENVELOPE = "_sklearn_sslm"


class StateError(ValueError):
    """A saved state is invalid or damaged."""


def seal(state: dict[str, Any]) -> dict[str, Any]:
    """Put the attributes of an estimator into an envelope.

    Parameters
    ----------
    state : dict
        Attributes by name; they may be nested containers of arrays.

    Returns
    -------
    dict
        The attributes and the fields of the envelope.
    """
    head = {"version": __version__, "layout": LAYOUT}
    checksum = _Checksum()
    head["checksum"] = checksum([__version__, LAYOUT, state])
    head["arrays"] = checksum.of_arrays
    return state | {_ENVELOPE: head}


def unseal(state: Any, owner: type[BaseEstimator]) -> dict[str, Any]:
    """Take the attributes of an estimator out of their envelope.

    Parameters
    ----------
    state : dict
        A result of `seal`, of this version or another. The contents of memory-mapped
        arrays are not checked, since this would read the whole file.
    owner : type
        The class of the estimator.

    Returns
    -------
    dict

    Raises
    ------
    StateError
        If the state was not sealed by this package, or has a later layout; if a parameter
        without a default is missing; or if the checksum differs.
    """
    envelope = state.get(_ENVELOPE) if isinstance(state, dict) else None
    if not isinstance(envelope, dict) or not _is_layout(envelope.get("layout")):
        raise StateError(
            f"The saved state of {owner.__name__} must be one that sklearn_sslm wrote, "
            f"with its version and layout. Got {_shown(state)}."
        )
    version, layout = version_of(state), envelope["layout"]
    if layout > LAYOUT:
        raise StateError(
            f"The layout of a saved {owner.__name__} must be at most {LAYOUT} for "
            f"sklearn_sslm {__version__}. Got layout {layout}, written by version "
            f"{version}; update sklearn_sslm."
        )
    fields = {name: value for name, value in state.items() if name != _ENVELOPE}
    checksum = _Checksum(envelope.get("arrays"))
    if envelope.get("checksum") != checksum([version, layout, fields]):
        raise StateError(
            f"The saved {owner.__name__} is not what sklearn_sslm {version} saved: "
            "its checksum differs. It was damaged or changed; get it once more."
        )
    return fields | _missing(fields, owner)


def version_of(state: dict[str, Any]) -> str:
    """The version of sklearn_sslm that wrote a valid state."""
    return str(state[_ENVELOPE].get("version"))[:40]


def _missing(fields, owner):
    """Parameters that a state lacks, with their defaults: they were added later."""
    parameters = inspect.signature(owner.__init__).parameters
    missing = [name for name in owner._get_param_names() if name not in fields]
    for name in missing:
        if parameters[name].default is inspect.Parameter.empty:
            raise StateError(f"The saved {owner.__name__} has no field {name!r}.")
    return {name: parameters[name].default for name in missing}


def check_names(
    names: Iterable[Any],
    owner: type[BaseEstimator],
    base: type,
    fitted: Iterable[str],
    never: Collection[str],
) -> None:
    """Raise a StateError unless these are names of attributes of a saved estimator.

    Attributes that scikit-learn or users set are valid, too, if their names begin or end
    with an underscore. A name must not hide a method or a property, nor be that of a
    parameter that this version does not have.

    Parameters
    ----------
    names : iterable of str
    owner : type
        The class of the estimator.
    base : type
        The class of this package that is `owner`, or its nearest base.
    fitted : collection of str
        Attributes that `base` is saved with, besides its parameters.
    never : collection of str
        Attributes of `base` that are not saved.

    Raises
    ------
    StateError
    """
    own = {*owner._get_param_names(), *fitted, "_sklearn_version"}
    for name in names:
        if name not in own and (name in never or _is_of_class(name, owner, base)):
            raise StateError(
                f"A saved {owner.__name__} must hold nothing in place of what its class "
                f"has. Got the field {name!r:.80}; delete it, or rename it."
            )
        if name not in own and not (name.startswith("_") or name.endswith("_")):
            raise StateError(
                f"A saved {owner.__name__} must hold parameters that sklearn_sslm "
                f"{__version__} knows, and attributes that end with an underscore. Got "
                f"the field {name!r:.80}; update sklearn_sslm, or rename it."
            )


def _is_of_class(name, owner, base):
    """Whether an attribute would hide an attribute of the class."""
    if not isinstance(name, str) or name in dir(base):
        return True
    own = getattr(owner, name, None)
    return callable(own) or isinstance(own, property)


def _is_layout(value):
    return type(value) is int and value >= 1


def _shown(state):
    if not isinstance(state, dict):
        return f"a {type(state).__name__}"
    names = ", ".join(map(repr, list(state)[:5]))[:200]
    return f"the fields {names}" if names else "no field"


class _Checksum:
    """A checksum of values and nested containers; it does not depend on the order of sets.

    Parameters
    ----------
    of_arrays : list of int, default=None
        Stored checksums of the contents of all arrays, in the order in which they are
        visited; those of memory-mapped arrays are taken from this list.

    Attributes
    ----------
    of_arrays : list of int
        The checksums of the contents of the arrays visited.

    Examples
    --------
    >>> checksum = _Checksum()
    >>> checksum({"a": 1, "b": {2, 3}}) == checksum({"b": {3, 2}, "a": 1})
    True
    >>> checksum([1, 2]) == checksum([2, 1])
    False
    """

    def __init__(self, of_arrays=None):
        self._known = {}  # an untrusted state may contain a list a million times
        self._saved = of_arrays if isinstance(of_arrays, list) else []
        self.of_arrays = []

    def __call__(self, value):
        if id(value) not in self._known:
            kind = type(value).__name__
            self._known[id(value)] = self._of(kind, value), value  # keeps the id
        return self._known[id(value)][0]

    def _of(self, kind, value):
        match value:
            case np.ndarray() if value.dtype.hasobject:
                return _crc(kind, value.shape, self(value.tolist()))
            case np.ndarray() | np.generic():
                return self._of_array(np.asanyarray(value))
            case None | bool() | int() | float() | complex() | str() | bytes():
                return _crc(kind, repr(value))
            case dict():
                items = sorted((self(key), self(value[key])) for key in value)
                return _crc(kind, items)
            case list() | tuple():
                return _crc(kind, [self(item) for item in value])
            case set() | frozenset():
                return _crc(kind, sorted(self(item) for item in value))
            case BaseEstimator() if not isinstance(value, type):
                return _crc(kind, self(_changed_parameters(value)))
        return _crc(kind, getattr(value, "__qualname__", ""))

    def _of_array(self, array):
        nth = len(self.of_arrays)
        if is_mapped(array) and nth < len(self._saved):
            contents = self._saved[nth]
        else:
            plain = array.astype(array.dtype.newbyteorder("<"), copy=False)
            as_bytes = np.ascontiguousarray(plain).reshape(-1).view(np.uint8)
            contents = zlib.crc32(as_bytes.data)
        self.of_arrays.append(contents)
        return _crc(array.dtype.newbyteorder("<").str, array.shape, contents)


def _changed_parameters(estimator):
    """Parameters without their default: files need not have the others."""
    parameters = inspect.signature(type(estimator).__init__).parameters
    return {
        name: value
        for name, value in estimator.get_params(deep=False).items()
        if not _is(value, parameters[name].default)
    }


def _is(value, default):
    """Whether a value is a default of a parameter.

    >>> _is(0, 0), _is(0, False), _is([0], 0)
    (True, False, False)
    """
    return type(value) is type(default) and repr(value) == repr(default)


def _crc(*values):
    return zlib.crc32(repr(values).encode("utf-8", "backslashreplace"))
