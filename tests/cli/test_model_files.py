"""``sslm info``, ``convert`` and ``merge``, and models of all formats."""

import json
import os
from pathlib import Path

import joblib
import pytest
import skops.io
from _commands import GREETINGS, complaint, same_model, write
from _zstd import zstd_or_skip

from sklearn_sslm import NGramClassifier, NGramTextGenerator, __version__
from sklearn_sslm.arpa import write_arpa
from sklearn_sslm.base import fitted_model
from sklearn_sslm.cli import _models
from sklearn_sslm.cli._main import main
from sklearn_sslm.saving import _envelope, is_mapped


@pytest.fixture
def model(model_file):
    """The model in m.joblib, with a smoothing that ARPA files know."""
    model = NGramTextGenerator(3, smoothing="kneser_ney").fit(GREETINGS)
    joblib.dump(model, model_file)
    return model


def told(capsys, *argv):
    """What a command prints."""
    assert main(list(argv)) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("name", ["n.joblib", "n.skops", "n.arpa", "n.arpa.gz"])
def test_a_model_is_the_same_in_each_format(model, name, capsys):
    """What is converted scores as before, in the new format and back in joblib."""
    write("a.txt", "\n".join(GREETINGS))
    expected = told(capsys, "score", "-m", "m.joblib", "a.txt").split()
    told(capsys, "convert", "m.joblib", name)
    told(capsys, "convert", name, "back.joblib")
    for path in (name, "back.joblib"):
        scores = told(capsys, "score", "-m", path, "a.txt").split()
        assert list(map(float, scores)) == pytest.approx(
            list(map(float, expected)), abs=2e-5
        )


def test_a_tokenizer_is_converted(capsys):
    """A model with a regular expression goes to skops and back."""
    write("a.txt", "Bom dia, Ana!")
    told(capsys, "fit", "a.txt", "--tokenizer", r"\w+", "-o", "m.joblib")
    told(capsys, "convert", "m.joblib", "m.skops")
    told(capsys, "convert", "m.skops", "back.joblib")
    assert joblib.load("back.joblib").word_index_.tokenize("dia!") == ["dia"]


def test_a_compact_model_is_written(model, capsys):
    """``--compact`` writes what `compact` returns."""
    told(capsys, "convert", "m.joblib", "small.joblib", "--compact")
    assert same_model(joblib.load("small.joblib"), model)
    assert json.loads(told(capsys, "info", "small.joblib", "--json"))["learns"] is False


def test_a_compact_classifier_is_written(capsys):
    """It tells classes as before, and the file says that it learns no more."""
    write("a.csv", "t,l\nbom dia,pt\ngood day,en\n")
    told(capsys, "fit", "a.csv", "--field", "t", "--label", "l", "-o", "c.joblib")
    told(capsys, "convert", "c.joblib", "small.joblib", "--compact")
    assert joblib.load("small.joblib").predict(["dia", "day"]).tolist() == ["pt", "en"]
    assert json.loads(told(capsys, "info", "small.joblib", "--json"))["learns"] is False


def test_info_tells_what_a_file_holds(model, capsys):
    """Numbers as the estimator has them, as lines or as JSON."""
    known = json.loads(told(capsys, "info", "m.joblib", "--json"))
    assert known["n"] == 3
    assert known["smoothing"] == "kneser ney"
    assert known["n_words"] == model.n_words_
    assert known["n_grams"] == [len(level) for level in model.counts_.levels]
    assert known["bytes"] == os.path.getsize("m.joblib")
    lines = told(capsys, "info", "m.joblib").splitlines()
    assert [line.split("\t")[0] for line in lines] == list(known)


@pytest.mark.parametrize("name", ["n.joblib", "n.skops"])
def test_info_tells_which_version_wrote_a_file(name, model, capsys, monkeypatch):
    """It is that of the file, not the one that reads it; no ARPA file has one."""
    with monkeypatch.context() as earlier:
        earlier.setattr(_envelope, "__version__", "0.0.7")
        told(capsys, "convert", "m.joblib", name)
    assert json.loads(told(capsys, "info", name, "--json"))["version"] == "0.0.7"
    told(capsys, "convert", name, "again.joblib")
    assert f"version\t{__version__}\n" in told(capsys, "info", "again.joblib")
    told(capsys, "convert", name, "n.arpa")
    assert "version\tunknown\n" in told(capsys, "info", "n.arpa")


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize("name", ["m.joblib", "n.arpa"])
def test_models_packed_by_zstd_are_read(name, capsys):
    """As those that are packed by others."""
    zstd = zstd_or_skip()
    if name == "n.arpa":
        told(capsys, "convert", "m.joblib", name)
    expected = told(capsys, "next", "-m", name, "Bom")
    write("packed", zstd.compress(Path(name).read_bytes()))
    assert told(capsys, "next", "-m", "packed", "Bom") == expected
    write("cut", Path("packed").read_bytes()[:-9])
    assert "cut" in complaint(capsys, "info", "cut")


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize("command", ["convert", "merge"])
@pytest.mark.parametrize("exists", [False, True])
def test_who_interrupts_is_told_what_was_not_written(
    command, exists, capsys, monkeypatch
):
    """Ctrl-C names the file, which is as it was, and ends with 130."""
    if exists:
        write("x.joblib", "x")
    argv = {
        "convert": ["convert", "m.joblib", "x.joblib"],
        "merge": ["merge", "m.joblib", "m.joblib", "-o", "x.joblib"],
    }[command]

    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(_models.joblib, "dump", interrupt)
    before = sorted(os.listdir())
    assert main(argv) == 130
    what = "changed" if exists else "written"
    expected = f"sslm: warning: interrupted; x.joblib was not {what}\n"
    assert capsys.readouterr().err == expected
    assert sorted(os.listdir()) == before


def test_merge_learns_what_each_learned(capsys):
    """The model of two files is that of both models."""
    write("a.txt", "\n".join(GREETINGS[:4]))
    write("b.txt", "\n".join(GREETINGS[4:]))
    for name in "ab":
        told(capsys, "fit", f"{name}.txt", "-o", f"{name}.joblib")
    assert told(capsys, "merge", "a.joblib", "b.joblib", "-o", "ab.joblib").startswith(
        "ab.joblib: 10 texts, "
    )
    expected = NGramTextGenerator(3).fit(GREETINGS)
    assert same_model(joblib.load("ab.joblib"), expected)


def test_classifiers_are_merged(capsys):
    """As generators are: the model of both files of labels."""
    write("a.csv", "t,l\nbom dia,pt\ngood day,en\n")
    write("b.csv", "t,l\nguten tag,de\n")
    for name in "ab":
        argv = ["fit", f"{name}.csv", "--field", "t", "--label", "l"]
        told(capsys, *argv, "-o", f"{name}.joblib")
    shown = told(capsys, "merge", "a.joblib", "b.joblib", "-o", "ab.joblib")
    assert shown == "ab.joblib: 3 texts of 3 classes, 6 different words, n=3\n"
    assert joblib.load("ab.joblib").predict(["tag", "day"]).tolist() == ["de", "en"]


@pytest.mark.parametrize(("options", "warned"), [([], False), (["--lowercase"], True)])
def test_who_writes_arpa_is_told_what_it_cannot_hold(options, warned, capsys):
    """How texts become words, where that is not by blanks."""
    write("a.txt", "Bom dia")
    told(capsys, "fit", "a.txt", "--smoothing", "witten_bell", *options)
    assert main(["convert", "model.joblib", "m.arpa"]) == 0
    assert ("how texts become words" in capsys.readouterr().err) == warned


def test_skops_files_of_other_things_are_refused(capsys):
    """Types that are not of this package are named, and not loaded."""
    skops.io.dump({"a": complaint}, "bad.skops")
    assert "can run any code" in complaint(capsys, "info", "bad.skops")


MISTAKES = {
    "no format": (["convert", "m.joblib", "new.bin"], "its name must end in"),
    "same file": (["convert", "m.joblib", "m.joblib"], "it is the model that is read"),
    "merged with a class": (
        ["merge", "m.joblib", "c.joblib", "-o", "x.joblib"],
        "c.joblib: this command needs an NGramTextGenerator. Got an object of NGramC",
    ),
    "no folder": (["convert", "m.joblib", "no/m.skops"], "cannot write no/m.skops"),
    "one model": (["merge", "m.joblib", "-o", "x.joblib"], "at least two models"),
    "other n": (
        ["merge", "m.joblib", "n2.joblib", "-o", "x.joblib"],
        "cannot merge n2.joblib into m.joblib: it must have learned n-grams as this model has, n=",
    ),
    "the first is compact": (
        ["merge", "compact.joblib", "m.joblib", "-o", "x.joblib"],
        "compact.joblib: this model cannot learn or be merged",
    ),
    "the second is compact": (
        ["merge", "m.joblib", "compact.joblib", "-o", "x.joblib"],
        "compact.joblib: this model cannot learn or be merged",
    ),
    "no counts": (
        ["convert", "m.arpa", "x.joblib", "--compact"],
        "cannot convert m.arpa: This NGramTextGenerator was read from probabilities",
    ),
    "no model": (["info", "missing"], "cannot read missing"),
    "a text": (["info", "a.txt"], "not a model file"),
    "bad ARPA": (["info", "bad.arpa"], "bad.arpa"),
    "bad skops": (["info", "bad.zip"], "damaged model file"),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_mistakes_are_told_in_one_line(case, model, capsys):
    """What cannot be read or written is named, and no file is left."""
    write("a.txt", "um dois")
    write("bad.arpa", "\\data\\\nngram 1=zero\n")
    write("bad.zip", b"PK\x03\x04 and no more")
    joblib.dump(NGramTextGenerator(2).fit(GREETINGS), "n2.joblib")
    joblib.dump(NGramTextGenerator(2).fit(GREETINGS).compact(), "compact.joblib")
    write_arpa(NGramTextGenerator(2).fit(GREETINGS), "m.arpa")
    joblib.dump(NGramClassifier(2).fit(["a", "b"], ["x", "y"]), "c.joblib")
    before = sorted(os.listdir())
    argv, message = MISTAKES[case]
    assert message in complaint(capsys, *argv)
    assert sorted(os.listdir()) == before


def keys_of(model):
    """The keys of the longest n-grams of a model."""
    return fitted_model(model).language_model.counts.levels[-1].key


READING = {
    "next": ["next", "bom"],
    "explain": ["explain", "bom dia"],
    "generate": ["generate", "--seed", "3"],
    "generate about": ["generate", "--seed", "3", "--contains", "um"],
    "score": ["score", "texts.txt"],
}


@pytest.mark.parametrize("name", READING)
def test_large_files_are_mapped(name, model, capsys, monkeypatch):
    """What commands print of a model does not depend on whether its file is mapped."""
    write("texts.txt", "\n".join(GREETINGS[:3]))
    command, *rest = READING[name]
    expected = told(capsys, command, "-m", "m.joblib", *rest)
    monkeypatch.setattr(_models, "_LARGE", 0)
    assert is_mapped(keys_of(_models.load_model("m.joblib")))
    assert told(capsys, command, "-m", "m.joblib", *rest) == expected


def test_large_files_are_checked_before_they_are_copied(model, capsys, monkeypatch):
    """What is damaged within a large file is found by commands that write models."""
    monkeypatch.setattr(_models, "_LARGE", 0)
    keys, data = keys_of(model).tobytes(), Path("m.joblib").read_bytes()
    assert data.count(keys) == 1
    write("m.joblib", data.replace(keys, keys[::-1]))
    _models.load_model("m.joblib")  # which is not checked
    for argv in ("convert m.joblib x.joblib", "merge m.joblib m.joblib -o x.joblib"):
        assert main(argv.split()) == 2
        assert "its checksum differs" in capsys.readouterr().err
        assert not Path("x.joblib").exists()
