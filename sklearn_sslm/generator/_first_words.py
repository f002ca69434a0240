"""The first new word of a reply: its distribution under all controls."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..base import read
from ..ngrams import BOUNDARY, NO_WORD, look_ahead_of, next_distribution
from ._completions import ids_starting, likeliest_of
from ._matching import matched
from ._messages import ResolvedMessages, resolve
from ._nothing_to_say import why_nothing
from ._reply_writer import ReplyWriter


def first_words(
    generator: Any, message: str, k: int, prefix: str = ""
) -> list[tuple[str, float]]:
    """The likeliest first words of the reply to a message, under all controls.

    Parameters
    ----------
    generator : NGramTextGenerator
        A fitted one that knows words.
    message : str
        If `predict` would reply with the fallback, the words are those that can follow
        the known words at the end of the message.
    k : int
        Maximum number of words.
    prefix : str, default=""
        The first letters of the word; words without them are omitted.

    Returns
    -------
    list of (str, float)
        Words with the probabilities to draw them, likeliest first; ``""`` is a reply
        without new words.

    Raises
    ------
    ValueError
        If the controls contradict each other, or exclude every word.

    Examples
    --------
    >>> from sklearn_sslm import NGramTextGenerator
    >>> model = NGramTextGenerator(bad_words=["b"]).fit(["a b", "a c", "a"])
    >>> first_words(model, "a", k=2)
    [('', 0.5), ('c', 0.5)]
    """
    fitted, batch = read(generator, [message], name="message")
    batch = matched(batch, fitted, generator.match)
    messages = resolve(batch, fitted, generator, unknown="backoff")
    messages = replace(messages, answered=np.zeros(1, int))
    words, p = first_distribution(ReplyWriter.of(generator, fitted), messages)
    some = ids_starting(fitted, prefix, generator.match) if prefix else words
    words, p = likeliest_of(words, p, some, k)
    assert fitted.vocabulary is not None  # it knows words
    spelled = map(fitted.vocabulary.word_of, words.tolist())
    return list(zip(spelled, p.tolist(), strict=True))


def first_distribution(
    writer: ReplyWriter, messages: ResolvedMessages
) -> tuple[NDArray, NDArray]:
    """The distribution of the first new word of the reply to the only message.

    Parameters
    ----------
    writer : ReplyWriter
    messages : ResolvedMessages

    Returns
    -------
    words : ndarray of shape (n_words,), int
        Ids; 0 is a reply without new words.
    p : ndarray of shape (n_words,), float64
        The probability to draw each of them.

    Raises
    ------
    ValueError
        If the controls exclude every word, and the reply must have one.
    """
    text = writer.continuations(writer.without_empty(messages))
    if not text.max_new.item():
        return np.array([BOUNDARY]), np.ones(1)
    least = text.min_new.item()
    words, weights = np.zeros((2, 0))
    if least and not writer.controls:
        ahead = look_ahead_of(writer.model, least)
        if ahead:
            words, weights = ahead.first_words(writer.model, text)
    if not weights.any():
        words, weights = next_distribution(
            writer.model,
            writer.controls,
            text.length.item(),
            text.row.item(),
            may_end=not least,
            text=text.prefixes()[0],
        )
    if words[0] == NO_WORD:
        if least:
            raise ValueError(why_nothing())
        words = np.array([BOUNDARY])
    return words, weights / weights.sum()
