"""Ctrl-C and SIGTERM: how commands end, and what they say then."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest
from _commands import pipe_in, start, type_in, write

from sklearn_sslm import NGramTextGenerator
from sklearn_sslm.cli import _writing_texts
from sklearn_sslm.cli._interrupts import Terminated
from sklearn_sslm.cli._main import main


def test_an_interrupt_ends_with_130(monkeypatch, capsys):
    """Ctrl-C during the work ends with exit code 130, as shells expect."""

    def interrupt(self, X, y=None):
        raise KeyboardInterrupt

    monkeypatch.setattr(NGramTextGenerator, "fit", interrupt)
    write("a.txt", "um dois")
    assert main(["fit", "a.txt"]) == 130
    assert os.listdir() == ["a.txt"]
    said = "sslm: warning: interrupted; model.joblib was not written\n"
    assert capsys.readouterr().err == said


@pytest.mark.usefixtures("model_file")
@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["generate", "-m", "m.joblib"], "the output is incomplete"),
        (["score", "-m", "m.joblib", "-"], "the output is incomplete"),
        (["chat", "-m", "m.joblib"], "messages after the last reply were not answered"),
    ],
)
def test_who_interrupts_is_told_what_is_missing(argv, said, monkeypatch, capsys):
    """Commands that print say so in one line, and end with 130."""

    def interrupt(*_, **__):
        raise KeyboardInterrupt

    for name in ("score_texts", "predict"):
        monkeypatch.setattr(NGramTextGenerator, name, interrupt)
    monkeypatch.setattr(_writing_texts, "sample_in_blocks", interrupt)
    pipe_in(monkeypatch, b"Bom dia!\n")
    assert main(argv) == 130
    assert capsys.readouterr().err == f"sslm: warning: interrupted; {said}\n"


def test_who_interrupts_at_the_start_is_told_that_nothing_was_done(monkeypatch, capsys):
    """While scikit-learn is imported, Ctrl-C ends the command with 130, too."""

    class Interrupting:
        def find_spec(self, name, *_):
            if name == "sklearn_sslm.cli._commands":
                raise KeyboardInterrupt

    monkeypatch.delitem(sys.modules, "sklearn_sslm.cli._commands", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Interrupting(), *sys.meta_path])
    assert main(["info", "m.joblib"]) == 130
    assert capsys.readouterr().err == "sslm: warning: interrupted; nothing was done\n"


@pytest.mark.parametrize("learns", [False, True])
@pytest.mark.parametrize(
    ("end", "code"), [(EOFError, 0), (KeyboardInterrupt, 0), (Terminated, 143)]
)
def test_a_chat_at_a_terminal_tells_what_is_saved(
    end, code, learns, monkeypatch, capsys
):
    """Ctrl-C ends it as Ctrl-D does; after SIGTERM it has no goodbye, and 143."""
    type_in(monkeypatch, "xis dois", end=end)
    assert main(["chat", *(["--learn", "d.txt"] if learns else [])]) == code
    out, err = capsys.readouterr()
    assert out.endswith("\nGoodbye!\n") == (code == 0)
    saved = "all that was said to be learned is saved in d.txt" if learns else ""
    told = "sslm: warning: interrupted; messages after the last reply were not answered"
    lines = [saved] if code == 0 else [f"{told}; {saved}" if saved else told]
    assert err == "".join(f"{line}\n" for line in lines if line)
    if learns:
        assert Path("d.txt").read_text() == "xis dois\n"


def session_of(process):
    """The processes that still run in the session of one that began it."""
    running = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):  # it may have ended
            state = Path("/proc", pid, "stat").read_text().rpartition(") ")[2][0]
            if os.getsid(int(pid)) == process.pid and state != "Z":
                running.append(int(pid))
    return running


def wait_until(condition, seconds=60):
    """Wait for something, but not for ever."""
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    assert condition()


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="files of Linux only")
@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143)])
def test_who_is_stopped_leaves_nothing(name, code):
    """Neither the processes of ``--jobs`` nor a part of the model stay behind."""
    write("a.txt", "um dois três\n" * (1 << 21))
    options = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    options["start_new_session"] = True
    # What a shell runs in the background ignores SIGINT, and so do its children.
    options["preexec_fn"] = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    arguments = (
        "a.txt",
        "--jobs",
        "2",
        "--tokenizer",
        r"\w+",
    )  # which processes split at
    with start("fit", *arguments, **options) as fit:
        try:
            wait_until(lambda: len(session_of(fit)) > 3)  # with two that keep track
            fit.send_signal(getattr(signal, name))
            assert fit.wait(60) == code
            wait_until(lambda: not session_of(fit))
        finally:
            for pid in session_of(fit):
                os.kill(pid, signal.SIGKILL)
    assert os.listdir() == ["a.txt"]


class Finalized:
    """Something during whose finalization a signal arrives."""

    def __init__(self, number):
        self.number = number

    def __del__(self):
        signal.raise_signal(self.number)


@pytest.mark.posix
@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143)])
def test_a_signal_that_python_ignores_comes_again(name, code, monkeypatch):
    """Where an exception cannot be raised, as when processes fork, the work ends soon after."""

    def fit(self, X):
        Finalized(getattr(signal, name))
        time.sleep(20)

    monkeypatch.setattr(NGramTextGenerator, "fit", fit)
    write("a.txt", "um dois")
    hook = sys.unraisablehook
    # Tests that run in the background were told to ignore Ctrl-C.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        assert main(["fit", "a.txt"]) == code
    finally:
        signal.signal(signal.SIGINT, before)
    assert os.listdir() == ["a.txt"]
    assert sys.unraisablehook is hook


def test_termination_is_handled_only_while_the_command_runs(monkeypatch):
    """`main` ends as after Ctrl-C, with 143, and leaves handlers as they were."""
    fit = NGramTextGenerator.fit

    def terminate(self, X):
        signal.raise_signal(signal.SIGTERM)
        return fit(self, X)

    monkeypatch.setattr(NGramTextGenerator, "fit", terminate)
    write("a.txt", "um dois")
    assert main(["fit", "a.txt"]) == 143
    assert os.listdir() == ["a.txt"]
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:  # who calls `main` may want to go on
        assert main(["fit", "a.txt"]) == 0
    finally:
        signal.signal(signal.SIGTERM, before)
