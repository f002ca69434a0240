"""What of the chat page's server can be reached, by whom, and what pages may load."""

MAX_BODY = 1 << 16
"""Bytes that a request may send; the page's own are far smaller."""

# What the page of Gradio needs. Its uploads, files, proxies and forms stay closed.
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
    "POST": ("/gradio_api/queue/join", "/gradio_api/cancel"),
}
_PAGES["HEAD"] = _PAGES["GET"]

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
    """ASGI middleware that lets in what the chat page needs, and no more.

    A request must be for a host the server answers to, or another page could give its
    own name our address and then read ours. If it comes from a page, it must be from
    ours. It is small, and it is for one of the few addresses the page is made of.

    Parameters
    ----------
    app : callable
        The application behind.
    hosts : collection of str or None
        Names the server answers to; None for any.
    """

    def __init__(self, app, hosts):
        self.app = app
        self.hosts = hosts

    async def __call__(self, scope, receive, send):
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    async def _answer(self, scope, receive, send):
        async def send_safely(message):
            if message["type"] == "http.response.start":
                ours = [(k.encode(), v.encode()) for k, v in _HEADERS.items()]
                message = {**message, "headers": [*message.get("headers", ()), *ours]}
            await send(message)

        status = self._refusal(scope)
        if not status:
            await self.app(scope, receive, send_safely)
            return
        await send_safely({"type": "http.response.start", "status": status})
        await send({"type": "http.response.body", "body": b""})

    def _refusal(self, scope):
        """The status that refuses a request, or None."""
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
        if "transfer-encoding" in headers:  # its size would not be known
            return 411
        length = headers.get("content-length", "0")
        return None if length.isdecimal() and int(length) <= MAX_BODY else 413


def _is_page(method, path):
    return path.startswith(_PAGES.get(method, ())) or (
        path == "/" and method in ("GET", "HEAD")
    )


def _origins(host):
    return f"http://{host}", f"https://{host}"  # the latter behind a proxy


def _name(host):
    """The name in a host with or without a port.

    >>> _name("localhost:7860"), _name("[::1]:7860"), _name("127.0.0.1")
    ('localhost', '::1', '127.0.0.1')
    """
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdecimal() else host).strip("[]").lower()
