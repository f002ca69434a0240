"""Help, progress, and the command line as a process."""

import gzip
import os
import shlex
import subprocess
import sys
from pathlib import Path

import joblib
import pytest
from _commands import pipe_in, run, start, write
from _processes import python
from _slow import rest_slow
from _terminal import watched_terminal

import sklearn_sslm
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


@pytest.mark.parametrize("argv", rest_slow([["--help"], GENERATE], [["--help"]]))
@pytest.mark.usefixtures("model_file")
def test_a_reader_that_leaves_is_no_error(argv):
    """Writing to a pipe that nobody reads any more, as with ``head``, is silent."""
    reading_end, writing_end = os.pipe()
    os.close(reading_end)
    with open(writing_end, "wb") as pipe:
        assert run(*argv, stdout=pipe) == (0, None, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux only")
@pytest.mark.parametrize(
    "argv", rest_slow([["--help"], ["-V"], GENERATE], [["--help"]])
)
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
