"""Messages as the generator understands them: what it goes on from, and how far."""

from dataclasses import dataclass

import numpy as np

from ..base import Batch
from ..ngrams import BOUNDARY, Continuations
from ..words import UNKNOWN, UNKNOWN_WORD


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
    continuations : Continuations
        The context each reply would continue from, and its lengths.
    """

    batch: Batch
    echoed: np.ndarray
    answered: np.ndarray
    continuations: Continuations

    def echo_ids(self):
        """Yield the words that each answered message's reply repeats, a list of ids."""
        ends = np.cumsum(self.batch.lengths)[self.answered]
        begins = ends - self.echoed[self.answered]
        ids = self.batch.ids.tolist() if self.echoed.any() else []
        for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
            yield ids[begin:end]


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
    width = len(counts.levels) - 1
    words = _last_words(batch, max(width - has_replies, 0))
    if has_replies and width:
        words = np.column_stack([words, np.full(len(batch), BOUNDARY)])
    return counts.longest_context(words)


def _last_words(batch, width):
    """The last ids of each message after its opening boundary, −1 before that.

    >>> batch = Batch(np.array([1, 2, 3]), np.array([2, 1]))
    >>> _last_words(batch, 2)
    array([[1, 2],
           [0, 3]])
    """
    ends = np.cumsum(batch.lengths)[:, None]
    position = ends - np.arange(width, 0, -1)
    starts = ends - batch.lengths[:, None]
    ids = np.append(batch.ids, BOUNDARY)[np.maximum(position, -1)]
    ids[position < starts - 1] = UNKNOWN
    ids[position == starts - 1] = BOUNDARY
    return ids


def understand(batch, counts, index, *, echo, unknown, least, most, has_replies):
    """Find what each message is to be continued from.

    Parameters
    ----------
    batch : Batch
    counts : NGramCounts
    index : WordIndexTransformer or None
        Tells which word is not known, for an error.
    echo, unknown : str
        The generator's parameters.
    least, most : int
        Words a reply has at least and at most, those it repeats included.
    has_replies : bool
        Whether the generator learned messages with replies.

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
    continuations = _continuations(batch, echoed, counts, least, most, has_replies)
    return Messages(batch, echoed, np.flatnonzero(answered), continuations)


def beginnings(n_samples, words, counts, *, least, most):
    """The beginning of a text, so many times, to be continued from there.

    Parameters
    ----------
    n_samples : int
    words : sequence of int
        The first words, which are repeated.
    counts : NGramCounts
    least, most : int
        Words a text has at least and at most, the first ones included.

    Returns
    -------
    Messages
    """
    lengths = np.full(n_samples, len(words))
    batch = Batch(np.tile(np.array(words, dtype=np.int32), n_samples), lengths)
    continuations = _continuations(batch, lengths, counts, least, most)
    return Messages(batch, lengths, np.arange(n_samples), continuations)


def _continuations(batch, echoed, counts, least, most, has_replies=False):
    """Where replies continue from, and the number of new words in each."""
    return Continuations(
        *contexts(batch, counts, has_replies),
        max_new=np.maximum(most - echoed, 0),
        min_new=np.maximum(least - echoed, 0),
    )


def _known_at_end(batch):
    """How many words at the end of each message are known."""
    unknown = np.flatnonzero(batch.ids < 0)
    if not len(unknown):
        return batch.lengths
    ends = np.cumsum(batch.lengths)
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
