"""One order's n-grams, of which some changed since they were sorted."""

import numpy as np

from ..counting import WORD_BITS, pack
from ._count_model import NO_IDS
from ._family import Family
from ._on_demand_level import Column, OnDemandLevel


class OnlineLevel(OnDemandLevel):
    """The n-grams of one order: arrays that stay as they are, and what changed since.

    It has the faces of `Level` and of `SmoothedLevel`. New n-grams get the rows after
    the sorted ones; those that were forgotten keep theirs, with a count of 0, and are
    found no more.

    Parameters
    ----------
    base : Level
        The n-grams as they were sorted.
    count : ndarray of shape (n_sorted,), int
        The counts of these that the smoothing works on.
    counts_of_counts : ndarray of shape (5,), int
        How many of them have count 0, 1, 2, 3 and 4.
    continued : bool
        Whether the smoothing works on continuation counts here.

    Attributes
    ----------
    n_seen : int
        How many n-grams there are, not counting those that were forgotten.
    count, suffix : Column
        As in `SmoothedLevel` and in `Level`.
    """

    def __init__(self, base, count, counts_of_counts, continued):
        super().__init__(base, count)
        self.continued = continued
        self.counts_of_counts = counts_of_counts.copy()
        self.n_seen = len(base)
        self._n_sorted = len(base)
        self._n_contexts = len(base.first_child) - 1
        self._rows = {}  # of the new n-grams, by context and word
        self._new = []  # their contexts, words and suffixes
        self._occurrences = {}  # by row, where they changed
        self._counts = {} if continued else self._occurrences
        self._gone = set()  # rows with a count of 0
        self._changed = {}  # for each context the rows of changed children, by word
        self._n_children = {}  # of these contexts

    def __len__(self):
        return self._n_sorted + len(self._new)

    @property
    def suffix(self):
        return Column(self._suffixes_at, self._suffix_of)

    # What Level answers.

    def find(self, context, word):
        """Rows of the n-grams (context, word), −1 where there is none."""
        row = self.any_rows(context, word)
        if self._gone:
            row[[found in self._gone for found in row.tolist()]] = -1
        return row

    def find_one(self, context, word):
        """`find` for Python numbers."""
        row = self.any_row(context, word)
        return -1 if row in self._gone else row

    def word_at(self, row):
        """Ids of the last words of some rows, int32."""
        word = self.base.word_at(np.minimum(row, self._n_sorted - 1))
        for place in self._new_among(row):
            _, word[place], _ = self._new[row[place] - self._n_sorted]
        return word

    def word_at_one(self, row):
        """`word_at` for a Python number."""
        return self._context_and_word(row)[1]

    def children(self, context):
        """Rows of the n-grams that go on from one context, in the order of words."""
        if context in self._changed:
            return self.family(context).seen
        if context >= self._n_contexts:
            return NO_IDS
        return self.base.children(context)

    def has_children(self, context):
        """Whether some contexts are seen with a word after them."""
        has = context < self._n_contexts
        has[has] = self.base.has_children(context[has])
        if self._n_children:
            for place, n in enumerate(map(self._n_children.get, context.tolist())):
                if n is not None:
                    has[place] = n > 0
        return has

    def has_child(self, context):
        """`has_children` for a Python number."""
        n_children = self._n_children.get(context)
        if n_children is not None:
            return n_children > 0
        return context < self._n_contexts and self.base.has_child(context)

    def _suffixes_at(self, row):
        suffix = self.base.suffix[np.minimum(row, self._n_sorted - 1)].astype(np.int64)
        for place in self._new_among(row):
            *_, suffix[place] = self._new[row[place] - self._n_sorted]
        return suffix

    def _suffix_of(self, row):
        if row < self._n_sorted:
            return self.base.suffix.item(row)
        return self._new[row - self._n_sorted][2]

    def _new_among(self, row):
        return np.flatnonzero(row >= self._n_sorted).tolist() if self._new else ()

    # What SmoothedLevel answers.

    def _counts_at(self, row):
        count = np.zeros(len(row), dtype=np.int64)
        is_sorted = row < self._n_sorted
        count[is_sorted] = self._sorted_counts[row[is_sorted]]
        if self._counts:
            for place, value in enumerate(map(self._counts.get, row.tolist())):
                if value is not None:
                    count[place] = value
        return count

    def count_of(self, row):
        """The count of one n-gram that the smoothing works on."""
        if row in self._counts or row >= self._n_sorted:
            return self._counts.get(row, 0)
        return super().count_of(row)

    def _is_changed(self, context):
        changed = map(self._changed.__contains__, context.tolist())
        return np.fromiter(changed, bool, len(context)) | (context >= self._n_contexts)

    def _make_family(self, context):
        if context >= self._n_contexts:
            family = Family(NO_IDS, NO_IDS, NO_IDS)
        else:
            family = super()._make_family(context)
        for new_word, new_row in self._changed.get(context, {}).items():
            if new_row >= self._n_sorted:
                family.put(new_row, new_word, self._counts[new_row])
        return family

    # How it changes.

    def any_rows(self, context, word):
        """As `find`, but n-grams that were forgotten are found too."""
        row = self.base.find(context, word).astype(np.int64)
        if self._rows:
            missing = np.flatnonzero(row < 0)
            keys = pack(np.broadcast_to(context, row.shape)[missing], word[missing])
            row[missing] = [self._rows.get(key, -1) for key in keys.tolist()]
        return row

    def any_row(self, context, word):
        """`any_rows` for Python numbers."""
        row = self._rows.get(context << WORD_BITS | word)
        return self.base.find_one(context, word) if row is None else row

    def add(self, context, word, suffix):
        """The row of a new n-gram, which has a count of 0 for now."""
        known = self._rows.get(context << WORD_BITS | word)
        if known is not None:
            return known
        row = len(self)
        self._new.append((context, word, suffix))
        self._rows[context << WORD_BITS | word] = row
        self._occurrences[row] = self._counts[row] = 0
        self._gone.add(row)
        return row

    def change(self, row, by, opens):
        """Let an n-gram occur more often, or less.

        Parameters
        ----------
        row, by : int
        opens : bool
            Whether the n-gram starts a text, so that it keeps its own count.

        Returns
        -------
        int
            1 if it is new now, −1 if it is gone, else 0.
        """
        before = self.occurrences(row)
        after = self._occurrences[row] = before + by
        if opens or not self.continued:
            self._put_count(row, before, after)
        return (after > 0) - (before > 0)

    def change_continuations(self, row, by):
        """Let an n-gram have more different words before it, or fewer."""
        before = self.count_of(row)
        self._put_count(row, before, before + by)

    def occurrences(self, row):
        """How often one n-gram occurs."""
        if row in self._occurrences or row >= self._n_sorted:
            return self._occurrences.get(row, 0)
        return self.base.count.item(row)

    def _put_count(self, row, before, count):
        self._counts[row] = count
        if 0 < before < 5:
            self.counts_of_counts[before] -= 1
        if 0 < count < 5:
            self.counts_of_counts[count] += 1
        context, word = self._context_and_word(row)
        if context not in self._changed:
            self._changed[context] = {}
            self._n_children[context] = self._n_sorted_children(context)
        self._changed[context][word] = row
        appears = (count > 0) - (before > 0)
        if appears:
            self._n_children[context] += appears
            self.n_seen += appears
            (self._gone.discard if count else self._gone.add)(row)
        if context in self._families:
            self._families[context].put(row, word, count)

    def _n_sorted_children(self, context):
        return len(self.base.children(context)) if context < self._n_contexts else 0

    def _context_and_word(self, row):
        """The row of its context and the id of its last word."""
        if row < self._n_sorted:
            return self.base.context_and_word(row)
        return self._new[row - self._n_sorted][:2]


class OnlineUnigrams(OnlineLevel):
    """The words, where the row of each is its id.

    Parameters
    ----------
    base, count, counts_of_counts, continued
        As in `OnlineLevel`.

    Attributes
    ----------
    n_ids : int
        Ids in use, the boundary included.
    """

    def __init__(self, base, count, counts_of_counts, continued):
        super().__init__(base, count, counts_of_counts, continued)
        self.n_ids = len(base)
        self.n_seen = int(np.count_nonzero(count))

    def __len__(self):
        return self.n_ids

    def reserve(self, n_ids):
        """Let there be at least so many ids."""
        self.n_ids = max(self.n_ids, n_ids)

    def any_rows(self, context, word):
        return np.where((context == 0) & (word < self.n_ids), word, -1)

    def any_row(self, context, word):
        return word if word < self.n_ids else -1

    def word_at(self, row):
        return row.astype(np.int32)

    def _suffixes_at(self, row):
        return np.zeros_like(row)

    def _suffix_of(self, row):
        return 0

    def _n_sorted_children(self, context):
        return self.n_seen

    def _context_and_word(self, row):
        return 0, row
