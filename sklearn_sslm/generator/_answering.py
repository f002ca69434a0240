"""Replies in the way that a generator is set to."""

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
    """Reply to messages.

    Parameters
    ----------
    generator : NGramTextGenerator
    fitted : FittedModel
    batch : Batch
        The messages as they were read.
    n_replies : int, default=None
        What takes the place of `num_return_sequences`.

    Returns
    -------
    writer : ReplyWriter
        What makes texts of the replies.
    messages : ResolvedMessages
    replies : iterable of sequence of list of int, or None
        None where the writer draws them word by word.
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
    is_new = novelty_of(generator, fitted)
    return writer, messages, novel_replies(writer, messages, is_new)


def reply_and_words(generator: Any, message: str) -> tuple[str, list[str] | None]:
    """The reply to a message, and its words, as a detokenizer may have joined them.

    Parameters
    ----------
    generator : NGramTextGenerator
        A fitted one that knows words.
    message : str

    Returns
    -------
    text : str
        What ``predict([message])`` gives with ``num_return_sequences=1``.
    words : list of str, or None
        None where it is the fallback.

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
