"""Learning and forgetting texts: few in an overlay of changes, many by sorting."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ..counting import NeverLearnedError, NGramCounts, TokenStream, merge, subtract
from ._event_space import Events
from ._language_model import LanguageModel
from ._online_model import OnlineModel

REBUILD_RATIO = 64
"""A model is sorted again after one changed word for so many of its n-grams."""

_USES_PER_CHANGE = 16
"""Uses of words that cost as much extra in an overlay as one changed word."""


def count(
    texts: TokenStream | NGramCounts,
    n: int,
    n_ids: int,
    n_threads: int = 1,
    track: Callable[..., Iterable] = iter,
) -> NGramCounts:
    """The n-gram counts of texts; counts are returned with `n_ids` ids.

    Parameters
    ----------
    texts : TokenStream or NGramCounts
    n, n_ids, n_threads, track
        As of `NGramCounts.from_stream`.

    Returns
    -------
    NGramCounts
    """
    if isinstance(texts, NGramCounts):
        return texts.with_ids(n_ids)
    return NGramCounts.from_stream(texts, n, n_ids, n_threads, track)


def update(
    model: LanguageModel,
    texts: TokenStream | NGramCounts,
    sign: int,
    n_ids: int,
    events: Events,
    *,
    n_threads: int = 1,
    track: Callable[..., Callable[..., Iterable]] = lambda _: iter,
) -> LanguageModel:
    """The model after learning or forgetting texts.

    Few texts are added to an overlay, in time proportional to their length. Many texts are
    merged with the sorted n-grams, as the overlay is from time to time. Both ways have
    the same result. A model that prunes n-grams is always sorted again, since a change
    can affect which n-grams are pruned, and so any backoff weight.

    Parameters
    ----------
    model : LanguageModel
    texts : TokenStream or NGramCounts
        Counts can be learned only, not forgotten.
    sign : {1, −1}
        1 to learn, −1 to forget.
    n_ids, events
        The number of ids, and the events, after the update.
    n_threads : int, default=1
        Number of threads for counting.
    track : callable, optional
        Takes the name of a step, and returns a callable that wraps the iterable of the
        items of this step, for a progress bar.

    Returns
    -------
    LanguageModel

    Raises
    ------
    NeverLearnedError
        If texts to be forgotten were never learned.
    """
    if _is_small(model, texts):
        changed = _online(model).update(texts, sign, n_ids, events)
        has_all_levels = changed.levels[-1].n_seen
        keeps = has_all_levels and not needs_rebuild(changed)
        return changed if keeps else changed.precomputed()
    counts = model.precomputed().counts
    of_all = max(n_ids, counts.n_ids)
    part = count(texts, model.n, of_all, n_threads, track("counting"))
    counts = merge(counts, part) if sign > 0 else _forget(counts, part, texts)
    return LanguageModel.of_counts(
        counts.with_ids(n_ids),
        model.smoothing,
        events,
        min_count=model.min_count,
        track=track("smoothing"),
    )


def needs_rebuild(model: LanguageModel) -> bool:
    """Whether rebuilding now costs no more than the changes since the last have saved.

    Models that did not change are never rebuilt, so that processes can share them.
    """
    if not isinstance(model, OnlineModel):
        return False
    n_changes = model.n_changes + model.n_used / _USES_PER_CHANGE
    return n_changes * REBUILD_RATIO > sum(map(len, model.levels))


def _online(model):
    if isinstance(model, OnlineModel) and model.computed.rebuilt is not None:
        model = model.rebuilt()
    return model if isinstance(model, OnlineModel) else OnlineModel(model)


def _is_small(model, texts):
    if isinstance(texts, NGramCounts) or model.min_count[-1] > 1:
        return False
    levels = model.counts.levels
    if len(levels) < min(model.n, int(texts.lengths.max(initial=0))):
        return False
    return len(texts.ids) * REBUILD_RATIO <= sum(map(len, levels))


def _forget(counts, part, stream):
    try:
        return subtract(counts, part)
    except NeverLearnedError:
        raise NeverLearnedError(_first_unknown(counts, stream)) from None


def _first_unknown(counts, stream):
    """The index of the first text that cannot be forgotten after those before it."""
    # The first `low` can be forgotten, `high` cannot.
    low, high = 0, len(stream.lengths)
    while high - low > 1:
        middle = (low + high) // 2
        some = NGramCounts.from_stream(stream.first(middle), counts.n, counts.n_ids)
        try:
            subtract(counts, some)
            low = middle
        except NeverLearnedError:
            high = middle
    return low
