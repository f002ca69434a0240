"""The chat page: talk with a model in a browser, see its next words, and teach it."""

import html
import math
from types import ModuleType
from typing import Any, NamedTuple

from ..generator import NGramTextGenerator, first_words, first_words_heard
from ..utils import UserError
from ._listening import MAX_HEARD, Exchange, session_after
from ._room import (
    MAX_TEXT,
    Changes,
    Room,
    checked,
    reply_to,
    surprises_of_exchange,
)

MAX_VISITORS = 500
"""Visitors at the same time, and in the queue."""

_FORGET_VISITORS_AFTER = 3600  # seconds
_MAX_MESSAGES = 100  # the last ones of a conversation
_N_BARS = 6
_END = "(end of text)"  # with its blanks it is hardly a word of the model

_NO_REPLY = "It does not know your last words."
_ABOUT_SURPRISE = "Surprise in bits: 0 is certain, 1 a coin toss, ∞ never expected."

CSS = """
.gradio-container { width: 100%; max-width: 72rem !important; margin: 0 auto !important; }
.sslm-head { margin: 0 0 .25rem; font-size: 1.5rem; font-weight: 650; }
.sslm-note { margin: 0; color: var(--body-text-color-subdued); overflow-wrap: anywhere; }
.sslm-bars { min-height: 17rem; }  /* so that what is below does not jump */
.sslm-bars .bar { height: .5rem; }
.sslm-words { display: flex; flex-wrap: wrap; gap: .3rem; margin: .3rem 0 .7rem; }
.sslm-words span {
    display: inline-flex; flex-direction: column; align-items: center;
    padding: .1rem .45rem; border-radius: .35rem; overflow-wrap: anywhere;
    color: var(--body-text-color);
    background: rgb(239 108 34 / calc(6% + var(--heat) * 64%));
}
.sslm-words small { font-size: .7rem; font-variant-numeric: tabular-nums; }
"""


class Visit(NamedTuple):
    """The state of one visitor's page."""

    changes: Changes = Changes()
    history: tuple[str, ...] = ()  # messages and replies in turn
    words: list[str] | None = None  # of the last reply; None if it was the fallback
    listens: bool = False  # whether what is said is remembered
    heard: tuple[Exchange, ...] = ()  # what was said while it listened
    last_was_heard: bool = False  # whether the last exchange is the last of these

    def session(self, model: NGramTextGenerator, before_last: bool = False) -> Any:
        """A session of a model that has heard all; None where the page does not listen.

        Parameters
        ----------
        model : NGramTextGenerator
        before_last : bool, default=False
            Whether the last exchange of the conversation is left out.

        Returns
        -------
        Session or None
        """
        if not self.listens:
            return None
        leave_out = before_last and self.last_was_heard
        return session_after(model, self.heard[:-1] if leave_out else self.heard)


class Page:
    """The chat page of a room.

    Methods that begin with ``on_`` handle an event; their parameters and results are
    the values of components of the page.

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

    def on_send(self, message, n, temperature, visit):
        """Answer a message."""
        model = self.room.model_of(visit.changes, n, temperature)
        try:
            message = checked(message)
            reply, words = reply_to(model, message, visit.session(model))
        except (UserError, ValueError) as error:  # as with unknown="error"
            return _note(error), *self._unchanged(5), visit
        history = (*visit.history, message, reply)
        visit = visit._replace(history=history[-_MAX_MESSAGES:], words=words)
        if visit.listens:
            exchange = Exchange(message, None if words is None else tuple(words))
            visit = visit._replace(heard=(*visit.heard, exchange)[-MAX_HEARD:])
        visit = visit._replace(last_was_heard=visit.listens)
        chat = _as_chat(visit.history)
        return "", "", chat, *self.on_look("", n, temperature, visit), visit

    def on_clear(self, message, n, temperature, visit):
        """Begin a new conversation with the same model."""
        visit = visit._replace(history=(), words=None, heard=(), last_was_heard=False)
        return *self.on_look(message, n, temperature, visit), visit

    def on_listen(self, listens, message, n, temperature, visit):
        """Remember what is said from now on, or remember nothing."""
        visit = visit._replace(listens=listens)
        return *self.on_look(message, n, temperature, visit), visit

    def on_forget_said(self, message, n, temperature, visit):
        """Forget what was said."""
        visit = visit._replace(heard=(), last_was_heard=False)
        looks = self.on_look(message, n, temperature, visit)
        return _note("What was said is forgotten."), *looks, visit

    def on_type(self, message, n, temperature, visit):
        """Show the likeliest next words."""
        model = self.room.model_of(visit.changes, n, temperature)
        text = message[:MAX_TEXT] if message.strip() else "".join(visit.history[-2:-1])
        return self._bars(model, text, visit.session(model))

    def on_look(self, message, n, temperature, visit):
        """Show the surprise of the last words, the next words, and the vocabulary."""
        model = self.room.model_of(visit.changes, n, temperature)
        bars = self.on_type(message, n, temperature, visit)
        return self._surprise(model, visit), bars, _head(model)

    def on_teach(self, text, message, n, temperature, visit):
        """Learn a text."""
        return self._change(
            self.room.teach, "learned", text, visit, message, n, temperature
        )

    def on_forget(self, text, message, n, temperature, visit):
        """Forget a text."""
        return self._change(
            self.room.forget, "forgotten", text, visit, message, n, temperature
        )

    def _change(self, change, done, text, visit, message, n, temperature):
        try:
            text, changes = change(text, visit.changes)
        except (UserError, ValueError) as error:
            return _note(f"Not {done}: {error}"), *self._unchanged(3), visit
        visit = visit._replace(changes=changes)
        looks = self.on_look(message, n, temperature, visit)
        return _note(f"{done.capitalize()}: {text}"), *looks, visit

    # Parts of the page

    def _surprise(self, model, visit):
        if not visit.history:
            return _note("Say something to see how surprising each of its words is.")
        before = visit.session(model, before_last=True)
        message = visit.history[-2]
        said, replied = surprises_of_exchange(model, message, visit.words, before)
        reply = (
            f"<b>It replied</b>{_as_spans(replied)}" if replied else _note(_NO_REPLY)
        )
        message = f"<b>You said</b>{_as_spans(said)}" if said else ""
        return f"{message}{reply}{_note(_ABOUT_SURPRISE)}"

    def _bars(self, model, text, session):
        after = (
            f"after “{_shortened(text)}”" if text.strip() else "at the start of a text"
        )
        if model.has_replies_:
            after = f"in reply to “{_shortened(text)}”"
        try:
            if session is None:
                words = first_words(model, text, _N_BARS)
            else:
                words = first_words_heard(session, text, _N_BARS)
        except ValueError:  # the controls leave no word; a message gets this error
            words = []
        likeliest = {word or _END: p for word, p in words}
        return self.gr.Label(likeliest, label=f"Next word {after}")

    def _unchanged(self, n_parts):
        return [self.gr.skip()] * n_parts

    def blocks(self):
        """The page, as Gradio's blocks."""
        gr = self.gr
        with gr.Blocks(title="sslm", analytics_enabled=False) as blocks:
            visit = gr.State(
                Visit(listens=self.room.listens), time_to_live=_FORGET_VISITORS_AFTER
            )
            about = gr.HTML()
            with gr.Row():
                with gr.Column(scale=3):
                    chat, message, surprise = self._conversation()
                with gr.Column(scale=2):
                    bars = gr.Label(show_heading=False, elem_classes="sslm-bars")
                    n, temperature = self._sliders()
                    listens, forget_said = self._ear()
                    lesson, teach, forget, note = self._lessons()
            choices = [message, n, temperature, visit]
            look = [surprise, bars, about]
            # Without `preprocess` numbers out of range come here, and are no error.
            quietly = {
                "api_visibility": "private",
                "show_progress": "hidden",
                "preprocess": False,
            }
            # One at a time, or two clicks would each start from the same state.
            in_turn = {"concurrency_id": "visits", "concurrency_limit": 1, **quietly}
            message.submit(
                self.on_send, choices, [note, message, chat, *look, visit], **in_turn
            )
            chat.clear(self.on_clear, choices, [*look, visit], **in_turn)
            listens.input(
                self.on_listen, [listens, *choices], [*look, visit], **in_turn
            )
            forget_said.click(
                self.on_forget_said, choices, [note, *look, visit], **in_turn
            )
            latest = {"trigger_mode": "always_last", **quietly}
            # Typing updates the bars only: it may be handled after the reply.
            message.change(self.on_type, choices, bars, **latest)
            moved = [blocks.load, n.change, temperature.change]
            gr.on(moved, self.on_look, choices, look, **latest)
            lessons = {
                self.on_teach: [teach.click, lesson.submit],
                self.on_forget: [forget.click],
            }
            for change, asked in lessons.items():
                gr.on(
                    asked, change, [lesson, *choices], [note, *look, visit], **in_turn
                )
        return blocks.queue(max_size=MAX_VISITORS, api_open=False)

    def _conversation(self):
        gr = self.gr
        chat = gr.Chatbot(
            label="Conversation",
            show_label=False,  # it would cover the messages
            height=380,
            placeholder="Say something.",
            render_markdown=False,
            allow_file_downloads=False,
            latex_delimiters=[],
            feedback_options=None,
            buttons=[],
        )
        message = gr.Textbox(
            label="Message",
            placeholder="Olá!",
            max_length=MAX_TEXT,
            submit_btn=True,
            autofocus=True,
        )
        return chat, message, gr.HTML()

    def _sliders(self):
        gr, room = self.gr, self.room
        n = gr.State(room.n)
        if len(room.orders) > 1:
            n = gr.Slider(
                room.orders[0],
                room.orders[-1],
                room.n,
                step=1,
                precision=0,
                label="n",
                info="Each word is drawn by the n − 1 words before it.",
                buttons=[],
            )
        temperature = gr.Slider(
            0,
            room.hottest,
            room.model.temperature,
            step=0.1,
            label="Temperature",
            info="0 always takes the likeliest word; more is bolder.",
            visible=room.model.num_beams == 1,
            buttons=[],
        )
        return n, temperature

    def _ear(self):
        gr = self.gr
        with gr.Row(visible=self.room.model.num_beams == 1):
            listens = gr.Checkbox(
                self.room.listens,
                label="Listens",
                info="What is said is likelier to be said again. It is yours alone, and not "
                "learned.",
                min_width=200,
            )
            forget_said = gr.Button("Forget what I said", min_width=100)
        return listens, forget_said

    def _lessons(self):
        gr, room = self.gr, self.room
        whom = "Everyone who visits shares it" if room.shared else "It is yours alone"
        with gr.Column(visible=room.teachable):
            lesson = gr.Textbox(
                label="Lesson",
                info=f"A sentence to learn, or to forget. {whom}.",
                placeholder="carros são automóveis",
                max_length=MAX_TEXT,
            )
            with gr.Row():
                teach = gr.Button("Teach", variant="primary", min_width=100)
                forget = gr.Button("Forget", min_width=100)
        return lesson, teach, forget, gr.HTML()


def _head(model):
    known = f"It knows {model.n_words_:,} different words"
    if model.n_texts_seen_:  # 0 for stored probabilities
        known += f" from {model.n_texts_seen_:,} texts"
    return (
        f'<h1 class="sslm-head">A super small language model</h1>{_note(f"{known}.")}'
    )


def _as_chat(history):
    # The chat box renders HTML even without Markdown.
    return [
        {"role": "assistant" if nth % 2 else "user", "content": html.escape(text)}
        for nth, text in enumerate(history)
    ]


def _as_spans(words):
    """Words with their surprise, as HTML.

    >>> _as_spans([("<b>", 1.0)])
    '<div class="sslm-words"><span style="--heat: 0.10">&lt;b&gt;<small>1.0</small></span></div>'
    """
    spans = (
        f'<span style="--heat: {min(bits, 10) / 10:.2f}">{html.escape(word or _END)}'
        f"<small>{'∞' if math.isinf(bits) else format(bits + 0.0, '.1f')}</small></span>"
        for word, bits in words
    )
    return f'<div class="sslm-words">{"".join(spans)}</div>'


def _note(text):
    return f'<p class="sslm-note">{html.escape(str(text))}</p>'


def _shortened(text):
    """The end of a text, which holds the context.

    >>> _shortened("x" * 50)
    '…xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'
    """
    return text if len(text) <= 40 else "…" + text[-39:]
