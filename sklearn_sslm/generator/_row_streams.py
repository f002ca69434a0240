"""A stream of random numbers for each reply, which depends on its message only."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache, partial
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from ..base import Batch
from ..ngrams import Streams, mixed, mixed_one


def streams_of_replies(
    seed: int, batch: Batch, samples: NDArray, n_replies: int, n_before: int = 0
) -> Streams:
    """Make the streams of the replies to some messages.

    The seed of a stream is computed from the seed of the generator, the message, the
    number of equal messages before it, and the number of the reply among those to the
    message. So a reply does not depend on the position of its message, or on other
    messages.

    Parameters
    ----------
    seed : int
        The seed of the generator.
    batch : Batch
        The messages.
    samples : ndarray of int
        Numbers of the answered messages. Where a number is repeated, each one gets a
        stream of its own.
    n_replies : int
        Number of replies to each message.
    n_before : int, default=0
        Number of messages, equal to each one, before these.

    Returns
    -------
    Streams
        ``len(samples) * n_replies`` streams, those of a message next to each other.
    """
    size = len(batch)
    messages = _messages(batch)
    if size == len(samples) == n_replies == 1 and not n_before:  # without arrays
        hashed = int.from_bytes(_hash(seed, *messages), "little")
        return Streams(np.array([mixed_one(hashed)], dtype=np.uint64))
    if batch.texts is None and _are_equal(batch):
        each = [_hash(seed, next(messages))] * size
    else:
        each = list(map(partial(_hash, seed), messages))
    hashes = np.frombuffer(b"".join(each), dtype="<u8").astype(np.uint64)
    before = _how_often_before(hashes) + np.uint64(n_before)
    hashes, before = hashes[samples], before[samples]
    nth = before[:, None] * np.uint64(n_replies) + np.arange(n_replies, dtype=np.uint64)
    seeds = hashes[:, None] + mixed(nth.copy())
    if len(samples) and (np.diff(samples) <= 0).any():
        seeds = mixed(seeds) + _how_often_before(samples)[:, None]
    return Streams(mixed(seeds.ravel()))


def _how_often_before(samples):
    """The number of equal numbers before each number.

    >>> _how_often_before(np.array([5, 5, 2, 5]))
    array([0, 1, 0, 2], dtype=uint64)
    """
    order = np.argsort(samples, kind="stable")
    _, first, size = np.unique(samples[order], return_index=True, return_counts=True)
    before = np.empty(len(samples), dtype=np.uint64)
    before[order] = np.arange(len(samples)) - np.repeat(first, size)
    return before


def _are_equal(batch):
    """Whether all messages are equal, as the beginnings of sampled texts are."""
    length = int(batch.lengths[0])
    if (batch.lengths != length).any():
        return False
    rows = batch.ids.reshape(len(batch), length)
    return bool((rows == rows[:1]).all())


def _messages(batch: Batch) -> Iterator[bytes]:
    """Yield each message as bytes, of its text or else of its ids."""
    if batch.texts is not None:
        for text in batch.texts:
            yield text.encode("utf-8", "surrogatepass")
        return
    ids, end = batch.ids.astype(np.int32), 0
    for length in batch.lengths.tolist():
        end += length
        yield ids[end - length : end].tobytes()


@lru_cache(maxsize=16)
def _keyed(seed):
    """A hash of nothing yet, whose copies take half as long as to make another one."""
    key = blake2b(str(seed).encode(), digest_size=32).digest()
    return blake2b(digest_size=8, key=key)


def _hash(seed, message):
    keyed = _keyed(seed).copy()
    keyed.update(message)
    return keyed.digest()
