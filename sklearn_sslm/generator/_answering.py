"""Replies to messages by a generator's parameters `match`, `reply` and `novel`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..base import Batch, FittedModel, read
from ._keyword_replies import keyword_replies
from ._matching import matched
from ._messages import ResolvedMessages, resolve
from ._nothing_to_say import NOTHING, warn_of_nothing
from ._novelty import novel_replies, novelty_of
from ._reply_writer import Replies, ReplyWriter


def answered(
    generator: Any, fitted: FittedModel, batch: Batch, n_replies: int | None = None
) -> tuple[ReplyWriter, ResolvedMessages, Replies | None]:
    """Resolve messages, and draw their replies where this is not up to the writer.

    Parameters
    ----------
    generator : NGramTextGenerator
    fitted : FittedModel
    batch : Batch
        The messages as they were read.
    n_replies : int, default=None
        Used instead of `num_return_sequences`, unless it is None.

    Returns
    -------
    writer : ReplyWriter
        Draws replies, and makes texts of them.
    messages : ResolvedMessages
    replies : iterable of sequence of list of int, or None
        The new words of the replies to each message, if they have a keyword or must be
        novel; None if the writer is to draw them.
    """
    batch = matched(batch, fitted, generator.match)
    writer = ReplyWriter.of(generator, fitted)
    if n_replies is not None:
        writer = replace(writer, n_replies=n_replies)
    if generator.reply == "keyword":
        return writer, *keyword_replies(generator, fitted, writer, batch)
    messages = resolve(batch, fitted, generator)
    if not generator.novel:
        return writer, messages, None
    is_novel = novelty_of(generator, fitted)
    return writer, messages, novel_replies(writer, messages, is_novel)


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
    writer, messages, replies = answered(generator, fitted, batch, n_replies=1)
    if replies is None:
        replies = writer.new_words(messages)
    for (words,) in replies:
        if words == NOTHING:
            warn_of_nothing([0])
            break
        spelled = list(writer.words_of(messages, words))
        return writer.join(spelled), spelled
    return writer.fallback, None
