"""The guard of the chat page's server: who is let in, and to what."""

import asyncio

import pytest

from sklearn_sslm.chat._guard import MAX_BODY, Guard

LOOPBACK = {"127.0.0.1", "localhost"}
JOIN = "/gradio_api/queue/join"


async def application(scope, receive, send):
    """Say yes to everything."""
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"a", b"b")]}
    )
    await send({"type": "http.response.body", "body": b"yes"})


def ask(
    path="/",
    method="GET",
    *,
    kind="http",
    hosts=LOOPBACK,
    query=b"",
    asked=application,
    complain=None,
    **headers,
):
    """Status and headers of the guarded application's answer, None without one."""
    sent = []

    async def send(message):
        sent.append(message)

    headers = {"host": "127.0.0.1:7860", **headers}
    scope = {
        "type": kind,
        "method": method,
        "path": path,
        "query_string": query,
        "headers": [
            (k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()
        ],
    }
    asyncio.run(Guard(asked, hosts, complain)(scope, None, send))
    if not sent:
        return None, {}
    return sent[0]["status"], dict(sent[0].get("headers", ()))


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("HEAD", "/"),
        ("GET", "/config"),
        ("GET", "/assets/Index-a_B.9~+.js"),
        ("GET", "/gradio_api/queue/data"),
        ("POST", JOIN),
    ],
)
def test_the_page_is_let_through(method, path):
    """What the page is made of is served."""
    assert ask(path, method)[0] == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/gradio_api/file=/etc/passwd"),
        ("GET", "/gradio_api/proxy=http://example.com"),
        ("GET", "/gradio_api/deep_link"),
        ("GET", "/gradio_api/info"),
        ("GET", "/monitoring"),
        ("GET", JOIN),
        ("POST", "/"),
        ("POST", "/gradio_api/upload"),
        ("POST", "/gradio_api/call/on_teach"),
        ("POST", "/gradio_api/cancel"),
        ("POST", "/login"),
        ("PUT", "/"),
        ("OPTIONS", JOIN),
    ],
)
def test_all_else_is_not_found(method, path):
    """What else Gradio serves is closed: uploads, files, proxies, the API."""
    assert ask(path, method)[0] == 404


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:7860", "127.0.0.1.x", ""]
)
def test_other_names_are_refused(host):
    """A request for a name that is not the server's comes from a page that lies."""
    assert ask(host=host)[0] == 421
    assert ask(host=host, hosts=None)[0] == 200


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.0.0.1:7860"])
def test_own_names_are_answered(host):
    """The server answers to each of its names, whatever the port."""
    assert ask(host=host)[0] == 200


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://127.0.0.1:80"]
)
def test_other_pages_are_refused(origin):
    """What a page of another origin sends is refused."""
    assert ask(JOIN, "POST", origin=origin)[0] == 403


def test_the_own_page_is_let_in():
    """What our page sends is let in."""
    assert ask(JOIN, "POST", origin="http://127.0.0.1:7860")[0] == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"content_length": str(MAX_BODY)}, 200),
        ({"content_length": str(MAX_BODY + 1)}, 413),
        ({"content_length": "many"}, 413),
        ({"transfer_encoding": "chunked"}, 411),
    ],
)
def test_requests_are_small(headers, status):
    """A request says how large it is, and that is not much."""
    assert ask(JOIN, "POST", **headers)[0] == status


@pytest.mark.parametrize("path", ["/", "/nothing"])
def test_pages_may_load_from_here_alone(path):
    """Every answer tells browsers to load nothing from elsewhere."""
    policy = ask(path)[1][b"content-security-policy"].decode()
    assert policy.startswith("default-src 'self'; ")
    assert "http" not in policy


def test_headers_of_the_application_stay():
    """The application's own headers are sent as well."""
    assert ask()[1][b"a"] == b"b"


def test_sockets_of_other_kinds_are_closed():
    """There is nothing but HTTP, and the application's own start and end."""
    assert ask(kind="websocket")[0] is None
    assert ask(kind="lifespan")[0] == 200


@pytest.mark.parametrize(
    "path",
    ["/assets/" + "x" * 300, "/assets" * 9, "/assets/a\x00", "/assets/é"],
)
def test_odd_paths_are_not_looked_for(path):
    """A path that is longer than those of the page, or holds odd characters, is a line."""
    lines = []
    status, _ = ask(path, asked=None, complain=lambda *line: lines.append(line))
    assert (status, lines) == (404, [("refused an odd path:", path)])


def test_queries_are_dropped():
    """The page's stream of answers is asked for by a query, and nothing else is."""
    seen = []

    async def noting(scope, receive, send):
        seen.append(scope["query_string"])
        await application(scope, receive, send)

    for path in ("/", "/config", "/gradio_api/queue/data"):
        assert ask(path, query=b"deep_link=x", asked=noting)[0] == 200
    assert seen == [b"", b"", b"deep_link=x"]


@pytest.mark.parametrize("started", [False, True])
def test_failures_are_one_line(started):
    """Where the application fails the visitor gets an answer, and the terminal a line."""
    lines = []

    async def failing(scope, receive, send):
        if started:
            await application(scope, receive, send)
        raise RuntimeError("broken\nin two")

    status, _ = ask(asked=failing, complain=lambda *line: lines.append(line))
    assert status == (200 if started else 500)
    assert lines == [("failed (RuntimeError: broken) at", "/")]
