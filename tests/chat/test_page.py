"""The chat page, in a real browser; `test_room.py` tests what it shows."""

import contextlib
import http.client
import importlib.util
import json
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request

import joblib
import pytest
from _chat_models import odd_models
from _processes import python, settings

from sklearn_sslm.chat import PHRASES
from sklearn_sslm.chat._complaints import MAX_LINES
from sklearn_sslm.chat._page_phrases import PAGE
from sklearn_sslm.cli._main import main

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
MISSING = [
    what
    for what, found in {
        "gradio": importlib.util.find_spec("gradio"),
        "playwright": importlib.util.find_spec("playwright"),
        "Chromium": CHROMIUM,
    }.items()
    if not found
]
needs_gradio = pytest.mark.skipif("gradio" in MISSING, reason="needs gradio")
in_a_browser = pytest.mark.skipif(
    bool(MISSING), reason=f"needs {', '.join(MISSING)}, see CONTRIBUTING.md"
)

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
FALLBACK = PHRASES["en"]["fallback"]
END = PAGE["en"]["end"]
CARS = "carros são automóveis"
EVIL = (
    "<script>document.hacked=1</script> <img src=x onerror=document.hacked=1> "
    "<b>bold</b> &lt;i&gt; ${document.hacked=1} {{1+1}} **mark** [a](http://b) $x^2$ "
    "$$y^2$$ \\(z\\) \\[w\\]"
)

# Notes each address that the server's process binds, calls or looks up.
LAUNCH = """
import signal
import sys

# Tests that run in the background hand on that Ctrl-C is ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
log = open(sys.argv.pop(1), "a", buffering=1)

def note(event, args):
    if event in ("socket.bind", "socket.connect", "socket.sendto"):
        if isinstance(args[1], tuple):
            print(event, args[1][0], file=log)
    elif event == "socket.getaddrinfo":
        print(event, args[0], file=log)

sys.addaudithook(note)
from sklearn_sslm.cli._main import main
sys.exit(main())
"""


def free_port():
    """A port that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


class Server:
    """A process that serves the page."""

    def __init__(self, folder, *argv):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "calls.txt"
        self.temporary = folder / "temporary"
        self.temporary.mkdir()
        options = ["--web", "--seed", "0", "--port", str(self.port), *argv]
        self.process = subprocess.Popen(
            [sys.executable, "-c", LAUNCH, str(self.log), "chat", *options],
            cwd=folder,
            env=settings() | {"GRADIO_TEMP_DIR": str(self.temporary)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def wait(self):
        """Wait until it serves, and return it."""
        line = self.process.stdout.readline()
        assert line == f"{self.url} (Ctrl-C ends)\n", self.process.stderr.read()
        return self

    def stop(self):
        """Press Ctrl-C; its exit code and what it said on standard error."""
        self.process.send_signal(signal.SIGINT)
        _, err = self.process.communicate(timeout=30)
        return self.process.returncode, err

    def called(self):
        """Addresses that were bound, called or looked up."""
        return {line.split()[1] for line in self.log.read_text().splitlines()}

    def ask(self, method, path, body=None, **headers):
        """The status of an answer to a request that no browser would send."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        with contextlib.closing(connection):
            headers = {k.replace("_", "-"): v for k, v in headers.items()}
            connection.request(method, path, body, headers)
            return connection.getresponse().status

    def post(self, number, data, **more):
        """The status of the answer to an event that no page has."""
        event = {"fn_index": number, "data": data, "session_hash": "a1", **more}
        kind = {"Content-Type": "application/json"}
        return self.ask("POST", "/gradio_api/queue/join", json.dumps(event), **kind)

    def event_of(self, handler):
        """The number of an event of the page, by the method that handles it."""
        with urllib.request.urlopen(f"{self.url}/config") as answer:
            events = json.load(answer)["dependencies"]
        return next(e["id"] for e in events if e["api_name"].startswith(handler))


class Visitor:
    """Someone with the page open in a browser of their own."""

    def __init__(self, browser, server, **options):
        self.context = browser.new_context(**options)
        self.page = self.context.new_page()
        self.asked, self.complaints = [], []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(server.url)
        self.message = self.page.get_by_role("textbox", name="Message")
        self.lesson = self.page.get_by_role("textbox", name="Lesson")
        self.bars = self.page.locator(".sslm-bars")
        self.sees(re.compile("(It knows|Conhece) .* (texts|textos)"))

    def _note(self, said):
        if said.type in ("error", "warning"):
            self.complaints.append(said.text)

    def sees(self, text, where=None):
        """Wait until a text is to be seen."""
        (where or self.page).get_by_text(text).first.wait_for(timeout=20_000)

    def say(self, message):
        """Send a message; the reply to it."""
        replies = self.page.locator(".bot.message")
        n_before = replies.count()
        self.message.fill(message)
        self.message.press("Enter")
        replies.nth(n_before).wait_for(timeout=20_000)
        return replies.nth(n_before).inner_text().strip()

    def teach(self, text):
        """Teach a text and wait for it."""
        self._change("Teach", text, f"Learned: {text}")

    def forget(self, text):
        """Forget a text and wait for it."""
        self._change("Forget", text, f"Forgotten: {text}")

    def _change(self, button, text, note):
        self.lesson.fill(text)
        self.page.get_by_role("button", name=button, exact=True).click()
        self.sees(note)

    def surprise(self):
        """The words on the page, each followed by its surprise."""
        return self.page.locator(".sslm-words span").all_inner_texts()

    def move(self, slider, value, shown=None):
        """Move a slider, again if the page was too busy, until the bars show it."""
        from playwright.sync_api import TimeoutError as TooLong

        number = self.page.get_by_label(f"number input for {slider}")
        for last in (False, False, True):
            number.fill(str(value))
            number.press("Enter")
            if shown is None:
                return None
            try:
                return self.sees(shown, self.bars)
            except TooLong:
                if last:
                    raise
        return None


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    """A page where visitors are on their own, and one that they share and save."""
    alone = Server(tmp_path_factory.mktemp("alone"))
    shared = Server(tmp_path_factory.mktemp("shared"), "--learn", "d.txt", "--shared")
    yield {"alone": alone.wait(), "shared": shared.wait()}
    for server in (alone, shared):
        if server.process.poll() is None:
            server.stop()


@pytest.fixture(scope="module")
def browser():
    """Chromium without a screen."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser, servers):
    """Let someone visit a page; it must have had nothing to complain of in the end."""
    visitors = []

    def visit(server="alone", **options):
        visitors.append(Visitor(browser, servers[server], **options))
        return visitors[-1]

    yield visit
    for visitor in visitors:
        visitor.context.close()
    assert [visitor.complaints for visitor in visitors] == [[]] * len(visitors)


@in_a_browser
def test_it_talks(visit):
    """A message is answered, with the surprise of each word and what could come next."""
    visitor = visit()
    visitor.sees("at the start of a text", visitor.bars)
    assert visitor.say("Boa noite! Espero").startswith("Espero que você")
    visitor.sees("after “Boa noite! Espero”", visitor.bars)
    assert visitor.bars.inner_text().split()[-2:] == ["que", "100%"]
    # 1 of 10 greetings begins with Boa noite!, 1 with Boa tarde!: log2(10/2) = 2.3.
    words = visitor.surprise()
    assert words[:5] == [
        "Boa\n2.3",
        "noite!\n1.0",
        "Espero\n0.0",
        "Espero\n0.0",
        "que\n0.0",
    ]
    assert words[-1].startswith(END)
    assert visitor.message.input_value() == ""


@in_a_browser
def test_it_shows_what_comes_next_while_one_types(visit):
    """The bars follow the message that is being written."""
    visitor = visit()
    visitor.message.press_sequentially("Olá! Como posso ser")
    visitor.sees("after “Olá! Como posso ser”", visitor.bars)
    visitor.sees("útil", visitor.bars)


@in_a_browser
def test_n_and_temperature_can_be_moved(visit):
    """With n=1 the likeliest of all comes next, with temperature 0 nothing else does."""
    visitor = visit()
    assert visitor.say("Boa noite! Espero").startswith("Espero")
    visitor.move("n", 1, "7.2%")  # "você", the commonest word, is 5 of 69
    visitor.move("Temperature", 0, "100%")
    visitor.move("n", 4, "que")
    assert visitor.say("Boa noite! Espero").startswith(
        "Boa noite! Espero que você esteja"
    )


@in_a_browser
def test_it_learns_and_forgets(visit):
    """What it was taught it knows at once, at any n, and no more when made to forget."""
    visitor = visit()
    assert visitor.say("carros") == FALLBACK
    visitor.teach(CARS)
    visitor.sees("It knows 44 different words from 11 texts.")
    assert visitor.say("carros") == CARS
    visitor.move("n", 3, "são")
    visitor.forget(CARS)
    visitor.sees("from 10 texts.")
    assert visitor.say("carros") == FALLBACK


@in_a_browser
def test_it_listens_and_forgets_what_was_said(visit):
    """Once it listens, what was said comes next, until it is to be forgotten."""
    visitor = visit()
    visitor.page.get_by_label("Listens").check()
    for _ in range(8):
        visitor.say("Boa zebra zebra")
    visitor.message.fill("Boa zebra")
    visitor.sees("zebra", visitor.bars)
    visitor.page.get_by_role("button", name="Forget what I said").click()
    visitor.sees("What was said is forgotten.")
    visitor.message.fill("Boa")
    visitor.sees("noite!", visitor.bars)
    visitor.sees("from 10 texts.")


@in_a_browser
def test_it_says_what_it_cannot_do(visit):
    """What was never learned cannot be forgotten, and what is no text not be learned."""
    visitor = visit()
    visitor.lesson.fill("zebra")
    visitor.page.get_by_role("button", name="Forget", exact=True).click()
    visitor.sees(re.compile("^Not forgotten: It has not learned 'zebra'"))
    visitor.lesson.fill(" ")
    visitor.lesson.press("Enter")
    visitor.sees("Not learned: There is no word in it")


@in_a_browser
def test_text_is_shown_as_text(visit):
    """Whatever a visitor writes or teaches is seen to the letter, and nothing runs."""
    visitor = visit()
    visitor.teach(EVIL)
    words = EVIL.split()
    visitor.move("n", 3)
    message = " ".join(words[:2])
    assert visitor.say(message) == EVIL
    assert visitor.page.locator(".user.message").inner_text().strip() == message
    visitor.sees(words[2], visitor.bars)
    shown = [words.rpartition("\n")[0] for words in visitor.surprise()]
    assert shown == [*words[:2], *words, END]
    visitor.forget(EVIL)
    visitor.message.fill("<img src=x onerror=document.hacked=1>")
    visitor.sees("after “<img src=x onerror=document.hacked=1>”", visitor.bars)
    assert visitor.page.evaluate("document.hacked") is None
    drawn = "img[src=x], .message b, .message a, .katex, math"
    assert visitor.page.locator(drawn).count() == 0


@in_a_browser
def test_words_are_typed_by_a_click(visit):
    """A suggested word completes the half typed one, and the next one comes after it."""
    visitor = visit()
    visitor.message.press_sequentially("Bom di")
    visitor.sees("begin with “di” after “Bom”", visitor.bars)
    visitor.bars.get_by_role("button", name="dia!").click()
    assert visitor.message.input_value() == "Bom dia! "
    visitor.sees("after “Bom dia!”", visitor.bars)
    visitor.bars.get_by_role("button", name="Espero").press("Enter")
    assert visitor.message.input_value() == "Bom dia! Espero "
    visitor.sees("after “Bom dia! Espero”", visitor.bars)
    visitor.message.press("Enter")
    visitor.sees("Bom dia! Espero", visitor.page.locator(".user.message"))


@in_a_browser
def test_each_word_has_one_bar(visit):
    """Below each suggested word is one bar, as long as the word is likely."""
    visitor = visit()
    visitor.sees("40%", visitor.bars)  # of ten greetings four begin with Oi!
    words = visitor.bars.get_by_role("button")
    assert words.all_inner_texts() == ["Oi!\n40%", "Olá!\n30%", "Boa\n20%", "Bom\n10%"]
    drawn = words.evaluate_all(
        """buttons => buttons.map(button => {
            const bars = button.querySelectorAll(".bar, .bar *");
            const width = bars[0].getBoundingClientRect().width;
            return [bars.length, width / button.getBoundingClientRect().width];
        })"""
    )
    assert [n_bars for n_bars, _ in drawn] == [1] * 4
    longest = drawn[0][1]
    assert [width / longest for _, width in drawn] == pytest.approx(
        [1, 0.75, 0.5, 0.25], rel=0.02
    )


@in_a_browser
def test_there_are_messages_to_begin_with(visit):
    """Three messages can be sent by a click, until the conversation has begun."""
    visitor = visit()
    first = visitor.page.locator(".sslm-small button:visible")
    first.nth(2).wait_for()
    messages = first.all_inner_texts()
    assert len(messages) == 3
    first.nth(1).click()
    visitor.sees(messages[1], visitor.page.locator(".user.message"))
    visitor.sees("It replied")
    visitor.sees("Another reply")
    assert first.all_inner_texts() == ["Another reply"]


@in_a_browser
def test_another_reply_takes_the_place_of_the_last(visit):
    """A click gives another reply to the same message, and its words."""
    visitor = visit()
    texts = {visitor.say("Oi!")}
    replies = visitor.page.locator(".bot.message")
    for _ in range(2):
        visitor.page.get_by_role("button", name="Another reply").click()
        last = replies.last
        visitor.page.wait_for_function(
            "texts => !texts.includes("
            "[...document.querySelectorAll('.bot.message')].at(-1).innerText.trim())",
            arg=sorted(texts),
        )
        texts.add(last.inner_text().strip())
        assert replies.count() == 1
    assert len(texts) == 3
    shown = last.inner_text().split()
    visitor.sees(shown[-1], visitor.page.locator(".sslm-words").last)
    words = visitor.page.locator(".sslm-words").last.locator("span").all_inner_texts()
    assert [word.rpartition("\n")[0] for word in words] == [*shown, END]


@in_a_browser
def test_a_reply_is_explained(visit):
    """What each word came from is told when it is asked for."""
    visitor = visit()
    visitor.say("Boa noite! Espero")
    table = visitor.page.locator(".sslm-why")
    assert not table.is_visible()
    visitor.page.get_by_role("button", name="Why this reply?").click()
    visitor.sees("was learned after “Espero”", table)
    first, *_ = table.locator("tbody tr").all_inner_texts()
    assert first.split("\t") == ["Espero", "was learned after “noite!”", "100%"]


@in_a_browser
def test_numbers_that_are_typed_out_of_range_are_clamped(visit):
    """With n = 99 the highest n counts, and the highest temperature with 99."""
    visitor = visit()
    visitor.message.fill("Boa noite! Espero que você")
    visitor.sees("30%", visitor.bars)  # with n = 2 of others as well
    visitor.move("n", 99, "100%")
    assert visitor.page.locator(".sslm-bars button").all_inner_texts() == [
        "esteja\n100%"
    ]
    visitor.move("n", 1)
    visitor.move("Temperature", 99, "3.6%")  # "você", by the temperature 3


@in_a_browser
def test_long_messages_are_told(visit):
    """A message that is too long is not cut: it is told, not sent, and stays there."""
    visitor = visit()
    message = "Olá! " * 300
    visitor.message.fill(message)
    visitor.sees("A text can have up to 1,000 characters. Got 1,500.")
    visitor.message.press("Enter")
    visitor.page.wait_for_timeout(300)
    visitor.sees("A text can have up to 1,000 characters. Got 1,500")
    assert visitor.message.input_value() == message
    assert visitor.page.locator(".user.message").count() == 0


@in_a_browser
@pytest.mark.parametrize("tag", ["pt-BR", "de-DE"])
def test_it_speaks_the_language_of_the_browser(visit, tag):
    """Portuguese is spoken where the browser does, and English elsewhere; `lang` says so."""
    language = tag[:2] if tag[:2] in PAGE else "en"
    said = PAGE[language]
    visitor = visit(locale=tag)
    assert visitor.page.evaluate("document.documentElement.lang") == language
    for name in ("title", "message", "teach", "about_lesson", "next_at_start", "why"):
        visitor.sees(said[name])
    box = visitor.page.get_by_role("textbox", name=said["message"])
    box.fill("zebra")
    box.press("Enter")
    visitor.sees(PHRASES[language]["fallback"])
    visitor.page.get_by_role("button", name=said["forget"], exact=True).click()
    visitor.sees(said["not_forgotten"].format(why=said["no_word"]))


@in_a_browser
def test_visitors_are_on_their_own(visit):
    """What one visitor teaches another does not know."""
    one, other = visit(), visit()
    one.teach(CARS)
    assert one.say("carros") == CARS
    assert other.say("carros") == FALLBACK
    other.sees("from 10 texts.")


@in_a_browser
def test_visitors_share_where_the_owner_says_so(visit, servers):
    """With --shared and --learn lessons are for all, and for good until forgotten."""
    data_set = servers["shared"].log.parent / "d.txt"
    one, other = visit("shared"), visit("shared")
    one.teach(CARS)
    assert data_set.read_text("utf-8") == f"{CARS}\n"
    assert other.say("carros") == CARS
    other.forget(CARS)
    assert data_set.read_text("utf-8") == ""
    assert one.say("carros") == FALLBACK


@in_a_browser
def test_a_conversation_can_begin_anew(visit):
    """Clearing the conversation leaves what was learned."""
    visitor = visit()
    visitor.teach(CARS)
    assert visitor.say("carros") == CARS
    visitor.page.get_by_role("button", name="Clear").click()
    visitor.sees("Say something to see how surprising")
    assert visitor.say("carros") == CARS
    assert visitor.page.locator(".bot.message").count() == 1


# Red, green and blue of an element's text and of what is behind it.
COLOURS = """element => {
    const rgb = name => getComputedStyle(name).color.match(/[0-9.]+/g).map(Number);
    let behind = element, fill;
    do {
        fill = getComputedStyle(behind).backgroundColor.match(/[0-9.]+/g).map(Number);
        behind = behind.parentElement;
    } while (fill.length == 4 && fill[3] < 1 && behind);
    return [rgb(element), fill];
}"""


def luminance(colour):
    """Relative luminance as WCAG 2 defines it."""
    linear = [
        c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4
        for c in (channel / 255 for channel in colour[:3])
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@in_a_browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_read(visit, scheme):
    """In light and dark, on a phone, text has WCAG's contrast and nothing sticks out."""
    visitor = visit(color_scheme=scheme, viewport={"width": 360, "height": 740})
    visitor.say("Boa noite! Espero")
    backgrounds = []
    for place in [
        ".sslm-head",
        ".sslm-note",
        ".sslm-bars",
        ".bot.message",
        "label span",
    ]:
        text, behind = visitor.page.locator(place).first.evaluate(COLOURS)
        lower, higher = sorted([luminance(text), luminance(behind)])
        assert (higher + 0.05) / (lower + 0.05) > 4.5, place
        backgrounds.append(luminance(behind))
    assert min(backgrounds) > 0.8 if scheme == "light" else max(backgrounds) < 0.05
    page = "document.documentElement"
    assert visitor.page.evaluate(f"{page}.scrollWidth <= {page}.clientWidth")


@in_a_browser
def test_nothing_leaves_this_machine(visit, servers):
    """Neither the page nor its server calls, looks up or listens on another machine."""
    visitor = visit()
    visitor.say("Olá!")
    visitor.teach(CARS)
    visitor.page.wait_for_timeout(500)
    assert {
        url.split("/")[2] for url in visitor.asked if not url.startswith("data:")
    } == {f"127.0.0.1:{servers['alone'].port}"}
    for server in servers.values():
        assert "127.0.0.1" in server.called()
        assert server.called() <= {"127.0.0.1", "localhost", "::1"}


@in_a_browser
def test_its_server_serves_nothing_else(servers):
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


@in_a_browser
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


@in_a_browser
def test_ctrl_c_ends_it(
    servers,
):  # the last of these tests, as no page is there after it
    """The server of the page ends well when it is told to, having said nothing odd."""
    assert servers["alone"].stop() == (0, "")
    status, err = servers["shared"].stop()
    lines = err.splitlines()
    assert status == 0
    assert len(lines) <= 2 * MAX_LINES  # the tests above take less than two minutes
    assert all(line.startswith("sslm: warning: ") for line in lines)
