"""The one lexicographic sort that every order of n-grams is read from."""

import numpy as np


def sort_windows(stream, n):
    """Sort the positions of a stream by the `n` words that start there.

    A window ends with its text: positions that have fewer words before them come
    first among those that begin alike.

    Parameters
    ----------
    stream : TokenStream
    n : int
        Words a window has at most.

    Returns
    -------
    order : ndarray of shape (n_positions,), int
        The positions, sorted.
    alike : ndarray of shape (n_positions,), uint
        How many leading words each sorted window shares with the one before it.
        The first shares none.

    Notes
    -----
    As many words as fit are packed into one 63-bit integer, so one ``argsort``
    compares several words at once. Where they do not all fit, the rank of the
    words sorted so far becomes the first part of the next integer.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_sslm.ngrams._token_stream import TokenStream
    >>> stream = TokenStream.from_texts(np.array([1, 2, 1, 2]), np.array([4]))
    >>> stream.ids
    array([0, 1, 2, 1, 2, 0], dtype=int32)
    >>> order, alike = sort_windows(stream, 3)
    >>> order
    array([5, 0, 3, 1, 4, 2])
    >>> alike
    array([0, 1, 0, 2, 0, 1], dtype=uint8)
    """
    # One more than the id, so that 0 can stand for "the text has ended before".
    symbols = stream.ids.astype(np.int64) + 1
    room = stream.room(n)
    bits = int(symbols.max(initial=1)).bit_length()

    done, n_ranks = 0, 1
    rank = np.zeros(len(symbols), dtype=np.int32)
    alike_of_rank = np.zeros(1, dtype=room.dtype)
    while done < n:
        width = min(n - done, (63 - (n_ranks - 1).bit_length()) // bits)
        key = rank.astype(np.int64)
        for offset in range(done, done + width):
            key <<= bits
            key[: len(key) - offset] |= np.where(
                room[: len(key) - offset] > offset, symbols[offset:], 0
            )
        order = np.argsort(key)
        key = key[order]
        alike = _words_alike(key, bits, done, width, alike_of_rank)
        done += width
        if done < n:
            heads = alike < done
            heads[0] = True
            rank[order] = np.cumsum(heads, dtype=np.int32) - 1
            alike_of_rank = alike[heads]
            n_ranks = len(alike_of_rank)
    return order, alike


def _words_alike(key, bits, done, width, alike_of_rank):
    """Leading words that each sorted key shares with the one before it."""
    differs = np.empty_like(key)
    differs[:1] = -1
    np.bitwise_xor(key[1:], key[:-1], out=differs[1:])
    alike = np.full(len(key), done, dtype=alike_of_rank.dtype)
    for shift in range(0, width * bits, bits):
        alike += (differs >> shift) == 0
    new_rank = (differs >> (width * bits)) != 0
    alike[new_rank] = alike_of_rank[key[new_rank] >> (width * bits)]
    return alike
