"""What a user may get wrong on the command line, and what is said of it."""

import argparse
import contextlib
import errno
import gzip
import os
import pickle
import shutil
import sys
from pathlib import Path

import joblib
import numpy as np
import pytest
from _commands import GREETINGS, complaint, pipe_in, write

from sklearn_sslm import NGramMixture, NGramTextGenerator
from sklearn_sslm.cli import _writing_texts
from sklearn_sslm.cli._main import main
from sklearn_sslm.cli._models import in_options, load_model
from sklearn_sslm.datasets import load_greetings
from sklearn_sslm.saving import _envelope
from sklearn_sslm.utils import UserError

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
    "UTF-16": (
        ["fit", "utf16.txt"],
        "utf16.txt: this is UTF-16, not UTF-8. Convert it",
    ),
    "UTF-16 without a mark": (["fit", "wide.txt"], "this is UTF-16-LE, not UTF-8"),
    "jobs: UTF-16": (["fit", "wide.txt", "--jobs", "2"], "this is UTF-16-LE, not"),
    "UTF-32": (["fit", "utf32.txt"], "this is UTF-32, not UTF-8. Convert it"),
    "gzip cut off": (["fit", "cut.gz"], "cannot read cut.gz: "),
    "gzip damaged": (["fit", "damaged.gz"], "cannot read damaged.gz: "),
    "output in no folder": (
        ["fit", "a.txt", "-o", "no/m"],
        "cannot write no/m: No such",
    ),
    "jobs: missing": (
        ["fit", "a.txt", "no.txt", "--jobs", "2"],
        "cannot read no.txt: No such file",
    ),
    "jobs: a folder": (["fit", "folder", "--jobs", "2"], "read folder: Is a dir"),
    "jobs: not UTF-8": (
        ["fit", "a.txt", "latin2.txt", "--jobs", "2"],
        "error: latin2.txt, line 3: not UTF-8",
    ),
    "jobs: damaged": (["fit", "cut.gz", "--jobs", "2"], "read cut.gz: Compressed"),
    "jobs: no text": (["fit", "blank.txt", "--jobs", "2"], "no text in blank.txt"),
    "jobs: no name": (["fit", "a.txt", "", "--jobs", "2"], "name a file. Got ''"),
    "jobs: none": (["fit", "a.txt", "--jobs", "0"], "--jobs: must be -1 or an int"),
    "another format": (
        ["fit", "a.txt", "-o", "m.arpa"],
        "argument --output: must be the name of a joblib file. Got 'm.arpa'",
    ),
    "counts without shorter contexts": (
        ["fit", "a.txt", "--min-count", "2"],
        "argument --min-count: must be 1 with MaximumLikelihood",
    ),
    "output below a file": (["fit", "a.txt", "-o", "a.txt/m"], "Not a directory"),
    "output is a folder": (["fit", "a.txt", "-o", "folder"], "no regular file"),
    "output is a pipe": (["fit", "a.txt", "-o", "pipe"], "no regular file"),
    "output is a text": (["fit", "a.txt", "-o", "./a.txt"], "it is one of the texts"),
    "missing model": (
        ["chat", "--model", "no.joblib"],
        "cannot read no.joblib: No such",
    ),
    "model is a folder": (
        ["chat", "--model", "folder"],
        "read folder: it is no regular",
    ),
    "model is a text": (["chat", "--model", "a.txt"], "a.txt: not a model file"),
    "model is empty": (["chat", "--model", "empty.txt"], "not a model file"),
    "model of another type": (["chat", "--model", "bunch.joblib"], "object of Bunch"),
    "model is an array": (["chat", "--model", "array.joblib"], "of NumpyArray"),
    "model is packed, another": (
        ["chat", "--model", "bunch.joblib.gz"],
        "Got an object of Bunch; give a file that",
    ),
    "model is a list of them": (["chat", "--model", "list.joblib"], "object of list"),
    "model never fitted": (["chat", "--model", "unfitted.joblib"], "was never fitted"),
    "model of numbers": (["chat", "--model", "rows.joblib"], "learned integer rows"),
    "model cut off": (["chat", "--model", "cut.joblib"], "cut.joblib: damaged model"),
    "model changed": (["chat", "--model", "changed.joblib"], "its checksum differs"),
    "model of the future": (["chat", "--model", "newer.joblib"], "Got layout 3"),
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
    "learn: a compact model": (
        ["chat", "--learn", "new.txt", "--model", "compact.joblib"],
        "compact.joblib: this model cannot learn",
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
    "model without a name": (
        ["chat", "-m", ""],
        "-m/--model: must name a file. Got ''",
    ),
    "model of a null": (["chat", "-m", "a\0b"], r"must name a file. Got 'a\x00b'"),
    "model is a pipe": (["info", "pipe"], "cannot read pipe: it is no regular file"),
    "text without a name": (["fit", "a.txt", ""], "FILE: must name a file. Got ''"),
    "output without a name": (["fit", "a.txt", "-o", ""], "-o/--output: must name a"),
    "host without a name": (
        ["chat", "--web", "--host", ""],
        "--host: must hold a word",
    ),
    "no such option of a command": (
        ["info", "m.joblib", "--tsv"],
        "unrecognized arguments: --tsv (see 'sslm info --help')",
    ),
    "a mixture": (
        ["score", "-m", "mixture.joblib", "a.txt"],
        "needs an NGramTextGenerator. Got an object of NGramMixture; give a file that "
        "'sslm fit' without --label wrote",
    ),
    "UTF-16 to score": (
        ["score", "-m", "m.joblib", "utf16.txt"],
        "'iconv -f utf-16 -t utf-8', or give --encoding utf-16.",
    ),
    "not UTF-8 to score": (
        ["score", "-m", "m.joblib", "latin2.txt"],
        "Convert it to UTF-8 first, or give its --encoding.",
    ),
    "learn: UTF-16": (
        ["chat", "--learn", "utf16.txt"],
        "as with 'iconv -f utf-16 -t utf-8'.\n",
    ),
    "zlib that is none": (["chat", "--model", "x.txt"], "x.txt: damaged model file"),
}

OF_POSIX = {
    "output below a file"
}  # elsewhere a file is no folder either, in other words
OF_POSIX |= {name for name in BAD_USE if name.endswith("a pipe")}


@pytest.fixture
def _odd_files(_folder_of_odd_files):
    """The files of ``BAD_USE``, in the current folder."""
    shutil.copytree(_folder_of_odd_files, ".", dirs_exist_ok=True)
    if hasattr(os, "mkfifo"):  # for devices, which a failing test would replace
        os.mkfifo("pipe")


@pytest.fixture(scope="module")
def _folder_of_odd_files(_model_of_greetings, tmp_path_factory):
    """Where they are made, once."""
    folder = tmp_path_factory.mktemp("odd_files")
    with contextlib.chdir(folder):
        make_odd_files(shutil.copy(_model_of_greetings, "m.joblib"))
    return folder


def make_odd_files(model_file):
    """Put those that can be copied into the current folder."""
    Path("folder").mkdir()
    write("a.txt", "um dois\n")
    write("x.txt", "xis\n")
    write("blank.txt", " \n\n\t\n")
    write("empty.txt", "")
    write("latin.txt", b"um\n\nol\xe1\n")
    write("latin2.txt", b"um\n\nol\xe1\nfim\n")
    write("utf16.txt", "olá\noi\n".encode("utf-16"))
    write("utf32.txt", "olá".encode("utf-32"))
    write("wide.txt", "bom dia".encode("utf-16-le"))
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
    joblib.dump(NGramTextGenerator().fit(["um"]).compact(), "compact.joblib")
    joblib.dump(NGramMixture([joblib.load(model_file)]), "mixture.joblib")
    data = Path(model_file).read_bytes()
    write("cut.joblib", data[:600])
    write("changed.joblib", data.replace(b"Desculpe", b"Desculpa"))
    with pytest.MonkeyPatch.context() as future:
        future.setattr(_envelope, "LAYOUT", _envelope.LAYOUT + 1)
        joblib.dump(joblib.load(model_file), "newer.joblib")


@pytest.mark.usefixtures("_odd_files")
@pytest.mark.parametrize(
    ("argv", "told"),
    [
        pytest.param(*use, marks=[pytest.mark.posix] * (name in OF_POSIX), id=name)
        for name, use in BAD_USE.items()
    ],
)
def test_bad_use_is_told_in_one_line(capsys, argv, told):
    """A user's mistake ends with exit code 2 and one line that names what is wrong."""
    assert told in complaint(capsys, *argv)


@pytest.mark.parametrize(
    "argv",
    [
        ["chat", "-m", "-"],
        ["generate", "-m", "-"],
        ["score", "-m", "-", "a.txt"],
        ["next", "-m", "-", "um"],
        ["explain", "-m", "-", "um"],
        ["classify", "-m", "-", "a.txt"],
        ["info", "-"],
        ["convert", "-", "x.arpa"],
        ["convert", "m.joblib", "-"],
        ["merge", "m.joblib", "-", "-o", "x.joblib"],
        ["merge", "m.joblib", "m.joblib", "-o", "-"],
        ["fit", "a.txt", "-o", "-"],
    ],
    ids=" ".join,
)
def test_models_are_in_files(argv, capsys):
    """No command takes ``-`` for the file of a model."""
    assert "must name a file, as no model is read from" in complaint(capsys, *argv)


@pytest.mark.parametrize(
    "options", [[], ["--pairs"], ["--label", "l"], ["--jobs", "2"]]
)
@pytest.mark.parametrize("regex", ["X", "", "(?:)", "$"])
def test_a_tokenizer_that_matches_nothing_is_named(regex, options, capsys):
    """However files are read, the option is told of, not a parameter of the model."""
    write("a.txt", "um\tdois\n")
    if "--label" in options:
        write("a.txt", "t,l\num,dois\n")
        options = ["--field", "t", *options]
    said = complaint(capsys, "fit", "a.txt", "--tokenizer", regex, *options)
    assert (
        f"argument --tokenizer: must match a word of the texts. Got {regex!r}" in said
    )


REFUSED = {
    "lengths": (
        ["--min-length", "5", "--max-length", "2"],
        "at most --max-length 2. Got 5",
    ),
    "stop": (["--stop", "a b"], "--stop: must hold words, each one word"),
    "warped beams": (
        ["--beams", "2", "--top-p", "0.5"],
        "--top-p: must be left out with --b",
    ),
    "old texts": (["--novel"], "fitted with no --novel"),
}
IN_CHATS = {
    "beams and a keyword": (
        ["--reply", "keyword", "--beams", "2"],
        "must be 1 with --reply",
    ),
    "beams remembered": (["--memory", "--beams", "2"], "must be 1 in a session"),
}


@pytest.mark.parametrize(
    ("command", "options", "told"),
    [
        *(("generate", *case) for case in REFUSED.values()),
        *(("chat", *case) for case in (REFUSED | IN_CHATS).values()),
    ],
)
def test_options_are_refused_by_their_names(
    command, options, told, model_file, monkeypatch, capsys
):
    """Options that exclude each other are told of once, before any message is read."""
    monkeypatch.setattr(sys, "stdin", None)
    assert told in complaint(capsys, command, "-m", model_file, *options)


def test_options_that_work_change_no_reply(model_file, monkeypatch, capsys):
    """That options are tried before the first message takes no random numbers."""
    replies = []
    for options in (["--seed", "0"], ["--seed", "0", "--temperature", "1"]):
        pipe_in(monkeypatch, "Olá!\nBom dia!\n".encode())
        assert main(["chat", "-m", model_file, *options]) == 0
        replies.append(capsys.readouterr().out)
    model = load_model(model_file).set_params(random_state=np.random.default_rng(0))
    model.set_params(match="loose", min_length=1)
    expected = [model.predict([message])[0] for message in ("Olá!", "Bom dia!")]
    assert replies == ["".join(f"{reply}\n" for reply in expected)] * 2


def test_messages_name_options():
    """Parameters and their values become options, if the command has them."""
    args = argparse.Namespace(n=3, beams=1, novel=True)
    message = (
        "The 'n' parameter of NGramTextGenerator must be n=2, novel=False or 'n=1'."
    )
    told = "argument -n: must be -n 2, no --novel or 'n=1'."
    assert in_options(message, args) == told
    message = (
        "The 'top_k' parameter of NGramClassifier.sample must be None with top_k=2"
    )
    assert (
        in_options(message, args) == "The 'top_k' parameter must be None with top_k=2"
    )


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
    assert "Got an object of mkdir" in complaint(
        capsys, "chat", "--model", "trap.joblib"
    )
    write("old.joblib", pickle.dumps(Trap(), protocol=2))
    assert "Got an object of mkdir" in complaint(
        capsys, "chat", "--model", "old.joblib"
    )
    assert not Path("sprung").exists()


@pytest.mark.parametrize("compress", ["zlib", "gzip", "bz2", "xz", "lzma"])
def test_a_packed_model_is_a_model(compress, capsys):
    """A model that ``joblib.dump`` packed is read like any other."""
    model = NGramTextGenerator().fit(["um dois"])
    joblib.dump(model, "m.joblib", compress=(compress, 3))
    assert main(["generate", "--model", "m.joblib", "-k", "1"]) == 0
    assert capsys.readouterr().out == "um dois\n"


def test_standard_output_is_blamed_for_nothing_else(monkeypatch, capsys):
    """What the system has against anything but writing the output is told as it is."""

    def fail(path):
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(_writing_texts, "load_model", fail)
    said = complaint(capsys, "generate", "--model", "m.joblib")
    assert said == f"sslm: error: [Errno {errno.EMFILE}] Too many open files\n"
