"""The words that may come next in what is being typed, and what they make of it."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..base import fitted_model
from ..generator import NGramTextGenerator, first_words, first_words_heard

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
        if model.has_replies_ or not words or text[-1].isspace():
            return cls(text, "")
        size = len(words[-1])
        half, known = text[-size:], fitted_model(model).vocabulary
        if model.word_index_.tokenize(half) != words[-1:]:  # spelled in another way
            return cls(text, "")
        if known is None or known.get(words[-1]) is not None:
            return cls(text, "")
        asked = model if session is None else session
        if not asked.next_words([text[:-size]], k=1, prefix=half)[0]:
            return cls(text, "")
        return cls(text[:-size], half)

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
        try:
            if session is None:
                words = first_words(model, typed.before, N_SUGGESTIONS, typed.half)
            else:
                words = first_words_heard(
                    session, typed.before, N_SUGGESTIONS, typed.half
                )
        except ValueError:  # a message gets this error
            words = []
        return cls(typed, words)
