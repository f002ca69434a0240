"""Messages as the generator understands them: what it goes on from, and how far."""

from dataclasses import dataclass

import numpy as np

from ._batch import Batch
from ._word_index import UNKNOWN_WORD
from .ngrams import BOUNDARY, TokenStream


@dataclass(frozen=True)
class Messages:
    """What a generator needs to know of some messages to reply to them.

    Attributes
    ----------
    batch : Batch
        The messages.
    echoed : ndarray of shape (n_samples,), int64
        How many of its last words each reply repeats.
    answered : ndarray of shape (n_answered,), int64
        The messages that are replied to with new words; the others get a fall-back.
    length, row : ndarray of shape (n_answered,), int64
        The context each of these replies continues from.
    budget : ndarray of shape (n_answered,), int64
        New words that each of these replies has at most.
    """

    batch: Batch
    echoed: np.ndarray
    answered: np.ndarray
    length: np.ndarray
    row: np.ndarray
    budget: np.ndarray

    def as_rows(self, replies):
        """Echo and new words as integer rows padded with 0."""
        words = [self.echo_ids(s) + r for s, r in zip(self.answered, replies, strict=True)]
        longest = max(map(len, words), default=0)
        rows = np.zeros((len(self.batch), longest), dtype=np.int32)
        for sample, reply in zip(self.answered, words, strict=True):
            rows[sample, : len(reply)] = reply
        return rows

    def echo_ids(self, sample):
        """Ids of the words that a reply repeats."""
        end = int(self.batch.lengths[: sample + 1].sum())
        return self.batch.ids[end - self.echoed[sample] : end].tolist()


def contexts(batch, counts, has_replies):
    """The longest known context at the end of each message.

    Parameters
    ----------
    batch : Batch
    counts : NGramCounts
    has_replies : bool
        Whether what comes next is a reply, which starts after a boundary.

    Returns
    -------
    length, row : ndarray of shape (n_samples,), int64
        As `NGramCounts.longest_context` gives them.
    """
    ids, lengths = batch.ids, batch.lengths
    if has_replies:
        after = np.cumsum(lengths)
        ids, lengths = np.insert(ids, after, BOUNDARY), lengths + 1
    stream = TokenStream.from_texts(ids, lengths, closed=np.zeros(len(batch)))
    return counts.longest_context(stream.last(len(counts.levels) - 1))


def understand(batch, counts, *, echo, unknown, max_length, has_replies, index):
    """Find what each message is to be continued from.

    Parameters
    ----------
    batch : Batch
    counts : NGramCounts
    echo, unknown, max_length : str, str, int
        The generator's parameters.
    has_replies : bool
        Whether the generator learned messages with replies.
    index : WordIndexTransformer or None
        Tells which word is not known, for an error.

    Returns
    -------
    Messages

    Raises
    ------
    ValueError
        If one of the last n − 1 words of a message is unknown and `unknown` is
        "error".
    """
    known = _known_at_end(batch)
    looked_at = np.minimum(counts.n - 1, batch.lengths)
    not_understood = known < looked_at
    if unknown == "error" and not_understood.any():
        raise ValueError(_unknown_word(batch, not_understood, known, index))
    answered = batch.lengths > 0
    if unknown == "fallback":
        answered &= ~not_understood
    match echo:
        case "message":
            echoed = batch.lengths
        case "context" if not has_replies:
            echoed = np.minimum(looked_at, known)
        case _:
            echoed = np.zeros_like(batch.lengths)
    length, row = contexts(batch, counts, has_replies)
    answered = np.flatnonzero(answered)
    budget = np.maximum(max_length - echoed, 0)
    return Messages(
        batch, echoed, answered, length[answered], row[answered], budget[answered]
    )


def beginnings(n_samples, counts, max_length):
    """Messages without words, to be continued from the start of a text."""
    empty = np.zeros(n_samples, dtype=np.int64)
    batch = Batch(np.zeros(0, dtype=np.int32), empty)
    length, row = contexts(batch, counts, has_replies=False)
    budget = np.full(n_samples, max_length)
    return Messages(batch, empty, np.arange(n_samples), length, row, budget)


def _known_at_end(batch):
    """How many words at the end of each message are known."""
    ends = np.cumsum(batch.lengths)
    unknown = np.flatnonzero(batch.ids < 0)
    sample = np.searchsorted(ends, unknown, side="right")
    known = batch.lengths.copy()
    known[sample] = ends[sample] - 1 - unknown  # the last one of a sample stays
    return known


def _unknown_word(batch, not_understood, known, index):
    """The error about the first message with an unknown word near its end."""
    sample = int(np.flatnonzero(not_understood)[0])
    place = int(batch.lengths[sample] - 1 - known[sample])
    word = UNKNOWN_WORD
    if batch.texts is not None:
        word = index.tokenize(batch.texts[sample])[place]
    return (
        f"The word {word!r} of message {sample} is not known to NGramTextGenerator. "
        "Learn it with partial_fit, or choose unknown='backoff' or 'fallback'."
    )
