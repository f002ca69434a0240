"""The tokenizer, which splits texts into words, characters or other units."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from typing import Literal

from sklearn.feature_extraction.text import strip_accents_ascii, strip_accents_unicode

from ._graphemes import graphemes

Splitter = Callable[[str], Iterable[str]]
"""Takes a text and returns its words."""

_ASCII_WORD = re.compile(r"[^\t-\r ]+")
_ASCII_SEPARATORS = "\x1c\x1d\x1e\x1f"
_OTHER_BLANKS = (
    f"{_ASCII_SEPARATORS}\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006"
    "\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
"""White space for `str.split`, and part of a word for programs that read bytes."""


@dataclass(frozen=True)
class Tokenizer:
    """Splits texts into words, and joins words to texts.

    Attributes
    ----------
    tokenizer, lowercase, analyzer, strip_accents, normalize
        As of `WordIndexTransformer`.

    Examples
    --------
    >>> Tokenizer(lowercase=True)("Olá! Como vai?")
    ['olá!', 'como', 'vai?']
    >>> characters = Tokenizer(analyzer="char")
    >>> characters("Olá!"), characters.join(["O", "i"])
    (['O', 'l', 'á', '!'], 'Oi')
    """

    tokenizer: Splitter | Literal["ascii"] | None = None
    lowercase: bool = False
    analyzer: Literal["word", "char", "char_wb"] | Splitter = "word"
    strip_accents: Literal["ascii", "unicode"] | Callable[[str], str] | None = None
    normalize: Literal["NFC", "NFD", "NFKC", "NFKD"] | None = None

    @property
    def split(self) -> Splitter | None:
        """The callable that splits texts; None for a built-in rule."""
        if callable(self.analyzer):
            return self.analyzer
        if self.analyzer == "word" and callable(self.tokenizer):
            return self.tokenizer
        return None

    @property
    def splits_at_ascii(self) -> bool:
        """Whether to split at blanks of ASCII only."""
        return self.analyzer == "word" and self.tokenizer == "ascii"

    @property
    def splits_at_blanks(self) -> bool:
        """Whether texts are split at blanks, so that lines can be split all at once."""
        plain = self.analyzer == "word" and not callable(self.tokenizer)
        return plain and not callable(self.strip_accents)

    @property
    def is_plain(self) -> bool:
        """Whether words are substrings of their text, without any preprocessing."""
        changes = (self.lowercase, self.strip_accents, self.normalize)
        return callable(self.analyzer) or not any(changes)

    @property
    def workers(self) -> str:
        """What splits texts at the same time: joblib's "threads" or "processes".

        Where NumPy finds the words, threads do. They need not be started, and send nothing.
        """
        by_arrays = self.splits_at_blanks and self.is_plain
        return "threads" if by_arrays else "processes"

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
            If the callable that splits texts does not return words.
        """
        text = self.preprocess(text)
        if self.split is not None:
            return self._checked(self.split(text))
        if self.analyzer == "word":
            return split_ascii(text) if self.splits_at_ascii else text.split()
        if self.analyzer == "char":
            return graphemes(text)
        return [unit for word in text.split() for unit in (" ", *graphemes(word), " ")]

    def preprocess(self, text: str) -> str:
        """A text, or a word, after `lowercase`, `strip_accents` and `normalize`."""
        if self.is_plain:
            return text
        if self.lowercase:
            text = text.lower()
        if callable(self.strip_accents):
            text = _stripped(self.strip_accents, text)
        elif self.strip_accents is not None:
            text = _STRIP[self.strip_accents](text)
        return unicodedata.normalize(self.normalize, text) if self.normalize else text

    @property
    def join(self) -> Callable[[Iterable[str]], str]:
        """A function that returns the text of words.

        Words are joined by blanks; characters without blanks; units of a callable that
        has a method ``join``, by this method.
        """
        own = getattr(self.split, "join", None)
        if own is not None:
            return own
        if self.analyzer == "char":
            return "".join
        return _join_padded if self.analyzer == "char_wb" else " ".join

    @property
    def parameter(self) -> str:
        """The name of the parameter with the callable that splits texts."""
        return "analyzer" if callable(self.analyzer) else "tokenizer"

    def _checked(self, words):
        if isinstance(words, str) or not isinstance(words, Iterable):
            raise TypeError(no_words(words, self.parameter))
        return [word for word in words if word != ""]

    def __str__(self) -> str:
        shown = [
            f"{field.name}={getattr(self, field.name)!r}"
            for field in (*fields(self)[2:], *fields(self)[:2])
            if field.name in _SHOWN or getattr(self, field.name) != field.default
        ]
        return ", ".join(shown[:-1]) + f" and {shown[-1]}"


def _join_padded(words):
    """Characters to a text; each word has a blank before and after it.

    >>> _join_padded(list(" oá  mundo "))
    'oá mundo'
    """
    return " ".join("".join(words).split())


def _stripped(strip_accents, text):
    stripped = strip_accents(text)
    if not isinstance(stripped, str):
        msg = (
            "The 'strip_accents' parameter of WordIndexTransformer must return a text, a "
            f"str. It returned {stripped!r:.80}."
        )
        raise TypeError(msg)
    return stripped


_SHOWN = "tokenizer", "lowercase"  # in messages, whatever their values are
_STRIP = {"ascii": strip_accents_ascii, "unicode": strip_accents_unicode}


def split_ascii(text: str) -> list[str]:
    r"""Split a text at white space of ASCII, as `bytes.split`.

    >>> split_ascii("10\u00a0km\tao sul\n")
    ['10\xa0km', 'ao', 'sul']
    """
    others = _ASCII_SEPARATORS if text.isascii() else _OTHER_BLANKS
    if any(blank in text for blank in others):
        return _ASCII_WORD.findall(text)
    return text.split()  # the same words, four times as fast


def no_words(returned: object, parameter: str = "tokenizer") -> str:
    """The error message for a callable that does not return words."""
    return (
        f"The {parameter!r} parameter of WordIndexTransformer must return words, each a "
        f"str. It returned {returned!r}."
    )
