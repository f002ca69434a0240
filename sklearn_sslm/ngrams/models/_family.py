"""The n-grams that go on from one context."""

import numpy as np


class Family:
    """The children of one context, in the order of their words.

    Parameters
    ----------
    row, word, count : ndarray of shape (n_children,), int64
        Row, last word and count of each. A child with count 0 is one that was
        forgotten.

    Attributes
    ----------
    total, types, ones, twos : int
        As in `ContextStatistics`.
    """

    def __init__(self, row, word, count):
        self.row = row
        self.word = word
        self.count = count
        self._end = None

    def put(self, row, word, count):
        """Set the count of a child, which may be a new one."""
        place = int(self.word.searchsorted(word))
        if place == len(self.word) or self.word.item(place) != word:
            self.row = np.insert(self.row, place, row)
            self.word = np.insert(self.word, place, word)
            self.count = np.insert(self.count, place, count)
        else:
            self.count[place] = count
        self._end = None

    def _refresh(self):
        end = np.cumsum(self.count)
        self.total = end.item(-1)
        self.types = int(np.count_nonzero(self.count))
        self.ones = int(np.count_nonzero(self.count == 1))
        self.twos = int(np.count_nonzero(self.count == 2))
        self._end = end  # last: other threads look at it first

    @property
    def seen(self):
        """Rows of the children that occur."""
        return self.row[self.count > 0]

    @property
    def statistics(self):
        """`total`, `types`, `ones` and `twos`."""
        if self._end is None:
            self._refresh()
        return self.total, self.types, self.ones, self.twos

    def draw(self, chance):
        """Draw a child by its count.

        Parameters
        ----------
        chance : float
            A random number from [0, 1).

        Returns
        -------
        child : int
            Row of the child drawn.
        offset : float
            Where among its counts the draw fell.
        """
        total, *_ = self.statistics
        place = chance * total
        nth = int(self._end.searchsorted(min(int(place), total - 1), "right"))
        return self.row.item(nth), place - (self._end.item(nth) - self.count.item(nth))
