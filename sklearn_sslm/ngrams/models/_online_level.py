"""The n-grams of one order, some of which changed since they were sorted."""

from bisect import bisect_left

import numpy as np

from ..counting import WORD_BITS, LevelBase, pack
from ._children_of_one import ChildrenCache, ChildrenOfOne, are_few
from ._columns import LazyArray

_NO_ROWS = np.zeros(0, dtype=np.int64)

_CHANGED = (
    "counts_of_counts",
    "last_before",
    "_children_cache",
    "_rows",
    "_new",
    "_last_new",
    "_new_occurrences",
    "_new_given",
    "_deleted",
    "_statistics",
)
"""The attributes that a change of an n-gram modifies, besides `_new_counts`."""


class OnlineLevel(LevelBase):
    """The n-grams of one order: sorted n-grams, which are not modified, and an overlay.

    New n-grams get the rows after the sorted ones. Forgotten n-grams keep their rows,
    with a count of 0, and are no longer found.

    Parameters
    ----------
    weights : SmoothedWeights
        The n-grams as they were sorted, with the counts that the smoothing works on.
    continued : bool
        Whether the smoothing works on continuation counts here.

    Attributes
    ----------
    base : Level
        The n-grams as they were sorted.
    counts_of_counts : list of int
        How many n-grams have count 0, 1, 2, 3 and 4.
    n_seen : int
        How many n-grams there are, not counting those that were forgotten.
    sorted_weights : SmoothedWeights
        The weights of the n-grams as they were sorted.
    last_before : dict of int to int
        For each suffix of n-grams that changed, the row of the last new one of these;
        −1 if none is new.
    count, adjusted, suffix : LazyArray
        Occurrences, the counts that the smoothing works on, and suffix rows.
    """

    is_plain = False
    followed = None  # `has_children` answers without it

    def __init__(self, weights, continued):
        self.base = base = weights.ngrams
        self.continued = continued
        self.counts_of_counts = weights.counts_of_counts.tolist()
        self.n_seen = len(base) - (_n_given_only(base) if base.has_messages else 0)
        self.sorted_weights = weights
        self._statistics_in_base = weights.statistics_look_up()
        self.last_before: dict[int, int] = {}
        self._find_in_base, _, self._suffix_in_base = base.look_ups()
        self._adjusted = weights.count
        self._n_sorted = len(base)
        self._n_contexts = len(base.first_child) - 1
        self._children_cache = ChildrenCache()
        self._rows: dict[int, int] = {}  # of the new n-grams, by context and word
        # Context, word and suffix of each, and the new n-grams before of its context and
        # of its suffix.
        self._new: list[tuple[int, int, int, int, int]] = []
        self._last_new: dict[int, int] = {}  # of each context
        self._new_occurrences: dict[int, int] = {}  # by row, where they changed
        self._new_counts = {} if continued else self._new_occurrences
        self._new_given: dict[int, int] = {}  # by row, where they changed
        # Which sorted n-grams changed, here or in a copy of this level, and which contexts
        # have changed or new children. For these, the dicts hold the current values.
        self._is_changed = np.zeros(len(base), dtype=bool)
        self._has_changed = np.zeros(self._n_contexts + 1, dtype=bool)
        self._has_changed[-1] = True  # stands for all new contexts
        self._deleted: set[int] = set()  # rows with a count of 0
        # Total, types, ones and twos of contexts whose children changed.
        self._statistics: dict[int, tuple[int, int, int, int]] = {}

    def copy(self):
        """A copy that can be changed while other threads read this level."""
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__)
        for name in _CHANGED:
            setattr(other, name, getattr(self, name).copy())
        other._new_counts = (
            self._new_counts.copy() if self.continued else other._new_occurrences
        )
        return other

    def __len__(self):
        return self._n_sorted + len(self._new)

    @property
    def has_messages(self):
        """See `LevelBase`."""
        return self.base.has_messages

    # Properties: a column refers to its level, and if the level referred to the column,
    # the circle would keep all n-grams in memory long after their last use.

    @property
    def count(self):
        return LazyArray(self._occurrences_at, self.occurrences)

    @property
    def adjusted(self):
        return LazyArray(
            self._counts_at, self._look_up(self._adjusted, self._new_counts)
        )

    @property
    def given(self):
        if not self.has_messages:
            return None
        return LazyArray(self._given_at, self.given_count)

    @property
    def suffix(self):
        return LazyArray(self._suffixes_at, self._suffix_of)

    # Finding n-grams and their children.

    def find(self, context, word):
        """Rows of the n-grams (context, word), −1 where there is none."""
        row = self.find_with_deleted(context, word)
        if self._deleted:
            row[[found in self._deleted for found in row.tolist()]] = -1
        return row

    def find_one(self, context, word):
        """`find` for Python numbers."""
        row = self.find_one_with_deleted(context, word)
        return -1 if row in self._deleted else row

    def find_with_deleted(self, context, word):
        """`find`, with the rows of forgotten n-grams, too."""
        row = self.base.find(context, word).astype(np.int64)
        if self._rows:
            missing = np.flatnonzero(row < 0)
            contexts = np.broadcast_to(context, row.shape)[missing]
            may_be_new = self.changed_among(contexts)
            missing = missing[may_be_new]
            keys = pack(contexts[may_be_new], word[missing])
            row[missing] = [self._rows.get(key, -1) for key in keys.tolist()]
        return row

    def find_one_with_deleted(self, context, word):
        """`find_with_deleted` for Python numbers."""
        row = self._rows.get(context << WORD_BITS | word)
        if row is not None:
            return row
        return self._find_in_base(context, word) if context < self._n_contexts else -1

    def look_ups(self):
        # As `find_one`, `has_child` and `_suffix_of`, which ask for attributes each time.
        rows, new, deleted = self._rows, self._new, self._deleted
        statistics, n_sorted = self._statistics, self._n_sorted
        n_contexts = self._n_contexts
        find_in_base, has_child_in_base, suffix_in_base = self.base.look_ups()

        def find(context, word):
            row = rows.get(context << WORD_BITS | word)
            if row is None:
                row = find_in_base(context, word) if context < n_contexts else -1
            return -1 if row in deleted else row

        def has_child(context):
            known = statistics.get(context)
            if known is None:
                return context < n_contexts and has_child_in_base(context)
            return known[1] != 0

        def suffix(row):
            return suffix_in_base(row) if row < n_sorted else new[row - n_sorted][2]

        return find, has_child, suffix

    def word_at(self, row):
        """Ids of the last words of some rows, int32."""
        word = self.base.word_at(np.minimum(row, self._n_sorted - 1))
        return self._with_new(word, row, 1)

    def word_at_one(self, row):
        """`word_at` for a Python number."""
        return self._context_and_word(row)[1]

    def context_at(self, row):
        """Rows, in the level below, of the first words of some n-grams, int64."""
        context = self.base.context_at(np.minimum(row, self._n_sorted - 1))
        return self._with_new(context.astype(np.int64), row, 0)

    def new_before(self, suffix):
        """Rows of the new n-grams with a suffix, oldest first."""
        rows = []
        row = self.last_before.get(suffix, -1)
        while row >= 0:
            rows.append(row)
            row = self._new[row - self._n_sorted][4]
        return rows[::-1]

    def children(self, context):
        """Rows of the children of one context, in the order of their words."""
        if context in self._statistics:
            return self.children_of(context).seen
        return self.base.children(context) if context < self._n_contexts else _NO_ROWS

    def children_of(self, context):
        """The children of one context, forgotten ones too, as `ChildrenOfOne`."""
        if context < self._n_contexts and context not in self._statistics:
            return self.sorted_weights.children_of(context)  # none of them changed
        return self._children_cache.of(context, self._find_children)

    def _find_children(self, context):
        rows = range(0)
        if context < self._n_contexts:
            rows = self.base.child_range(context)
        new = sorted(self._new_children(context))
        if are_few(len(rows) + len(new)):
            return self._few_children(rows, new)
        row = np.arange(rows.start, rows.stop)
        word = self.base.word_at(row).astype(np.int64)
        children = ChildrenOfOne(row, self._counts_at(row), word)
        if not new:
            return children
        return children.with_counts({w: (r, self.adjusted_count(r)) for w, r in new})

    def _few_children(self, rows, new):
        """The children of a context as lists: sorted ones, and pairs of word and row."""
        count = self._adjusted[rows.start : rows.stop].tolist()
        count = list(map(self._new_counts.get, rows, count))
        if not new:
            return ChildrenOfOne(rows, count)
        row = list(rows)
        word = self.base.word_at(np.array(rows, dtype=np.int64)).tolist()
        for new_word, new_row in new:
            place = bisect_left(word, new_word)
            word.insert(place, new_word)
            row.insert(place, new_row)
            count.insert(place, self.adjusted_count(new_row))
        return ChildrenOfOne(row, count)

    def _new_children(self, context):
        """Words and rows of the new children of a context."""
        row = self._last_new.get(context, -1)
        while row >= 0:
            _, word, _, before, _ = self._new[row - self._n_sorted]
            yield word, row
            row = before

    def statistics_look_up(self):
        """A function that returns total, types, ones and twos of a context."""
        changed, n_contexts = self._statistics.get, self._n_contexts
        in_base = self._statistics_in_base

        def statistics(context):
            found = changed(context)
            if found is not None:
                return found
            return in_base(context) if context < n_contexts else (0, 0, 0, 0)

        return statistics

    def statistics(self, context):
        """`statistics_look_up` for a single call."""
        return self.statistics_look_up()(context)

    def n_children(self, contexts):
        """Number of sorted children of each of some contexts."""
        known = np.where(contexts < self._n_contexts, contexts, 0)
        return np.where(contexts < self._n_contexts, self.base.n_children(known), 0)

    def changed_among(self, contexts):
        """Which contexts are new, or have children that may have changed."""
        return self._has_changed[np.minimum(contexts, self._n_contexts)]

    def rows_of(self, contexts):
        """Rows of the children of some contexts; see `LevelBase`."""
        changed = self.changed_among(contexts)
        if not changed.any():
            return self.base.rows_of(contexts)
        rows, first = self.base.rows_of(contexts[~changed])
        others = [
            np.asarray(self.children_of(context).row, np.int64)
            for context in contexts[changed].tolist()
        ]
        sizes = np.zeros(len(contexts), dtype=np.int64)
        sizes[~changed] = np.diff(first)
        sizes[changed] = list(map(len, others))
        is_changed = np.repeat(changed, sizes)
        both = np.empty(len(is_changed), dtype=np.int64)
        both[~is_changed] = rows
        both[is_changed] = np.concatenate(others)
        return both, np.concatenate([[0], np.cumsum(sizes)])

    def has_children(self, context):
        """Whether each of some contexts has a child that was not forgotten."""
        has = context < self._n_contexts
        has[has] = self.base.has_children(context[has])
        changed = self.changed_among(context)
        unique, place = np.unique(context[changed], return_inverse=True)
        has[changed] = np.array(list(map(self.has_child, unique.tolist())), bool)[place]
        return has

    def has_child(self, context):
        """`has_children` for a Python number."""
        known = self._statistics.get(context)
        if known is not None:
            return known[1] > 0
        return context < self._n_contexts and self.base.has_child(context)

    # What changed.

    def changed(self):
        """Rows of the n-grams that changed, were forgotten, or are new, in rising order."""
        rows = sorted(self._new_occurrences.keys() | self._new_given.keys())
        return np.array(rows, np.int64)

    def changed_statistics(self):
        """The contexts whose children changed, and their current statistics.

        Returns
        -------
        context : ndarray of shape (n_changed,), int64
        statistics : ndarray of shape (4, n_changed), int64
            Total, types, ones and twos.
        """
        context = np.array(list(self._statistics), dtype=np.int64)
        statistics = np.array(list(self._statistics.values()), dtype=np.int64)
        return context, statistics.reshape(-1, 4).T

    # Its columns.

    def occurrences(self, row):
        """How often one n-gram occurs."""
        return self._entry(self.base.count, self._new_occurrences, row)

    def given_count(self, row):
        """How often one n-gram occurs as a context only."""
        if not self.has_messages:
            return 0
        return self._entry(self.base.given, self._new_given, row)

    def adjusted_count(self, row):
        """The count of one n-gram that the smoothing works on."""
        return self._entry(self._adjusted, self._new_counts, row)

    def _occurrences_at(self, row):
        return self._overlaid(self.base.count, self._new_occurrences, row)

    def _given_at(self, row):
        return self._overlaid(self.base.given, self._new_given, row)

    def _counts_at(self, row):
        return self._overlaid(self._adjusted, self._new_counts, row)

    def _entry(self, column, changed, row):
        """`_overlaid` for a Python number."""
        value = changed.get(row)
        if value is None:
            value = column.item(row) if row < self._n_sorted else 0
        return value

    def _look_up(self, column, changed):
        """`_entry` of a column, for many calls."""
        changed, n_sorted, before = changed.get, self._n_sorted, column.item

        def entry(row):
            value = changed(row)
            if value is not None:
                return value
            return before(row) if row < n_sorted else 0

        return entry

    def _overlaid(self, column, changed, row):
        """Current entries of a column; `changed` has those that differ from the sorted ones."""
        is_new = row >= self._n_sorted
        row_in_base = np.where(is_new, 0, row)
        values = column[row_in_base].astype(np.int64)
        values[is_new] = 0
        places = np.flatnonzero(is_new | self._is_changed[row_in_base])
        known = row[places].tolist(), values[places].tolist()
        values[places] = list(map(changed.get, *known))
        return values

    def _suffixes_at(self, row):
        suffix = self.base.suffix[np.minimum(row, self._n_sorted - 1)].astype(np.int64)
        return self._with_new(suffix, row, 2)

    def _suffix_of(self, row):
        if row < self._n_sorted:
            return self._suffix_in_base(row)
        return self._new[row - self._n_sorted][2]

    def _with_new(self, values, row, column):
        """Values of some rows, in which those of new n-grams are replaced by a column of `_new`."""
        if self._new:
            places = np.flatnonzero(row >= self._n_sorted)
            new = (row[places] - self._n_sorted).tolist()
            values[places] = [self._new[j][column] for j in new]
        return values

    # How it changes.

    def rows_of_ngrams(self, ngrams, make):
        """The rows of n-grams, which may be forgotten; −1 where there is none.

        Parameters
        ----------
        ngrams : iterable of (int, int, int)
            Context, word and suffix of each. A context of −1 was never seen.
        make : bool
            Whether a missing n-gram gets a row, with a count of 0 for now.

        Returns
        -------
        list of int
        """
        new, find, n_contexts = self._rows.get, self._find_in_base, self._n_contexts
        rows = []
        for context, word, suffix in ngrams:
            row = new(context << WORD_BITS | word, -1)
            if row < 0 <= context < n_contexts:
                row = find(context, word)
            if row < 0 and make:
                row = self._new_row(context, word, suffix)
            rows.append(row)
        return rows

    def _new_row(self, context, word, suffix):
        row = len(self)
        before = self._last_new.get(context, -1), self.last_before.get(suffix, -1)
        self._new.append((context, word, suffix, *before))
        self._last_new[context] = self.last_before[suffix] = row
        self._has_changed[min(context, self._n_contexts)] = True
        self._rows[context << WORD_BITS | word] = row
        return row

    def change(self, changes, opening):
        """Add to the numbers of occurrences of n-grams.

        Parameters
        ----------
        changes : iterable of (int, int)
            Rows, each once, and what is added.
        opening : int or None
            The row of the n-gram that starts the text, and so keeps its own count.

        Returns
        -------
        list of (int, int)
            Rows of n-grams whose count was 0 and no longer is, with 1, or is 0 now,
            with −1.
        """
        occurrences, in_base = self._new_occurrences, self.base.count.item
        appeared, counts = [], []
        for row, by in changes:
            before = occurrences.get(row)
            if before is None:  # its first change
                before = 0
                if row < self._n_sorted:
                    before = in_base(row)
                    self._is_changed[row] = True
                self.last_before.setdefault(self._suffix_of(row), -1)
            after = occurrences[row] = before + by
            if not before or not after:
                appeared.append((row, (after > 0) - (before > 0)))
            if row == opening or not self.continued:
                counts.append((row, before, after))
        self._put_counts(counts)
        return appeared

    def change_given(self, row, by):
        """Add to how often an n-gram occurs as a context only."""
        self._new_given[row] = self.given_count(row) + by
        if row < self._n_sorted:
            self._is_changed[row] = True
        self._note_deletion(row, self._new_given[row] or self.adjusted_count(row))

    def change_continuations(self, changes):
        """Add to the numbers of different words before n-grams, given rows and numbers."""
        count = self.adjusted.item  # asked just before it changes: a row can come again
        self._put_counts(
            (row, before := count(row), before + by) for row, by in changes
        )

    def _put_counts(self, changes):
        """Set the counts of n-grams, given rows, and counts before and after."""
        statistics_of, n_contexts = self.statistics_look_up(), self._n_contexts
        statistics, counts_of_counts = self._statistics, self.counts_of_counts
        for row, before, count in changes:
            context, word = self._context_and_word(row)
            total, types, ones, twos = statistics_of(context)
            self._has_changed[min(context, n_contexts)] = True
            appears = (count > 0) - (before > 0)
            statistics[context] = (
                total + count - before,
                types + appears,
                ones + (count == 1) - (before == 1),
                twos + (count == 2) - (before == 2),
            )
            self._new_counts[row] = count
            if row < self._n_sorted:
                self._is_changed[row] = True
            if 0 < before < 5:
                counts_of_counts[before] -= 1
            if 0 < count < 5:
                counts_of_counts[count] += 1
            if appears:
                self.n_seen += appears
                self._note_deletion(row, count or self.given_count(row))
            self._children_cache.set_count(context, row, word, count)

    def _note_deletion(self, row, occurs):
        """Record whether an n-gram still occurs; `find` omits those that do not."""
        (self._deleted.discard if occurs else self._deleted.add)(row)

    def _context_and_word(self, row):
        """The row of its context and the id of its last word."""
        if row < self._n_sorted:
            return self.base.context_and_word(row)
        return self._new[row - self._n_sorted][:2]


def _n_given_only(level):
    """How many n-grams are in messages only."""
    return len(level) - int(np.count_nonzero(level.count))
