"""Samples as word ids."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Sized
from dataclasses import dataclass, replace

import numpy as np

from ..ngrams import TokenStream
from ..words import UNKNOWN_WORD, Tokenizer


@dataclass(frozen=True)
class Batch:
    """The word ids of samples.

    Attributes
    ----------
    ids : ndarray of shape (n_tokens,), int32
        The words of all samples, one sample after the other; −1 is unknown.
    lengths : ndarray of shape (n_samples,), int64
        Number of words of each sample.
    closed : ndarray of shape (n_samples,), bool, or None
        Whether each sample has an end; None if all have.
    words : list of str, or None
        The words of the ids of `WordIds`, by id.
    tokenizer : Tokenizer, or None
        The tokenizer of the texts of `WordIds`.
    is_closed : bool
        Whether `words` is a closed vocabulary: all other words are one unknown word.
    unknown : list of str, or None
        The unknown words of texts, in order; None for integer rows.
    places : ndarray of int, or None
        The index of each given text in this batch, if equal texts are there once; None
        if these are the texts that were given.
    texts : list of str, or None
        The texts before they were split.
    """

    ids: np.ndarray
    lengths: np.ndarray
    closed: np.ndarray | None = None
    words: list[str] | None = None
    tokenizer: Tokenizer | None = None
    is_closed: bool = False
    unknown: list[str] | None = None
    places: np.ndarray | None = None
    texts: list[str] | None = None

    def __len__(self) -> int:
        return len(self.lengths)

    def where(self, kept: np.ndarray) -> Batch:
        """The samples selected by a mask; for batches to be learned."""
        closed = None if self.closed is None else self.closed[kept]
        ids = self.ids[np.repeat(kept, self.lengths)]
        return replace(self, ids=ids, lengths=self.lengths[kept], closed=closed)

    @property
    def is_plain(self) -> bool:
        """Whether these are integer rows without words; results are then rows, too."""
        return self.unknown is None and self.words is None

    def spelled(self, word_of: Callable[[int], str]) -> list[str]:
        """The words of all samples, concatenated, as spelled in the texts.

        Parameters
        ----------
        word_of : callable
            Returns the word of an id.

        Returns
        -------
        list of str
        """
        if self.unknown == []:
            return list(map(word_of, self.ids.tolist()))
        words = list(map(word_of, np.maximum(self.ids, 0).tolist()))
        unknown = iter(self.unknown or ())
        for at in np.flatnonzero(self.ids < 0).tolist():
            words[at] = next(unknown, UNKNOWN_WORD)
        return words


def deinterleaved(ids: np.ndarray, lengths: np.ndarray, n_parts: int) -> list[Batch]:
    """Split texts that are interleaved (message, reply, message, …) into batches.

    Parameters
    ----------
    ids, lengths : ndarray
        As of a `Batch` of all texts.
    n_parts : int
        Number of interleaved batches.

    Returns
    -------
    list of Batch

    Examples
    --------
    >>> messages, replies = deinterleaved(np.array([1, 2, 3]), np.array([1, 2]), 2)
    >>> messages.ids, replies.ids
    (array([1]), array([2, 3]))
    """
    if n_parts == 1:
        return [Batch(ids, lengths)]
    part = np.arange(len(lengths)) % n_parts
    part_of_word = np.repeat(part, lengths)
    return [Batch(ids[part_of_word == k], lengths[part == k]) for k in range(n_parts)]


def stream_of(messages: Batch, replies: Batch | None = None) -> TokenStream:
    """The stream of some texts, or of messages with their replies.

    Parameters
    ----------
    messages : Batch
    replies : Batch, default=None

    Returns
    -------
    TokenStream
    """
    if replies is None:
        return TokenStream.from_texts(messages.ids, messages.lengths, messages.closed)
    return TokenStream.from_pairs(
        (messages.ids, messages.lengths),
        (replies.ids, replies.lengths),
        replies.closed,
    )


def check_same_length(parts: Sequence[Sized], owner: str) -> None:
    """Raise a ValueError unless there is a reply to each message."""
    if len({len(part) for part in parts}) > 1:
        messages, replies = parts
        msg = (
            f"'X' and 'y' of {owner} must have the same length, a reply to each "
            f"message. Got {len(messages)} and {len(replies)}."
        )
        raise ValueError(msg)
