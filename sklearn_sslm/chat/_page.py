"""The events of the chat page, and what it shows after each of them."""

from __future__ import annotations

from types import ModuleType
from typing import Any, NamedTuple

from ..generator import NGramTextGenerator, UnknownWordError
from ..utils import UserError
from . import _markup as markup
from ._exchange import other_reply, reply_to, sources_of_reply, surprises_of_exchange
from ._page_phrases import Refusal, phrase
from ._phrases import PHRASES, language_of
from ._room import MAX_TEXT, Room, checked
from ._suggestions import Suggestions
from ._visit import Visit

_FALLBACKS = {phrases["fallback"] for phrases in PHRASES.values()}


class View(NamedTuple):
    """The new values of the page's components after an event; None keeps the old value.

    Attributes
    ----------
    hint : str
        A remark on the typed text, below its box.
    message : str
        The text in the box.
    chat : list of dict
        The conversation.
    begin, more : dict
        Whether the first messages, and the button for another reply, are visible.
    surprise, why, bars, head : str
        The surprise and the sources of the last exchange, the next words, the title.
    remark : str
        A remark on what was taught or forgotten.
    """

    hint: Any = None
    message: Any = None
    chat: Any = None
    begin: Any = None
    more: Any = None
    surprise: Any = None
    why: Any = None
    bars: Any = None
    head: Any = None
    remark: Any = None


class Page:
    """The chat page of a room.

    Methods whose names begin with ``on_`` handle events. Their parameters are the values
    on the page: the message in its box, the chosen n and temperature, and the visit. They
    return the values of a `View` and, if the event can change it, the visit.

    Parameters
    ----------
    room : Room
    gradio : module
        The package gradio.
    """

    def __init__(self, room: Room, gradio: ModuleType) -> None:
        self.room = room
        self.gr = gradio

    # Events

    def on_arrive(self, language, message, n, temperature, visit):
        """Show the page in the language of the visitor's browser."""
        visit = visit._replace(language=language_of(language))
        return self._all_of(visit, message, n, temperature)

    def on_send(self, message, n, temperature, visit):
        """Answer a message."""
        model = self._model(n, temperature, visit)
        try:
            message = checked(message)
            reply = reply_to(model, message, visit.session(model))
        except (UserError, ValueError) as error:  # as with unknown="error"
            hint = markup.note(_told(error, visit.language, "no_answer"))
            return self._only(visit, hint=hint)
        visit = visit.replied(message, *reply)
        return self._all_of(visit, "", n, temperature, message="", hint="")

    def on_another(self, message, n, temperature, visit):
        """Give another reply to the last message."""
        model = self._model(n, temperature, visit)
        try:
            reply = other_reply(model, visit) if visit.history else None
        except (UserError, ValueError) as error:  # the model has changed since
            hint = markup.note(_told(error, visit.language, "no_answer"))
            return self._only(visit, hint=hint)
        if reply is None:
            hint = markup.note(phrase(visit.language, "no_other"))
            return self._only(visit, hint=hint)
        visit = visit.replied_otherwise(*reply)
        return self._all_of(visit, message, n, temperature, hint="")

    def on_clear(self, message, n, temperature, visit):
        """Begin a new conversation with the same model."""
        return self._all_of(visit.cleared(), message, n, temperature, hint="")

    def on_listen(self, listens, message, n, temperature, visit):
        """Remember what is said from now on, or remember nothing."""
        visit = visit._replace(listens=listens)
        return self._all_of(visit, message, n, temperature)

    def on_forget_said(self, message, n, temperature, visit):
        """Forget what was said."""
        remark = markup.note(phrase(visit.language, "said_forgotten"))
        visit = visit.without_memory()
        return self._all_of(visit, message, n, temperature, remark=remark)

    def on_teach(self, text, message, n, temperature, visit):
        """Learn a text."""
        return self._taught(
            self.room.teach, "learned", text, visit, message, n, temperature
        )

    def on_forget(self, text, message, n, temperature, visit):
        """Forget a text."""
        return self._taught(
            self.room.forget, "forgotten", text, visit, message, n, temperature
        )

    def on_type(self, message, n, temperature, visit):
        """Show the likeliest next words."""
        model, language = self._model(n, temperature, visit), visit.language
        size, hint = len(message), ""
        if size > MAX_TEXT:
            too_long = phrase(language, "too_long", most=MAX_TEXT, size=size)
            hint = markup.note(f"{too_long}.")
        view = View(hint=hint, bars=self._bars(model, message, visit))
        return self._values(view)

    def on_look(self, message, n, temperature, visit):
        """Show all that depends on n and the temperature."""
        return self._values(self._explained(visit, message, n, temperature))

    def _taught(self, change, done, text, visit, message, n, temperature):
        """Let a method of the room change the model; `done` is the name of a phrase."""
        language = visit.language
        try:
            text, changes = change(text, visit.changes)
        except (UserError, ValueError) as error:
            why = _told(error, language, "not_possible")
            remark = markup.note(phrase(language, f"not_{done}", why=why))
            return self._only(visit, remark=remark)
        visit = visit._replace(changes=changes)
        remark = markup.note(phrase(language, done, text=text))
        return self._all_of(visit, message, n, temperature, remark=remark)

    # What is shown

    def _model(self, n, temperature, visit):
        """The model of a visitor, with the fallback in their language."""
        model = self.room.model_of(visit.changes, n, temperature)
        if (
            model.fallback_response in _FALLBACKS
        ):  # another one was chosen by its author
            fallback = PHRASES[visit.language]["fallback"]
            model.set_params(fallback_response=fallback)
        return model

    def _all_of(self, visit, message_typed, n, temperature, **changes):
        """What an event returns that may change all components and the visit."""
        view = self._explained(visit, message_typed, n, temperature)
        view = view._replace(
            chat=markup.conversation(visit.history),
            begin=self.gr.update(visible=not visit.history),
            more=self.gr.update(visible=bool(visit.history)),
        )
        return self._values(view._replace(**changes), visit)

    def _only(self, visit, **changes):
        """What an event returns that changes some components, and nothing of the visit."""
        return self._values(View(**changes), visit)

    def _values(self, view, *visit):
        return *(self.gr.skip() if v is None else v for v in view), *visit

    def _explained(self, visit, message, n, temperature):
        """The parts that depend on the model: surprise, sources, next words and title."""
        model = self._model(n, temperature, visit)
        return View(
            surprise=self._surprise(model, visit),
            why=self._why(model, visit),
            bars=self._bars(model, message, visit),
            head=markup.head(model, visit.language),
        )

    def _surprise(self, model, visit):
        if not visit.history:
            return markup.note(phrase(visit.language, "to_be_surprised"))
        before = visit.session(model, before_last=True)
        said, replied = surprises_of_exchange(model, visit.message, visit.words, before)
        return markup.surprises(said, replied, model.n_words_, visit.language)

    def _why(self, model, visit):
        before = visit.session(model, before_last=True)
        origins = None
        if visit.history:
            origins = sources_of_reply(model, visit.message, visit.words, before)
        return markup.sources(
            origins,
            visit.language,
            heard=visit.listens,
            replies=model.has_replies_,
        )

    def _bars(self, model: NGramTextGenerator, message: str, visit: Visit) -> str:
        text = message[-MAX_TEXT:] if message.strip() else visit.message
        found = Suggestions.of(model, text, visit.session(model))
        return markup.bars(model, found, message, visit.language)


def _told(error, language, otherwise):
    """The message of an error in a language; a phrase if it is only there in English."""
    if isinstance(error, Refusal):
        return error.in_language(language)
    if isinstance(error, UnknownWordError):
        return phrase(language, "unknown_word", word=error.word)
    return str(error) if language == "en" else phrase(language, otherwise)
