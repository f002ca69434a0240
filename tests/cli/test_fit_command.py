"""``sslm fit``: files become a model, whole or not at all."""

import errno
import gzip
import os
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import joblib
import pytest
from _commands import (
    GREETINGS,
    complaint,
    pipe_in,
    same_model,
    write,
)
from _models import assert_same_model

from sklearn_sslm import NGramTextGenerator
from sklearn_sslm.base import _shards
from sklearn_sslm.cli import _files, _fitting
from sklearn_sslm.cli._main import main


def test_fit_learns_a_text_a_line(capsys):
    """``fit`` writes the model that the estimator learns from the lines, and says so."""
    write("a.txt", "\n".join(GREETINGS))
    assert main(["fit", "a.txt", "-n", "4", "-o", "out.joblib"]) == 0
    expected = NGramTextGenerator(n=4).fit(GREETINGS)
    assert same_model(expected, joblib.load("out.joblib"))
    assert capsys.readouterr().out == (
        f"out.joblib: 10 texts, {expected.n_tokens_seen_} tokens, "
        "41 different words, n=4\n"
    )


def test_fit_defaults_to_trigrams_in_model_joblib():
    """Without options the model is of order 3 and in ``model.joblib``."""
    write("a.txt", "\n".join(GREETINGS))
    assert main(["fit", "a.txt"]) == 0
    assert joblib.load("model.joblib").n == 3


@pytest.mark.parametrize(
    "content",
    [
        "\n\n".join(GREETINGS) + "\n \t \n\n",
        "\r\n".join(GREETINGS) + "\r\n",
        "\ufeff" + "\n".join(GREETINGS),
    ],
    ids=["blank lines", "CRLF", "byte order mark"],
)
def test_texts_are_lines_without_what_surrounds_them(content):
    """Blank lines, line ends of Windows and a byte order mark are no part of a text."""
    write("a.txt", content)
    assert list(_files.read_texts(["a.txt"])) == GREETINGS


def test_fit_reads_all_files_in_turn(monkeypatch):
    """Plain files, an empty one, packed ones and standard input are one corpus."""
    write("a.txt", "\n".join(GREETINGS[:3]))
    write("empty.txt", "")
    write("b.txt.gz", gzip.compress("\n".join(GREETINGS[3:6]).encode()))
    pipe_in(monkeypatch, "\n".join(GREETINGS[6:]).encode())
    assert main(["fit", "a.txt", "empty.txt", "b.txt.gz", "-", "-o", "out.joblib"]) == 0
    expected = NGramTextGenerator(n=3).fit(GREETINGS)
    assert same_model(expected, joblib.load("out.joblib"))


@pytest.mark.parametrize("jobs", ["2", "-1"])
def test_jobs_do_not_show(monkeypatch, jobs):
    """With ``--jobs`` files are read by workers, and the model file is the same."""
    write("a.txt", "\n\n".join(GREETINGS[:5]))
    write("b.txt.gz", gzip.compress("\n".join(GREETINGS[5:]).encode()))
    assert main(["fit", "a.txt", "b.txt.gz", "-o", "one.joblib"]) == 0
    monkeypatch.setattr(_shards, "_MIN_PARALLEL_BYTES", 0)
    monkeypatch.setattr(_fitting, "read_texts", None)
    with joblib.parallel_config(backend="threading"):
        argv = ["fit", "a.txt", "b.txt.gz", "--jobs", jobs, "-o", "more.joblib"]
        assert main(argv) == 0
    assert Path("one.joblib").read_bytes() == Path("more.joblib").read_bytes()


def test_standard_input_is_read_by_one(monkeypatch):
    """With standard input among the files ``--jobs`` makes no difference."""
    write("a.txt", GREETINGS[0])
    pipe_in(monkeypatch, GREETINGS[1].encode())
    assert main(["fit", "a.txt", "-", "--jobs", "2", "-o", "out.joblib"]) == 0
    expected = NGramTextGenerator(n=3).fit(GREETINGS[:2])
    assert_same_model(expected, joblib.load("out.joblib"))


def test_a_process_that_was_killed_is_told(monkeypatch, capsys):
    """Where a worker dies, that is told in one line and no model is written."""
    write("a.txt", "um dois")

    def die(*_):
        raise BrokenProcessPool

    monkeypatch.setattr(_shards, "read_share", die)
    told = complaint(capsys, "fit", "a.txt", "--jobs", "2")
    assert "was killed, perhaps because there was not enough memory" in told
    assert os.listdir() == ["a.txt"]


def test_a_text_ends_at_a_line_feed_only():
    """Characters that merely look like line ends stay inside a text."""
    write("a.txt", "um\u2028dois\x0btrês\x85quatro\nfim\n")
    assert list(_files.read_texts(["a.txt"])) == [
        "um\u2028dois\x0btrês\x85quatro",
        "fim",
    ]


def test_fit_keeps_the_old_model_until_the_new_one_is_complete():
    """A ``fit`` that fails leaves the file that was there, and no other."""
    write("bad.txt", b"um dois\nol\xe1\n")
    write("out.joblib", "old")
    assert main(["fit", "bad.txt", "-o", "out.joblib"]) == 2
    assert Path("out.joblib").read_text() == "old"
    assert sorted(os.listdir()) == ["bad.txt", "out.joblib"]


def test_fit_replaces_the_old_model():
    """A ``fit`` that succeeds replaces the file that was there, and leaves no other."""
    write("a.txt", "um dois")
    write("out.joblib", "old")
    assert main(["fit", "a.txt", "-o", "out.joblib"]) == 0
    assert joblib.load("out.joblib").n_texts_seen_ == 1
    assert sorted(os.listdir()) == ["a.txt", "out.joblib"]


@pytest.mark.posix
def test_fit_writes_through_a_link():
    """Where the output is a link to a file, that file is replaced and the link kept."""
    write("a.txt", "um dois")
    write("old.joblib", "old")
    os.symlink("old.joblib", "link.joblib")
    assert main(["fit", "a.txt", "-o", "link.joblib"]) == 0
    assert os.path.islink("link.joblib")
    assert joblib.load("old.joblib").n_texts_seen_ == 1


def test_fit_knows_at_once_that_it_cannot_write(monkeypatch):
    """The output is tried before the texts are read."""
    monkeypatch.setattr("sklearn_sslm.cli._fitting.read_texts", pytest.fail)
    assert main(["fit", "a.txt", "-o", "missing/out.joblib"]) == 2


def test_a_model_file_has_the_usual_permissions():
    """A model file can be read by whom the umask lets read a new file."""
    write("a.txt", "um dois")
    main(["fit", "a.txt", "-o", "out.joblib"])
    assert os.stat("out.joblib").st_mode == os.stat("a.txt").st_mode


@pytest.mark.posix
def test_a_model_file_keeps_its_permissions():
    """A model that replaces another can be read by the same people."""
    write("a.txt", "um dois")
    os.chmod(write("out.joblib", "old"), 0o600)
    main(["fit", "a.txt", "-o", "out.joblib"])
    assert os.stat("out.joblib").st_mode & 0o777 == 0o600


@pytest.mark.parametrize("fault", ["fsync", "replace"])
def test_fit_keeps_the_old_model_where_the_disk_is_full(monkeypatch, capsys, fault):
    """A model that is not safely on disk does not replace another, and leaves nothing."""

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    write("a.txt", "um dois")
    write("out.joblib", "old")
    monkeypatch.setattr(os, fault, full)
    said = "sslm: error: cannot write out.joblib: No space left on device\n"
    assert complaint(capsys, "fit", "a.txt", "-o", "out.joblib") == said
    assert Path("out.joblib").read_text() == "old"
    assert sorted(os.listdir()) == ["a.txt", "out.joblib"]
