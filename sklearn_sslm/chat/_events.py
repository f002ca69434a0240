"""A check of posted events: only plain numbers and strings, in known places."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from ._guard import MAX_BODY

JOIN = "/gradio_api/queue/join"
"""The path to which events are posted."""

# The types that browsers post as the value of each kind of component.
_ALLOWED: dict[str, tuple[type, ...]] = {
    "button": (str,),
    "checkbox": (bool,),
    "slider": (int, float, type(None)),  # None if the box of its number is empty
    "state": (type(None),),  # its value is on the server
    "textbox": (str,),
}
_SESSION = re.compile("[0-9A-Za-z]{1,64}")


class NotAnEventError(ValueError):
    """The body of a request is no event of the page."""


class Events:
    """ASGI middleware that passes on only events which the page itself can post.

    Gradio searches posted values, at any depth, for descriptions of files, and downloads
    these. So only the numbers and strings that are the inputs of an event are passed on.

    Parameters
    ----------
    app : callable
        The ASGI application that handles the events.
    inputs : mapping of int to tuple of str
        For the number of each event the kinds of components that are its inputs.
    complain : callable
        Is called with a line about each refused request, and the reason.
    has_room : callable, default=None
        Returns whether a page, given by its session, may have one more answer; None is
        always.
    """

    def __init__(
        self,
        app: Callable,
        inputs: Mapping[int, tuple[str, ...]],
        complain: Callable[[str, object], object],
        has_room: Callable[[str], bool] | None = None,
    ) -> None:
        self.app = app
        self.inputs = inputs
        self.complain = complain
        self.has_room = has_room

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http" or scope["path"] != JOIN:
            await self.app(scope, receive, send)
            return
        try:
            body = checked_event(await _body(receive), self.inputs)
        except NotAnEventError as error:
            await self._refuse(400, str(error), send)
            return
        session = json.loads(body)["session_hash"]
        if self.has_room is not None and not self.has_room(session):
            await self._refuse(429, f"too many of session {session!r:.40}", send)
            return
        await self.app(_with_length(scope, len(body)), _again(body, receive), send)

    async def _refuse(self, status, why, send):
        self.complain("refused a posted event:", why)
        await send({"type": "http.response.start", "status": status})
        await send({"type": "http.response.body", "body": b""})


def checked_event(body: bytes, inputs: Mapping[int, tuple[str, ...]]) -> bytes:
    """Check the body of an event, and remove all that is not needed to handle it.

    Parameters
    ----------
    body : bytes
    inputs : mapping of int to tuple of str
        Those of `Events`.

    Returns
    -------
    bytes

    Raises
    ------
    NotAnEventError
        If it is no event, or has a value of a type that its component cannot have.

    Examples
    --------
    >>> checked_event(
    ...     b'{"fn_index": 2, "session_hash": "x", "data": ["a"], "more": {}}',
    ...     {2: ("textbox",)},
    ... )
    b'{"fn_index": 2, "session_hash": "x", "data": ["a"]}'
    """
    event = _parsed(body)
    number, session = event.get("fn_index"), event.get("session_hash")
    if type(number) is not int or number not in inputs:
        raise NotAnEventError(f"unknown function index {number!r:.40}")
    if type(session) is not str or not _SESSION.fullmatch(session):
        raise NotAnEventError(f"session {session!r:.40}")
    data, kinds = event.get("data"), inputs[number]
    if type(data) is not list or len(data) != len(kinds):
        raise NotAnEventError(f"not {len(kinds)} values for function {number}")
    for value, kind in zip(data, kinds, strict=True):
        if type(value) not in _ALLOWED[kind]:
            raise NotAnEventError(f"{type(value).__name__} for a {kind}")
    data = [_with_whole_characters(v) if type(v) is str else v for v in data]
    kept = {"fn_index": number, "session_hash": session, "data": data}
    return json.dumps(kept).encode()


def _parsed(body) -> dict[str, Any]:
    try:
        event = json.loads(body, parse_constant=_refuse)
    except (ValueError, RecursionError):  # ValueError also for numbers with many digits
        raise NotAnEventError("no JSON") from None
    if type(event) is not dict:
        raise NotAnEventError("no JSON object")
    return event


def _refuse(constant):
    raise NotAnEventError(constant)  # NaN and the infinities, which JSON does not have


def _with_whole_characters(text):
    r"""A text with U+FFFD in place of each unpaired surrogate.

    >>> _with_whole_characters("a\ud83d") == "a\ufffd"
    True
    """
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


async def _body(receive):
    """The body of a request, which may come in parts."""
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise NotAnEventError("cut off")
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MAX_BODY:
            raise NotAnEventError("too large")
        more = message.get("more_body", False)
    return b"".join(parts)


def _again(body, receive):
    """What receives a body that was read already, and then what comes after it."""
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_again():
        return waiting.pop() if waiting else await receive()

    return receive_again


def _with_length(scope, length):
    headers = [(k, v) for k, v in scope["headers"] if k != b"content-length"]
    return {**scope, "headers": [*headers, (b"content-length", b"%d" % length)]}
