"""Novel replies and texts: those that differ from every learned text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ..base import FittedModel
from ._messages import ResolvedMessages
from ._reply_writer import ReplyWriter

_TRIES = 8, 64, 2048
"""Number of replies that are drawn in each round, until one is novel."""


def novelty_of(generator: Any, fitted: FittedModel) -> Callable[[Sequence[int]], bool]:
    """A function that returns whether a text of ids differs from all learned texts.

    Raises
    ------
    ValueError
        If the generator was fitted without `novel`, or replies by a beam search.
    """
    texts, vocabulary = fitted.text_hashes, fitted.vocabulary
    if texts is None:
        msg = (
            "The 'novel' parameter of NGramTextGenerator must be True when it is fitted, "
            "to keep which texts it learns. Got a model that was fitted with "
            "novel=False; fit it again."
        )
        raise ValueError(msg)
    if generator.num_beams > 1:
        msg = (
            "The 'num_beams' parameter of NGramTextGenerator must be 1 with novel=True: a "
            f"beam search finds the same reply again. Got {generator.num_beams}; set "
            "num_beams=1."
        )
        raise ValueError(msg)
    return lambda text: not texts.has(text, vocabulary)


def novel_replies(
    writer: ReplyWriter,
    messages: ResolvedMessages,
    is_novel: Callable[[Sequence[int]], bool],
) -> list[list[list[int]]]:
    """Draw replies to messages, each one again until it is novel.

    Parameters
    ----------
    writer : ReplyWriter
    messages : ResolvedMessages
    is_novel : callable
        Takes a whole reply, echoed words included.

    Returns
    -------
    list of list of list of int
        For each answered message its replies, as `ReplyWriter.new_words` returns them.

    Raises
    ------
    ValueError
        If no novel reply to some message was found.
    """
    echoes = list(messages.echo_ids())
    replies = [list(several) for several in writer.new_words(messages)]
    missing = [
        (message, nth)
        for message, several in enumerate(replies)
        for nth, words in enumerate(several)
        if not is_novel(echoes[message] + words)
    ]
    for n_tries in _TRIES:
        if not missing:
            return replies
        still = []
        for message, nth in missing:
            again = np.repeat(messages.answered[message], n_tries)
            single = replace(writer, n_replies=1)
            if writer.seed is not None:  # other random numbers than before
                seed = (writer.seed << 64) + n_tries * writer.n_replies + nth
                single = replace(single, random_state=seed)
            drawn = single.new_words(replace(messages, answered=again))
            novel = (words for (words,) in drawn if is_novel(echoes[message] + words))
            found = next(novel, None)
            if found is None:
                still.append((message, nth))
            else:
                replies[message][nth] = found
        missing = still
    if not missing:
        return replies
    at = messages.answered[missing[0][0]]
    raise ValueError(
        f"No reply to message {at} was found that NGramTextGenerator has not learned word "
        f"for word, in {sum(_TRIES)} tries. Set novel=False, or choose a smaller n or a "
        "smoothing that backs off, such as 'kneser_ney'."
    )
