"""The server of the chat page. Gradio is imported only when a page is served."""

import atexit
import contextlib
import gc
import ipaddress
import logging
import os
import socket
from collections.abc import Callable

from ..utils import UserError, message_of
from ._complaints import Complaints
from ._events import Events
from ._guard import Guard
from ._page_layout import MAX_VISITORS, Layout
from ._room import Room
from ._style import CSS, START
from ._undelivered import Undelivered


def serve(
    room: Room,
    host: str,
    port: int,
    *,
    warn: Callable[[str], object],
) -> None:
    """Serve the chat page of a room, in threads that end with the process.

    Parameters
    ----------
    room : Room
    host : str
        Address to listen on.
    port : int
    warn : callable
        Is called with each line of text that the user should see.

    Raises
    ------
    UserError
        If gradio is missing, or the port cannot be listened on.
    """
    try:
        socket.create_server((host, port)).close()
    except OSError as error:
        why = message_of(error)
        raise UserError(
            f"cannot serve on {host}, port {port}: {why}; choose another with --port"
        ) from None
    hosts = _hosts(host)
    if hosts is None or not all(map(_is_loopback, hosts)):
        warn(f"whoever can reach {host} can talk with the model; there is no password")
    layout, complain = Layout(room, _gradio()), Complaints(warn)
    blocks = layout.blocks()
    guarded = _guarded(blocks, hosts, complain)
    blocks.launch(**_settings(host, port), app_kwargs=guarded, i18n=layout.phrases)
    logging.getLogger("uvicorn.error").addFilter(_OneLineEach(complain))
    # Else Python looks through all that Gradio made, several times, before it ends.
    atexit.register(gc.freeze)


def _gradio():
    """Import gradio, with its usage statistics turned off."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    try:
        import gradio
    except ImportError:
        raise UserError(
            "the chat page is drawn by the package gradio, which is missing. Install it "
            "first: pip install gradio"
        ) from None
    return gradio


def _guarded(blocks, hosts, complain):
    """The option of the application that puts the filters of requests before it."""
    from starlette.middleware import Middleware

    inputs = {
        number: tuple(component.get_block_name() for component in event.inputs)
        for number, event in blocks.fns.items()
    }
    return {
        "middleware": [
            Middleware(Guard, hosts=hosts, complain=complain),
            Middleware(
                Events,
                inputs=inputs,
                complain=complain,
                has_room=Undelivered(blocks._queue).has_room,
            ),
        ]
    }


class _OneLineEach(logging.Filter):
    """Logs records as complaints of one line, instead of with their tracebacks."""

    def __init__(self, complain):
        super().__init__()
        self.complain = complain

    def filter(self, record):
        error = record.exc_info[1] if record.exc_info else None
        self.complain(record.getMessage().splitlines()[0], error and repr(error))
        return False


def _settings(host, port):
    """The options with which Gradio serves only the page, on this address only."""
    import gradio

    fonts = ["ui-sans-serif", "system-ui", "sans-serif"]  # fonts of the system
    return {
        "server_name": host,
        "server_port": port,
        "prevent_thread_lock": True,
        "quiet": True,
        "share": False,
        "allowed_paths": [],
        "css": CSS,
        "js": START,
        "enable_monitoring": False,
        "footer_links": [],
        "mcp_server": False,
        "pwa": False,
        "run_history": False,
        "ssr_mode": False,
        "state_session_capacity": MAX_VISITORS,
        "theme": gradio.themes.Default(font=fonts, font_mono=fonts).set(
            body_text_color_subdued="*neutral_600",  # enough contrast to be read
            body_text_color_subdued_dark="*neutral_300",
            block_info_text_color="*neutral_600",
            block_info_text_color_dark="*neutral_300",
        ),
    }


def _hosts(host):
    """The host names by which a server on an address is reached; None is any.

    >>> sorted(_hosts("localhost")), sorted(_hosts("10.0.0.5")), _hosts("0.0.0.0")
    (['127.0.0.1', '::1', 'localhost'], ['10.0.0.5'], None)
    """
    if _is_loopback(host):
        return {"localhost", "127.0.0.1", "::1", host}
    with contextlib.suppress(ValueError):
        if ipaddress.ip_address(host).is_unspecified:
            return None
    return {host.lower()}


def _is_loopback(host):
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost"
