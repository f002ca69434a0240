"""Replies and texts that end because the controls exclude every next word."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice, takewhile

from ..ngrams import NO_WORD

NOTHING = [NO_WORD]
"""Stands for a reply from which the controls exclude every word."""

_N_NAMED = 10
"""Maximum number of messages that a warning names."""


def ended(words: list[int], least: int, n_echoed: int) -> list[int]:
    """The new words of a reply without a final `NO_WORD`.

    The engine returns `NO_WORD` where the controls exclude every word.

    Parameters
    ----------
    words : list of int
        The new words as the engine returns them.
    least : int
        Minimum number of new words.
    n_echoed : int
        Number of echoed words before them.

    Returns
    -------
    list of int
        `NOTHING` if the controls ended the reply before `least` words, or before its
        first word.

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
    """`ended` for words that are still being drawn.

    Returns
    -------
    list of int or iterator of int
        A list if there is a minimum number of words, or no word at all; otherwise an
        iterator, which draws the words one by one.
    """
    if least:
        return ended(list(words), least, n_echoed)
    first = list(islice(words, 1))
    if not first or first[0] == NO_WORD:
        return ended(first, least, n_echoed)
    return chain(first, takewhile(lambda word: word != NO_WORD, words))


def ended_texts(
    replies: Iterable[Sequence[list[int]]], least: int
) -> Iterator[Sequence[list[int]]]:
    """Sampled texts, which are empty where the controls exclude every first word.

    Raises
    ------
    ValueError
        If a text would have fewer than `least` words.
    """
    for several in replies:
        if NOTHING in several:
            if least:
                raise ValueError(why_nothing())
            several = [[] if text == NOTHING else text for text in several]
        yield several


def why_nothing() -> str:
    """Why no word can be drawn, and what to do."""
    return (
        "No word is left to continue with: each either has probability 0 there or is "
        "excluded by a control of NGramTextGenerator, such as 'bad_words' or "
        "'no_repeat_ngram_size', while 'min_length' does not let the text end. Lower "
        "'min_length', exclude less, or choose a smoothing that gives every word a "
        "probability, such as 'kneser_ney'."
    )


def warn_of_nothing(samples: Sequence[int]) -> None:
    """Warn of messages whose replies have no words left; nothing if there are none.

    Parameters
    ----------
    samples : sequence of int
        Numbers of the messages, which may be repeated.
    """
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
