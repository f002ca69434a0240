"""Texts are drawn until enough of them are as they should be."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

Text = TypeVar("Text")

_PATIENCE = 10_000
"""Texts that are drawn in a row, none of which is chosen, before that is an error."""

_BLOCK = 8192
"""Texts that are drawn at a time, at most."""


def choose(
    n_texts: int,
    draw: Callable[[int], list[Text]],
    is_right: Callable[[Text], bool],
    wanted: str,
) -> list[Text]:
    """Draw texts until so many are right: those of a model, given that they are.

    Parameters
    ----------
    n_texts : int
    draw : callable
        Takes a number, and returns so many texts.
    is_right : callable
        Takes a text, in the order in which they were drawn.
    wanted : str
        What a text must be, for the error.

    Returns
    -------
    list

    Raises
    ------
    ValueError
        If none of the last 10 000 texts was right.

    Examples
    --------
    >>> choose(2, lambda n: list(range(n)), lambda text: text % 2, "odd")
    [1, 1]
    """
    chosen: list[Text] = []
    n_drawn = in_vain = 0
    while len(chosen) < n_texts:
        share = (len(chosen) + 1) / (n_drawn + 1)
        size = int((n_texts - len(chosen)) / share) + 1
        for text in draw(min(size, _BLOCK)):
            n_drawn, in_vain = n_drawn + 1, in_vain + 1
            if in_vain > _PATIENCE:
                raise ValueError(_none_left(wanted, len(chosen), n_texts))
            if len(chosen) < n_texts and is_right(text):
                chosen.append(text)
                in_vain = 0
    return chosen


class Unlike:
    """Tells whether something is seen for the first time.

    Examples
    --------
    >>> is_new = Unlike()
    >>> [is_new(text) for text in "aab"]
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
        f"{_PATIENCE} that NGramTextGenerator drew, none was. Ask for fewer, or choose a "
        "smaller n or a smoothing that backs off, such as 'kneser_ney'."
    )
