"""A model that learns and forgets a text in the time the text takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..counting import (
    BOUNDARY,
    NeverLearnedError,
    NGramCounts,
    TokenStream,
    merge,
    subtract,
)
from ._language_model import Events, LanguageModel, smoothed_weights
from ._online_level import OnlineLevel, OnlineUnigrams


class OnlineModel(LanguageModel):
    """Sorted n-grams, and the changes since they were sorted.

    What it is asked is computed from the counts, so that a change costs what its texts
    cost.

    Parameters
    ----------
    base : LanguageModel
        The model as it was when its n-grams were sorted; it is not changed.
    changes : tuple of (TokenStream, int)
        What was learned (1) and forgotten (−1) since, in this order.
    n_ids : int
        Ids in use now, the boundary included.
    events : Events

    Attributes
    ----------
    levels : list of OnlineLevel
        ``levels[k - 1]`` holds order k, as it is now.
    counts : NGramCounts
        The same levels, to find contexts in.
    n_texts : int
        Number of texts known.
    n_changes : int
        Words and ends of texts learned or forgotten since the n-grams were sorted.
    n_used : int
        Words read with this model, which would have cost less with sorted n-grams.

    Notes
    -----
    `base` and `changes` are never modified. The levels are made from them, and made
    again if a change to them is interrupted.
    """

    min_count = (1,)
    knows_all_counts = True
    is_precomputed = False

    def __init__(
        self,
        base: LanguageModel,
        changes: tuple[tuple[TokenStream, int], ...],
        n_ids: int,
        events: Events,
    ) -> None:
        self.n = base.n
        self.smoothing = base.smoothing
        self.events = events
        self.base = base
        self.changes = changes
        self.n_ids = n_ids
        self.n_texts = base.counts.n_texts
        self.n_changes = self.n_used = 0
        self.last_sampler = self.scorer = self.unigrams = None
        self._levels: Any = None

    @property
    def levels(self) -> list[Any]:
        if self._levels is None:
            levels = _levels_of(self.base)
            for stream, sign in self.changes:
                levels[0].reserve(int(stream.ids.max()) + 1)
                _change(levels, stream, sign)
            levels[0].n_ids = self.n_ids
            self._levels = levels
        return self._levels

    @cached_property
    def counts(self):  # type: ignore[override]
        return NGramCounts(self.n, tuple(self.levels), self.n_texts)

    @property
    def counts_of_counts(self) -> list[NDArray]:
        """How many n-grams of each order have count 0, 1, 2, 3 and 4."""
        counts_of_counts = [level.counts_of_counts.copy() for level in self.levels]
        counts_of_counts[0][0] = len(self.events) - 1 - self.levels[0].n_seen
        return counts_of_counts

    @cached_property
    def weights(self):  # type: ignore[override]
        adjusted = [level.adjusted for level in self.levels]
        return smoothed_weights(
            self.levels, adjusted, self.counts_of_counts, self.smoothing, self.events
        )

    def update(
        self, stream: TokenStream, sign: int, n_ids: int, events: Events
    ) -> OnlineModel:
        """The model after it learned or forgot texts.

        Parameters
        ----------
        stream : TokenStream
            Texts, none of them longer than there are levels, unless these are n.
        sign : {1, −1}
            1 to learn, −1 to forget.
        n_ids, events
            The ids and words known afterwards.

        Returns
        -------
        OnlineModel
            It takes over the levels: this model would have to make its own again.

        Raises
        ------
        NeverLearnedError
            If texts to be forgotten were never learned.
        """
        n_texts = self.n_texts + sign * stream.n_texts
        changes = (*self.changes, (stream, sign))
        successor = OnlineModel(self.base, changes, n_ids, events)
        levels = self.levels
        self._levels = self.scorer = None  # made again if what follows is interrupted
        self.__dict__.pop("counts", None)
        self.__dict__.pop("weights", None)
        levels[0].reserve(n_ids)
        try:
            if n_texts < 0:
                total = np.cumsum(stream.times, dtype=np.int64)
                too_many = int(total.searchsorted(self.n_texts, side="right"))
                _look_for(levels, stream.first(too_many))
                raise NeverLearnedError(too_many)
            _change(levels, stream, sign)
        except NeverLearnedError:
            self._levels = levels
            raise
        levels[0].n_ids = n_ids
        successor._levels = levels
        successor.n_texts = n_texts
        successor.n_changes = self.n_changes + len(stream.ids) - len(stream.lengths)
        return successor

    def copy(self) -> OnlineModel:
        """The same model, which does not share the levels that are changed."""
        other = OnlineModel(self.base, self.changes, self.n_ids, self.events)
        other.n_texts, other.n_changes = self.n_texts, self.n_changes
        return other

    def rebuilt(self) -> LanguageModel:
        """The same model with all n-grams sorted."""
        return self.precomputed()

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
    """The levels before anything changed."""
    parts = zip(base.counts.levels, base.adjusted, base.counts_of_counts, strict=True)
    levels: list[OnlineLevel] = []
    for k, (level, adjusted, counts_of_counts) in enumerate(parts, start=1):
        continued = base.smoothing.continuation_counts and k < base.n
        state = level, adjusted, counts_of_counts, continued
        if k == 1:
            # All words and the end, less those that do not occur.
            n_seen = int(len(base.events) - 1 - counts_of_counts[0])
            levels.append(OnlineUnigrams(*state, n_seen))
        else:
            levels.append(OnlineLevel(*state))
    return levels


def _change(levels, stream, sign):
    """Learn texts, or forget them: all or, where some were never learned, none."""
    done: list[tuple[list, list, int]] = []
    texts = zip(stream.texts(), stream.times.tolist(), strict=True)
    for at, (text, times) in enumerate(texts):
        rows = _find_rows(levels, text, make=sign > 0)
        if sign < 0 and not _can_forget(levels, text, rows, times):
            for earlier in reversed(done):
                _count(levels, *earlier)
            raise NeverLearnedError(at)
        _count(levels, text, rows, sign * times)
        done.append((text, rows, times))


def _look_for(levels, stream):
    """Raise an error if texts cannot be forgotten, and change nothing."""
    _change(levels, stream, -1)
    _change(levels, stream, 1)


def _find_rows(levels, text, make):
    """The rows of a text's n-grams of each order, by where they start."""
    rows = [text]
    for k, level in enumerate(levels[1 : len(text)], start=2):
        shorter = rows[-1]
        contexts, words = shorter[:-1], text[k - 1 :]
        found = level.find_with_deleted(np.array(contexts), np.array(words)).tolist()
        if make:
            grams = zip(found, contexts, words, shorter[1:], strict=True)
            found = [row if row >= 0 else level.add(*gram) for row, *gram in grams]
        rows.append(found)
    return rows


def _can_forget(levels, text, rows, times):
    """Whether all of a text's n-grams occur at least as often as in it, so many times."""
    occur = all(
        row >= 0 and level.occurrences(row) >= times * n_here
        for k, (level, starts) in enumerate(zip(levels, rows, strict=False))
        for row, n_here in Counter(starts if k else starts[1:]).items()
    )
    return occur and (text[-1] == BOUNDARY or _may_stop(levels, rows, times))


def _may_stop(levels, rows, times):
    """Whether a text of which no end is known was learned so: nothing came after it."""
    for level, longer, starts in zip(levels, levels[1:], rows, strict=False):
        went_on = map(longer.occurrences, longer.children(starts[-1]).tolist())
        if level.occurrences(starts[-1]) < sum(went_on) + times:
            return False
    return True


def _count(levels, text, rows, by):
    """Let the n-grams of a text occur more often, or less.

    Parameters
    ----------
    levels : list of OnlineLevel
    text : list of int
        Its ids, boundaries included.
    rows : list of list of int
        What `_find_rows` gave.
    by : int
        How many times more; below 0, how many times less.
    """
    for k, starts in enumerate(rows, start=1):
        level = levels[k - 1]
        times = Counter(starts)
        if k == 1:
            times[BOUNDARY] -= 1  # an opening boundary is not predicted
        place = dict(zip(starts, range(len(starts)), strict=True))
        for row, n_times in times.items():
            at = place[row]
            opens = k > 1 and text[at] == BOUNDARY
            appears = level.change(row, by * n_times, opens)
            if appears and k > 1:
                _continue(
                    levels[k - 2], k - 1, rows[k - 2][at + 1], text[at + 1], appears
                )


def _continue(level, k, row, first_word, by):
    """One more word was seen before an n-gram of order k, or one less."""
    if level.continued and (k == 1 or first_word != BOUNDARY):
        level.change_continuations(row, by)
