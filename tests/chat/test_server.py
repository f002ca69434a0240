"""The server of the chat page: what it answers, refuses and says."""

import json
import signal
import socket
import sys

import joblib
from _chat_models import odd_models
from _page_server import free_port, needs_gradio
from _processes import python

from sklearn_sslm.chat._complaints import MAX_LINES
from sklearn_sslm.chat._undelivered import MAX_OF_PAGE
from sklearn_sslm.cli._main import main


@needs_gradio
def test_it_serves_nothing_else(servers):
    """Files, uploads and the API are closed, and so is all to other pages and names."""
    server = servers["alone"]
    assert server.ask("GET", "/") == 200
    assert server.ask("GET", "/", Host="evil.example") == 421
    assert server.ask("GET", "/gradio_api/info") == 404
    assert server.ask("GET", f"/gradio_api/file={__file__}") == 404
    assert server.ask("POST", "/gradio_api/upload", b"x") == 404
    join = "/gradio_api/queue/join"
    body = json.dumps({"data": [], "fn_index": 0, "session_hash": "x"})
    kind = {"Content-Type": "application/json"}
    assert server.ask("POST", join, body, Origin="http://evil.example", **kind) == 403
    assert server.ask("POST", join, b"x" * 100_000, **kind) == 413


FETCHED = {"path": "http://example.com/x", "meta": {"_type": "gradio.FileData"}}


@needs_gradio
def test_visitors_make_the_server_fetch_nothing(servers):
    """Files in what is posted are refused: no name is looked up, and nothing is left."""
    server = servers["shared"]
    left = set(server.temporary.rglob("*"))
    for number in range(12):
        for data in ([FETCHED, "", 2, 1, None], ["", 2, 1, FETCHED], [[FETCHED]]):
            assert server.post(number, data, event_data=FETCHED) == 400
    assert server.ask("POST", "/gradio_api/upload", b"x") == 404
    assert server.called() <= {"127.0.0.1", "localhost", "::1"}
    assert set(server.temporary.rglob("*")) == left


@needs_gradio
def test_numbers_out_of_range_are_clamped(servers):
    """Whatever number is posted, the server answers, and says nothing of it."""
    server = servers["alone"]
    number = server.event_of("on_look")
    for n in (99, -1, 0.5, None, 10**300):
        for temperature in (99, -1, 1e300, None):
            assert server.post(number, ["", n, temperature, None]) == 200


@needs_gradio
def test_odd_requests_are_few_lines(servers):
    """Unknown functions and names of any length are refused without a traceback."""
    server = servers["shared"]
    assert server.post(10**6, []) == 400
    assert server.ask("GET", f"/assets/{'x' * 300}") == 404
    assert server.ask("GET", "/gradio_api/queue/data?session_hash=nobody") == 200
    for _ in range(30):
        assert server.post(10**6, []) == 400


@needs_gradio
def test_a_flood_of_events_is_refused(servers):
    """A page that posts and never fetches gets an error before the server's memory grows."""
    server = servers["shared"]
    number = server.event_of("on_look")
    data = ["", 2, 1, None]
    got = [server.post(number, data, session_hash="flood") for _ in range(130)]
    assert got == [200] * MAX_OF_PAGE + [429] * (130 - MAX_OF_PAGE)
    assert server.post(number, data, session_hash="calm") == 200


@needs_gradio
def test_every_model_has_a_page(tmp_path):
    """A page can be made of any model of texts."""
    joblib.dump(list(odd_models(tmp_path / "m.arpa")), tmp_path / "models")
    script = """if True:
        import gradio, joblib, sys
        from sklearn_sslm.chat._room import Room
        from sklearn_sslm.chat._page_layout import Layout
        for model in joblib.load(sys.argv[1]):
            print(Layout(Room(model), gradio).blocks().title)
    """
    # In a process of its own, as Gradio leaves some of what it opens unclosed.
    printed, _ = python("-c", script, tmp_path / "models")
    assert printed == "sslm\n" * 5


def test_a_port_in_use_is_told(capsys):
    """A second server on the same port is an error of one line."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert main(["chat", "--web", "--port", port]) == 2
    assert capsys.readouterr().err.startswith(
        f"sslm: error: cannot serve on 127.0.0.1, port {port}: Address already in use"
    )


def test_without_gradio_it_says_so(monkeypatch, capsys):
    """Where Gradio is missing, one line tells how to install it."""
    monkeypatch.setitem(sys.modules, "gradio", None)
    monkeypatch.setenv("GRADIO_ANALYTICS_ENABLED", "")  # to be as it was afterwards
    assert main(["chat", "--web", "--port", str(free_port())]) == 2
    assert capsys.readouterr().err == (
        "sslm: error: the chat page is drawn by the package gradio, which is missing. "
        "Install it first: pip install gradio\n"
    )


def test_a_public_page_is_warned_of(monkeypatch, capsys):
    """Whoever serves a page to other machines is told that they can all talk."""
    monkeypatch.setitem(sys.modules, "gradio", None)
    monkeypatch.setenv("GRADIO_ANALYTICS_ENABLED", "")
    main(["chat", "--web", "--host", "0.0.0.0", "--port", str(free_port())])
    warning = "sslm: warning: whoever can reach 0.0.0.0 can talk with the model"
    assert capsys.readouterr().err.startswith(warning)


# The last of these tests: there is no server after it.
@needs_gradio
def test_signals_end_it(servers):
    """The server of the page ends by Ctrl-C with 0, and by SIGTERM with 143.

    It has said nothing odd, and tells in the end what is saved.

    Its end takes no time: what Gradio made, also in the flood, is not looked through for
    garbage.
    """
    told = "interrupted; messages after the last reply were not answered"
    ended = servers["alone"].stop(signal.SIGTERM)
    assert ended == (143, f"sslm: warning: {told}\n")
    status, err = servers["shared"].stop()
    *lines, saved = err.splitlines()
    assert status == 0
    assert saved == "all that was said to be learned is saved in d.txt"
    assert len(lines) <= 2 * MAX_LINES  # the tests above take less than two minutes
    assert all(line.startswith("sslm: warning: ") for line in lines)
    assert max(server.collected() for server in servers.values()) < 1000
