"""What a saved estimator holds: parameters, numbers, arrays and public classes.

Next to the parameters stand the attributes that were fitted. In place of ``_fitted`` there
is a dict of numbers and of arrays that it follows from: ``counts_``, or of a compact
model ``compact_``, or of one that was read from probabilities, which has no
``smoothing_``, ``probabilities_``. A model of counts has ``min_count_``, too, a list of int.
Where hashes of the texts are kept, they are ``text_hashes_``. What a classifier counted
is ``class_counts_``, or ``compact_``, and beside it are its ``classes_``. Texts that are kept are
``texts_``, those of a compact model what was computed from each.
"""

from numbers import Integral
from typing import Any

import numpy as np

from ..ngrams import (
    BOUNDARY,
    ClassModel,
    CompactClassModel,
    Events,
    LanguageModel,
    TokenStream,
)
from ..saving import (
    StateError,
    check_names,
    is_mapped,
    pack_backoff,
    pack_class_counts,
    pack_compact,
    pack_compact_classes,
    pack_counts,
    seal,
    unpack_backoff,
    unpack_class_counts,
    unpack_compact,
    unpack_compact_classes,
    unpack_counts,
    unseal,
    version_of,
)
from ..smoothing import Smoothing
from ..utils import check_min_count
from ..words import WordIndexTransformer, vocabulary_of
from ._fitted import FittedModel
from ._fitted_classes import FittedClasses
from ._learned_texts import LearnedTexts, ScoredTexts
from ._smoothing_parameter import as_smoothing
from ._text_hashes import TextHashes

_MODELS = (
    "counts_",
    "compact_",
    "probabilities_",
    "min_count_",
    "class_counts_",
    "texts_",
    "text_hashes_",
)
_FITTED = ("word_index_", "n_words_", "n_texts_seen_", "n_tokens_seen_", "has_replies_")
_SAVED = *_MODELS, *_FITTED, "smoothing_", "classes_"
_NEVER_SAVED = "_fitted", "_validated", "_lock", "_written_by"


def pack(state, owner, base):
    """Make the attributes of an estimator a state to be saved.

    Parameters
    ----------
    state : dict
    owner : type
        The class of the estimator.
    base : type
        The class of this package that it is, or derives from.

    Returns
    -------
    dict

    Raises
    ------
    StateError
        If there are attributes that `unpack` would refuse.
    """
    state = dict(state)
    fitted = state.pop("_fitted", None)
    for name in _NEVER_SAVED:
        state.pop(name, None)
    match model := fitted and fitted.language_model:
        case CompactClassModel():
            state["compact_"] = pack_compact_classes(model)
            state["classes_"] = fitted.classes
        case ClassModel():
            state["class_counts_"] = pack_class_counts(model.class_counts)
            state["classes_"] = fitted.classes
        case LanguageModel(is_stored=True):
            del state["smoothing_"]
            state["probabilities_"] = pack_backoff(model)
        case LanguageModel(knows_all_counts=False):
            state["compact_"] = pack_compact(model)
        case LanguageModel():
            state["counts_"] = pack_counts(model)
            state["min_count_"] = list(model.min_count)
    if fitted and fitted.texts:
        state["texts_"] = _pack_texts(fitted.texts)
    if fitted and fitted.text_hashes is not None:
        state["text_hashes_"] = fitted.text_hashes.to_arrays()
    check_names(state, owner, base, _SAVED, _NEVER_SAVED)
    return seal(state)


def unpack(sealed, owner, base):
    """Make a saved state the attributes of an estimator, once it was checked.

    Parameters
    ----------
    sealed : dict
        What `pack` returned, in time.
    owner, base : type
        As `pack` takes them.

    Returns
    -------
    dict

    Raises
    ------
    StateError
        If it is damaged, was not made by `pack`, or by a later version of it.
    """
    state = unseal(sealed, owner)
    check_names(state, owner, base, _SAVED, _NEVER_SAVED)
    if not {*_SAVED} & set(state):
        return state
    try:
        state |= _fitted(state)
        left_out = *_MODELS, "classes_"
        kept = {name: state[name] for name in state if name not in left_out}
        return kept | {"_written_by": version_of(sealed)}
    except ValueError as error:
        raise StateError(f"The saved {owner.__name__} is damaged: {error}") from error


def _fitted(state):
    """The smoothing, and the `FittedModel` of the attributes that were packed."""
    if "classes_" in state:
        return _fitted_classes(state)
    if "probabilities_" in state:
        model = unpack_backoff(state["probabilities_"])
        _check_attributes(state, model.counts)
        _check_words(state["word_index_"], model.events.unused_ids)
        _check_tokens(state, 0)
    elif "compact_" in state:
        model = _on_demand(state, unpack_compact(state["compact_"]))
        if not is_mapped(model.counts.levels[0].count.data):
            _check_texts(state, model.counts)
    else:
        counts = unpack_counts(_field(state, "counts_"))
        model = _on_demand(state, counts, _field(state, "min_count_"))
        if not is_mapped(model.counts.levels[0].key):
            stored, model = (
                model,
                LanguageModel.of_counts(
                    model.counts,
                    model.smoothing,
                    model.events,
                    min_count=model.min_count,
                ),
            )
            _check(stored, model)
            _check_tokens(state, model.counts.n_tokens)
            _check_texts(state, model.counts)
    fitted = FittedModel(
        state["word_index_"],
        model,
        state["n_tokens_seen_"],
        state["has_replies_"],
        texts=_texts(state, model.counts),
        text_hashes=_unpack_hashes(state),
    )
    return {"smoothing_": model.smoothing, "_fitted": fitted}


def _texts(state, counts):
    """The texts, if they were kept, or what was computed from them."""
    if "texts_" not in state:
        return None
    unpack_texts = _unpack_scored if "compact_" in state else _unpack_texts
    return unpack_texts(state["texts_"], counts)


def _unpack_hashes(state):
    """The hashes of the texts, if they were kept."""
    if "text_hashes_" not in state:
        return None
    hashes = TextHashes.from_arrays(state["text_hashes_"])
    if len(hashes) != state["n_texts_seen_"]:
        raise _bad_field("text_hashes_", state["n_texts_seen_"], len(hashes))
    return hashes


def _fitted_classes(state):
    """The smoothing, and what a classifier has learned."""
    if "compact_" in state:
        parts = unpack_compact_classes(state["compact_"])
        _check_attributes(state, parts[0])
        model: ClassModel = CompactClassModel(*parts, *_smoothing_and_events(state))
    else:
        class_counts = unpack_class_counts(_field(state, "class_counts_"))
        counts = class_counts.counts
        _check_attributes(state, counts)
        if not is_mapped(counts.levels[0].key):
            _check_tokens(state, counts.n_tokens)
        model = ClassModel(class_counts, *_smoothing_and_events(state))
    classes, n_classes = state["classes_"], model.n_classes
    if not isinstance(classes, np.ndarray) or classes.shape != (n_classes,):
        raise _bad_field("classes_", f"an array of {n_classes} labels", classes)
    if state["has_replies_"]:
        raise _bad_field("has_replies_", False, True)
    fitted = FittedClasses(
        state["word_index_"], model, state["n_tokens_seen_"], False, classes
    )
    return {"smoothing_": model.smoothing, "_fitted": fitted}


def _smoothing_and_events(state):
    """The smoothing, and the events that it smooths over."""
    smoothing = _field(state, "smoothing_")
    if not isinstance(smoothing, Smoothing):
        raise _bad_field("smoothing_", "a smoothing", smoothing)
    smoothing = as_smoothing(smoothing)  # a copy, of its parameters alone
    index, events = state["word_index_"], Events(state["n_words_"])
    if index is not None:
        vocabulary = vocabulary_of(index)
        events = Events(state["n_words_"], vocabulary.unused_ids, vocabulary.unknown)
    return smoothing, events


def _pack_texts(texts):
    if isinstance(texts, ScoredTexts):
        return {"times": texts.times} | texts.memo
    stream, times = texts.distinct, texts.times
    return {"ids": stream.ids, "lengths": stream.lengths, "times": times}


def _unpack_texts(packed, counts):
    """The texts that were kept, if they are those that were counted."""
    arrays: list[Any] = [
        packed.get(name) if isinstance(packed, dict) else None
        for name in ("ids", "lengths", "times")
    ]
    are_arrays = all(isinstance(a, np.ndarray) and a.ndim == 1 for a in arrays)
    if not are_arrays or [a.dtype.kind for a in arrays] != ["i"] * 3:
        raise _bad_field("texts_", "three arrays of int", arrays)
    ids, lengths, times = arrays
    whole = len(lengths) == len(times) and (lengths > 0).all() and (times > 0).all()
    whole = whole and lengths.sum() == len(ids) and times.sum() == counts.n_texts
    stream = TokenStream(np.asarray(ids, np.int32), np.asarray(lengths, np.int64))
    inside = (ids >= 0) & (ids < counts.n_ids)
    if not whole or not inside.all() or (ids[stream.starts] != BOUNDARY).any():
        raise ValueError("the field 'texts_' does not hold the texts that were counted")
    predicted, times_each = np.delete(ids, stream.starts), np.repeat(times, lengths - 1)
    occurs = np.bincount(predicted, times_each, counts.n_ids)
    if not np.array_equal(occurs, np.asarray(counts.levels[0].count)):
        raise ValueError("the field 'texts_' does not hold the texts that were counted")
    return LearnedTexts(((stream, np.asarray(times, np.int64)),))


def _unpack_scored(packed, counts):
    """What was computed from each text, a number for each."""
    if not isinstance(packed, dict) or "times" not in packed:
        raise _bad_field("texts_", "a dict of arrays, one 'times'", packed)
    for name, array in packed.items():
        kind = "i" if name == "times" else "f"
        whole = isinstance(array, np.ndarray) and array.dtype.kind == kind
        if (
            not whole
            or array.shape != (len(packed["times"]),)
            or (array != array).any()
        ):
            raise _bad_field(f"texts_ {name!r}", "numbers, one a text", array)
    memo = dict(packed)
    times = memo.pop("times")
    if (times < 1).any() or times.sum() != counts.n_texts:
        raise ValueError("the field 'texts_' does not hold the texts that were counted")
    return ScoredTexts(times, memo)


def _on_demand(state, stored, min_count=(1,)):
    """The model as it was stored, with what was fitted beside it."""
    counts, adjusted, counts_of_counts = stored
    _check_attributes(state, counts)
    smoothing, events = _smoothing_and_events(state)
    if not isinstance(min_count, (list, tuple)):
        raise _bad_field("min_count_", "a list of int", min_count)
    return LanguageModel.on_demand(
        counts,
        adjusted,
        smoothing,
        events,
        counts_of_counts=counts_of_counts,
        min_count=check_min_count(min_count, smoothing),
        knows_all_counts="counts_" in state,
    )


def _check_attributes(state, counts):
    """Raise a ValueError unless the fitted attributes agree with the n-grams."""
    index, n_ids = _field(state, "word_index_"), counts.n_ids
    n_words = n_ids - 1
    if index is not None:
        words = getattr(index, "words_", ())
        if not isinstance(index, WordIndexTransformer) or len(words) != n_ids:
            raise _bad_field("word_index_", f"a word index of {n_ids} ids", index)
        n_words = index.n_words_
    if _field(state, "n_words_") != n_words:
        raise _bad_field("n_words_", n_words, state["n_words_"])
    for name in ("n_texts_seen_", "n_tokens_seen_"):
        value = _field(state, name)
        if not isinstance(value, Integral) or value < 0:
            raise _bad_field(name, "an int in the range [0, inf)", value)
    has_replies = _field(state, "has_replies_")
    if not isinstance(has_replies, bool) or (not has_replies and counts.has_messages):
        raise _bad_field("has_replies_", "a bool that fits", has_replies)
    if state["n_texts_seen_"] != counts.n_texts:
        raise _bad_field("n_texts_seen_", counts.n_texts, state["n_texts_seen_"])


def _check_words(index, unused_ids):
    """Raise a ValueError unless all ids but the unused ones have a word."""
    if index is None or not np.array_equal(vocabulary_of(index).unused_ids, unused_ids):
        raise _bad_field("word_index_", "an index with a word of each id", index)


def _check_tokens(state, n_tokens):
    """Raise a ValueError unless so many words and ends of texts were learned."""
    if state["n_tokens_seen_"] != n_tokens:
        raise _bad_field("n_tokens_seen_", n_tokens, state["n_tokens_seen_"])


def _check_texts(state, counts):
    """Raise a ValueError unless as many 2-grams begin a text, or a reply, as there are."""
    if len(counts.levels) == 1:
        return
    n_begun = int(counts.levels[1].count[: counts.opening(2)].sum())
    has_messages = counts.has_messages
    if has_messages and "compact_" in state:
        return  # it may know continuation counts in place of those of replies
    counts_messages = state["has_replies_"] and not has_messages
    if n_begun != counts.n_texts * (2 if counts_messages else 1):
        raise ValueError(
            f"{n_begun} 2-grams begin a text or a reply. Got {counts.n_texts} texts."
        )


def _check(stored, model):
    """Raise a ValueError unless what was stored follows from the n-grams.

    A context with children needs one whose count is not 0, too.
    """
    pairs = zip(stored.weights, model.weights, strict=True)
    for k, (read, computed) in enumerate(pairs, start=1):
        same = np.array_equal(read.count, computed.count) and np.array_equal(
            read.counts_of_counts, computed.counts_of_counts
        )
        if not same:
            raise ValueError(f"the counts of order {k} do not follow from the n-grams")
        first = computed.ngrams.first_child
        followed = computed.ngrams.followed
        if followed is None or k == 1:
            followed = first[1:] > first[:-1]
        if ((computed.table.total <= 0) & followed).any():
            raise ValueError(f"a context of {k - 1} words has no count of what follows")


def _field(state, name):
    if name not in state:
        raise ValueError(f"the field {name!r} is missing")
    return state[name]


def _bad_field(name, expected, got):
    return ValueError(f"the field {name!r} must be {expected}. Got {got!r:.80}.")
