"""What a saved text generator holds: parameters, numbers, arrays and public classes.

Next to the parameters stand the attributes that were fitted. ``counts_`` is a dict of
numbers and of arrays; ``_model`` is left out, since it follows from the counts, from
``smoothing_`` and from ``min_count_``, a list of int. A model that was read from
probabilities has ``_model`` as such a dict in place of these three.
"""

from numbers import Integral

from ._envelope import StateError, seal, unseal
from ._validation import check_min_count
from ._word_index import WordIndexTransformer
from .ngrams import (
    BackoffModel,
    SmoothedCounts,
    pack_backoff,
    pack_counts,
    settled,
    unpack_backoff,
    unpack_counts,
)
from .smoothing import Smoothing, _as_smoothing

_MODEL = ("counts_", "min_count_")
_FITTED = ("word_index_", "n_words_", "n_texts_seen_", "n_tokens_seen_", "has_replies_")


def pack(state):
    """Make the attributes of a text generator a state to be saved.

    Parameters
    ----------
    state : dict

    Returns
    -------
    dict
    """
    state = dict(state)
    model = state.pop("_model", None)
    if isinstance(model, BackoffModel):
        del state["smoothing_"]
        state["_model"] = pack_backoff(model)
    elif model is not None:
        state["counts_"] = pack_counts(settled(model).counts)
        state["min_count_"] = list(model.min_count)
    return seal(state)


def unpack(state, owner):
    """Make a saved state the attributes of a text generator, once it was checked.

    Parameters
    ----------
    state : dict
        What `pack` returned, in time.
    owner : type
        The class of the text generator.

    Returns
    -------
    dict

    Raises
    ------
    StateError
        If it is damaged, was not made by `pack`, or by a later version of it.
    """
    state = unseal(state, owner)
    if not {"_model", *_MODEL, *_FITTED} & set(state):
        return state
    try:
        state |= _fitted(state)
        for name in _MODEL:
            state.pop(name, None)
        return state
    except ValueError as error:
        raise StateError(f"The saved {owner.__name__} is damaged: {error}") from error


def _fitted(state):
    """The attributes that were packed, and `_model`."""
    if "_model" in state:
        model = unpack_backoff(state["_model"])
        _check_attributes(state, model.counts.n_ids)
    else:
        counts = unpack_counts(_field(state, "counts_"))
        _check_attributes(state, counts.n_ids)
        smoothing = _field(state, "smoothing_")
        if not isinstance(smoothing, Smoothing):
            raise _unfitting("smoothing_", "a smoothing", smoothing)
        _as_smoothing(smoothing)
        min_count = _field(state, "min_count_")
        if not isinstance(min_count, list):
            raise _unfitting("min_count_", "a list of int", min_count)
        min_count = check_min_count(min_count, smoothing)
        index = state["word_index_"]
        holes = {} if index is None else {"holes": index._vocabulary.holes}
        n_words = state["n_words_"]
        model = SmoothedCounts(counts, smoothing, n_words, min_count=min_count, **holes)
        _check_contexts(model)
    return {"smoothing_": model.smoothing, "_model": model}


def _check_attributes(state, n_ids):
    """Whether what was fitted beside the n-grams fits to them."""
    index = _field(state, "word_index_")
    n_words = n_ids - 1
    if index is not None:
        words = getattr(index, "words_", ())
        if not isinstance(index, WordIndexTransformer) or len(words) != n_ids:
            raise _unfitting("word_index_", f"a word index of {n_ids} ids", index)
        n_words = index.n_words_
    if _field(state, "n_words_") != n_words:
        raise _unfitting("n_words_", n_words, state["n_words_"])
    for name in ("n_texts_seen_", "n_tokens_seen_"):
        value = _field(state, name)
        if not isinstance(value, Integral) or value < 0:
            raise _unfitting(name, "an int in the range [0, inf)", value)
    if not isinstance(_field(state, "has_replies_"), bool):
        raise _unfitting("has_replies_", "a bool", state["has_replies_"])


def _check_contexts(model):
    """Whether a word can be drawn wherever one was seen."""
    for k, level in enumerate(model.levels, start=1):
        first = level.first_child
        if ((level.total <= 0) & (first[1:] > first[:-1])).any():
            raise ValueError(f"a context of {k - 1} words has no count of what follows")


def _field(state, name):
    if name not in state:
        raise ValueError(f"the field {name!r} is missing")
    return state[name]


def _unfitting(name, expected, got):
    return ValueError(f"the field {name!r} must be {expected}. Got {got!r:.80}.")
