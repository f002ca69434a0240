"""A model that learns and forgets a text in time proportional to its length."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from weakref import WeakSet

import numpy as np
from numpy.typing import NDArray

from ..counting import (
    NeverLearnedError,
    NGramCounts,
    TokenStream,
    merge,
    subtract,
)
from ._computed import Computed
from ._event_space import Events
from ._language_model import LanguageModel
from ._online_level import OnlineLevel
from ._online_text import change_levels, check_can_forget
from ._online_unigrams import OnlineUnigrams
from ._smoothed_weights import smoothed_weights

_QUICK = 1000
"""Up to so many words are learned without a copy of the levels, while readers wait."""


class Overlay:
    """The levels of a model after some changes, and what was computed from them.

    Attributes
    ----------
    levels : list of OnlineLevel or None
        ``levels[k - 1]`` holds order k. None during a change in place, after which they
        belong to the next model.
    computed : Computed
        What was computed from the levels; see `LanguageModel.computed`.
    n_used : int
        Number of words for which the levels were used, each slower than if sorted.
    users : WeakSet of OnlineModel
        The models that read these levels. A single user may change them in place.
    """

    def __init__(self, levels: list[Any]) -> None:
        self.levels: list[Any] | None = levels
        self.computed = Computed()
        self.n_used = 0
        self.users: WeakSet[OnlineModel] = WeakSet()

    def take(self, user: OnlineModel, n_words: int) -> list[Any]:
        """Levels to learn or forget `n_words` words in: these, or a copy.

        They are copied if other models read them, or if copying takes little of the time
        of the change, so that other threads need not wait for its end.
        """
        levels = self.levels
        assert levels is not None
        if n_words <= max(_QUICK, user.n_changes // 16):
            self.levels = None  # first: a new user sees this, and waits
            if len(self.users) == 1:
                return levels
            self.levels = levels
        return [level.copy() for level in levels]

    def put_back(self, levels: list[Any]) -> None:
        """Return levels that were taken, and are unchanged."""
        if self.levels is None:
            self.levels = levels


class OnlineModel(LanguageModel):
    """A model of sorted n-grams with an overlay of the changes since they were sorted.

    Probabilities are computed from the counts on demand, so that a change takes time
    proportional to the length of its texts.

    Parameters
    ----------
    base : LanguageModel
        The model at the time when its n-grams were sorted; it never changes.

    Attributes
    ----------
    changes : tuple of (TokenStream, int)
        The texts learned (1) and forgotten (−1) since, in order.
    n_ids : int
        Number of ids in use, with the boundary.
    levels : list of OnlineLevel
        ``levels[k - 1]`` holds order k.
    counts : NGramCounts
        A view of the same levels.
    n_texts : int
        Number of texts learned and not forgotten.
    n_changes : int
        Number of words and ends of texts learned or forgotten since the last sorting.
    n_used : int
        Number of words for which the levels were used, each slower than if sorted.

    Notes
    -----
    `base` and `changes` are never modified. The levels are made from these, and made again
    if a change of them was interrupted. The model after an update takes over the levels,
    unless other threads read them by a `snapshot`.
    """

    min_count = (1,)
    knows_all_counts = True
    is_precomputed = False

    def __init__(self, base: LanguageModel) -> None:
        self.n = base.n
        self.smoothing = base.smoothing
        self.events = base.events
        self.base = base
        self.changes: tuple[tuple[TokenStream, int], ...] = ()
        self.n_ids = base.counts.n_ids
        self.n_texts = base.counts.n_texts
        self.n_changes = 0
        self._use(_levels_of(base))

    def _use(self, levels):
        self._overlay = Overlay(levels)
        self._overlay.users.add(self)

    def _make_levels(self):
        """Make the levels anew, from `base` and `changes`."""
        levels = _levels_of(self.base)
        for stream, sign in self.changes:
            levels[0].reserve(int(stream.ids.max()) + 1)
            change_levels(levels, stream, sign, self.n)
        levels[0].n_ids = self.n_ids
        return levels

    @property
    def levels(self) -> list[Any]:
        levels = self._overlay.levels
        if levels is None:
            levels = self._make_levels()
            self._use(levels)
        return levels

    @property
    def computed(self) -> Computed:  # type: ignore[override]
        return self._overlay.computed

    @property
    def n_used(self) -> int:
        return self._overlay.n_used

    @property
    def counts(self) -> NGramCounts:  # type: ignore[override]
        computed = self.computed
        if computed.counts is None:
            computed.counts = NGramCounts(
                self.n, tuple(self.levels), self.n_texts, self.events.unknown_id
            )
        return computed.counts

    @property
    def weights(self) -> list[Any]:  # type: ignore[override]
        computed = self.computed
        if computed.weights is None:
            adjusted = [level.adjusted for level in self.levels]
            computed.weights = smoothed_weights(
                self.levels,
                adjusted,
                self.counts_of_counts,
                self.smoothing,
                self.events,
            )
        return computed.weights

    @property
    def counts_of_counts(self) -> list[NDArray]:
        """For each order, the number of n-grams with count 0, 1, 2, 3 and 4."""
        counts_of_counts = [np.array(level.counts_of_counts) for level in self.levels]
        counts_of_counts[0][0] = self.events.n_with_id - self.levels[0].n_seen
        return counts_of_counts

    def note_use(self, n_words: int) -> None:
        """Add to `n_used`."""
        self._overlay.n_used += n_words

    def update(
        self, stream: TokenStream, sign: int, n_ids: int, events: Events
    ) -> OnlineModel:
        """The model after learning or forgetting texts.

        Parameters
        ----------
        stream : TokenStream
            Texts; with fewer levels than n, no text may be longer than these.
        sign : {1, −1}
            1 to learn, −1 to forget.
        n_ids, events
            The number of ids, and the events, after the update.

        Returns
        -------
        OnlineModel
            It takes over the levels if no snapshot reads them; then this model makes its
            levels again when it is used.

        Raises
        ------
        NeverLearnedError
            If texts to be forgotten were never learned.
        """
        _ = self.levels  # makes them again if a change was interrupted
        n_texts = self.n_texts + sign * stream.n_texts
        n_words = len(stream.ids) - len(stream.lengths)
        levels = self._overlay.take(self, n_words)
        try:
            levels[0].reserve(n_ids)
            if n_texts < 0:
                total = np.cumsum(stream.times, dtype=np.int64)
                too_many = int(total.searchsorted(self.n_texts, side="right"))
                check_can_forget(levels, stream.first(too_many), self.n)
                raise NeverLearnedError(too_many)
            change_levels(levels, stream, sign, self.n)
        except NeverLearnedError:
            levels[0].n_ids = self.n_ids
            self._overlay.put_back(levels)
            raise
        levels[0].n_ids = n_ids
        successor = object.__new__(OnlineModel)
        successor.__dict__.update(self.__dict__)
        successor.events, successor.n_ids = events, n_ids
        successor.changes = (*self.changes, (stream, sign))
        successor.n_texts = n_texts
        successor.n_changes = self.n_changes + n_words
        successor._use(levels)
        return successor

    def snapshot(self) -> LanguageModel | None:
        """A model for reading that no later change affects.

        Returns
        -------
        LanguageModel or None
            The rebuilt model if there is one. None during a change in place: ask the
            model after the change then.
        """
        overlay = self._overlay
        if overlay.computed.rebuilt is not None:
            return overlay.computed.rebuilt
        twin = object.__new__(OnlineModel)
        twin.__dict__.update(self.__dict__)
        overlay.users.add(twin)  # first: from now on, no change is made in place
        return None if overlay.levels is None else twin

    def restore(self) -> None:
        """Make the levels again if a change of them was interrupted."""
        _ = self.levels

    def rebuilt(self) -> LanguageModel:
        """The same model with all n-grams sorted, which is cached."""
        computed = self.computed
        if computed.rebuilt is None:
            computed.rebuilt = self.precomputed()
        return computed.rebuilt

    def precomputed(self, track: Callable[..., Iterable] = iter) -> LanguageModel:
        """The same model with all n-grams sorted, and all backoff weights computed.

        Returns
        -------
        LanguageModel
        """
        counts = self.base.counts.plain()
        for sign, change in ((1, merge), (-1, subtract)):
            streams = [stream for stream, of_sign in self.changes if of_sign == sign]
            if streams:
                stream = TokenStream.joined(streams)
                n_ids = max(counts.n_ids, int(stream.ids.max()) + 1)
                part = NGramCounts.from_stream(stream, self.n, n_ids)
                counts = change(counts, part)
        counts = counts.with_ids(self.n_ids)
        return LanguageModel.of_counts(counts, self.smoothing, self.events, track=track)


def _levels_of(base):
    """The levels of an overlay without changes."""
    levels: list[Any] = []
    for k, weights in enumerate(base.weights, start=1):
        continued = base.smoothing.continuation_counts and k < base.n
        if k == 1:
            # Events with an id, without those whose count is 0.
            n_seen = int(base.events.n_with_id - base.counts_of_counts[0][0])
            levels.append(OnlineUnigrams(weights, continued, n_seen))
        else:
            levels.append(OnlineLevel(weights, continued))
    return levels
