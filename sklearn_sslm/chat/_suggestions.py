"""Suggestions: the likeliest next words of the text that is being typed."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..base import fitted_model
from ..generator import (
    NGramTextGenerator,
    first_words,
    first_words_in_session,
    ids_starting,
)

N_SUGGESTIONS = 6
"""Maximum number of suggested words."""


class Typed(NamedTuple):
    """A text that is being typed, split into complete words and a half typed one.

    Attributes
    ----------
    before : str
        The text without the half typed word.
    half : str
        The half typed word; "" if the last word is complete.
    """

    before: str
    half: str

    @classmethod
    def of(cls, model: NGramTextGenerator, text: str, session: Any = None) -> Typed:
        """Split a text; its last word is half typed if it is unknown and can be completed.

        Completions are words that can come next in the text; in messages to a model of
        replies they are words of learned messages.

        Parameters
        ----------
        model : NGramTextGenerator
        text : str
        session : Session, default=None
            A session of the model; if given, words that it observed are completions, too.

        Returns
        -------
        Typed

        Examples
        --------
        >>> model = NGramTextGenerator().fit(["Bom dia!"])
        >>> Typed.of(model, "Bom di"), Typed.of(model, "Bom"), Typed.of(model, "x")
        (Typed(before='Bom ', half='di'), Typed(before='Bom', half=''), Typed(before='x', half=''))
        """
        words = model.word_index_.tokenize(text)
        if not words or text[-1].isspace():
            return cls(text, "")
        size = len(words[-1])
        half, known = text[-size:], fitted_model(model).vocabulary
        if model.word_index_.tokenize(half) != words[-1:]:  # the text was preprocessed
            return cls(text, "")
        if known is None or known.get(words[-1]) is not None:
            return cls(text, "")
        typed = cls(text[:-size], half)
        return typed if typed.likeliest(model, session, k=1) else cls(text, "")

    def likeliest(
        self, model: NGramTextGenerator, session: Any = None, k: int = N_SUGGESTIONS
    ) -> list[tuple[str, float]]:
        """The likeliest next words, or completions of the half typed word.

        Parameters
        ----------
        model : NGramTextGenerator
        session : Session, default=None
            A session of the model; if given, the words are those that it would draw.
        k : int, default=N_SUGGESTIONS
            Maximum number of words.

        Returns
        -------
        list of (str, float)
            Words with their probabilities, likeliest first. Completions in a message to a
            model of replies have their relative frequencies among all completions. The
            list is empty if the controls exclude every word.
        """
        if self.half and model.has_replies_:
            return _completions(model, self.half)[:k]
        try:
            if session is None:
                return first_words(model, self.before, k, self.half)
            return first_words_in_session(session, self.before, k, self.half)
        except ValueError:  # it is shown when the message is sent
            return []

    def with_word(self, model: NGramTextGenerator, word: str) -> str:
        """The text after a next word is typed.

        Examples
        --------
        >>> model = NGramTextGenerator().fit(["Bom dia!"])
        >>> Typed("Bom ", "di").with_word(model, "dia!"), Typed("a", "").with_word(model, "b")
        ('Bom dia! ', 'a b ')
        """
        blank = " " if fitted_model(model).join(["a", "b"]) == "a b" else ""
        begin = self.before
        if begin and not begin[-1].isspace():
            begin += blank
        return f"{begin}{word}{blank}"


class Suggestions(NamedTuple):
    """The likeliest next words of a text that is being typed.

    Attributes
    ----------
    typed : Typed
    words : list of (str, float)
        Words with their probabilities; ``""`` is the end.
    """

    typed: Typed
    words: list[tuple[str, float]]

    @classmethod
    def of(
        cls, model: NGramTextGenerator, text: str, session: Any = None
    ) -> Suggestions:
        """Find the likeliest next words of a text under the controls of replies.

        Parameters
        ----------
        model : NGramTextGenerator
        text : str
        session : Session, default=None
            A session of the model; if given, the words are those that it would draw.

        Returns
        -------
        Suggestions
            It has no words if the controls exclude every word.
        """
        typed = Typed.of(model, text, session)
        return cls(typed, typed.likeliest(model, session))


def can_be_typed(model: NGramTextGenerator, word: str) -> bool:
    """Whether a word occurs in learned texts; for models of replies, in messages.

    Examples
    --------
    >>> model = NGramTextGenerator().fit(["oi", "tudo bem"], ["olá , tudo bem ?", "oi"])
    >>> [word for word in ("oi", "olá", "bem", "") if can_be_typed(model, word)]
    ['oi', 'bem']
    """
    fitted = fitted_model(model)
    if not word or not model.has_replies_ or fitted.vocabulary is None:
        return bool(word)
    number = fitted.vocabulary.get(word)
    return number is not None and fitted.language_model.frequency(number)[0] > 0


def _completions(model, half):
    """Words of messages with a prefix and their relative frequencies, highest first."""
    fitted = fitted_model(model)
    times = [
        (fitted.language_model.frequency(number)[0], -number)
        for number in ids_starting(fitted, half, model.match).tolist()
    ]
    times = sorted((each for each in times if each[0]), reverse=True)
    total = sum(n_times for n_times, _ in times)
    words = model.word_index_.words_
    return [(words[-number], n_times / total) for n_times, number in times]
