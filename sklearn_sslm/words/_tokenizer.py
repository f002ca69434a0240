"""Texts become words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Tokenizer:
    """Splits texts into words.

    Attributes
    ----------
    split : callable or None
        Takes a text and returns its words, an iterable of str; None splits at white
        space.
    lowercase : bool
        Whether texts are lower-cased first.

    Examples
    --------
    >>> Tokenizer(lowercase=True)("Olá! Como vai?")
    ['olá!', 'como', 'vai?']
    """

    split: Callable[[str], Iterable[str]] | None = None
    lowercase: bool = False

    def __call__(self, text: str) -> list[str]:
        """The words of one text.

        Parameters
        ----------
        text : str

        Returns
        -------
        list of str

        Raises
        ------
        TypeError
            If `split` returns nothing that can be iterated over.
        """
        text = self.normalize(text)
        if self.split is None:
            return text.split()
        words = self.split(text)
        if not isinstance(words, Iterable):
            raise TypeError(no_words(words))
        return [word for word in words if word != ""]

    def normalize(self, text: str) -> str:
        """A text, or a word, as it is spelled before it is split."""
        return text.lower() if self.lowercase else text

    def __str__(self) -> str:
        return f"tokenizer={self.split!r} and lowercase={self.lowercase!r}"


def no_words(returned: object) -> str:
    """The message of the error about what a tokenizer returned in place of words."""
    return (
        "The 'tokenizer' parameter of WordIndexTransformer must return words, each a "
        f"str. It returned {returned!r}."
    )
