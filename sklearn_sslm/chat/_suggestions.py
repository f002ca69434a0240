"""The words that may come next in what is being typed, and what they make of it."""

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
"""How many words are suggested."""


class Typed(NamedTuple):
    """What was typed, its last word apart if that is half typed.

    Attributes
    ----------
    before : str
        All but the half typed word.
    half : str
        "" if the last word is complete.
    """

    before: str
    half: str

    @classmethod
    def of(cls, model: NGramTextGenerator, text: str, session: Any = None) -> Typed:
        """Split a text; its last word is half typed if it is unknown and can be completed.

        It becomes a word that can come next there, or, in a message to a model of
        replies, one that messages had.

        Parameters
        ----------
        model : NGramTextGenerator
        text : str
        session : Session, default=None
            One of the model; words that it heard count then.

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
        if model.word_index_.tokenize(half) != words[-1:]:  # spelled in another way
            return cls(text, "")
        if known is None or known.get(words[-1]) is not None:
            return cls(text, "")
        typed = cls(text[:-size], half)
        return typed if typed.likeliest(model, session, k=1) else cls(text, "")

    def likeliest(
        self, model: NGramTextGenerator, session: Any = None, k: int = N_SUGGESTIONS
    ) -> list[tuple[str, float]]:
        """The likeliest next words, or of those that the half typed one can become.

        Those that complete a message to a model of replies come with their shares among
        all that do. Where the controls leave no word there is none.
        """
        if self.half and model.has_replies_:
            return _completions(model, self.half)[:k]
        try:
            if session is None:
                return first_words(model, self.before, k, self.half)
            return first_words_in_session(session, self.before, k, self.half)
        except ValueError:  # a message gets this error
            return []

    def with_word(self, model: NGramTextGenerator, word: str) -> str:
        """The text when a word was typed next.

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
    """The likeliest next words of what was typed.

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
        """The likeliest next words, under the controls by which replies are drawn.

        Parameters
        ----------
        model : NGramTextGenerator
        text : str
        session : Session, default=None
            One of the model; what it heard counts then.

        Returns
        -------
        Suggestions
            Without words where the controls leave none.
        """
        typed = Typed.of(model, text, session)
        return cls(typed, typed.likeliest(model, session))


def can_be_typed(model: NGramTextGenerator, word: str) -> bool:
    """Whether a word is one of texts, or else of messages.

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
    """Words of messages that begin so, commonest first, with their shares among these."""
    fitted = fitted_model(model)
    times = [
        (fitted.language_model.frequency(number)[0], -number)
        for number in ids_starting(fitted, half, model.match).tolist()
    ]
    times = sorted((each for each in times if each[0]), reverse=True)
    total = sum(n_times for n_times, _ in times)
    words = model.word_index_.words_
    return [(words[-number], n_times / total) for n_times, number in times]
