"""A filter of requests to the server of the chat page, and its security headers."""

import re
from collections.abc import Callable, Collection

from ..utils import message_of

MAX_BODY = 1 << 16
"""Maximum size of a request's body in bytes; the page itself sends far smaller ones."""

_PATH = re.compile(
    r"(/[\w.@+~-]{0,100}){1,6}", re.ASCII
)  # matches all paths of the page

# The paths that Gradio's page needs; not its uploads, files, proxies and forms.
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
"""The only path that has a query; the queries of all others are removed."""

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
    """ASGI middleware that passes on only requests which the chat page can send.

    The host must be a name of this server, or another site could point its own name to
    this address and read the page (DNS rebinding). The origin, if there is one, must be
    the page itself. The path must be one that the page uses, and the body must be small.
    If the application raises an exception, the status is 500, and a line is logged.

    Parameters
    ----------
    app : callable
        The ASGI application.
    hosts : collection of str or None
        Allowed host names; None allows all.
    complain : callable, default=None
        Is called with a line about an odd request, and its path. None logs nothing.
    """

    def __init__(
        self,
        app: Callable,
        hosts: Collection[str] | None,
        complain: Callable[[str, object], object] | None = None,
    ) -> None:
        self.app = app
        self.hosts = hosts
        self.complain = complain or _log_nothing

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
            except Exception as error:  # noqa: BLE001  (its traceback would be printed)
                self.complain(f"failed ({_in_one_line(error)}) at", scope["path"])
                status = 500
        if not has_started:
            await send_safely({"type": "http.response.start", "status": status})
        await send({"type": "http.response.body", "body": b""})

    def _refusal(self, scope):
        """The status code with which a request is refused; None if it is passed on."""
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
        if not _PATH.fullmatch(scope["path"]):
            self.complain("refused an odd path:", scope["path"])
            return 404
        if "transfer-encoding" in headers:  # the size of a chunked body is unknown
            return 411
        length = headers.get("content-length", "0")
        return None if length.isdecimal() and int(length) <= MAX_BODY else 413


def _log_nothing(what, value):
    pass


def _is_page(method, path):
    return path.startswith(_PAGES.get(method, ())) or (
        path == "/" and method in ("GET", "HEAD")
    )


def _origins(host):
    return f"http://{host}", f"https://{host}"  # https if a proxy is in between


def _name(host):
    """The host name of a host with or without a port.

    >>> _name("localhost:7860"), _name("[::1]:7860"), _name("127.0.0.1")
    ('localhost', '::1', '127.0.0.1')
    """
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdecimal() else host).strip("[]").lower()


def _in_one_line(error):
    """The type and message of an error, in one line."""
    return f"{type(error).__name__}: {message_of(error)}".splitlines()[0][:80]
