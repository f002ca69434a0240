"""Replies to messages by a generator's parameters `match`, `reply` and `novel`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..base import Batch, FittedModel, read
from ._keyword_replies import keyword_replies
from ._matching import matched
from ._messages import ResolvedMessages, resolve
from ._nothing_to_say import NOTHING, warn_of_nothing
from ._novelty import novel_replies, novelty_of
from ._reply_writer import WORDS_PER_REPLY, Replies, ReplyWriter


def answered(
    generator: Any, fitted: FittedModel, batch: Batch, writer: ReplyWriter
) -> tuple[ResolvedMessages, Replies | None]:
    """Resolve messages, and draw their replies where this is not up to the writer.

    Parameters
    ----------
    generator : NGramTextGenerator
    fitted : FittedModel
    batch : Batch
        The messages as they were read.
    writer : ReplyWriter
        Draws replies, and makes texts of them.

    Returns
    -------
    messages : ResolvedMessages
    replies : iterable of sequence of list of int, or None
        The new words of the replies to each message, if they have a keyword or must be
        novel; None if the writer is to draw them.
    """
    batch = matched(batch, fitted, generator.match)
    if generator.reply == "keyword":
        return keyword_replies(generator, fitted, writer, batch)
    messages = resolve(batch, fitted, generator)
    if not generator.novel:
        return messages, None
    is_novel = novelty_of(generator, fitted)
    return messages, novel_replies(writer, messages, is_novel)


def all_replies(
    generator: Any, fitted: FittedModel, batch: Batch, writer: ReplyWriter
) -> NDArray[Any]:
    """The replies to all messages as an array; see `answered` and `predict`."""
    messages, replies = answered(generator, fitted, batch, writer)
    if replies is None:
        replies = writer.new_words(messages)
    return writer.as_array(messages, replies, as_rows=batch.is_plain)


def replies_in_blocks(
    generator: Any, message: str, n_replies: int, block: int
) -> Iterator[NDArray[np.object_]]:
    """Reply to a message many times, without keeping all replies.

    Parameters
    ----------
    generator : NGramTextGenerator
        A fitted one with ``num_return_sequences=1``.
    message : str
    n_replies : int
        Number of replies in all.
    block : int
        Maximum number of replies in a block.

    Yields
    ------
    ndarray of shape (n_replies_of_block,), object
        With a seed as `random_state`, together they are what
        ``predict([message] * n_replies)`` returns.

    Raises
    ------
    ValueError
        As ``predict``.

    Examples
    --------
    >>> from sklearn_sslm import NGramTextGenerator
    >>> model = NGramTextGenerator(random_state=0).fit(["a b", "a c"])
    >>> list(replies_in_blocks(model, "a", n_replies=3, block=2))
    [array(['a c', 'a b'], dtype=object), array(['a b'], dtype=object)]
    """
    for n_before in range(0, n_replies, block):
        messages = [message] * min(block, n_replies - n_before)
        fitted, batch = read(generator, messages, n_words_each=WORDS_PER_REPLY)
        writer = replace(ReplyWriter.of(generator, fitted), n_before=n_before)
        yield all_replies(generator, fitted, batch, writer)


def reply_and_words(generator: Any, message: str) -> tuple[str, list[str] | None]:
    """The reply to a message, and its words, which a detokenizer may have changed in it.

    Parameters
    ----------
    generator : NGramTextGenerator
        A fitted one that knows words.
    message : str

    Returns
    -------
    text : str
        What ``predict([message])`` returns with ``num_return_sequences=1``.
    words : list of str, or None
        None if the reply is the fallback.

    Raises
    ------
    ValueError
        As ``predict``.

    Examples
    --------
    >>> from sklearn_sslm import NGramTextGenerator
    >>> model = NGramTextGenerator(detokenizer="simple").fit(["a b !"])
    >>> reply_and_words(model, "a"), reply_and_words(model, "zebra")[1]
    (('a b!', ['a', 'b', '!']), None)
    """
    fitted, batch = read(generator, [message], name="message")
    writer = ReplyWriter.of(generator, fitted, n_replies=1)
    messages, replies = answered(generator, fitted, batch, writer)
    if replies is None:
        replies = writer.new_words(messages)
    for (words,) in replies:
        if words == NOTHING:
            warn_of_nothing([0])
            break
        spelled = list(writer.words_of(messages, words))
        return writer.join(spelled), spelled
    return writer.fallback, None
