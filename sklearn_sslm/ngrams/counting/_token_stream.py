"""Texts as a single stream of word ids."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

BOUNDARY = 0
"""The id before the first word and after the last word of a text: <s> and </s>."""


@dataclass(frozen=True)
class TokenStream:
    """The concatenation of texts, each as ``0 w1 … wk 0``.

    The boundary 0 is the start of a text in contexts, and the end of a text as a
    prediction. A message with its reply is ``0 m1 … mj 0 r1 … rk 0``: the 0 between them
    is the start of the reply, and nothing before ``r1`` is predicted.

    Attributes
    ----------
    ids : ndarray of shape (n_positions,), int32
        Word ids; 0 is the boundary.
    lengths : ndarray of shape (n_texts,), int64
        Number of positions of each text, with its boundaries.
    weights : ndarray of shape (n_texts,), int32, or None
        The multiplicity of each text, at least 1; None if all are 1.
    n_given : ndarray of shape (n_texts,), int64, or None
        Number of positions at the beginning of each text that are contexts only: the
        opening boundary, and of a pair, the message and the start of the reply. None
        without pairs.
    """

    ids: np.ndarray
    lengths: np.ndarray
    weights: np.ndarray | None = None
    n_given: np.ndarray | None = None

    @classmethod
    def from_texts(
        cls, words: NDArray, lengths: NDArray, closed: NDArray | None = None
    ) -> TokenStream:
        """The stream of texts, to which boundaries are added.

        Parameters
        ----------
        words : ndarray of shape (n_words,), int
            The words of all texts, concatenated. A 0 among them is a boundary within a
            text, as between a message and its reply.
        lengths : ndarray of shape (n_texts,), int
            Number of words of each text.
        closed : ndarray of shape (n_texts,), bool, default=None
            Whether each text has an end; None if all have. A text that was cut off gets
            no closing boundary.

        Examples
        --------
        >>> import numpy as np
        >>> TokenStream.from_texts(np.array([1, 2, 3]), np.array([2, 0, 1])).ids
        array([0, 1, 2, 0, 0, 0, 0, 3, 0], dtype=int32)
        """
        closing = 1 if closed is None else np.asarray(closed, dtype=np.int64)
        padded = lengths + (1 + closing)
        if len(lengths) == 1:
            ids = np.zeros(int(padded[0]), dtype=np.int32)
            ids[1 : 1 + len(words)] = words
            return cls(ids, padded)
        ids = np.zeros(padded.sum(), dtype=np.int32)
        _spread(ids, np.cumsum(padded) - padded + 1, words, lengths)
        return cls(ids, padded)

    @classmethod
    def from_pairs(
        cls,
        messages: tuple[NDArray, NDArray],
        replies: tuple[NDArray, NDArray],
        closed: NDArray | None = None,
    ) -> TokenStream:
        """The stream of messages with their replies.

        Parameters
        ----------
        messages, replies : tuple of (words, lengths)
            As of `from_texts`.
        closed : ndarray of shape (n_texts,), bool, default=None
            Whether each reply has an end; None if all have.

        Returns
        -------
        TokenStream

        Examples
        --------
        >>> import numpy as np
        >>> pair = (np.array([1, 2]), np.array([2])), (np.array([3]), np.array([1]))
        >>> TokenStream.from_pairs(*pair).ids
        array([0, 1, 2, 0, 3, 0], dtype=int32)
        >>> TokenStream.from_pairs(*pair).is_given()
        array([ True,  True,  True,  True, False, False])
        """
        (words, lengths), (reply_words, reply_lengths) = messages, replies
        both = lengths + 1 + reply_lengths
        joined = np.zeros(both.sum(), dtype=np.int32)
        starts = np.cumsum(both) - both
        _spread(joined, starts, words, lengths)
        _spread(joined, starts + lengths + 1, reply_words, reply_lengths)
        stream = cls.from_texts(joined, both, closed)
        return replace(stream, n_given=lengths + 2)

    @classmethod
    def joined(cls, streams: Sequence[TokenStream]) -> TokenStream:
        """The concatenation of streams, of which all have pairs, or none."""
        weights = None
        if any(stream.weights is not None for stream in streams):
            weights = np.concatenate([stream.times for stream in streams])
        given = [stream.n_given for stream in streams if stream.n_given is not None]
        return cls(
            np.concatenate([stream.ids for stream in streams]),
            np.concatenate([stream.lengths for stream in streams]),
            weights,
            np.concatenate(given) if given else None,
        )

    def weighted(self, weights: NDArray | None) -> TokenStream:
        """The same texts with multiplicities; None for 1 each.

        >>> import numpy as np
        >>> stream = TokenStream.from_texts(np.array([1, 2, 3]), np.array([2, 1]))
        >>> stream = stream.weighted(np.array([3, 1], dtype=np.int32))
        >>> stream.n_texts, stream.n_tokens, stream.position_weights
        (4, 11, array([3, 3, 3, 3, 1, 1, 1], dtype=int32))
        """
        return replace(self, weights=weights)

    def first(self, n_texts: int) -> TokenStream:
        """The stream of the first `n_texts` texts."""
        lengths = self.lengths[:n_texts]
        weights = None if self.weights is None else self.weights[:n_texts]
        given = None if self.n_given is None else self.n_given[:n_texts]
        return TokenStream(self.ids[: lengths.sum()], lengths, weights, given)

    def reordered(self, order: NDArray) -> TokenStream:
        """The same texts in another order, a permutation of their indices.

        >>> import numpy as np
        >>> stream = TokenStream.from_texts(np.array([1, 2, 3]), np.array([2, 1]))
        >>> stream.reordered(np.array([1, 0])).ids
        array([0, 3, 0, 0, 1, 2, 0], dtype=int32)
        """
        lengths = self.lengths[order]
        shift = self.starts[order] - (np.cumsum(lengths) - lengths)
        at = np.repeat(shift, lengths)
        at += np.arange(len(at))
        weights = None if self.weights is None else self.weights[order]
        given = None if self.n_given is None else self.n_given[order]
        return TokenStream(self.ids[at], lengths, weights, given)

    def texts(self) -> Iterator[list[int]]:
        """Yield each text as a list of ids, with its boundaries."""
        ids, end = self.ids, 0
        for length in self.lengths.tolist():
            end += length
            yield ids[end - length : end].tolist()

    @property
    def starts(self) -> NDArray[np.int64]:
        """Position of each text's opening boundary."""
        if len(self.lengths) == 1:
            return np.zeros(1, dtype=np.int64)
        return np.cumsum(self.lengths) - self.lengths

    @property
    def times(self) -> NDArray[np.int32]:
        """The multiplicity of each text, int32."""
        if self.weights is None:
            return np.ones(len(self.lengths), dtype=np.int32)
        return self.weights

    @property
    def position_weights(self) -> NDArray[np.int32] | None:
        """The multiplicity of the text at each position, int32; None for 1 each."""
        return None if self.weights is None else np.repeat(self.weights, self.lengths)

    @property
    def n_texts(self) -> int:
        """Number of texts, with multiplicities."""
        return int(self.times.sum(dtype=np.int64))

    @property
    def n_tokens(self) -> int:
        """Number of words and ends of texts and messages, as often as these count."""
        if self.weights is None:
            return len(self.ids) - len(self.lengths)
        # In floating point, which does not overflow where there are too many.
        return int(np.dot(self.weights.astype(np.float64), self.lengths - 1))

    def places(self) -> NDArray[np.int64]:
        """The index of each position in its text, 0 at opening boundaries.

        >>> import numpy as np
        >>> TokenStream.from_texts(np.array([1, 2, 3]), np.array([2, 1])).places()
        array([0, 1, 2, 3, 0, 1, 2])
        """
        return np.arange(len(self.ids)) - np.repeat(self.starts, self.lengths)

    @property
    def n_before(self) -> NDArray[np.int64]:
        """Number of positions of each text before the first predicted one."""
        return np.ones_like(self.lengths) if self.n_given is None else self.n_given

    def is_given(self) -> NDArray[np.bool_]:
        """Whether each position is a context only, and not predicted."""
        if self.n_given is None:
            is_given = np.zeros(len(self.ids), dtype=bool)
            is_given[self.starts] = True
            return is_given
        return self.places() < np.repeat(self.n_given, self.lengths)

    def room(self, most: int) -> NDArray:
        """The number of positions from each one to the end of its text, at most `most`.

        It is 0 where none of so many positions is predicted.

        >>> import numpy as np
        >>> TokenStream.from_texts(np.array([1, 2, 3]), np.array([2, 1])).room(3)
        array([3, 3, 2, 1, 3, 2, 1], dtype=uint8)
        """
        room = np.full(len(self.ids), most, dtype=np.min_scalar_type(most))
        ends = np.cumsum(self.lengths)
        for left in range(1, min(most, int(self.lengths.max(initial=0)) + 1)):
            room[ends[self.lengths >= left] - left] = left
        if self.n_given is not None:
            starts = self.starts
            too_early = starts + np.maximum(self.n_given - most + 1, 0)
            room[_in_spans(starts, too_early, len(room))] = 0
        return room


def _in_spans(begins, ends, size):
    """Whether each position is within one of several disjoint spans.

    >>> _in_spans(np.array([0, 3]), np.array([2, 3]), 5)
    array([ True,  True, False, False, False])
    """
    steps = np.zeros(size + 1, dtype=np.int64)
    np.add.at(steps, begins, 1)
    np.add.at(steps, ends, -1)
    return np.cumsum(steps[:-1]) > 0


def _spread(ids, starts, words, lengths):
    """Write the words of each text to the positions from its start, in place."""
    shift = starts - (np.cumsum(lengths) - lengths)
    ids[np.arange(len(words)) + np.repeat(shift, lengths)] = words
