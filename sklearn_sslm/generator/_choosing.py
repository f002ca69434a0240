"""Rejection sampling of texts."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TypeVar

Text = TypeVar("Text")

_MAX_REJECTED = 10_000
"""Texts that may be rejected in a row; more are an error."""

_BLOCK = 8192
"""Maximum number of texts drawn at a time."""


def choose(
    n_texts: int,
    draw: Callable[[int], Iterable[Text]],
    is_accepted: Callable[[Text], bool],
    wanted: str,
) -> Iterator[Text]:
    """Draw texts until `n_texts` of them are accepted.

    Parameters
    ----------
    n_texts : int
    draw : callable
        Takes an int, and returns that number of texts.
    is_accepted : callable
        Whether a text is accepted; texts are passed in the order in which they are drawn.
    wanted : str
        What a text must be to be accepted, for the message of the error.

    Yields
    ------
    text
        The accepted texts, as they are drawn.

    Raises
    ------
    ValueError
        If 10,000 texts in a row are rejected.

    Examples
    --------
    >>> list(choose(2, range, lambda text: text % 2, "odd"))
    [1, 1]
    """
    n_accepted = n_drawn = n_rejected = 0
    while n_accepted < n_texts:
        share = (n_accepted + 1) / (n_drawn + 1)
        size = int((n_texts - n_accepted) / share) + 1
        for text in draw(min(size, _BLOCK)):
            n_drawn, n_rejected = n_drawn + 1, n_rejected + 1
            if n_rejected > _MAX_REJECTED:
                raise ValueError(_none_left(wanted, n_accepted, n_texts))
            if n_accepted < n_texts and is_accepted(text):
                n_accepted, n_rejected = n_accepted + 1, 0
                yield text


class FirstOccurrence:
    """A function that returns whether it is called with a text for the first time.

    Examples
    --------
    >>> is_first = FirstOccurrence()
    >>> [is_first(text) for text in "aab"]
    [True, False, True]
    """

    def __init__(self) -> None:
        self._seen: set[Hashable] = set()

    def __call__(self, text: Hashable) -> bool:
        before = len(self._seen)
        self._seen.add(text)
        return len(self._seen) > before


def _none_left(wanted, n_found, n_texts):
    return (
        f"Only {n_found} of {n_texts} texts were found that are {wanted}: of the last "
        f"{_MAX_REJECTED} that NGramTextGenerator drew, none was. Ask for fewer, or choose a "
        "smaller n or a smoothing that backs off, such as 'kneser_ney'."
    )
