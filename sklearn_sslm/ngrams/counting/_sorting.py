"""Sorting of the n-grams of a stream, one order after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

WORD_BITS = 32
"""Number of low bits of the key of an n-gram with its last word; the others its context."""

_BITS = 64
"""Bits of the integers that are sorted."""

BLOCK = 1 << 20
"""Positions of a block: few enough for the processor's cache."""


class NGramSorter:
    """The positions of a stream, sorted by the n-grams that start there.

    An n-gram is a pair of the row of its first k − 1 words and its last word. The pairs
    are sorted as integers, so that equal n-grams are adjacent. The position is a part of
    these integers, since sorting integers is several times as fast as sorting indices by
    them: the position in the stream, or if this needs too many bits, that in a block of
    contexts.

    Parameters
    ----------
    stream : TokenStream
    n : int
        The highest order.
    n_threads : int, default=1
        Number of threads; each works on a block of positions.

    Attributes
    ----------
    k : int
        The current order, 1 at first.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_sslm.ngrams import TokenStream
    >>> stream = TokenStream.from_texts(np.array([1, 2, 1, 2]), np.array([4]))
    >>> stream.ids
    array([0, 1, 2, 1, 2, 0], dtype=int32)
    >>> windows = NGramSorter(stream, 2)
    >>> key, count, suffix, first_child, _ = windows.next_order(3)
    >>> (key >> WORD_BITS).tolist(), (key % (1 << WORD_BITS)).tolist(), count.tolist()
    ([0, 1, 2, 2], [1, 2, 0, 1], [1, 2, 1, 1])
    >>> windows.row_at()[:-1]  # no bigram starts at the end
    array([0, 1, 3, 1, 2], dtype=int32)
    """

    def __init__(self, stream, n, n_threads=1):
        self.k = 1
        self._ids = stream.ids
        self._weights = stream.position_weights
        self._room = stream.room(n)
        self._is_given: np.ndarray | None = None
        if stream.n_given is not None:
            self._is_given = stream.is_given()
        self._n_threads = n_threads
        self._at_bits = len(stream.ids).bit_length()
        self._at = np.empty(len(stream.ids), dtype=np.uint32)
        self._pairs = np.empty(len(stream.ids), dtype=np.uint64)
        # Whether a sorted pair differs from the one before it.
        self._is_head = np.zeros(0, dtype=bool)
        self._row_at = stream.ids  # a word's row is its id

    @property
    def starts(self):
        """The positions where n-grams start, sorted by row; not for order 1."""
        return self._at

    @property
    def first_start(self):
        """The index in `starts` of the first position of each n-gram, and their number."""
        begins = np.flatnonzero(self._is_head)
        return np.append(begins, len(self._is_head)).astype(np.int32)

    def row_at(self):
        """The row of the n-gram at each position, int32; undefined where none starts."""
        if self._row_at is None:
            self._row_at = np.zeros_like(self._ids)
            self._for_rows(lambda at, row: self._row_at.__setitem__(at, row))
        return self._row_at

    def scatter(self, values, out):
        """Write the value of each n-gram to the positions of its last word."""
        shift = self.k - 1
        if self.k == 1:
            out[:] = values[self._ids]
        else:
            self._for_rows(lambda at, row: out.__setitem__(at + shift, values[row]))

    def next_order(self, n_contexts):
        """Sort the n-grams of the next higher order.

        Parameters
        ----------
        n_contexts : int
            Number of n-grams of the current order, which become contexts.

        Returns
        -------
        key : ndarray of shape (n_ngrams,), int64
        count, suffix : ndarray of shape (n_ngrams,), int32
        first_child : ndarray of shape (n_contexts + 1,), int32
        given : ndarray of shape (n_ngrams,), int32, or None
            The fields of the next `Level`.
        """
        row_at, self._row_at = self.row_at(), None
        self.k += 1
        bits = int(self._ids.max()).bit_length()
        pairs = self._sorted_pairs(row_at, (n_contexts - 1).bit_length(), bits)
        self._is_head = _heads(pairs)
        n_ngrams = int(np.count_nonzero(self._is_head))
        key = np.empty(n_ngrams, dtype=np.int64)
        suffix = np.empty(n_ngrams, dtype=np.int32)
        start = np.empty(n_ngrams + 1, dtype=np.int32)
        start[-1] = len(pairs)

        def read(part, before, n_heads):
            rows = slice(before, before + n_heads)
            heads = np.flatnonzero(self._is_head[part])
            heads += part.start
            start[rows] = heads
            suffix[rows] = row_at[1:].take(self._at[heads])
            pair = pairs[heads].view(np.int64)
            key[rows] = pair >> bits << WORD_BITS | pair & ((1 << bits) - 1)

        self._for_blocks(read, self._is_head)
        count, given = self._counts(start), self._count_given(n_ngrams)
        if given is not None:
            count -= given
        first = first_children(key, n_contexts, self._n_threads)
        return key, count, suffix, first, given

    def _counts(self, start):
        """The count of each n-gram, given the start of its run of equal pairs.

        starts [0, 2, 3] -> counts [2, 1]; of weights [1, 4, 2] -> [5, 2]
        """
        if self._weights is not None:
            weights = self._weights.take(self._at)
            return np.add.reduceat(weights, start[:-1], dtype=np.int32)
        for rows in blocks(len(start) - 1):
            start[rows] = start[rows.start + 1 : rows.stop + 1] - start[rows]
        return start[:-1]

    def _count_given(self, n_ngrams):
        """The count of each n-gram that ends within messages; None without messages."""
        if self._is_given is None:
            return None
        given = np.zeros(n_ngrams, dtype=np.int32)
        for part, before, _ in self._blocks(self._is_head):
            row = np.cumsum(self._is_head[part], dtype=np.int32)
            at = self._at[part]
            times = self._is_given[at + (self.k - 1)].astype(np.int32)
            if self._weights is not None:
                times *= self._weights[at]
            counts = np.bincount(row - row[0], times).astype(np.int32)
            first = row[0] + before - 1  # a run may extend over two blocks
            given[first : first + len(counts)] += counts
        return given

    def _sorted_pairs(self, row_at, context_bits, word_bits):
        """Sort the pairs of all windows of `k` words together with their positions."""
        is_whole = self._room >= self.k
        if context_bits + word_bits + self._at_bits > _BITS:
            if self.k == 2:  # sort the contexts, which are words
                words = self._sorted(self._room >= 1, self._ids.take)
                self._is_head = _heads(words)
            return self._sorted_by_context(row_at, is_whole, word_bits)

        def pair(at):
            pair = row_at[at].astype(np.uint64)
            pair <<= word_bits
            pair |= self._ids[at + (self.k - 1)].view(np.uint32)
            return pair

        return self._sorted(is_whole, pair)

    def _sorted(self, is_wanted, value):
        """The values at all positions wanted, sorted, and these positions with them.

        A value and a position together must fit into one integer.
        """
        n_wanted = int(np.count_nonzero(is_wanted))
        self._at, values = self._at[:n_wanted], self._pairs[:n_wanted]
        at_bits = self._at_bits

        def pack(part, before, n):
            at = np.flatnonzero(is_wanted[part])
            at += part.start
            packed = value(at).astype(np.uint64, copy=False)
            packed <<= at_bits
            packed |= at.view(np.uint64)
            values[before : before + n] = packed

        def unpack(part):
            self._at[part] = values[part] & ((1 << at_bits) - 1)
            values[part] >>= at_bits

        self._for_blocks(pack, is_wanted)
        bounds = [n_wanted * i // self._n_threads for i in range(self._n_threads + 1)]
        if self._n_threads > 1:
            values.partition(bounds[1:-1])
        self._each(lambda ends: values[slice(*ends)].sort(), pairwise(bounds))
        self._each(unpack, blocks(n_wanted))
        return values

    def _sorted_by_context(self, row_at, is_whole, word_bits):
        """As `_sorted_pairs`, where a pair and its position do not fit into one integer.

        The order before has the positions of each context side by side. So windows are
        sorted in blocks of whole contexts, in which contexts and positions are numbered
        from 0 on.
        """
        parts = list(self._blocks_of_contexts(_BITS - word_bits))
        before, is_kept = self._at, np.empty(len(self._at), dtype=bool)

        def n_whole(part):
            is_kept[part] = is_whole.take(before[part])
            return int(np.count_nonzero(is_kept[part]))

        counts = self._each(n_whole, parts)
        ends = np.cumsum(counts).tolist()
        self._at, pairs = np.empty(sum(counts), np.uint32), self._pairs[: sum(counts)]

        def sort(part, end, n):
            at, is_head, whole = before[part], self._is_head[part], is_kept[part]
            # Contexts have consecutive rows, but not every id is that of a word in the texts.
            rows = row_at.take(at[is_head] if self.k == 2 else at[:1]).astype(np.uint64)
            context = (np.cumsum(is_head, dtype=np.int32) - 1)[whole]
            at, bits = at[whole], max(n - 1, 0).bit_length()
            pair = context.astype(np.uint64) << word_bits
            pair |= self._ids.take(at + (self.k - 1)).view(np.uint32)
            pair <<= bits
            pair |= np.arange(n, dtype=np.uint64)
            pair.sort()
            self._at[end - n : end] = at.take((pair & ((1 << bits) - 1)).view(np.int64))
            pair >>= bits
            if self.k == 2:
                context = rows.take((pair >> word_bits).view(np.int64)) << word_bits
                pairs[end - n : end] = context | pair & ((1 << word_bits) - 1)
            else:
                np.add(pair, rows << word_bits, out=pairs[end - n : end])

        self._each(lambda args: sort(*args), zip(parts, ends, counts, strict=True))
        return pairs

    def _blocks_of_contexts(self, n_bits):
        """Slices of the sorted positions, each with whole contexts.

        A slice with several contexts is so short that the numbers of a context and of a
        position within the slice together take at most `n_bits`.
        """
        start = 0
        while start < len(self._at):
            stop = start + min(BLOCK, 1 << n_bits // 2)
            heads = np.flatnonzero(self._is_head[start + 1 : stop + 1])
            if stop >= len(self._at):
                stop = len(self._at)
            elif len(heads):  # back to where a context begins
                stop = start + 1 + int(heads[-1])
            else:  # on to where the next one begins
                rest = self._is_head[stop:]
                stop += int(rest.argmax()) if rest.any() else len(rest)
            yield slice(start, stop)
            start = stop

    def _for_rows(self, use):
        """Call `use(positions, rows)` for each block of n-grams."""

        def call(part, before, _):
            row = np.cumsum(self._is_head[part], dtype=np.int32)
            row += before - 1
            use(self._at[part], row)

        self._for_blocks(call, self._is_head)

    def _for_blocks(self, use, mask):
        """Call `use(block, n_before, n)` for each block, with counts of a mask.

        `n` is the number of True values in the block, `n_before` that before it.
        """
        self._each(lambda args: use(*args), self._blocks(mask))

    def _blocks(self, mask):
        """The arguments of `use`, as `_for_blocks` documents them."""
        parts = list(blocks(len(mask)))
        counts = [int(np.count_nonzero(mask[part])) for part in parts]
        return zip(parts, accumulate(counts, initial=0), counts, strict=False)

    def _each(self, use, items):
        return list(for_each(use, items, self._n_threads))


def _heads(values):
    """Whether each of some sorted values differs from the one before it."""
    is_head = np.ones(len(values), dtype=bool)
    np.not_equal(values[1:], values[:-1], out=is_head[1:])
    return is_head


def for_each(
    use: Callable[[Any], Any], items: Iterable[Any], n_threads: int = 1
) -> Iterator[Any]:
    """Yield the result of a function for each item, computed ahead in threads.

    Parameters
    ----------
    use : callable
    items : iterable
    n_threads : int, default=1
        Number of threads that call `use`.

    Yields
    ------
    object

    Examples
    --------
    >>> list(for_each(abs, [-1, 2], n_threads=2))
    [1, 2]
    """
    if n_threads > 1:
        items = list(items)
        n_threads = min(n_threads, len(items))
    if n_threads <= 1:  # threads take longer to start than one item of a short text
        yield from map(use, items)
        return
    with ThreadPoolExecutor(n_threads) as pool:
        yield from pool.map(use, items)


def blocks(size: int, block: int = BLOCK) -> Iterator[slice]:
    """The slices of an array of some size, each of at most `block` entries.

    >>> list(blocks(5, 3))
    [slice(0, 3, None), slice(3, 5, None)]
    """
    for start in range(0, size, block):
        yield slice(start, min(start + block, size))


def first_children(
    key: NDArray, n_contexts: int, n_threads: int = 1
) -> NDArray[np.int32]:
    """The row of the first child of each context, given sorted keys.

    >>> import numpy as np
    >>> first_children(np.array([0, 0, 2]) << WORD_BITS, 4)
    array([0, 2, 2, 3, 3], dtype=int32)
    """
    first = np.zeros(n_contexts + 1, dtype=np.int32)

    def fill(part):
        # Contexts [4, 4, 6] after a row of context 3 -> children [0, 2, 0, 1] of 3 to 6,
        # so that those of 4, 5 and 6 begin 0, 2 and 2 rows after the start of the part.
        context = key[part] >> WORD_BITS
        before = key[part.start - 1] >> WORD_BITS if part.start else 0
        ends = np.cumsum(np.bincount(context - before)[:-1])
        first[before + 1 : context[-1] + 1] = ends + part.start

    list(for_each(fill, blocks(len(key)), n_threads))
    if len(key):
        first[(key[-1] >> WORD_BITS) + 1 :] = len(key)
    return first
