"""The chat page, served by a process of its own."""

import contextlib
import http.client
import importlib.util
import json
import signal
import socket
import subprocess
import sys
import urllib.request

import pytest
from _processes import settings

needs_gradio = pytest.mark.skipif(
    importlib.util.find_spec("gradio") is None, reason="needs gradio"
)

# Notes each address that the server's process binds, calls or looks up, and how many
# objects the garbage collector looks through when the process ends.
LAUNCH = """
import atexit
import gc
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
atexit.register(lambda: print("collected", len(gc.get_objects()), file=log))
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

    def stop(self, number=signal.SIGINT):
        """Press Ctrl-C, or send a signal; its exit code and what it said of errors."""
        self.process.send_signal(number)
        _, err = self.process.communicate(timeout=30)
        return self.process.returncode, err

    def called(self):
        """Addresses that were bound, called or looked up."""
        return {line.split()[1] for line in self.log.read_text().splitlines()}

    def collected(self):
        """How many objects were looked through for garbage when it ended."""
        return int(self.log.read_text().splitlines()[-1].removeprefix("collected "))

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
