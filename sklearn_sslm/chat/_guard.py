"""Which requests the chat page's server answers, and what its pages may load."""

import re
from collections.abc import Callable, Collection

from ..utils import message_of

MAX_BODY = 1 << 16
"""Bytes of a request's body; those of the page itself are far fewer."""

_NAME = re.compile(r"(/[\w.@+~-]{0,100}){1,6}", re.ASCII)  # paths of the page are such

# What Gradio's page needs; not its uploads, files, proxies and forms.
_PAGES = {
    "GET": (
        "/assets/",
        "/static/",
        "/svelte/",
        "/config",
        "/theme.css",
        "/favicon.ico",
        "/gradio_api/heartbeat/",
        "/gradio_api/queue/data",
        "/gradio_api/startup-events",
    ),
    "POST": ("/gradio_api/queue/join",),
}
_PAGES["HEAD"] = _PAGES["GET"]

_WITH_QUERY = "/gradio_api/queue/data"
"""The only path that is asked with a query: of all others it is dropped."""

_HEADERS = {
    "content-security-policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
        "object-src 'none'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'"
    ),
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


class Guard:
    """ASGI middleware that answers the requests of the chat page, and no others.

    The host must be one of ours, or a foreign page could point its own name to our
    address and read our page (DNS rebinding). The origin, if there is one, must be our
    page. The path must be one that the page uses, and the body small. Where the
    application fails there is a line about it.

    Parameters
    ----------
    app : callable
        The ASGI application that is guarded.
    hosts : collection of str or None
        Host names that are answered; None for any.
    complain : callable, default=None
        Takes what is odd about a request, and what was asked for. None tells nobody.
    """

    def __init__(
        self,
        app: Callable,
        hosts: Collection[str] | None,
        complain: Callable[[str, object], object] | None = None,
    ) -> None:
        self.app = app
        self.hosts = hosts
        self.complain = complain or _tell_nobody

    async def __call__(self, scope, receive, send):
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    async def _answer(self, scope, receive, send):
        has_started = False

        async def send_safely(message):
            nonlocal has_started
            if message["type"] == "http.response.start":
                has_started = True
                ours = [(k.encode(), v.encode()) for k, v in _HEADERS.items()]
                message = {**message, "headers": [*message.get("headers", ()), *ours]}
            await send(message)

        status = self._refusal(scope)
        if not status:
            if scope["path"] != _WITH_QUERY:
                scope = {**scope, "query_string": b""}
            try:
                await self.app(scope, receive, send_safely)
                return
            except Exception as error:  # noqa: BLE001  (or its traceback is printed)
                self.complain(f"failed ({_said(error)}) at", scope["path"])
                status = 500
        if not has_started:
            await send_safely({"type": "http.response.start", "status": status})
        await send({"type": "http.response.body", "body": b""})

    def _refusal(self, scope):
        """The status code with which a request is refused, or None."""
        headers = {
            k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]
        }
        host = headers.get("host", "")
        if self.hosts is not None and _name(host) not in self.hosts:
            return 421
        if headers.get("origin", f"http://{host}") not in _origins(host):
            return 403
        if not _is_page(scope["method"], scope["path"]):
            return 404
        if not _NAME.fullmatch(scope["path"]):
            self.complain("refused an odd path:", scope["path"])
            return 404
        if "transfer-encoding" in headers:  # chunks, of a size not known beforehand
            return 411
        length = headers.get("content-length", "0")
        return None if length.isdecimal() and int(length) <= MAX_BODY else 413


def _tell_nobody(what, value):
    pass


def _is_page(method, path):
    return path.startswith(_PAGES.get(method, ())) or (
        path == "/" and method in ("GET", "HEAD")
    )


def _origins(host):
    return f"http://{host}", f"https://{host}"  # https is that of a proxy before us


def _name(host):
    """A host without its port, if it has one.

    >>> _name("localhost:7860"), _name("[::1]:7860"), _name("127.0.0.1")
    ('localhost', '::1', '127.0.0.1')
    """
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdecimal() else host).strip("[]").lower()


def _said(error):
    """What an error said, on one line."""
    return f"{type(error).__name__}: {message_of(error)}".splitlines()[0][:80]
