"""Files of records and pairs, and files packed in any way."""

import bz2
import gzip
import json
import lzma

import joblib
import pytest
from _commands import complaint, write

from sklearn_sslm import NGramClassifier, NGramTextGenerator
from sklearn_sslm.cli._main import main

TEXTS = ["bom dia", "boa noite a todos"]


def fitted(*argv):
    """The model that ``sslm fit`` writes."""
    assert main(["fit", *argv, "-o", "m.joblib"]) == 0
    return joblib.load("m.joblib")


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, lzma.compress])
def test_packed_files_are_known_by_what_they_hold(pack, capsys):
    """A file is unpacked by its content, whatever its name, by one process or two."""
    write("texts.dat", pack("\n".join(TEXTS).encode()))
    assert fitted("texts.dat").n_texts_seen_ == 2
    assert fitted("texts.dat", "--jobs", "2").n_texts_seen_ == 2


@pytest.mark.parametrize("pack", [bz2.compress, lzma.compress])
def test_a_packed_file_that_is_cut_off_is_named(pack, capsys):
    """Damage of a packed file is one line with its name."""
    write("texts.dat", pack("\n".join(TEXTS * 50).encode())[:-9])
    assert "cannot read texts.dat: " in complaint(capsys, "fit", "texts.dat")


def test_a_field_of_json_lines_is_learned(capsys):
    """``--field`` takes the texts out of objects; blank lines and texts are left out."""
    lines = [json.dumps({"t": text, "other": 1}) for text in [*TEXTS, " "]]
    write("a.jsonl", "\n\n".join(lines))
    assert fitted("a.jsonl", "--field", "t").word_index_.words_[1:3] == ["bom", "dia"]
    assert capsys.readouterr().err == ""


def test_a_column_of_csv_is_learned():
    """Quotes, commas and line ends within a field are those of CSV."""
    write("a.csv", 'n,t\n1,"bom, ""dia"""\n2,"boa\nnoite"\n')
    assert fitted("a.csv", "--field", "t").n_texts_seen_ == 2
    assert '"dia"' in joblib.load("m.joblib").word_index_.vocabulary_


def test_labels_make_a_classifier(capsys):
    """``--label`` learns classes, which ``sslm classify`` tells."""
    write("a.csv", "t,l\nbom dia,pt\ngood day,en\nboa noite,pt\ngood night,en\n")
    model = fitted("a.csv", "--field", "t", "--label", "l")
    assert isinstance(model, NGramClassifier)
    write("new.txt", "good\nboa dia\n")
    capsys.readouterr()
    assert main(["classify", "-m", "m.joblib", "new.txt"]) == 0
    assert capsys.readouterr().out.split() == ["en", "pt"]
    assert main(["classify", "-m", "m.joblib", "--json", "new.txt"]) == 0
    rows = list(map(json.loads, capsys.readouterr().out.splitlines()))
    for row, p in zip(rows, model.predict_proba(["good", "boa dia"]), strict=True):
        assert row["p"] == pytest.approx(dict(zip(["en", "pt"], p, strict=True)))


def test_pairs_are_messages_and_replies():
    """``--pairs`` learns what is after the tab as the reply to what is before."""
    write("a.txt", "oi\tolá\n\ntudo bem\tsim\n")
    model = fitted("a.txt", "--pairs")
    expected = NGramTextGenerator(3).fit(["oi", "tudo bem"], ["olá", "sim"])
    assert model.has_replies_
    assert model.score(["oi"], ["olá"]) == expected.score(["oi"], ["olá"])


def test_options_say_how_texts_become_words():
    """Each is the parameter of the word index."""
    write("a.txt", "Bom dia, Ana")
    assert fitted("a.txt", "--lowercase").word_index_.words_[1] == "bom"
    words = fitted("a.txt", "--tokenizer", r"\w+").word_index_.words_
    assert words[1:] == ["Bom", "dia", "Ana"]
    assert fitted("a.txt", "--analyzer", "char").word_index_.words_[1:4] == list("Bom")
    assert fitted("a.txt", "--memory").memory == "recent"
    assert (
        fitted("a.txt", "--min-count", "2", "--smoothing", "kneser_ney").min_count == 2
    )


def test_other_encodings_are_read():
    """``--encoding`` reads what is not UTF-8, with or without a byte order mark."""
    for encoding in ("utf-16", "utf-16-le", "latin-1"):
        write("a.txt", "olá\nvocê\n".encode(encoding))
        model = fitted("a.txt", "--encoding", encoding)
        assert model.word_index_.words_[1:] == ["olá", "você"]


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_files_packed_by_zstd_are_read(jobs, capsys):
    """Whatever their names; one that is cut off is an error."""
    zstd = pytest.importorskip("backports.zstd")
    packed = zstd.compress("um dois\num três\n".encode())
    write("a.bin", packed)
    words = fitted("a.bin", "--jobs", jobs).word_index_.words_
    assert words[1:] == ["um", "dois", "três"]
    write("cut.zst", packed[:-5])
    capsys.readouterr()
    message = complaint(capsys, "fit", "cut.zst", "--jobs", jobs)
    assert "cut.zst: Compressed file ended before" in message


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "A.TSV"])
def test_records_learned_as_plain_text_get_a_hint(name, capsys):
    """Who learns a file of records line by line is told of ``--field``."""
    write(name, "t\nx\n")
    fitted(name)
    assert "--field" in capsys.readouterr().err


MISTAKES = {
    "no JSON": ("{", ["--field", "t"], "a.txt, line 1: no JSON"),
    "no object": ("[1]", ["--field", "t"], "a.txt, line 1: must be a JSON object"),
    "no field": ('{"u": "x"}', ["--field", "t"], "line 1: no field 't'"),
    "no text": ('{"t": [1]}', ["--field", "t"], "the field 't' must be a text"),
    "deep": ("[" * 100_000, ["--field", "t"], "line 1: no JSON"),
    "all blank": ('{"t": " "}', ["--field", "t"], "no text in a.txt"),
    "no tab": ("oi olá", ["--pairs"], "line 1: a message, a tab and the reply"),
    "two tabs": ("oi\tolá\t", ["--pairs"], "Got 2 tabs"),
    "label alone": ("x", ["--label", "l"], "--label: the field of the texts"),
    "classifier": (
        '{"t": "x", "l": "y"}',
        ["--field", "t", "--label", "l", "--min-count", "2"],
        "a classifier has no --min-count",
    ),
    "bad regex": ("x", ["--tokenizer", "("], "must be a regular expression"),
    "groups": ("x", ["--tokenizer", "(a)"], "groups must be written"),
    "no encoding": ("x", ["--encoding", "klingon"], "must be an encoding"),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_mistakes_are_told_in_one_line(case, capsys):
    """With the file, the line and what must be there; nothing is written."""
    content, options, message = MISTAKES[case]
    write("a.txt", content)
    assert message in complaint(capsys, "fit", "a.txt", *options)
