"""Models that learn texts and forget them, at once or on the way."""

from ..counting import NeverLearnedError, NGramCounts, merge, subtract
from ._count_model import NO_IDS
from ._online_model import OnlineModel
from ._smoothed_counts import SmoothedCounts

SMALL = 64
"""N-grams of a model for each word that it learns without sorting them again."""


def counted(texts, n, n_ids, n_threads=1, track=iter):
    """The n-grams of texts, counted unless they were counted elsewhere.

    Parameters
    ----------
    texts : TokenStream or NGramCounts
    n, n_ids, n_threads, track
        As `NGramCounts.from_stream` takes them.

    Returns
    -------
    NGramCounts
    """
    if isinstance(texts, NGramCounts):
        return texts.with_ids(n_ids)
    return NGramCounts.from_stream(texts, n, n_ids, n_threads, track)


def changed(
    model, texts, sign, n_ids, n_words, holes=NO_IDS, n_threads=1, track=lambda _: iter
):
    """A model after it learned or forgot texts.

    Few texts are learned in the time that they take; many, and every now and then
    all those before them, are sorted in among the n-grams. The model is the same.
    A model that leaves n-grams out is always sorted: which ones those are, and what is
    handed on for them, is worked out in advance.

    Parameters
    ----------
    model : SmoothedCounts or OnlineModel
    texts : TokenStream or NGramCounts
        What is learned may be counts. What is forgotten are texts.
    sign : {1, −1}
        1 to learn, −1 to forget.
    n_ids, n_words, holes
        The words known afterwards, as `OnlineModel` takes them.
    n_threads : int, default=1
        Threads that count.
    track : callable, optional
        Takes what is done and gives what watches it, as `SmoothedCounts` takes it.

    Returns
    -------
    SmoothedCounts or OnlineModel

    Raises
    ------
    NeverLearnedError
        If texts to be forgotten were never learned.
    """
    words = n_ids, n_words, holes
    if _is_small(model, texts):
        model = _online(model).changed(texts, sign, *words)
        has_all_levels = model.levels[-1].n_seen
        return model if has_all_levels and not is_worn(model) else model.settled()
    counts = model.settled().counts
    of_all = max(n_ids, counts.n_ids)
    part = counted(texts, model.n, of_all, n_threads, track("counting"))
    counts = merge(counts, part) if sign > 0 else _forget(counts, part, texts)
    counts, smoothing = counts.with_ids(n_ids), model.smoothing
    track_smoothing, min_count = track("smoothing"), model.min_count
    return SmoothedCounts(counts, smoothing, n_words, holes, track_smoothing, min_count)


def is_worn(model):
    """Whether it is time to sort: when as much was saved as it costs.

    What is only read is never sorted, for then processes would no longer share it.
    """
    if not isinstance(model, OnlineModel):
        return False
    return (model.n_changes + model.n_read) * SMALL > sum(map(len, model.levels))


def _online(model):
    if isinstance(model, OnlineModel):
        return model
    n_words = model.n_outcomes - 2
    return OnlineModel(model, (), model.counts.n_ids, n_words, model.holes)


def _is_small(model, texts):
    if isinstance(texts, NGramCounts) or model.min_count[-1] > 1:
        return False
    n_levels = len(model.levels)
    if n_levels < min(model.n, int(texts.lengths.max(initial=0))):
        return False
    return len(texts.ids) * SMALL <= sum(map(len, model.levels))


def _forget(counts, part, stream):
    try:
        return subtract(counts, part)
    except NeverLearnedError:
        raise NeverLearnedError(_first_unknown(counts, stream)) from None


def _first_unknown(counts, stream):
    """The first text that cannot be forgotten after all before it."""
    low, high = 0, len(stream.lengths)  # so many can be forgotten, so many cannot
    while high - low > 1:
        middle = (low + high) // 2
        some = NGramCounts.from_stream(stream.first(middle), counts.n, counts.n_ids)
        try:
            subtract(counts, some)
            low = middle
        except NeverLearnedError:
            high = middle
    return low
