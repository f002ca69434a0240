"""Tests of `sklearn_sslm.chat._events`: what the page may post."""

import asyncio
import json

import pytest

from sklearn_sslm.chat._events import JOIN, Events, NotAnEventError, checked_event
from sklearn_sslm.chat._guard import MAX_BODY

INPUTS = {0: ("textbox", "slider", "state"), 3: ("checkbox",)}
GOOD = {"fn_index": 0, "session_hash": "a1", "data": ["um", 2, None]}
FILE = {"path": "http://example.com/x", "meta": {"_type": "gradio.FileData"}}


def event(**changes):
    """The body of a good event with some changes."""
    return json.dumps(GOOD | changes).encode()


def post(parts, path=JOIN, has_room=None):
    """What the application was asked, and the status and complaints of the answer."""
    asked, sent, lines = [], [], []

    async def application(scope, receive, send):
        message = await receive()
        headers = dict(scope["headers"])
        asked.append((message["body"], int(headers[b"content-length"])))
        assert (await receive())["type"] == "http.disconnect"
        await send({"type": "http.response.start", "status": 200})

    messages = [
        {"type": "http.request", "body": part, "more_body": more}
        for part, more in zip(parts, [True] * (len(parts) - 1) + [False], strict=True)
    ] + [{"type": "http.disconnect"}]

    async def receive():
        return messages.pop(0)

    async def send(message):
        sent.append(message)

    headers = [(b"content-length", b"%d" % sum(map(len, parts)))]
    scope = {"type": "http", "path": path, "headers": headers}
    events = Events(application, INPUTS, lambda *line: lines.append(line), has_room)
    asyncio.run(events(scope, receive, send))
    return asked, sent[0]["status"], lines


@pytest.mark.parametrize(
    "data", [["", 0, None], ["olá\n$$x$$", -1e300, None], ["a", None, None]]
)
def test_plain_values_pass(data):
    """Strings, numbers, also of an empty box, and the place of a state are let through."""
    assert json.loads(checked_event(event(data=data), INPUTS))["data"] == data


@pytest.mark.parametrize(
    "data",
    [
        [FILE, 2, None],
        ["a", FILE, None],
        ["a", 2, FILE],
        [["a"], 2, None],
        [None, 2, None],
        ["a", "2", None],
        ["a", True, None],
        ["a", 2, {}],
        ["a", 2],
        ["a", 2, None, FILE],
        {"0": "a"},
        None,
    ],
)
def test_values_of_other_kinds_are_refused(data):
    """A file in any place, a list, a value of another kind, too many or too few."""
    with pytest.raises(NotAnEventError):
        checked_event(event(data=data), INPUTS)


@pytest.mark.parametrize("number", [1, -1, 3.0, "0", True, None, [0], 10**30])
def test_unknown_functions_are_refused(number):
    """Only the numbers of the page's events are known, and only as numbers."""
    with pytest.raises(NotAnEventError, match="unknown function index"):
        checked_event(event(fn_index=number), INPUTS)


@pytest.mark.parametrize("session", [None, "", "a/b", "a" * 65, FILE, 3])
def test_odd_sessions_are_refused(session):
    """The name of a session is a few letters and digits."""
    with pytest.raises(NotAnEventError, match="session"):
        checked_event(event(session_hash=session), INPUTS)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"[1]",
        b"{",
        b"[" * 100_000,
        event()[:-1],
        b'{"fn_index": %s}' % (b"9" * 5000),
        event(data=["a", float("nan"), None]),
        event(data=["a", float("inf"), None]),
    ],
)
def test_what_is_no_json_is_refused(body):
    """Neither broken nor deep JSON, nor numbers that are none, are an error of ours."""
    with pytest.raises(NotAnEventError):
        checked_event(body, INPUTS)


def test_what_else_is_posted_is_dropped():
    """Gradio sees what was checked: no other keys, and of equal keys the last."""
    body = b'{"data": [%s], ' % json.dumps(FILE).encode() + event(event_data=FILE)[1:]
    assert json.loads(checked_event(body, INPUTS)) == GOOD


def test_half_characters_are_replaced():
    """Half of a pair of surrogates, which no UTF-8 can hold, becomes U+FFFD."""
    body = event(data=["a\ud83d", 1, None])
    assert json.loads(checked_event(body, INPUTS))["data"][0] == "a\ufffd"
    body = event(data=["\U0001f600", 1, None])
    assert json.loads(checked_event(body, INPUTS))["data"][0] == "\U0001f600"


def test_the_application_reads_what_was_checked():
    """A body that comes in parts is handed on as one, with its own length."""
    body = event(more="dropped")
    asked, status, lines = post([body[:5], b"", body[5:]])
    ((seen, length),) = asked
    assert (json.loads(seen), length, status, lines) == (GOOD, len(seen), 200, [])


def test_what_is_refused_never_arrives():
    """A refused event is answered with 400 and one line, and nothing is handed on."""
    asked, status, lines = post([event(data=[FILE, 2, None])])
    assert (asked, status) == ([], 400)
    assert lines == [("refused a posted event:", "dict for a textbox")]


def test_more_than_was_announced_is_refused():
    """A body is read up to the allowed size, whatever its header says."""
    asked, status, lines = post([b" " * MAX_BODY, event()])
    assert (asked, status) == ([], 400)
    assert lines == [("refused a posted event:", "too large")]


def test_other_requests_are_not_read():
    """What is no event is left to the application as it is."""
    asked, status, _ = post([b"any"], path="/")
    assert (asked, status) == ([(b"any", 3)], 200)


def test_a_page_with_too_many_answers_has_to_wait():
    """Where there is no room for one more answer, an event is refused, and named."""
    asked, status, lines = post([event()], has_room=lambda session: session != "a1")
    assert (asked, status) == ([], 429)
    assert lines == [("refused a posted event:", "too many of session 'a1'")]
    asked, status, lines = post([event()], has_room=lambda session: session == "a1")
    assert (len(asked), status, lines) == (1, 200, [])
