"""The components of the chat page, and their events."""

from __future__ import annotations

from types import ModuleType, SimpleNamespace
from typing import Any

from ._page import Page, View
from ._page_phrases import PAGE
from ._room import MAX_TEXT, Room
from ._starters import starters
from ._style import LANGUAGE
from ._visit import Visit

MAX_VISITORS = 500
"""Maximum number of visits that are kept, and of events in the queue."""

_FORGET_VISITORS_AFTER = 3600  # seconds
_MAX_TYPED = 5 * MAX_TEXT  # more than can be sent, so that the page can say so
# With `preprocess` numbers out of range would be an error, not clipped by the page.
_QUIETLY = {
    "api_visibility": "private",
    "show_progress": "hidden",
    "preprocess": False,
}


class Layout:
    """The chat page of a room, as Gradio draws it.

    Parameters
    ----------
    room : Room
    gradio : module
        The package gradio.

    Attributes
    ----------
    phrases : gradio.I18n
        The phrases of the page; the browser chooses their language.
    """

    def __init__(self, room: Room, gradio: ModuleType) -> None:
        self.room = room
        self.gr = gradio
        self.page = Page(room, gradio)
        self.phrases = gradio.I18n(**PAGE)

    def blocks(self) -> Any:
        """The page as Gradio blocks, with their queue."""
        with self.gr.Blocks(title="sslm", analytics_enabled=False) as blocks:
            parts = self._drawn()
            self._connect(blocks, parts)
        return blocks.queue(max_size=MAX_VISITORS, api_open=False)

    def _drawn(self):
        """Create all components; returns them by their names."""
        gr, parts = self.gr, SimpleNamespace()
        begun = Visit(listens=self.room.listens)
        parts.visit = gr.State(begun, time_to_live=_FORGET_VISITORS_AFTER)
        parts.head = gr.HTML()
        with gr.Row(elem_classes="sslm-columns"):
            with gr.Column(scale=3):
                self._draw_conversation(parts)
                self._draw_explanations(parts)
            with gr.Column(scale=2):
                parts.bars = gr.HTML(elem_classes="sslm-flush")
                with gr.Column(elem_classes="sslm-last"):
                    self._draw_numbers(parts)
                    self._draw_listening(parts)
                    self._draw_lessons(parts)
        parts.language = gr.Textbox(visible=False)
        return parts

    def _connect(self, blocks, parts):
        """Connect the events of the components with the methods of the page."""
        gr, page = self.gr, self.page
        view = [getattr(parts, name) for name in View._fields]
        chosen = [parts.message, parts.n, parts.temperature, parts.visit]
        # One at a time: two events at once would both change the same old visit.
        in_turn = {
            "outputs": [*view, parts.visit],
            "concurrency_id": "visits",
            "concurrency_limit": 1,
            **_QUIETLY,
        }
        for event, handler, first in [
            (parts.message.submit, page.on_send, []),
            (parts.another.click, page.on_another, []),
            (parts.chat.clear, page.on_clear, []),
            (parts.forget_said.click, page.on_forget_said, []),
            (parts.listens.input, page.on_listen, [parts.listens]),
            (parts.teach.click, page.on_teach, [parts.lesson]),
            (parts.lesson.submit, page.on_teach, [parts.lesson]),
            (parts.forget.click, page.on_forget, [parts.lesson]),
        ]:
            event(handler, [*first, *chosen], **in_turn)
        for button in parts.starters:
            button.click(page.on_send, [button, *chosen[1:]], **in_turn)
        arrived = [parts.language, *chosen]
        blocks.load(page.on_arrive, arrived, js=LANGUAGE, **in_turn)
        # These do not change the visit; only the last one of several is handled.
        latest = {"outputs": view, "trigger_mode": "always_last", **_QUIETLY}
        parts.message.change(page.on_type, chosen, **latest)
        moved = [parts.n.change, parts.temperature.change]
        gr.on(moved, page.on_look, chosen, **latest)

    def _draw_conversation(self, parts):
        gr, say = self.gr, self.phrases
        parts.chat = gr.Chatbot(
            label=say("conversation"),
            show_label=False,  # it would cover the messages
            height=340,
            placeholder=say("say_something"),
            render_markdown=False,
            latex_delimiters=[],
            allow_file_downloads=False,
            feedback_options=None,
            buttons=[],
        )
        with gr.Row(elem_classes="sslm-small") as parts.begin:
            parts.starters = [
                gr.Button(text, size="sm", min_width=80)
                for text in starters(self.room.model)
            ]
        with gr.Row(elem_classes="sslm-small", visible=False) as parts.more:
            parts.another = gr.Button(say("another"), size="sm")
        parts.message = gr.Textbox(
            label=say("message"),
            max_length=_MAX_TYPED,
            submit_btn=say("send"),
            autofocus=True,
            elem_id="sslm-message",
        )
        parts.hint = gr.HTML(elem_classes="sslm-hint", padding=True)

    def _draw_explanations(self, parts):
        gr = self.gr
        with gr.Column(elem_classes="sslm-later"):
            parts.surprise = gr.HTML(padding=True)
            with gr.Accordion(self.phrases("why"), open=False, elem_id="sslm-why"):
                parts.why = gr.HTML()

    def _draw_numbers(self, parts):
        gr, room, say = self.gr, self.room, self.phrases
        parts.n = gr.State(room.n)
        if len(room.orders) > 1:
            parts.n = gr.Slider(
                room.orders[0],
                room.orders[-1],
                room.n,
                step=1,
                precision=0,
                label=say("n"),
                info=say("about_n"),
                buttons=[],
            )
        parts.temperature = gr.Slider(
            0,
            room.max_temperature,
            room.model.temperature,
            step=0.1,
            label=say("temperature"),
            info=say("about_temperature"),
            visible=room.model.num_beams == 1,
            buttons=[],
        )

    def _draw_listening(self, parts):
        gr, say = self.gr, self.phrases
        with gr.Column(visible=self.room.model.num_beams == 1):
            parts.listens = gr.Checkbox(
                self.room.listens,
                label=say("listens"),
                info=say("about_listens"),
            )
            parts.forget_said = gr.Button(say("forget_said"), size="sm")

    def _draw_lessons(self, parts):
        gr, room, say = self.gr, self.room, self.phrases
        with gr.Column(visible=room.teachable):
            parts.lesson = gr.Textbox(
                label=say("lesson"),
                info=say("about_shared" if room.shared else "about_lesson"),
                placeholder=say("lesson_example"),
                max_length=_MAX_TYPED,
            )
            with gr.Row():
                parts.teach = gr.Button(say("teach"), variant="primary", min_width=100)
                parts.forget = gr.Button(say("forget"), min_width=100)
        parts.remark = gr.HTML(padding=True)
