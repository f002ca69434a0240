"""``sslm chat --learn`` and ``sslm forget``: what is learned for good, and no longer."""

import errno
import io
import os
import sys
from pathlib import Path

import joblib
import pytest
from _commands import (
    FALLBACK,
    GREETINGS,
    learn,
    pipe_in,
    run,
    said,
    same_model,
    start,
    type_in,
    write,
)

from sklearn_sslm import NGramTextGenerator
from sklearn_sslm.cli import _conversation
from sklearn_sslm.cli._main import main


def test_chat_learns_at_once(monkeypatch, capsys):
    """Each message is answered by what was known before, then it is saved and known."""
    text = "carros são automóveis movidos a combustível"
    assert learn(monkeypatch, "O que fazem", text, "O que são carros") == 0
    assert said(capsys) == [
        *(FALLBACK, "Learned"),
        *(FALLBACK, "Learned"),
        *("carros são automóveis movidos a combustível", "Learned"),
    ]
    assert (
        Path("d.txt").read_text("utf-8") == f"O que fazem\n{text}\nO que são carros\n"
    )


def test_chat_learns_what_was_learned_before(monkeypatch, capsys):
    """A new chat begins with all that is in the data set, and adds to it."""
    learn(monkeypatch, "carros são automóveis")
    learn(monkeypatch, "carros são")
    assert said(capsys)[2:] == ["são automóveis", "Learned"]
    assert Path("d.txt").read_text("utf-8") == "carros são automóveis\ncarros são\n"


@pytest.mark.parametrize("model", [False, True])
def test_chat_that_learned_is_a_model_of_all_texts(monkeypatch, model_file, model):
    """After a chat the model is the one fitted on its own texts and the data set."""
    learned = joblib.load(model_file) if model else _conversation._greeter()
    monkeypatch.setattr(_conversation, "_greeter", lambda: learned)
    monkeypatch.setattr(_conversation, "load_model", lambda path: learned)
    write("d.txt", "um dois\n\num três\n")
    pipe_in(monkeypatch, b"quatro\n\num dois\n")
    argv = ["--model", model_file] if model else []
    assert main(["chat", "--learn", "d.txt", *argv]) == 0
    texts = ["um dois", "um três", "quatro", "um dois"]
    expected = NGramTextGenerator(n=learned.n).fit([*GREETINGS, *texts])
    assert same_model(expected, learned)
    assert learned.n_texts_seen_ == expected.n_texts_seen_


def test_a_message_is_no_path(monkeypatch, capsys):
    """What a model that had learned files is told is learned as it is; no file is read."""
    write("corpus.txt", "um dois\n")
    write("secret.txt", "senha hunter2\n")
    learned = NGramTextGenerator(input="filename").fit(["corpus.txt"])
    joblib.dump(learned, "m.joblib")
    write("d.txt", "secret.txt\n")
    talk = ["chat", "--model", "m.joblib", "--learn", "d.txt"]
    pipe_in(monkeypatch, b"secret.txt\nno_such_file.txt\nsenha\nno_such_file.txt\n")
    assert main(talk) == 0
    assert said(capsys) == [
        *("secret.txt", "Learned"),
        *(FALLBACK, "Learned"),
        *(FALLBACK, "Learned"),
        *("no_such_file.txt", "Learned"),
    ]


def test_chat_learns_no_empty_message(monkeypatch, capsys):
    """A message without a word is answered, and said not to be learned."""
    assert learn(monkeypatch, "", " \u2028 ") == 0
    assert said(capsys) == [FALLBACK, "Not learned"] * 2
    assert Path("d.txt").read_bytes() == b""


def test_chat_learns_one_line_for_a_message(monkeypatch, capsys):
    """What looks like the end of a line in a message becomes a blank."""
    learn(monkeypatch, "um\rdois\u2028três\x85quatro\vcinco\fseis")
    assert Path("d.txt").read_text("utf-8") == "um dois três quatro cinco seis\n"
    learn(monkeypatch, "dois")
    assert said(capsys)[2] == "dois três quatro cinco seis"


def test_chat_learns_at_a_terminal(monkeypatch, capsys):
    """At a terminal, too, each message is answered, saved and said to be learned."""
    type_in(monkeypatch, "xis dois", "xis")
    assert main(["chat", "--learn", "d.txt"]) == 0
    out, _ = capsys.readouterr()
    assert out.splitlines()[1:5] == [FALLBACK, "Learned", "xis dois", "Learned"]


def test_chat_tells_of_a_torn_line(monkeypatch, capsys):
    """A last line that is not whole is told of on standard error, and not learned."""
    write("d.txt", "xis dois\nxis tr")
    assert learn(monkeypatch, "xis") == 0
    out, err = capsys.readouterr()
    assert out == "xis dois\nLearned\n"
    assert err == (
        "sslm: warning: d.txt: the last line was not complete and is not learned. It "
        "was moved to d.txt.torn.\n"
    )
    assert Path("d.txt").read_bytes() == b"xis dois\nxis\n"


def test_chat_refuses_what_it_cannot_save(monkeypatch, capsys):
    """On a full disk a message is refused in one line and not learned; the chat goes on."""

    def write_unless_full(file, data, write=os.write):
        if b"big" in data:
            write(file, data[:2])
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(file, data)

    monkeypatch.setattr(os, "write", write_unless_full)
    assert learn(monkeypatch, "xis dois", "big xis", "big", "xis") == 2
    out, err = capsys.readouterr()
    assert out.splitlines() == [
        *(FALLBACK, "Learned"),
        *("xis dois", "Not learned"),
        *(FALLBACK, "Not learned"),
        *("xis dois", "Learned"),
    ]
    reason = "d.txt: the message was not learned: No space left on device"
    assert err == f"sslm: error: {reason}\n" * 2
    assert Path("d.txt").read_bytes() == b"xis dois\nxis\n"


def test_chat_says_learned_only_after_it_is(monkeypatch):
    """When "Learned" is said, the text was synced and the model knows it."""
    events = []
    real_fsync = os.fsync
    partial_fit = NGramTextGenerator.partial_fit

    class Out(io.StringIO):
        def write(self, text):
            events.append(text)

    def fsync(file):
        if b"xis dois" in Path("d.txt").read_bytes():
            events.append("synced")
        real_fsync(file)

    def learned(self, X, y=None):
        partial_fit(self, X, y)
        events.append("known")

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(NGramTextGenerator, "partial_fit", learned)
    monkeypatch.setattr(sys, "stdout", Out())
    learn(monkeypatch, "xis dois")
    assert events == [FALLBACK, "\n", "synced", "known", "Learned", "\n"]


@pytest.mark.slow
def test_two_chats_take_turns():
    """While a chat learns, the next is told at once, and one that waits comes after it."""
    with start("chat", "--learn", "d.txt") as first:
        first.stdin.write(b"xis dois\n")
        first.stdin.flush()
        first.stdout.readline()
        assert first.stdout.readline() == b"Learned\n"
        code, out, err = run("chat", "--learn", "d.txt", written=b"zebra\n")
        assert (code, out) == (2, b"")
        assert err.startswith(b"sslm: error: d.txt is in use by another sslm.")
        assert err.count(b"\n") == 1
        assert run("forget", "d.txt", "xis dois")[0] == 2
        with start("chat", "--learn", "d.txt", "--wait") as second:
            second.stdin.write(b"xis\n")
            second.stdin.close()
            waits = b"sslm: warning: waiting for another sslm that uses d.txt\n"
            assert second.stderr.readline() == waits
            first.stdin.write(b"xis dois\n")
            first.stdin.close()
            assert second.stdout.read() == b"xis dois\nLearned\n"
    assert first.returncode == second.returncode == 0
    assert Path("d.txt").read_bytes() == b"xis dois\nxis dois\nxis\n"


def test_forget_removes_a_line(capsys):
    """``forget`` removes the last line with the text and says how many are left."""
    write("d.txt", "a\nb\na\na\nc\n")
    assert main(["forget", "d.txt", " a "]) == 0
    assert said(capsys) == ["d.txt: 1 line forgotten, 2 with the same text left"]
    assert Path("d.txt").read_bytes() == b"a\nb\na\nc\n"


def test_forget_removes_all_lines(capsys):
    """With ``--all`` every line with the text goes."""
    write("d.txt", "a\nb\na\n")
    assert main(["forget", "d.txt", "a", "--all"]) == 0
    assert said(capsys) == ["d.txt: 2 lines forgotten"]
    assert Path("d.txt").read_bytes() == b"b\n"


def test_what_was_forgotten_is_not_known(monkeypatch, capsys):
    """The next chat knows nothing of a text that was forgotten."""
    learn(monkeypatch, "zebra listrada")
    main(["forget", "d.txt", "zebra listrada"])
    learn(monkeypatch, "zebra")
    assert said(capsys)[-2:] == [FALLBACK, "Learned"]
