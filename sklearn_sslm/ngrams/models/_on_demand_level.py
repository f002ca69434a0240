"""One order's n-grams, of which nothing is worked out before it is asked for."""

import numpy as np

from ._family import Family

_FEW = 16
"""Draws that are made one by one, from children at hand, and not all at once."""

_MOST_CACHED = 1 << 20
"""Children of contexts that are kept at hand."""


class Column:
    """Numbers that are worked out when asked for, with an array's face.

    Parameters
    ----------
    at, item : callable
        Take an ndarray of rows, or one row, and give their numbers.
    """

    def __init__(self, at, item):
        self._at = at
        self.item = item

    def __getitem__(self, row):
        return self._at(row)


class OnDemandLevel:
    """The n-grams of one order with the counts that a smoothing works on.

    It has the face of `SmoothedLevel`, and never looks at more than the children of
    the contexts it is asked about.

    Parameters
    ----------
    base : Level or CompactLevel
        The n-grams, sorted.
    count : ndarray or PackedIntegers of shape (n_sorted,)
        The counts of these that the smoothing works on.

    Attributes
    ----------
    count : Column
        As in `SmoothedLevel`, int64.
    """

    def __init__(self, base, count):
        self.base = base
        self._sorted_counts = count
        self._families = {}
        self._n_cached = 0

    def __len__(self):
        return len(self.base)

    @property
    def count(self):
        # As an attribute it would keep its level, and this all n-grams: a circle, which
        # may stay in memory long after its last use.
        return Column(self._counts_at, self.count_of)

    def count_of(self, row):
        """The count of one n-gram that the smoothing works on."""
        return self._sorted_counts.item(row)

    def _counts_at(self, row):
        return self._sorted_counts[row].astype(np.int64)

    def draw(self, context, chance):
        """Draw an n-gram of each context by its count, as `SmoothedLevel.draw`."""
        if len(context) <= _FEW:
            return self._draw_each(context, chance)
        child, offset = np.empty(len(context), dtype=np.int64), np.empty(len(context))
        unique, place = np.unique(context, return_inverse=True)
        changed = self._is_changed(unique)[place]
        child[changed], offset[changed] = self._draw_each(
            context[changed], chance[changed]
        )
        child[~changed], offset[~changed] = self._draw_sorted(
            context[~changed], chance[~changed]
        )
        return child, offset

    def _draw_each(self, context, chance):
        drawn = [
            self.draw_one(*pair)
            for pair in zip(context.tolist(), chance.tolist(), strict=True)
        ]
        child, offset = zip(*drawn, strict=True) if drawn else ((), ())
        return np.array(child, dtype=np.int64), np.array(offset, dtype=float)

    def _draw_sorted(self, context, chance):
        """`draw` from contexts none of whose children changed."""
        unique, place = np.unique(context, return_inverse=True)
        rows, bounds = self.sorted_rows(unique)
        sums = _sums(self._counts_at(rows))
        start = sums[bounds[:-1]][place]
        total = sums[bounds[1:]][place] - start
        drawn = chance * total
        nth = np.searchsorted(sums, start + drawn.astype(np.int64), "right") - 1
        return rows[nth], drawn + (start - sums[nth])

    def draw_one(self, context, chance):
        """`draw` for Python numbers."""
        return self.family(context).draw(chance)

    def statistics(self, context):
        """`total`, `types`, `ones` and `twos` of some contexts.

        Parameters
        ----------
        context : ndarray of shape (n_contexts,), int

        Returns
        -------
        ndarray of shape (4, n_contexts), int64
        """
        unique, place = np.unique(context, return_inverse=True)
        at_hand = [context in self._families for context in unique.tolist()]
        at_hand = np.array(at_hand, dtype=bool) | self._is_changed(unique)
        table = np.zeros((4, len(unique)), dtype=np.int64)
        table[:, ~at_hand] = self._sorted_statistics(unique[~at_hand])
        for column in np.flatnonzero(at_hand):
            table[:, column] = self.family(int(unique[column])).statistics
        return table[:, place]

    def _sorted_statistics(self, context):
        """`statistics` of contexts none of whose children changed."""
        rows, bounds = self.sorted_rows(context)
        count = self._sorted_counts[rows]
        parts = count, count > 0, count == 1, count == 2
        return [np.diff(_sums(part)[bounds]) for part in parts]

    def sorted_rows(self, context):
        """The children of contexts, one after the other, and where each begins."""
        first = self.base.first_child[context].astype(np.int64)
        sizes = self.base.first_child[context + 1] - first
        bounds = _sums(sizes)
        rows = np.arange(bounds[-1])
        rows += np.repeat(first - bounds[:-1], sizes)
        return rows, bounds

    def _is_changed(self, context):
        """Whether the children of contexts are not those that were sorted."""
        return np.zeros(len(context), dtype=bool)

    def family(self, context):
        """The children of one context."""
        family = self._families.get(context)
        if family is None:
            family = self._families[context] = self._make_family(context)
            self._make_room(len(family.row))
        return family

    def _make_family(self, context):
        row = self.base.children(context)
        word = self.base.word_at(row).astype(np.int64)
        return Family(row, word, self._counts_at(row))

    def _make_room(self, size):
        self._n_cached += size
        if self._n_cached > _MOST_CACHED:
            self._families.clear()
            self._n_cached = 0


def _sums(values):
    """Sums of all values before each place, and of all at the end."""
    sums = np.zeros(len(values) + 1, dtype=np.int64)
    np.cumsum(values, out=sums[1:])
    return sums
