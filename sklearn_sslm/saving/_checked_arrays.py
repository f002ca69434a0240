"""Checks of arrays and numbers of saved models, which may come from untrusted files."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

MOST = np.iinfo(np.int32).max
"""Limit of the number of n-grams of an order, and of the sum of their counts."""


def is_mapped(array: object) -> bool:
    """Whether an array is memory-mapped."""
    while array is not None and not isinstance(array, np.memmap):
        array = getattr(array, "base", None)
    return getattr(array, "_mmap", None) is not None


def heads_of(packed: Any) -> tuple[int, list[Any]]:
    """The highest order of a packed model, and a list of the fields of each order."""
    if not isinstance(packed, dict):
        raise ValueError(f"n-grams must come as a dict. Got {type(packed).__name__}.")
    n, levels = packed.get("n"), packed.get("levels")
    if type(n) is not int or not 1 <= n < 1 << 63:
        raise ValueError(f"'n' must be an order. Got {n!r:.80}.")
    if not isinstance(levels, list) or not 1 <= len(levels) <= n:
        raise ValueError(f"'levels' must be a list of 1 to {n} orders.")
    return n, levels


def n_texts_of(packed: dict[str, Any]) -> int:
    """The number of texts of a packed model."""
    n_texts = packed.get("n_texts")
    if type(n_texts) is not int or not 0 <= n_texts < 1 << 63:
        raise ValueError(f"'n_texts' must be a number of texts. Got {n_texts!r:.80}.")
    return n_texts


def array_of(arrays: Any, k: int, name: str, kind: str | type) -> NDArray[Any]:
    """An array of order k, in native byte order.

    Parameters
    ----------
    arrays : dict
    k : int
    name : str
    kind : str or type
        The `dtype.kind` of the array, or its type.

    Returns
    -------
    ndarray

    Raises
    ------
    ValueError
        If there is no such array, or it is not 1-D, or of another type.
    """
    array = arrays.get(name) if isinstance(arrays, dict) else None
    if not isinstance(array, np.ndarray) or array.ndim != 1:
        raise ValueError(f"order {k} must have a 1-D array {name!r}")
    dtype = array.dtype.newbyteorder("=")
    if not (dtype.kind == kind if isinstance(kind, str) else dtype == kind):
        raise ValueError(f"{name!r} of order {k} must not be of type {array.dtype}")
    return np.asarray(array, dtype=dtype)


def counts_in(arrays: Any, k: int, name: str = "count") -> NDArray[Any]:
    """The counts of the n-grams of order k, in int32; unchanged if memory-mapped."""
    count = array_of(arrays, k, name, "u")
    if is_mapped(count):
        return count
    check_sum(k, count)
    return count.astype(np.int32)


def counts_of_counts_in(arrays: Any, k: int) -> NDArray[np.int64]:
    """The number of n-grams of order k with count 0, 1, 2, 3 and 4, read into memory."""
    counts_of_counts = array_of(arrays, k, "counts_of_counts", "i")
    expect(counts_of_counts.shape == (5,), k, "counts_of_counts")
    return np.array(counts_of_counts, dtype=np.int64)


def smallest(count: Any) -> NDArray[Any]:
    """Counts in the smallest type that holds all of them."""
    return np.asarray(count).astype(np.min_scalar_type(count.max(initial=0)))


def check_sum(k: int, count: NDArray[Any]) -> None:
    """Raise a ValueError if the counts of order k add up to more than `MOST`."""
    if count.sum(dtype=np.float64) > MOST:
        raise ValueError(f"the counts of order {k} must add up to at most {MOST}")


def check_offsets(offsets: NDArray[Any], size: int, k: int, name: str) -> None:
    """Raise a ValueError unless offsets divide `size` entries into ranges.

    Range i is from ``offsets[i]`` up to, but not including, ``offsets[i + 1]``.
    """
    covers = offsets[0] == 0 and offsets[-1] == size
    expect(covers and (offsets[1:] >= offsets[:-1]).all(), k, name)


def expect(condition: Any, k: int, name: str) -> None:
    """Raise a ValueError that names an array of order k unless a condition is true."""
    if not condition:
        raise ValueError(f"{name!r} of order {k} is not that of a trie of n-grams")
