"""The command line as its tests use it."""

import io
import os
import subprocess
import sys
from pathlib import Path

import numpy as np

import sklearn_sslm
from sklearn_sslm.cli._main import main
from sklearn_sslm.datasets import load_greetings

GREETINGS = load_greetings().data
FALLBACK = "Sorry, I did not understand your message."  # in English


def write(path, content):
    """Write text or bytes to a file and return its name."""
    if isinstance(content, str):
        content = content.encode()
    Path(path).write_bytes(content)
    return path


def pipe_in(monkeypatch, content):
    """Let standard input hold these bytes."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))


def type_in(monkeypatch, *messages, end=EOFError):
    """Let someone at a terminal type these messages, then end."""
    lines = iter(messages)

    def answer(prompt):
        try:
            return next(lines)
        except StopIteration:
            raise end from None

    pipe_in(monkeypatch, b"")
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", answer)


def start(*argv, **options):
    """Start ``python -m sklearn_sslm`` as a process of its own, in a poor setting."""
    settings = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    settings["PYTHONPATH"] = str(Path(sklearn_sslm.__file__).parents[1])
    settings["PYTHONIOENCODING"] = "ascii"
    pipes = dict.fromkeys(["stdin", "stdout", "stderr"], subprocess.PIPE)
    return subprocess.Popen(
        [sys.executable, "-m", "sklearn_sslm", *argv],
        env=settings,
        **{**pipes, **options},
    )


def run(*argv, written=b"", **options):
    """Exit code, output and errors of ``python -m sklearn_sslm``."""
    with start(*argv, **options) as process:
        out, err = process.communicate(written, timeout=120)
    return process.returncode, out, err


def complaint(capsys, *argv):
    """The one line on standard error that bad use must give, with exit code 2."""
    assert main(list(argv)) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.endswith("\n")
    assert err.count("\n") == 1
    return err


def same_model(a, b):
    """Two models say the same, as far as 50 texts and all scores tell."""
    a, b = a.set_params(random_state=0), b.set_params(random_state=0)
    np.testing.assert_array_equal(
        a.score_samples(GREETINGS), b.score_samples(GREETINGS)
    )
    return a.n == b.n and list(a.sample(50)) == list(b.sample(50))


def said(capsys):
    """The lines on standard output, after nothing was said on standard error."""
    out, err = capsys.readouterr()
    assert err == ""
    return out.splitlines()


def learn(monkeypatch, *messages):
    """Let a chat that learns read messages from standard input; its exit code."""
    pipe_in(monkeypatch, "".join(f"{message}\n" for message in messages).encode())
    return main(["chat", "--learn", "d.txt"])
