"""Messages resolved to the context each reply continues from, and its length limits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..base import Batch, FittedModel
from ..ngrams import (
    BOUNDARY,
    Continuations,
    LanguageModel,
    NGramCounts,
)
from ..words import UNKNOWN, UNKNOWN_WORD

_ONLY_MESSAGE = np.zeros(1, dtype=np.int64)
_NOT_BEGUN = np.zeros(1, dtype=bool)


class UnknownWordError(ValueError):
    """One of the words that a reply would continue from is unknown.

    Attributes
    ----------
    word : str
        The first such word.
    """

    word: str = UNKNOWN_WORD


@dataclass(frozen=True)
class ResolvedMessages:
    """Messages with the contexts and length limits of their replies.

    Attributes
    ----------
    batch : Batch
        The messages.
    n_echoed : ndarray of shape (n_samples,), int64
        How many of the last words of each message its reply begins with.
    answered : ndarray of shape (n_answered,), int64
        Numbers of the messages that get new words; the others get the fallback.
    continuations : Continuations
        The context that each reply continues from, and its length limits.
    is_begun : ndarray of shape (n_samples,), bool
        Whether a reply is a text from its start, which does not continue the message.
    never_empty : bool
        Whether every reply without echoed words must have a new word.
    """

    batch: Batch
    n_echoed: np.ndarray
    answered: np.ndarray
    continuations: Continuations
    is_begun: np.ndarray
    never_empty: bool

    @property
    def is_one(self) -> bool:
        """Whether there is one message, which is answered: arrays are not needed then."""
        return len(self.batch.lengths) == len(self.answered) == 1

    def echo_ids(self):
        """Yield the ids of the echoed words of each answered message."""
        if self.is_one:
            ids = self.batch.ids.tolist()
            yield ids[len(ids) - self.n_echoed.item() :]
            return
        if not self.n_echoed.any():
            yield from repeat([], len(self.answered))
            return
        ends = np.cumsum(self.batch.lengths)[self.answered]
        begins = ends - self.n_echoed[self.answered]
        ids = self.batch.ids.tolist()
        for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
            yield ids[begin:end]


def ids_of_each(batch: Batch) -> list[list[int]]:
    """The ids of each sample.

    >>> ids_of_each(Batch(np.array([1, 2, 3]), np.array([2, 1])))
    [[1, 2], [3]]
    """
    ids, ends = batch.ids.tolist(), np.cumsum(batch.lengths).tolist()
    sizes = zip(batch.lengths.tolist(), ends, strict=True)
    return [ids[end - size : end] for size, end in sizes]


def contexts(
    batch: Batch, counts: NGramCounts, has_replies: bool
) -> tuple[NDArray, NDArray]:
    """The longest known context at the end of each message.

    Parameters
    ----------
    batch : Batch
    counts : NGramCounts
    has_replies : bool
        Whether a reply comes next, which starts after a boundary.

    Returns
    -------
    length, row : ndarray of shape (n_samples,), int64
        As `NGramCounts.longest_context` returns them.
    """
    if len(batch) == 1:
        length, row = _context_of_one(batch.ids.tolist(), counts, has_replies)
        return np.array([length]), np.array([row])
    width = len(counts.levels) - 1
    words = _last_words(batch, max(width - has_replies, 0))
    words[words >= counts.n_ids] = UNKNOWN  # new words of a session
    if has_replies and width:
        words = np.column_stack([words, np.full(len(batch), BOUNDARY)])
    return counts.longest_context(words)


def _context_of_one(ids, counts, has_replies):
    """`contexts` of a single message, without arrays, which would take most of the time."""
    words = [BOUNDARY, *ids, BOUNDARY] if has_replies else [BOUNDARY, *ids]
    last = words[max(len(words) - len(counts.levels) + 1, 0) :]
    n_ids = counts.n_ids  # higher ids are new words of a session
    return counts.longest_context_of([w if w < n_ids else UNKNOWN for w in last])


def _last_words(batch, width):
    """The last `width` ids of each message after an opening boundary, −1 before it.

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


def _has_words(counts):
    """Whether some reply with a word was learned."""
    words = counts.levels[0]
    return bool((words.count[np.arange(1, len(words))] > 0).any())


def resolve(
    batch: Batch,
    fitted: FittedModel,
    generator: Any,
    unknown: str | None = None,
    needs_reply: NDArray | bool = True,
) -> ResolvedMessages:
    """Find the context that each reply continues from, and its length limits.

    Parameters
    ----------
    batch : Batch
    fitted : FittedModel
    generator : NGramTextGenerator
        Its parameters `echo`, `unknown`, `min_length` and `max_length`.
    unknown : str, default=None
        Used instead of the generator's `unknown`, unless it is None.
    needs_reply : ndarray of shape (n_samples,), bool, default=True
        Messages without it may have unknown words, whatever `unknown` is.

    Returns
    -------
    ResolvedMessages

    Raises
    ------
    UnknownWordError
        If one of the last n − 1 words of a message is unknown and `unknown` is
        "error".
    """
    counts, has_replies = fitted.language_model.counts, fitted.has_replies
    if len(batch) == 1:
        ids = batch.ids.tolist()
        if not ids or (min(ids) > UNKNOWN and max(ids) < counts.n_ids):
            return _resolve_known(batch, ids, counts, has_replies, generator)
    unknown = unknown or generator.unknown
    known = _known_at_end(batch)
    in_context = np.minimum(counts.n - 1, batch.lengths)
    unresolved = (known < in_context) & needs_reply
    if unknown == "error" and unresolved.any():
        raise _unknown_word(batch, unresolved, known, fitted.vocabulary)
    answered = batch.lengths > 0
    if unknown == "fallback":
        answered &= ~unresolved
    match generator.echo:
        case "message":
            n_echoed = batch.lengths
        case "context" if not has_replies:
            n_echoed = np.minimum(in_context, known)
        case _:
            n_echoed = np.zeros_like(batch.lengths)
    context = contexts(batch, counts, has_replies)
    lost = (known == 0) if has_replies else (context[0] == 0)
    lost &= unresolved
    if lost.any() and has_replies and not _has_words(counts):
        answered &= ~lost  # all learned replies are empty
    is_unknown = (known == 0) & (batch.lengths > 0) & needs_reply  # also with n=1
    bare = (unresolved | is_unknown) & (n_echoed == 0)
    if not has_replies and generator.echo != "message":
        n_echoed = np.where(lost, 0, n_echoed)
    messages = ResolvedMessages(
        batch,
        n_echoed,
        np.flatnonzero(answered),
        _continuations(context, n_echoed, generator),
        is_begun=np.zeros(len(batch), dtype=bool),
        never_empty=generator.unknown == "backoff",
    )
    if not has_replies:
        messages = _begun(messages, counts, lost)
    return with_words(messages, fitted.language_model, lost | bare, has_replies)


def with_words(
    messages: ResolvedMessages, model: LanguageModel, some: NDArray, has_replies: bool
) -> ResolvedMessages:
    """Require a new word in the replies to some of the messages.

    In a model without replies, a reply that echoes nothing becomes a text from its
    start if only the end of a text can come after the message.

    Parameters
    ----------
    messages : ResolvedMessages
    model : LanguageModel
    some : ndarray of shape (n_samples,), bool
        Whether the reply to each message needs a new word.
    has_replies : bool
        Whether the model is one of messages and replies.

    Returns
    -------
    ResolvedMessages
    """
    if not some.any():
        return messages
    if not has_replies:
        bare = some & (messages.n_echoed == 0) & ~messages.is_begun
        bare = _only_ends(model, messages.continuations, bare)
        messages = _begun(messages, model.counts, bare)
    texts = messages.continuations
    min_new = np.where(some, np.maximum(texts.min_new, 1), texts.min_new)
    return replace(messages, continuations=replace(texts, min_new=min_new))


def _begun(messages, counts, some):
    """Let the replies to some of the messages be texts from their start."""
    texts, start = messages.continuations, min(len(counts.levels) - 1, 1)
    length, row = counts.back_off(start, BOUNDARY)
    texts = replace(
        texts,
        length=np.where(some, length, texts.length),
        row=np.where(some, row, texts.row),
    )
    is_begun = messages.is_begun | some
    return replace(messages, continuations=texts, is_begun=is_begun)


def _only_ends(model, texts, some):
    """Whether only the end can come after some of the contexts; False for the others."""
    ends = np.zeros(len(texts), dtype=bool)
    known: dict[tuple[int, int], bool] = {}
    for j in np.flatnonzero(some).tolist():
        context = texts.length.item(j), texts.row.item(j)
        chain = model.counts.suffixes(*context)
        for at, each in enumerate(chain):  # shortest first
            if each not in known:
                shorter = at > 0 and not known[chain[at - 1]]
                known[each] = not _has_next(model, each, shorter)
        ends[j] = known[context]
    return ends


def _has_next(model, context, shorter):
    """Whether a word can come after a context; `shorter` is the answer for its suffix."""
    length, row = context
    level, context = model.counts.levels[length], np.array([row])
    children = level.children(row)
    words = level.word_at(children)
    is_word = (words != BOUNDARY) & (words != model.counts.unknown_id)
    if (model.discounted(length + 1, context, children)[is_word] > 0).any():
        return True
    if model.smoothing.lower_order == "none":
        return False
    is_last = not length or model.smoothing.lower_order == "uniform"
    below = model.events.n_words > 0 if is_last else shorter
    return below and bool(model.backoff_weight(length + 1, context)[0] > 0)


def _resolve_known(batch, ids, counts, has_replies, generator):
    """`resolve` of a single message of known words, without arrays."""
    match generator.echo:
        case "message":
            n_echoed = len(ids)
        case "context" if not has_replies:
            n_echoed = min(counts.n - 1, len(ids))
        case _:
            n_echoed = 0
    length, row = _context_of_one(ids, counts, has_replies)
    continuations = Continuations(
        np.array([length]),
        np.array([row]),
        max_new=np.array([max(int(generator.max_length) - n_echoed, 0)]),
        min_new=np.array([max(int(generator.min_length) - n_echoed, 0)]),
    )
    answered = _ONLY_MESSAGE if ids else _ONLY_MESSAGE[:0]
    return ResolvedMessages(
        batch,
        np.array([n_echoed]),
        answered,
        continuations,
        is_begun=_NOT_BEGUN,
        never_empty=generator.unknown == "backoff",
    )


def beginnings(n_samples, words, fitted, generator):
    """The beginning of a text `n_samples` times, as messages to be continued.

    Parameters
    ----------
    n_samples : int
    words : sequence of int
        The first words, which are echoed.
    fitted : FittedModel
    generator : NGramTextGenerator
        Its `min_length` and `max_length` include the first words.

    Returns
    -------
    ResolvedMessages
    """
    lengths = np.full(n_samples, len(words))
    batch = Batch(np.tile(np.array(words, dtype=np.int32), n_samples), lengths)
    context = contexts(batch, fitted.language_model.counts, has_replies=False)
    continuations = _continuations(context, lengths, generator)
    return ResolvedMessages(
        batch,
        lengths,
        np.arange(n_samples),
        continuations,
        is_begun=np.ones(n_samples, dtype=bool),
        never_empty=False,
    )


def _continuations(context, n_echoed, generator):
    length, row = context
    return Continuations(
        length,
        row,
        max_new=np.maximum(int(generator.max_length) - n_echoed, 0),
        min_new=np.maximum(int(generator.min_length) - n_echoed, 0),
    )


def _known_at_end(batch):
    """The number of words at the end of each message after its last unknown word."""
    unknown = np.flatnonzero(batch.ids < 0)
    if not len(unknown):
        return batch.lengths
    ends = np.cumsum(batch.lengths)
    sample = np.searchsorted(ends, unknown, side="right")
    known = batch.lengths.copy()
    known[sample] = ends[sample] - 1 - unknown  # the last one of a sample stays
    return known


def _unknown_word(batch, unresolved, known, vocabulary):
    """The error about the first of the messages with an unknown word in the context."""
    sample = int(np.flatnonzero(unresolved)[0])
    place = int(batch.lengths[sample] - 1 - known[sample])
    word = UNKNOWN_WORD
    if batch.unknown is not None:
        start = int(batch.lengths[:sample].sum())
        word = batch.spelled(vocabulary.word_of)[start + place]
    error = UnknownWordError(
        f"The word {word!r} of message {sample} is not known to NGramTextGenerator. "
        "Learn it with partial_fit, or choose unknown='backoff' or 'fallback'."
    )
    error.word = word
    return error
