"""The one lexicographic sort that every order of n-grams is read from."""

from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

_BLOCK = 1 << 18  # positions sorted together, so few that they stay in the cache


class SortedWindows(NamedTuple):
    """The positions of a stream, sorted by the words that start there.

    Attributes
    ----------
    order : ndarray of shape (n_positions,), int32
        The positions, sorted.
    alike : ndarray of shape (n_positions,), uint
        How many leading words each sorted window shares with the one before it.
        The first shares none.
    room : ndarray of shape (n_positions,), uint
        How many words each sorted window has, at most n.
    """

    order: np.ndarray
    alike: np.ndarray
    room: np.ndarray


def sort_windows(stream, n, n_threads=1):
    """Sort the positions of a stream by the `n` words that start there.

    A window ends with its text: positions that have fewer words before them come
    first among those that begin alike.

    Parameters
    ----------
    stream : TokenStream
    n : int
        Words a window has at most.
    n_threads : int, default=1
        Blocks that are sorted at the same time.

    Returns
    -------
    SortedWindows

    Notes
    -----
    Positions are first put into blocks by their first word. In a block, as many words
    as fit are packed into one 63-bit integer, so one ``argsort`` compares several words
    at once. Where they do not all fit, the rank of the words sorted so far becomes the
    first part of the next integer.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_sslm.ngrams._token_stream import TokenStream
    >>> stream = TokenStream.from_texts(np.array([1, 2, 1, 2]), np.array([4]))
    >>> stream.ids
    array([0, 1, 2, 1, 2, 0], dtype=int32)
    >>> windows = sort_windows(stream, 3)
    >>> windows.order
    array([5, 0, 3, 1, 4, 2], dtype=int32)
    >>> windows.alike
    array([0, 1, 0, 2, 0, 1], dtype=uint8)
    """
    room = stream.room(n)
    packed = _pack(stream.ids, room)
    order, bounds = _blocks(stream.ids)
    alike = np.zeros(len(order), dtype=room.dtype)

    def sort(low, high):
        block = order[low:high]
        place, alike[low:high] = _sort_block(packed, room, block, n)
        order[low:high] = block[place]

    with ThreadPoolExecutor(n_threads) as pool:
        list(pool.map(sort, bounds[:-1], bounds[1:]))
    return SortedWindows(order, alike, room[order])


class _Packed(NamedTuple):
    """The next words of every position in one integer, the first one highest.

    Each is one more than its id, so that 0 can stand for "the text has ended before".
    """

    words: np.ndarray
    width: int
    bits: int

    def take(self, positions, most):
        """The next words of some positions, at most so many."""
        words = self.words.take(positions, mode="clip")
        unwanted = self.width - most
        return words >> (unwanted * self.bits) if unwanted > 0 else words


def _pack(ids, room):
    """Pack as many words as fit into 63 bits, and leave room for the rank of others."""
    bits = int(ids.max() + 1).bit_length()
    width = min(int(room.max()), max(63 // bits, 1))
    words = np.zeros(len(ids), dtype=np.int64)
    for offset in range(width):
        words <<= bits
        inside = room[: len(ids) - offset] > offset
        words[: len(ids) - offset] |= (ids[offset:] + 1) * inside
    return _Packed(words, width, bits)


def _blocks(ids):
    """Positions grouped by first word, and where blocks of them begin and end."""
    if len(ids) <= _BLOCK:
        return np.arange(len(ids), dtype=np.int32), [0, len(ids)]
    shift = max(int(ids.max()).bit_length() - 16, 0)
    group = (ids >> shift).astype(np.uint16)  # so short a number is sorted by radix
    order = np.argsort(group, kind="stable").astype(np.int32)
    ends = np.cumsum(np.bincount(group))
    last = np.searchsorted(ends, np.arange(_BLOCK, len(ids), _BLOCK))
    return order, np.unique(np.concatenate([[0], ends[last], ends[-1:]])).tolist()


def _sort_block(packed, room, block, n):
    """Sort some positions; return their places in the block, and what they share."""
    bits = packed.bits
    block_room = room[block]
    done, n_ranks = 0, 1
    rank = np.zeros(len(block), dtype=np.int64)
    alike_of_rank = np.zeros(1, dtype=room.dtype)
    while True:
        width = (63 - (n_ranks - 1).bit_length()) // bits
        width = min(n - done, width, packed.width)
        key = packed.take(block + done, width)
        if done:
            key *= block_room > done
            key |= rank << (width * bits)
        place = np.argsort(key)
        key = key[place]
        alike = _words_alike(key, bits, done, width, alike_of_rank)
        done += width
        if done == n:
            return place, alike
        heads = alike < done
        heads[0] = True
        rank[place] = np.cumsum(heads) - 1
        alike_of_rank = alike[heads]
        n_ranks = len(alike_of_rank)


def _words_alike(key, bits, done, width, alike_of_rank):
    """Leading words that each sorted key shares with the one before it."""
    differs = np.empty_like(key)
    differs[0] = -1
    np.bitwise_xor(key[1:], key[:-1], out=differs[1:])
    alike = np.full(len(key), done, dtype=alike_of_rank.dtype)
    for shift in range(0, width * bits, bits):
        alike += (differs >> shift) == 0
    new_rank = (differs >> (width * bits)) != 0
    alike[new_rank] = alike_of_rank[key[new_rank] >> (width * bits)]
    return alike
