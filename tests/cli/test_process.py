"""Help, progress, and the command line as a process."""

import contextlib
import gzip
import os
import shlex
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import joblib
import pytest
from _commands import pipe_in, run, start, write
from _processes import python
from _slow import rest_slow
from _terminal import watched_terminal

import sklearn_sslm
from sklearn_sslm import NGramTextGenerator
from sklearn_sslm.base import _shards
from sklearn_sslm.cli import _commands
from sklearn_sslm.cli._main import main
from sklearn_sslm.cli.options import _fit_options, command_line
from sklearn_sslm.smoothing import SMOOTHINGS

COMMANDS = list(_commands._COMMANDS)
OPENING = [name for name in COMMANDS if name not in ("fit", "forget")]  # model files
HELP = ["-h", "--help"]
GENERATE = ["generate", "--model", "m.joblib"]


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_examples_that_are_right(command, capsys):
    """``--help`` of each command shows it in use, in ways the command line accepts."""
    assert main([command, "--help"]) == 0
    examples = [
        line.rpartition(" sslm ")[2]
        for line in capsys.readouterr().out.splitlines()
        if line.startswith("  ") and f" sslm {command}" in line
    ]
    assert examples
    for example in examples:
        command_line().parse_args(shlex.split(example))


@pytest.mark.parametrize("command", OPENING)
def test_help_warns_of_strangers(command, capsys):
    """The help of every command that opens a model says whom to trust."""
    main([command, "--help"])
    assert "come from someone you trust" in capsys.readouterr().out


ANSWERED_AT_ONCE = {
    **{f"{command} --help": 0 for command in COMMANDS},
    **dict.fromkeys([*HELP, "-V", "--version"], 0),
    **dict.fromkeys(["", "sing", "fit", "fit a.txt -n 0", "generate"], 2),
    **dict.fromkeys(["fit a.txt --smoothing none", "chat --port many"], 2),
    **dict.fromkeys(["generate --model m.joblib --seed -1", "forget a.txt ' '"], 2),
    **dict.fromkeys(["chat --learn a.txt.gz", "score --model m.joblib"], 2),
}
"""Arguments, and the exit code after them."""


def test_help_and_wrong_options_load_nothing_large():
    """They are answered without importing scikit-learn, or anything of its size."""
    script = f"""
import shlex, sys
from sklearn_sslm.cli import main
for arguments in {list(ANSWERED_AT_ONCE)!r}:
    code = main(shlex.split(arguments))
    large = {{"numpy", "scipy", "sklearn", "joblib", "gradio"}} & set(sys.modules)
    print("->", [arguments, code, *sorted(large)])
"""
    lines = [line for line in python("-c", script)[0].splitlines() if line[:2] == "->"]
    assert lines == [f"-> {[*pair]}" for pair in ANSWERED_AT_ONCE.items()]


def test_smoothings_are_those_of_the_package():
    """The names that ``--smoothing`` takes are those that the package knows."""
    for name in SMOOTHINGS:
        args = command_line().parse_args(["fit", "a.txt", "--smoothing", name])
        assert args.smoothing == name
    assert tuple(SMOOTHINGS) == _fit_options._SMOOTHINGS


def test_help_names_every_command(capsys):
    """``sslm --help`` lists all commands."""
    assert main(["--help"]) == 0
    out = capsys.readouterr().out
    assert all(f"\n    {name} " in out for name in COMMANDS)


def test_version_is_that_of_the_package(capsys):
    """``--version`` prints the version of the package."""
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"sslm {sklearn_sslm.__version__}\n"


COMPLETED = {
    "sslm ge": {"generate "},
    "sslm fit a.txt --smoothing kn": {"kneser_ney "},
    "sslm score --so": {"--sort "},
    "sslm score --nope --so": {"--sort "},
    "sslm chat --match ": {"exact", "loose"},
    "sslm info a": {"a.joblib "},
}


@pytest.mark.posix
@pytest.mark.parametrize("line", COMPLETED)
def test_shells_complete_it(line):
    """Commands, options, choices and files, by the protocol of argcomplete."""
    pytest.importorskip("argcomplete")
    write("a.joblib", "")
    asked = {
        "_ARGCOMPLETE": "1",
        "_ARGCOMPLETE_IFS": "|",
        "_ARGCOMPLETE_STDOUT_FILENAME": "found",
        "_ARGCOMPLETE_SUPPRESS_SPACE": "0",
        "COMP_LINE": line,
        "COMP_POINT": str(len(line)),
    }
    script = "from sklearn_sslm.cli import main; main()"
    subprocess.run([sys.executable, "-c", script], env=os.environ | asked, check=True)
    assert set(Path("found").read_text().split("|")) == COMPLETED[line]


@pytest.mark.posix
@pytest.mark.parametrize("name", ["a.txt", "a.txt.gz"])
def test_fit_shows_how_far_it_is(name):
    """At a terminal bars go to the end of the file, packed or not, and of each work."""
    content = "".join(f"um dois {i}\n" for i in range(9000)).encode()
    write(name, gzip.compress(content) if name.endswith(".gz") else content)
    with watched_terminal() as shown:
        assert main(["fit", name]) == 0
    for work in ["loading", "reading", "counting", "smoothing"]:
        assert f"{work}: 100%" in shown(), work
    assert joblib.load("model.joblib").verbose == 0


@pytest.mark.posix
def test_jobs_show_how_far_they_are(monkeypatch):
    """With ``--jobs`` there are bars, too, and none is left in the model."""
    write("a.txt", "um dois\n" * 9000)
    for worth, bars in ((1 << 27, ["reading", "counting"]), (0, ["counting"])):
        monkeypatch.setattr(_shards, "_MIN_SHARDED_BYTES", worth)
        with watched_terminal() as shown:
            assert main(["fit", "a.txt", "--jobs", "2"]) == 0
        for work in [*bars, "smoothing"]:
            assert f"{work}: 100%" in shown(), work
        assert joblib.load("model.joblib").verbose == 0


@pytest.mark.posix
def test_fit_shows_the_rate_where_the_end_is_not_known(monkeypatch):
    """Of standard input the bytes read so far are shown."""
    pipe_in(monkeypatch, b"um dois\n" * 1000)
    with watched_terminal() as shown:
        assert main(["fit", "-"]) == 0
    assert "loading: 8.00kB" in shown()


@pytest.mark.posix
def test_progress_is_optional(monkeypatch):
    """Without tqdm there is no bar, and everything else works."""
    monkeypatch.setitem(sys.modules, "tqdm", None)
    write("a.txt", "um dois")
    with watched_terminal() as shown:
        assert main(["fit", "a.txt"]) == 0
    assert shown() == ""


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

    for name in ("sample", "score_texts", "predict"):
        monkeypatch.setattr(NGramTextGenerator, name, interrupt)
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


def test_a_process_talks():
    """``python -m sklearn_sslm chat`` answers in UTF-8, whatever the setting."""
    code, out, err = run("chat", written="Olá!\n".encode())
    assert (code, err) == (0, b"")
    assert out.decode().startswith("Olá! ")


def test_a_process_answers_at_once():
    """Each reply is there before the next message is written, as another program needs."""
    with start("chat") as process:
        for message in ["Oi!", "Olá!"]:
            process.stdin.write(f"{message}\n".encode())
            process.stdin.flush()
            assert process.stdout.readline().decode().startswith(message)
        process.stdin.close()
        assert process.stdout.read() == process.stderr.read() == b""


def test_a_process_fails_in_one_line():
    """A process ends with exit code 2 and one line without a traceback."""
    said = b"sslm: error: cannot read missing.txt: No such file or directory\n"
    assert run("fit", "missing.txt") == (2, b"", said)


@pytest.mark.parametrize("argv", rest_slow([["--help"], GENERATE], [GENERATE]))
@pytest.mark.usefixtures("model_file")
def test_a_reader_that_leaves_is_no_error(argv):
    """Writing to a pipe that nobody reads any more, as with ``head``, is silent."""
    reading_end, writing_end = os.pipe()
    os.close(reading_end)
    with open(writing_end, "wb") as pipe:
        assert run(*argv, stdout=pipe) == (0, None, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux only")
@pytest.mark.parametrize("argv", rest_slow([["--help"], ["-V"], GENERATE], [GENERATE]))
@pytest.mark.usefixtures("model_file")
def test_a_full_disk_is_told_in_one_line(argv):
    """Output that cannot be written is told in one line, with exit code 2."""
    said = b"sslm: error: cannot write standard output: No space left on device\n"
    with open("/dev/full", "wb") as full:
        assert run(*argv, stdout=full) == (2, None, said)


@pytest.mark.posix
@pytest.mark.usefixtures("model_file")
@pytest.mark.parametrize("argv", rest_slow(["--help", "info m.joblib"], ["--help"]))
def test_closed_output_is_told_in_one_line(argv):
    """Standard output may be closed, as by ``>&-``; where errors go to is, too, silent."""
    settings = {**os.environ, "PYTHONPATH": str(Path(sklearn_sslm.__file__).parents[1])}
    command = f'"{sys.executable}" -m sklearn_sslm {argv} >&-'
    said = b"sslm: error: cannot write standard output: it is closed\n"
    for line, expected in ((command, said), (f"{command} 2>&-", b"")):
        done = subprocess.run(["sh", "-c", line], env=settings, capture_output=True)
        assert (done.returncode, done.stdout, done.stderr) == (2, b"", expected)
    line = f'"{sys.executable}" -m sklearn_sslm sing 2>&-'
    done = subprocess.run(["sh", "-c", line], env=settings, capture_output=True)
    assert (done.returncode, done.stdout) == (2, b"")
