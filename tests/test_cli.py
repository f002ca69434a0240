"""The command line: what each subcommand does, and how it takes a user's mistakes."""

import errno
import gzip
import io
import os
import pickle
import shlex
import subprocess
import sys
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import joblib
import numpy as np
import pytest
from _models import assert_same_model
from _terminal import watched_terminal

import sklearn_sslm
from sklearn_sslm import NGramTextGenerator, _cli, _cli_files, _envelope, _shards
from sklearn_sslm._cli import _parser, main
from sklearn_sslm._cli_files import UserError, load_model
from sklearn_sslm.datasets import load_greetings

GREETINGS = load_greetings().data
FALLBACK = "Desculpe, não entendi sua mensagem."


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def model_file():
    """A model of the greetings, n=3, in a file of the current folder."""
    joblib.dump(NGramTextGenerator(n=3).fit(GREETINGS), "m.joblib")
    return "m.joblib"


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


# fit


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
    assert list(_cli_files.read_texts(["a.txt"])) == GREETINGS


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
    monkeypatch.setattr(_shards, "_WORTH_A_PROCESS", 0)
    monkeypatch.setattr(_cli, "read_texts", None)
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
    assert list(_cli_files.read_texts(["a.txt"])) == [
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
    monkeypatch.setattr("sklearn_sslm._cli.read_texts", pytest.fail)
    assert main(["fit", "a.txt", "-o", "missing/out.joblib"]) == 2


def test_a_model_file_has_the_usual_permissions():
    """A model file can be read by whom the umask lets read a new file."""
    write("a.txt", "um dois")
    main(["fit", "a.txt", "-o", "out.joblib"])
    assert os.stat("out.joblib").st_mode == os.stat("a.txt").st_mode


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


# generate


def test_generate_writes_k_texts(model_file, capsys):
    """``-k`` texts come, one a line, those the model samples with that seed."""
    assert main(["generate", "--model", model_file, "-k", "5", "--seed", "7"]) == 0
    model = joblib.load(model_file).set_params(random_state=7)
    assert capsys.readouterr().out.splitlines() == list(model.sample(5))


def test_generate_writes_ten_texts_by_default(model_file, capsys):
    """Without ``-k`` ten texts come."""
    assert main(["generate", "--model", model_file]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 10


@pytest.mark.parametrize("start", [[], ["--start", "Oi!"]])
def test_generate_repeats_with_the_same_seed(model_file, capsys, start):
    """One seed gives the same texts twice, another seed gives others."""
    texts = []
    for seed in ["1", "1", "2"]:
        main(["generate", "--model", model_file, "--seed", seed, *start])
        texts.append(capsys.readouterr().out)
    assert texts[0] == texts[1] != texts[2]


def test_generate_begins_with_the_start(model_file, capsys):
    """Every text begins with all words of ``--start`` and goes on from them."""
    main(["generate", "--model", model_file, "--start", "Boa noite! Espero que"])
    texts = capsys.readouterr().out.splitlines()
    assert len(texts) == 10
    assert all(text.startswith("Boa noite! Espero que você ") for text in texts)


def test_generate_from_an_empty_start_is_generate(model_file, capsys):
    """A start without a word is no start."""
    main(["generate", "--model", model_file, "--seed", "3"])
    main(["generate", "--model", model_file, "--seed", "3", "--start", " "])
    first, second = np.array_split(capsys.readouterr().out.splitlines(), 2)
    assert list(first) == list(second)


def test_generate_names_an_unknown_word_of_the_start(model_file, capsys):
    """A start that ends in a word the model does not know is an error with that word."""
    argv = ["generate", "--model", model_file, "--start", "Oi! zebra"]
    assert "'zebra'" in complaint(capsys, *argv)


def test_generate_backs_off_where_the_model_does(capsys):
    """A model with ``unknown="backoff"`` goes on after an unknown word."""
    model = NGramTextGenerator(n=3, unknown="backoff").fit(["um dois"])
    joblib.dump(model, "b.joblib")
    argv = ["generate", "--model", "b.joblib", "--start", "zebra um", "-k", "1"]
    assert main(argv) == 0
    assert capsys.readouterr().out == "zebra um dois\n"


def test_generate_writes_k_texts_of_a_model_of_several_replies(capsys):
    """It is ``-k`` that says how many texts there are, a line each."""
    model = NGramTextGenerator(num_return_sequences=3).fit(["um dois"])
    joblib.dump(model, "m.joblib")
    for start in ["", "um"]:
        main(["generate", "--model", "m.joblib", "-k", "2", "--start", start])
        assert capsys.readouterr().out == "um dois\n" * 2


def test_generate_tells_what_a_model_cannot_say(capsys):
    """Parameters that leave nothing to say are told in one line."""
    model = NGramTextGenerator(min_length=9, bad_words=["dois"]).fit(["um dois"])
    joblib.dump(model, "m.joblib")
    said = complaint(capsys, "generate", "--model", "m.joblib")
    assert said.startswith("sslm: error: Nothing is left to say")


# chat


def test_chat_talks_out_of_the_box(monkeypatch, capsys):
    """Without a model the greetings answer, beginning with the last word, as n=2 does."""
    pipe_in(monkeypatch, "Olá!\n".encode())
    assert main(["chat"]) == 0
    (reply,) = capsys.readouterr().out.splitlines()
    assert reply.startswith("Olá! ")


def test_chat_gives_a_line_for_a_line(monkeypatch, capsys):
    """Each line that is piped in gets its one reply, an empty or odd one the fallback."""
    pipe_in(monkeypatch, b"Oi!\n\nzebra\nBoa")
    assert main(["chat"]) == 0
    replies = capsys.readouterr().out.splitlines()
    assert replies[0].startswith("Oi! ")
    assert replies[1:3] == [FALLBACK, FALLBACK]
    assert replies[3].startswith("Boa ")
    assert len(replies) == 4


def test_chat_of_nothing_is_silent(monkeypatch, capsys):
    """No message, no reply."""
    pipe_in(monkeypatch, b"")
    assert main(["chat"]) == 0
    assert capsys.readouterr() == ("", "")


def test_chat_answers_with_the_model(monkeypatch, capsys):
    """With ``--model`` that model answers, in its own way to echo."""
    joblib.dump(NGramTextGenerator(echo="none").fit(["um dois três"]), "m.joblib")
    pipe_in(monkeypatch, b"um\n")
    assert main(["chat", "--model", "m.joblib"]) == 0
    assert capsys.readouterr().out == "dois três\n"


def test_chat_goes_on_after_a_message_it_may_not_answer(monkeypatch, capsys):
    """A word that is an error gets an empty line, one line of reason and code 2."""
    joblib.dump(NGramTextGenerator(unknown="error").fit(["um dois"]), "m.joblib")
    pipe_in(monkeypatch, b"zebra\num\n")
    assert main(["chat", "--model", "m.joblib"]) == 2
    out, err = capsys.readouterr()
    assert out == "\num dois\n"
    assert err.startswith("sslm: error: ")
    assert "zebra" in err
    assert err.count("\n") == 1


def test_chat_learns_a_word_that_it_may_not_answer(monkeypatch, capsys):
    """With ``--learn`` such a word is learned, and answered when it comes again."""
    joblib.dump(NGramTextGenerator(unknown="error").fit(["um dois"]), "m.joblib")
    pipe_in(monkeypatch, b"zebra\nzebra\n")
    assert main(["chat", "--model", "m.joblib", "--learn", "d.txt"]) == 2
    out, err = capsys.readouterr()
    assert out == "\nLearned\nzebra\nLearned\n"
    assert err.count("\n") == 1


def test_chat_gives_several_replies_a_line_each(monkeypatch, capsys):
    """A model of several replies prints each of them, the likeliest first."""
    model = NGramTextGenerator(num_beams=2, num_return_sequences=2)
    joblib.dump(model.fit(["um dois", "um dois", "um três"]), "m.joblib")
    pipe_in(monkeypatch, b"um\nzebra\n")
    assert main(["chat", "--model", "m.joblib"]) == 0
    out = capsys.readouterr().out
    assert out == f"um dois\num três\n{FALLBACK}\n{FALLBACK}\n"


def test_chat_repeats_with_the_same_seed(monkeypatch, capsys):
    """A seed makes a conversation repeatable, yet not each of its replies the same."""
    talks = []
    for _ in range(2):
        pipe_in(monkeypatch, b"Oi!\n" * 20)
        main(["chat", "--seed", "5"])
        talks.append(capsys.readouterr().out.splitlines())
    assert talks[0] == talks[1]
    assert len(set(talks[0])) > 1


@pytest.mark.parametrize("end", [EOFError, KeyboardInterrupt])
def test_chat_at_a_terminal_ends_politely(monkeypatch, capsys, end):
    """At a terminal each message is answered, and Ctrl-D or Ctrl-C ends with a goodbye."""
    type_in(monkeypatch, "Olá!", "zebra", end=end)
    assert main(["chat"]) == 0
    hint, first, second, _, goodbye = capsys.readouterr().out.splitlines()
    assert "Ctrl-D" in hint
    assert first.startswith("Olá! ")
    assert second == FALLBACK
    assert goodbye == "Goodbye!"


def test_chat_reads_text_that_a_program_put_there(monkeypatch, capsys):
    """A standard input that holds text, not bytes, is read as well."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("Olá!\n"))
    assert main(["chat"]) == 0
    assert capsys.readouterr().out.startswith("Olá! ")


# chat --learn


def said(capsys):
    """The lines on standard output, after nothing was said on standard error."""
    out, err = capsys.readouterr()
    assert err == ""
    return out.splitlines()


def learn(monkeypatch, *messages):
    """Let a chat that learns read messages from standard input; its exit code."""
    pipe_in(monkeypatch, "".join(f"{message}\n" for message in messages).encode())
    return main(["chat", "--learn", "d.txt"])


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
    learned = joblib.load(model_file) if model else _cli._greeter()
    monkeypatch.setattr(_cli, "_greeter", lambda: learned)
    monkeypatch.setattr(_cli, "load_model", lambda path: learned)
    write("d.txt", "um dois\n\num três\n")
    pipe_in(monkeypatch, b"quatro\n\num dois\n")
    argv = ["--model", model_file] if model else []
    assert main(["chat", "--learn", "d.txt", *argv]) == 0
    texts = ["um dois", "um três", "quatro", "um dois"]
    expected = NGramTextGenerator(n=learned.n).fit([*GREETINGS, *texts])
    assert same_model(expected, learned)
    assert learned.n_texts_seen_ == expected.n_texts_seen_


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
    assert said(capsys)[1:5] == [FALLBACK, "Learned", "xis dois", "Learned"]


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


# chat --web


@pytest.fixture
def served(monkeypatch):
    """What was served in place of a page: the room, the host and the port."""
    calls = []

    def serve(room, host, port, *, tell, warn):
        calls.append((room, host, port))

    monkeypatch.setattr("sklearn_sslm._web.serve", serve)
    return calls


def test_a_page_is_for_this_machine_alone(served):
    """Unless told otherwise, a page is served to this machine, and lessons not shared."""
    assert main(["chat", "--web"]) == 0
    assert main(["chat", "--web", "--host", "0.0.0.0", "--port", "80"]) == 0
    (room, *place), (_, *other) = served
    assert (place, other) == (["127.0.0.1", 7860], ["0.0.0.0", 80])
    assert (room.shared, room.data_set, room.n, room.orders) == (
        *(False, None),
        *(2, range(1, 6)),
    )


def test_a_page_is_of_the_model(served, model_file):
    """With ``--model`` the page is that model's, which visitors may share."""
    assert main(["chat", "--web", "--shared", "--model", model_file]) == 0
    ((room, *_),) = served
    assert (room.shared, room.n, room.orders) == (True, 3, range(1, 4))
    assert same_model(room.model, joblib.load(model_file))


def test_a_page_begins_with_the_data_set(served):
    """With ``--learn`` the texts of the data set are known, and lessons added to it."""
    write("d.txt", "um dois\n")
    assert main(["chat", "--web", "--shared", "--learn", "d.txt"]) == 0
    ((room, *_),) = served
    assert same_model(room.model, NGramTextGenerator(n=5).fit([*GREETINGS, "um dois"]))
    assert (room.shared, room.data_set.path) == (True, "d.txt")


# forget


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


# score


def test_score_prints_what_the_estimator_says(model_file, capsys):
    """A line for each text with its log probability, then the tokens, mean, perplexity."""
    texts = [*GREETINGS[:2], "Oi! Tudo"]
    write("a.txt", "\n\n".join(texts[:2]))
    assert main(["score", "--model", model_file, "a.txt"]) == 0
    *values, summary = capsys.readouterr().out.splitlines()
    model = joblib.load(model_file)
    np.testing.assert_allclose(
        [float(value) for value in values], model.score_samples(texts[:2]), atol=1e-6
    )
    # "Olá! Como você está?" and "Oi! Tudo bem com você?": 4 + 5 words, two ends.
    assert summary == (
        f"2 texts, 11 tokens with their ends, mean log probability "
        f"{model.score(texts[:2]):.6f} a token, perplexity "
        f"{model.perplexity(texts[:2]):.6g}"
    )


def test_score_of_an_impossible_text_is_minus_infinity(model_file, capsys):
    """A text with a word never seen has probability 0 and makes perplexity infinite."""
    write("a.txt", "zebra")
    assert main(["score", "--model", model_file, "a.txt"]) == 0
    value, summary = capsys.readouterr().out.splitlines()
    assert value == "-inf"
    assert summary.endswith("perplexity inf")


# What a user may get wrong


BAD_USE = {
    "no command": ([], "required: command"),
    "no such command": (["sing"], "'sing'"),
    "no such option": (["chat", "--loud"], "--loud"),
    "no file": (["fit"], "FILE"),
    "no model": (["generate"], "--model"),
    "n = 0": (["fit", "a.txt", "-n", "0"], "-n: must be an int in the range [1, "),
    "n = -1": (["fit", "a.txt", "-n", "-1"], "Got '-1' instead"),
    "n = 2.5": (["fit", "a.txt", "-n", "2.5"], "Got '2.5' instead"),
    "k = 0": (["generate", "--model", "m.joblib", "-k", "0"], "-k: must be an int"),
    "seed = -1": (["chat", "--seed", "-1"], "--seed: must be an int in the range [0, "),
    "seed too large": (["chat", "--seed", "4294967296"], "4294967295]. Got"),
    "start not UTF-8": (
        ["generate", "--model", "m.joblib", "--start", "\udcff"],
        "--start: must be UTF-8",
    ),
    "missing text": (["fit", "missing.txt"], "cannot read missing.txt: No such file"),
    "text is a folder": (["fit", "folder"], "cannot read folder: Is a directory"),
    "no text": (["fit", "blank.txt", "empty.txt"], "no text in blank.txt, empty.txt"),
    "nothing to score": (["score", "--model", "m.joblib", "blank.txt"], "no text in"),
    "not UTF-8": (["fit", "a.txt", "latin.txt"], "latin.txt, line 3: not UTF-8"),
    "UTF-16": (["fit", "utf16.txt"], "utf16.txt, line 1: not UTF-8 (byte 0xff"),
    "not gzip": (["fit", "wrong.gz"], "cannot read wrong.gz: Not a gzipped file"),
    "gzip cut off": (["fit", "cut.gz"], "cannot read cut.gz: "),
    "gzip damaged": (["fit", "damaged.gz"], "cannot read damaged.gz: "),
    "output in no folder": (
        ["fit", "a.txt", "-o", "no/m"],
        "cannot write no/m: No such",
    ),
    "jobs: missing": (
        ["fit", "a.txt", "no.txt", "--jobs", "2"],
        "no.txt: No such file",
    ),
    "jobs: a folder": (["fit", "folder", "--jobs", "2"], "folder: Is a directory"),
    "jobs: not UTF-8": (
        ["fit", "a.txt", "latin2.txt", "--jobs", "2"],
        "latin2.txt, line 3: not UTF-8",
    ),
    "jobs: damaged": (["fit", "cut.gz", "--jobs", "2"], "cut.gz: Compressed file"),
    "jobs: no text": (["fit", "blank.txt", "--jobs", "2"], "no text in blank.txt"),
    "jobs: none": (["fit", "a.txt", "--jobs", "0"], "argument --jobs: must be an int"),
    "output below a file": (["fit", "a.txt", "-o", "a.txt/m"], "Not a directory"),
    "output is a folder": (["fit", "a.txt", "-o", "folder"], "no regular file"),
    "output is a pipe": (["fit", "a.txt", "-o", "pipe"], "no regular file"),
    "output is a text": (["fit", "a.txt", "-o", "./a.txt"], "it is one of the texts"),
    "missing model": (
        ["chat", "--model", "no.joblib"],
        "cannot read no.joblib: No such",
    ),
    "model is a folder": (["chat", "--model", "folder"], "cannot read folder: Is a"),
    "model is a text": (["chat", "--model", "a.txt"], "a.txt: not a model file"),
    "model is empty": (["chat", "--model", "empty.txt"], "not a model file"),
    "model of another type": (["chat", "--model", "bunch.joblib"], "holds a Bunch"),
    "model is an array": (["chat", "--model", "array.joblib"], "holds a NumpyArray"),
    "model is packed, another": (
        ["chat", "--model", "bunch.joblib.gz"],
        "holds a Bunch",
    ),
    "model is a list of them": (["chat", "--model", "list.joblib"], "holds a list"),
    "model never fitted": (["chat", "--model", "unfitted.joblib"], "was never fitted"),
    "model of numbers": (["chat", "--model", "rows.joblib"], "learned rows of numbers"),
    "model cut off": (["chat", "--model", "cut.joblib"], "cut.joblib: damaged model"),
    "model changed": (["chat", "--model", "changed.joblib"], "its checksum differs"),
    "model of the future": (["chat", "--model", "newer.joblib"], "Got layout 2"),
    "learn: a folder": (["chat", "--learn", "folder"], "folder: it is no regular file"),
    "learn: a pipe": (["chat", "--learn", "pipe"], "open pipe: it is no regular file"),
    "learn: no folder": (["chat", "--learn", "no/d"], "cannot open no/d: No such file"),
    "learn: not UTF-8": (["chat", "--learn", "latin2.txt"], "latin2.txt, line 3: not"),
    "learn: standard input": (
        ["chat", "--learn", "-"],
        "--learn: must be a plain text",
    ),
    "learn: packed": (["chat", "--learn", "cut.gz"], "--learn: must be a plain text"),
    "learn: a model of replies": (
        ["chat", "--learn", "a.txt", "--model", "replies.joblib"],
        "replies.joblib: this model learned messages with replies",
    ),
    "wait for nothing": (["chat", "--wait"], "--wait: there is nothing to wait for"),
    "shared without a page": (["chat", "--shared"], "--shared: there is no page"),
    "host without a page": (["chat", "--host", "::1"], "--host: there is no page"),
    "port without a page": (["chat", "--port", "80"], "--port: there is no page"),
    "port = 0": (["chat", "--web", "--port", "0"], "--port: must be an int in the"),
    "lessons for all unasked": (
        ["chat", "--web", "--learn", "a.txt"],
        "Say that you want this with --shared",
    ),
    "page of no model": (["chat", "--web", "--model", "no.joblib"], "read no.joblib"),
    "page of replies that learns": (
        ["chat", "--web", "--shared", "--learn", "x", "--model", "replies.joblib"],
        "replies.joblib: this model learned messages with replies",
    ),
    "forget: missing": (["forget", "missing.txt", "a"], "open missing.txt: No such"),
    "forget: a folder": (["forget", "folder", "a"], "folder: it is no regular file"),
    "forget: no such line": (["forget", "a.txt", "um"], "no line is the text 'um'"),
    "forget: nothing": (["forget", "a.txt", " "], "TEXT: must hold a word"),
    "forget: not UTF-8": (["forget", "a.txt", "\udcff"], "TEXT: must be UTF-8"),
    "forget: packed": (["forget", "cut.gz", "a"], "FILE: must be a plain text"),
    "zlib that is none": (["chat", "--model", "x.txt"], "x.txt: damaged model file"),
}


@pytest.fixture
def odd_files(model_file):
    """The files of ``BAD_USE``."""
    Path("folder").mkdir()
    os.mkfifo("pipe")  # stands for devices, which a failing test would replace
    write("a.txt", "um dois\n")
    write("x.txt", "xis\n")
    write("blank.txt", " \n\n\t\n")
    write("empty.txt", "")
    write("latin.txt", b"um\n\nol\xe1\n")
    write("latin2.txt", b"um\n\nol\xe1\nfim\n")
    write("utf16.txt", "olá".encode("utf-16"))
    write("wrong.gz", "um dois")
    packed = gzip.compress("\n".join(GREETINGS).encode())
    write("cut.gz", packed[:-20])
    write("damaged.gz", packed[:10] + b"\xff" * 100)
    joblib.dump(load_greetings(), "bunch.joblib")
    joblib.dump(load_greetings(), "bunch.joblib.gz")
    joblib.dump(np.arange(3), "array.joblib")
    joblib.dump([joblib.load(model_file)], "list.joblib")
    joblib.dump(NGramTextGenerator(), "unfitted.joblib")
    joblib.dump(NGramTextGenerator().fit([[1, 2, 0]]), "rows.joblib")
    joblib.dump(NGramTextGenerator().fit(["um"], ["dois"]), "replies.joblib")
    data = Path(model_file).read_bytes()
    write("cut.joblib", data[:600])
    write("changed.joblib", data.replace(b"Desculpe", b"Desculpa"))
    with pytest.MonkeyPatch.context() as future:
        future.setattr(_envelope, "LAYOUT", 2)
        joblib.dump(joblib.load(model_file), "newer.joblib")


@pytest.mark.usefixtures("odd_files")
@pytest.mark.parametrize(("argv", "told"), BAD_USE.values(), ids=BAD_USE)
def test_bad_use_is_told_in_one_line(capsys, argv, told):
    """A user's mistake ends with exit code 2 and one line that names what is wrong."""
    assert told in complaint(capsys, *argv)


def test_damaged_models_are_told_of(model_file):
    """Of a model file with a flipped bit comes a `UserError` that names it, or a model."""
    data = Path(model_file).read_bytes()
    expected = joblib.load(model_file).set_params(random_state=0).sample(5).tolist()
    rng = np.random.default_rng(0)
    told = []
    for bit in rng.integers(8 * len(data), size=200).tolist():
        damaged = bytearray(data)
        damaged[bit // 8] ^= 1 << bit % 8
        try:
            model = load_model(write("damaged.joblib", bytes(damaged)))
        except UserError as error:
            told.append(str(error))
        else:
            assert model.set_params(random_state=0).sample(5).tolist() == expected, bit
    assert len(told) > 50
    assert all(line.startswith("damaged.joblib: ") for line in told)


def test_standard_input_is_named_too(monkeypatch, capsys):
    """What is wrong with standard input is told with its name and the line."""
    pipe_in(monkeypatch, b"um\nol\xe1\n")
    assert "standard input, line 2: not UTF-8" in complaint(capsys, "fit", "-")
    monkeypatch.setattr(sys, "stdin", None)
    assert "standard input: it is closed" in complaint(capsys, "chat")


def test_a_stranger_is_not_unpickled(capsys):
    """A plain pickle of another class is refused before anything in it is run."""

    class Trap:
        def __reduce__(self):
            return os.mkdir, ("sprung",)

    write("trap.joblib", pickle.dumps(Trap()))
    assert "holds a mkdir" in complaint(capsys, "chat", "--model", "trap.joblib")
    write("old.joblib", pickle.dumps(Trap(), protocol=2))
    assert "holds a mkdir" in complaint(capsys, "chat", "--model", "old.joblib")
    assert not Path("sprung").exists()


@pytest.mark.parametrize("compress", ["zlib", "gzip", "bz2", "xz", "lzma"])
def test_a_packed_model_is_a_model(compress, capsys):
    """A model that ``joblib.dump`` packed is read like any other."""
    model = NGramTextGenerator().fit(["um dois"])
    joblib.dump(model, "m.joblib", compress=(compress, 3))
    assert main(["generate", "--model", "m.joblib", "-k", "1"]) == 0
    assert capsys.readouterr().out == "um dois\n"


# Help, progress and the process as a whole


@pytest.mark.parametrize("command", ["fit", "generate", "chat", "forget", "score"])
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
        _parser().parse_args(shlex.split(example))


@pytest.mark.parametrize("command", ["generate", "chat", "score"])
def test_help_warns_of_strangers(command, capsys):
    """The help of every command that opens a model says whom to trust."""
    main([command, "--help"])
    assert "come from someone you trust" in capsys.readouterr().out


def test_help_names_every_command(capsys):
    """``sslm --help`` lists the five commands."""
    assert main(["--help"]) == 0
    out = capsys.readouterr().out
    names = ["fit", "generate", "chat", "forget", "score"]
    assert all(f"\n    {name} " in out for name in names)


def test_version_is_that_of_the_package(capsys):
    """``--version`` prints the version of the package."""
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"sslm {sklearn_sslm.__version__}\n"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such terminals")
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


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such terminals")
def test_jobs_show_how_far_they_are(monkeypatch):
    """With ``--jobs`` there are bars, too, and none is left in the model."""
    write("a.txt", "um dois\n" * 9000)
    for worth, bars in ((1 << 27, ["reading", "counting"]), (0, ["counting"])):
        monkeypatch.setattr(_shards, "_WORTH_APART", worth)
        with watched_terminal() as shown:
            assert main(["fit", "a.txt", "--jobs", "2"]) == 0
        for work in [*bars, "smoothing"]:
            assert f"{work}: 100%" in shown(), work
        assert joblib.load("model.joblib").verbose == 0


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such terminals")
def test_fit_shows_the_rate_where_the_end_is_not_known(monkeypatch):
    """Of standard input the bytes read so far are shown."""
    pipe_in(monkeypatch, b"um dois\n" * 1000)
    with watched_terminal() as shown:
        assert main(["fit", "-"]) == 0
    assert "loading: 8.00kB" in shown()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such terminals")
def test_progress_is_optional(monkeypatch):
    """Without tqdm there is no bar, and everything else works."""
    monkeypatch.setitem(sys.modules, "tqdm", None)
    write("a.txt", "um dois")
    with watched_terminal() as shown:
        assert main(["fit", "a.txt"]) == 0
    assert shown() == ""


def test_an_interrupt_ends_with_130(monkeypatch):
    """Ctrl-C during the work ends with exit code 130, as shells expect."""

    def interrupt(self, X, y=None):
        raise KeyboardInterrupt

    monkeypatch.setattr(NGramTextGenerator, "fit", interrupt)
    write("a.txt", "um dois")
    assert main(["fit", "a.txt"]) == 130
    assert os.listdir() == ["a.txt"]


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


@pytest.mark.parametrize("argv", [["--help"], ["generate", "--model", "m.joblib"]])
@pytest.mark.usefixtures("model_file")
def test_a_reader_that_leaves_is_no_error(argv):
    """Writing to a pipe that nobody reads any more, as with ``head``, is silent."""
    reading_end, writing_end = os.pipe()
    os.close(reading_end)
    with open(writing_end, "wb") as pipe:
        assert run(*argv, stdout=pipe) == (0, None, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux only")
@pytest.mark.usefixtures("model_file")
def test_a_full_disk_is_told_in_one_line():
    """Output that cannot be written is told in one line, with exit code 2."""
    said = b"sslm: error: cannot write standard output: No space left on device\n"
    with open("/dev/full", "wb") as full:
        assert run("generate", "--model", "m.joblib", stdout=full) == (2, None, said)
