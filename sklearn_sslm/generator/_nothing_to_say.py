"""Replies that controls leave no words for, and texts that they end."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice, takewhile

from ..ngrams import NO_WORD

NOTHING = [NO_WORD]
"""The reply where there is nothing to say."""

_N_NAMED = 10
"""Messages that a warning names."""


def ended(words: list[int], least: int, n_echoed: int) -> list[int]:
    """The new words of a reply without the sign that controls ended it.

    Parameters
    ----------
    words : list of int
        As the engine gives them.
    least : int
        How many of them there must be.
    n_echoed : int
        Words that the reply repeats before them.

    Returns
    -------
    list of int
        `NOTHING` if controls ended the reply too early, or before its first word.

    Examples
    --------
    >>> ended([5, 6], 2, 0), ended([5, NO_WORD], 1, 0), ended([5, NO_WORD], 2, 0)
    ([5, 6], [5], [-1])
    >>> ended([NO_WORD], 0, n_echoed=1), ended([NO_WORD], 0, n_echoed=0)
    ([], [-1])
    """
    if not words or words[-1] != NO_WORD:
        return words
    words = words[:-1]
    return words if len(words) >= least and (words or n_echoed) else NOTHING


def ended_one_by_one(
    words: Iterator[int], least: int, n_echoed: int
) -> list[int] | Iterator[int]:
    """The same, one word after the other, where they cannot turn out to be too few."""
    if least:
        return ended(list(words), least, n_echoed)
    first = list(islice(words, 1))
    if not first or first[0] == NO_WORD:
        return ended(first, least, n_echoed)
    return chain(first, takewhile(lambda word: word != NO_WORD, words))


def ended_texts(
    replies: Iterable[Sequence[list[int]]], least: int
) -> Iterator[Sequence[list[int]]]:
    """Texts from the start, which may be empty.

    Raises
    ------
    ValueError
        If one is too short.
    """
    for several in replies:
        if NOTHING in several:
            if least:
                raise ValueError(why_nothing())
            several = [[] if text == NOTHING else text for text in several]
        yield several


def why_nothing() -> str:
    """Why there is nothing to say, and what to do."""
    return (
        "No word is left to continue with: each either has probability 0 there or is "
        "banned by a control of NGramTextGenerator, such as 'bad_words' or "
        "'no_repeat_ngram_size', while 'min_length' does not let the text end. Lower "
        "'min_length', ban less, or choose a smoothing that gives every word a "
        "probability, such as 'kneser_ney'."
    )


def warn_of_nothing(samples: Sequence[int]) -> None:
    """Warn that there is nothing to say to some messages, if to any."""
    if not samples:
        return
    numbers = list(dict.fromkeys(samples))
    named = ", ".join(map(str, numbers[:_N_NAMED]))
    if len(numbers) > _N_NAMED:
        named += f" and {len(numbers) - _N_NAMED} more"
    messages = "message" if len(numbers) == 1 else "messages"
    warnings.warn(
        f"There is nothing to say to {messages} {named}; the reply is the "
        f"'fallback_response'. {why_nothing()}",
        UserWarning,
        stacklevel=5,
    )
