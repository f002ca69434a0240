"""Models as plain arrays and numbers, to be saved, and back.

What comes back may have been made by anyone. It is checked to be a proper trie, in
which whoever follows rows never leaves the arrays and always gets to an end. What is in
memory-mapped arrays is trusted, since a look at all of it would read the whole file.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ngrams.counting import WORD_BITS, Level, NGramCounts, blocks, pack
from ..ngrams.models import (
    CompactLevel,
    LanguageModel,
    PackedIntegers,
    RisingIntegers,
)

_TRIE = {"key": np.int64, "suffix": np.int32, "first_child": np.int32}
_PROBABILITIES = {"p": np.float64, "backoff_weight": np.float64}
_GIVEN = "given"  # how often n-grams are in messages, of models that have these
_PUT_IN = "put_in"  # which n-grams backing off gives their probabilities
_MOST = np.iinfo(np.int32).max
_MOST_BITS = 31  # of what becomes an int32
_BLOCK = 1 << 15  # rows whose numbers stay in the cache while they are checked


def pack_counts(model: LanguageModel) -> dict[str, Any]:
    """A model's n-gram counts as a dict of numbers and a list of dicts of arrays.

    Counts are stored in the smallest type that holds those of their order. The counts
    that the smoothing works on stand beside them where they are not the same, so that
    who maps the file into memory can answer at once.

    Parameters
    ----------
    model : LanguageModel

    Returns
    -------
    dict

    Examples
    --------
    >>> from sklearn_sslm.ngrams import Events, TokenStream
    >>> from sklearn_sslm.smoothing import KneserNey
    >>> stream = TokenStream.from_texts(np.array([1, 2, 1]), np.array([3]))
    >>> counts = NGramCounts.from_stream(stream, 2, n_ids=3)
    >>> packed = pack_counts(LanguageModel.of_counts(counts, KneserNey(), Events(2)))
    >>> packed["n"], packed["levels"][1]["count"]
    (2, array([1, 1, 1, 1], dtype=uint8))
    >>> packed["levels"][0]["adjusted"]  # word 1 stands after the start and after 2
    array([1, 2, 1], dtype=uint8)
    >>> unpack_counts(packed)[0].level(2).count
    array([1, 1, 1, 1], dtype=int32)
    """
    counts, levels = model.counts, []
    for level, adjusted, of_order in zip(
        counts.levels, model.adjusted, model.counts_of_counts, strict=True
    ):
        own = {} if adjusted is level.count else {"adjusted": _small(adjusted)}
        own |= {"count": _small(level.count), "counts_of_counts": np.asarray(of_order)}
        if level.given is not None:
            own[_GIVEN] = _small(level.given)
        levels.append(_pack_trie(level) | own)
    return {"n": int(counts.n), "n_texts": int(counts.n_texts), "levels": levels}


def unpack_counts(packed: Any) -> tuple[NGramCounts, list[Any], list[np.ndarray]]:
    """N-gram counts from what `pack_counts` made of them.

    Returns
    -------
    counts, adjusted, counts_of_counts
        As `LanguageModel.on_demand` takes them.

    Raises
    ------
    ValueError
        If it is not such, or no counts could be like that.
    """
    n, stored = _heads(packed)
    levels: list[Level] = []
    adjusted, counts_of_counts = [], []
    for k, arrays in enumerate(stored, start=1):
        count = _array(arrays, k, "count", kind="u")
        if not is_mapped(count):
            _check_sum(k, count)
            count = count.astype(np.int32)
        given = _unpack_given(arrays, k, levels, count)
        levels.append(_unpack_trie(arrays, k, levels, count, given))
        adjusted.append(count)
        if "adjusted" in arrays:
            adjusted[-1] = _array(arrays, k, "adjusted", kind="u")
            _expect(len(adjusted[-1]) == len(count), k, "adjusted")
        counts_of_counts.append(_counts_of_counts(arrays, k))
    counts = NGramCounts(n, tuple(levels), _n_texts(packed))
    return counts, adjusted, counts_of_counts


def pack_compact(model: LanguageModel) -> dict[str, Any]:
    """A compact model as a dict of numbers and a list of dicts of numbers and arrays."""
    levels = [
        pack_compact_level(level) | {"counts_of_counts": np.asarray(of_order)}
        for level, of_order in zip(
            model.counts.levels, model.counts_of_counts, strict=True
        )
    ]
    n, n_texts = int(model.n), int(model.counts.n_texts)
    return {"n": n, "n_texts": n_texts, "levels": levels}


def unpack_compact(packed: Any) -> tuple[NGramCounts, list[Any], list[np.ndarray]]:
    """N-gram counts from what `pack_compact` made of them.

    Returns
    -------
    counts, adjusted, counts_of_counts
        As `LanguageModel.on_demand` takes them.

    Raises
    ------
    ValueError
        If it is not such, or no counts could be like that.
    """
    n, stored = _heads(packed)
    levels: list[CompactLevel] = []
    plain: list[Level] = []
    counts_of_counts = []
    for k, arrays in enumerate(stored, start=1):
        levels.append(unpack_compact_level(arrays, k, levels, plain))
        counts_of_counts.append(_counts_of_counts(arrays, k))
        if not is_mapped(levels[-1].count.data):
            found = [np.count_nonzero(plain[-1].count == c) for c in range(1, 5)]
            _expect(found == counts_of_counts[-1][1:].tolist(), k, "counts_of_counts")
    counts = NGramCounts(n, tuple(levels), _n_texts(packed))
    return counts, [level.count for level in levels], counts_of_counts


def pack_backoff(model: LanguageModel) -> dict[str, Any]:
    """Stored probabilities as a dict of numbers and a list of dicts of arrays."""
    levels = []
    for weights in model.weights:
        arrays = _pack_trie(weights.ngrams)
        arrays["p"] = np.asarray(weights.p)
        arrays["backoff_weight"] = np.asarray(weights.backoff_weights)
        if weights.put_in is not None:
            arrays[_PUT_IN] = np.asarray(weights.put_in)
        levels.append(arrays)
    packed = {"n": int(model.n), "levels": levels}
    if model.counts.unknown_id >= 0:
        packed["unknown_id"] = int(model.counts.unknown_id)
    return packed


def unpack_backoff(packed: Any) -> LanguageModel:
    """Stored probabilities from what `pack_backoff` made of them.

    Returns
    -------
    LanguageModel

    Raises
    ------
    ValueError
        If it is not such, or no probabilities could be like that.
    """
    n, stored = _heads(packed)
    levels: list[Level] = []
    p, weights, put_in = [], [], []
    for k, arrays in enumerate(stored, start=1):
        p.append(_array(arrays, k, "p"))
        weights.append(_array(arrays, k, "backoff_weight"))
        put_in.append(_array(arrays, k, _PUT_IN, "b") if _PUT_IN in arrays else None)
        _expect(put_in[-1] is None or len(put_in[-1]) == len(p[-1]), k, _PUT_IN)
        count = np.ones(len(p[-1]), dtype=np.int32)
        levels.append(_unpack_trie(arrays, k, levels, count))
        _expect(
            len(weights[-1]) == len(levels[-1].first_child) - 1, k, "backoff_weight"
        )
        if not is_mapped(p[-1]):
            _check_probabilities(k, p[-1], weights[-1])
    unknown_id = packed.get("unknown_id", -1)
    if type(unknown_id) is not int or unknown_id not in (-1, len(levels[0]) - 1):
        raise ValueError(f"'unknown_id' must be the highest. Got {unknown_id!r:.80}.")
    return LanguageModel.stored(n, tuple(levels), p, weights, unknown_id, put_in)


def is_mapped(array: object) -> bool:
    """Whether an array is in a file, of which only what is used is read."""
    while array is not None and not isinstance(array, np.memmap):
        array = getattr(array, "base", None)
    return getattr(array, "_mmap", None) is not None


def _pack_trie(level):
    return {name: np.asarray(getattr(level, name)) for name in _TRIE}


def _heads(packed):
    """The highest order, and what is stored of each."""
    if not isinstance(packed, dict):
        raise ValueError(f"n-grams must come as a dict. Got {type(packed).__name__}.")
    n, levels = packed.get("n"), packed.get("levels")
    if type(n) is not int or not 1 <= n < 1 << 63:
        raise ValueError(f"'n' must be an order. Got {n!r:.80}.")
    if not isinstance(levels, list) or not 1 <= len(levels) <= n:
        raise ValueError(f"'levels' must be a list of 1 to {n} orders.")
    return n, levels


def _n_texts(packed):
    n_texts = packed.get("n_texts")
    if type(n_texts) is not int or not 0 <= n_texts < 1 << 63:
        raise ValueError(f"'n_texts' must be a number of texts. Got {n_texts!r:.80}.")
    return n_texts


def _counts_of_counts(arrays, k):
    counts_of_counts = _array(arrays, k, "counts_of_counts", kind="i")
    _expect(counts_of_counts.shape == (5,), k, "counts_of_counts")
    return np.array(counts_of_counts, dtype=np.int64)  # not left in the file


def pack_integers(numbers: PackedIntegers) -> dict[str, Any]:
    """Numbers in few bits as a dict."""
    return {"bits": numbers.data, "n_bits": numbers.n_bits, "size": numbers.size}


def unpack_integers(arrays: Any, k: int, name: str) -> PackedIntegers:
    """Some numbers of order k that were stored in few bits."""
    part = arrays.get(name) if isinstance(arrays, dict) else None
    part = part if isinstance(part, dict) else {}
    data = _array(part, k, "bits", kind="u")
    n_bits, size = part.get("n_bits", -1), part.get("size", -1)
    are_int = type(n_bits) is int and type(size) is int and data.dtype == np.uint8
    _expect(are_int and 0 <= size <= _MOST and 0 <= n_bits <= _MOST_BITS, k, name)
    return PackedIntegers(data, n_bits, size)


def pack_compact_level(level: CompactLevel) -> dict[str, Any]:
    """The n-grams of an order in few bits, as a dict of numbers and arrays."""
    packed = {
        "word": level.words and pack_integers(level.words),
        "count": pack_integers(level.count),
        "suffix": pack_integers(level.suffix),
        "starts": pack_integers(level.first_child.starts),
        "offsets": pack_integers(level.first_child.offsets),
    }
    if level.followed is not None:
        packed["followed"] = pack_integers(level.followed)
    return packed


def unpack_compact_level(
    arrays: Any, k: int, below: list[CompactLevel], plain: list[Level]
) -> CompactLevel:
    """The level of order k from what `pack_compact_level` made of it.

    Parameters
    ----------
    arrays : dict
    k : int
    below : list of CompactLevel
        Those of the lower orders.
    plain : list of Level
        The same in plain arrays, as far as they are checked; this one is added, unless
        it is in a memory-mapped file.

    Returns
    -------
    CompactLevel

    Raises
    ------
    ValueError
        If it is not such, or no n-grams could be like that.
    """
    level = _unpack_parts(arrays, k)
    n_contexts = len(below[-1]) if below else 1
    _expect(len(level.first_child) == n_contexts + 1, k, "offsets")
    if below:
        has_messages = below[0].followed is not None
        _expect((level.followed is not None) == has_messages, k, "followed")
    if level.followed is not None:
        _expect(len(level.followed) == n_contexts, k, "followed")
    if not is_mapped(level.count.data):
        plain.append(_checked_plain(k, level, plain))
    return level


def _unpack_parts(arrays, k):
    """The level of order k, whose parts are as long as they must be."""
    count, suffix, starts, offsets = (
        unpack_integers(arrays, k, name)
        for name in ("count", "suffix", "starts", "offsets")
    )
    # Some count is not 0. So there are no more counts than bits were read, and of all
    # else, which may take no bits, as many as the counts of this order and the last.
    _expect(count.n_bits > 0, k, "count")
    _expect(len(suffix) == len(count), k, "suffix")
    word = None
    if k > 1:  # the row of a word is its id
        word = unpack_integers(arrays, k, "word")
        _expect(len(word) == len(count), k, "word")
    followed = None
    if isinstance(arrays, dict) and "followed" in arrays:
        followed = unpack_integers(arrays, k, "followed")
    first_child = RisingIntegers(starts, offsets)
    return CompactLevel(word, count, suffix, first_child, followed)


def _small(count):
    return np.asarray(count).astype(np.min_scalar_type(count.max(initial=0)))


def _check_sum(k, count):
    if count.sum(dtype=np.float64) > _MOST:
        raise ValueError(f"the counts of order {k} must add up to at most {_MOST}")


def _array(arrays, k, name, kind=None):
    """One of the arrays of order k, with its type checked."""
    array = arrays.get(name) if isinstance(arrays, dict) else None
    if not isinstance(array, np.ndarray) or array.ndim != 1:
        raise ValueError(f"order {k} must have a 1-D array {name!r}")
    expected = (_TRIE | _PROBABILITIES).get(name, array.dtype)
    fits = (
        array.dtype.kind == kind if kind else array.dtype.newbyteorder("=") == expected
    )
    if not fits:
        raise ValueError(f"{name!r} of order {k} must not be of type {array.dtype}")
    return np.asarray(array, dtype=array.dtype.newbyteorder("="))


def _unpack_given(arrays, k, below, count):
    """How often n-grams of order k are in messages; None where there are none."""
    has_messages = isinstance(arrays, dict) and _GIVEN in arrays
    if below:
        _expect(has_messages == (below[0].given is not None), k, _GIVEN)
    if not has_messages:
        return None
    given = _array(arrays, k, _GIVEN, kind="u")
    _expect(len(given) == len(count), k, _GIVEN)
    if not is_mapped(given):
        _check_sum(k, given)
        given = given.astype(np.int32)
    return given


def _unpack_trie(arrays, k, below, count, given=None):
    """The level of order k, above those of the lower orders."""
    columns = {name: _array(arrays, k, name) for name in _TRIE}
    level = Level(count=count, given=given, **columns)
    n_contexts = len(below[-1]) if below else 1
    for name in ("count", "suffix"):
        _expect(len(getattr(level, name)) == len(level) <= _MOST, k, name)
    _expect(len(level.first_child) == n_contexts + 1, k, "first_child")
    if not any(is_mapped(getattr(level, name)) for name in _TRIE):
        _check_trie(k, level, below)
    return level


def _checked_plain(k, level, below):
    """A compact level in plain arrays, above those of the lower orders."""
    first = np.asarray(level.first_child)
    whole = (
        first[0] == 0 and first[-1] == len(level) and (first[1:] >= first[:-1]).all()
    )
    _expect(whole, k, "offsets")
    _check_sum(k, np.asarray(level.count))
    plain = level.plain()
    _check_trie(k, plain, below)
    if level.followed is not None:
        same = np.array_equal(plain.followed, np.asarray(level.followed) > 0)
        _expect(same, k, "followed")
        return plain
    first = plain.first_child[:-1][np.diff(plain.first_child) > 0]
    _expect((np.add.reduceat(plain.count, first) > 0).all(), k, "count")
    return plain


def _check_trie(k, level, below):
    """Raise a ValueError unless a level can stand above those of the lower orders."""
    if below:
        _check_rows(k, level, below[-1])
    else:  # a word's row is its id
        whole = len(level) > 0 and (level.key == np.arange(len(level))).all()
        _expect(whole, k, "key")
        _expect((level.first_child == [0, len(level)]).all(), k, "first_child")
        _expect(not level.suffix.any(), k, "suffix")


def _check_rows(k, level, lower):
    """Raise a ValueError unless n-grams rise, below their contexts, with their suffixes.

    The n-gram "a b c" is the child of "a b" by its word c; its suffix is "b c".
    """
    key, first, suffix = level.key, level.first_child, level.suffix
    rises = (key[1:] > key[:-1]).all()
    within = len(key) and key[0] >= 0 and key[-1] >> WORD_BITS < len(lower)
    _expect(rises and within, k, "key")
    whole = first[0] == 0 and first[-1] == len(key) and (first[1:] >= first[:-1]).all()
    _expect(whole, k, "first_child")
    _expect(suffix.min() >= 0 and suffix.max() < len(lower), k, "suffix")
    for rows in blocks(len(level), _BLOCK):
        context = key[rows] >> WORD_BITS
        expected = level.word_at(rows)  # the words of the level below are known ones
        if k > 2:
            expected = pack(lower.suffix.take(context), expected)
        _expect((lower.key.take(suffix[rows]) == expected).all(), k, "suffix")
        row = np.arange(rows.start, rows.stop, dtype=np.int32)
        _expect((first.take(context) <= row).all(), k, "first_child")
        context += 1
        _expect((row < first.take(context)).all(), k, "first_child")


def _check_probabilities(k, p, weights):
    for name, numbers in (("p", p), ("backoff_weight", weights)):
        _expect(((numbers >= 0) & (numbers < np.inf)).all(), k, name)


def _expect(condition, k, name):
    if not condition:
        raise ValueError(f"{name!r} of order {k} is not that of a trie of n-grams")
