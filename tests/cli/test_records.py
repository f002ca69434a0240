"""Files of records and pairs, and files packed in any way."""

import bz2
import gzip
import json
import lzma

import joblib
import pytest
from _commands import complaint, pipe_in, write
from _zstd import zstd_or_skip

from sklearn_sslm import NGramClassifier, NGramTextGenerator
from sklearn_sslm.cli import _fitting
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
    zstd = zstd_or_skip()
    packed = zstd.compress("um dois\num três\n".encode())
    write("a.bin", packed)
    words = fitted("a.bin", "--jobs", jobs).word_index_.words_
    assert words[1:] == ["um", "dois", "três"]
    write("cut.zst", packed[:-5])
    capsys.readouterr()
    message = complaint(capsys, "fit", "cut.zst", "--jobs", jobs)
    assert "cut.zst: Compressed file ended before" in message


CSV = {
    "commas": 'n,t\n1,"bom, dia"\n',
    "semicolons": "n;t\n1,5;bom, dia\n",
    "tabs": "n\tt\n1\tbom, dia\n",
    "blank lines before": '\n\nn,t\n1,"bom, dia"\n',
    "a byte order mark": '\ufeffn,t\r\n1,"bom, dia"\r\n',
}


@pytest.mark.parametrize("name", ["a.csv", "a.CSV.gz", "a.dat"])
@pytest.mark.parametrize("kind", CSV)
def test_csv_is_known_by_its_name_or_its_first_line(kind, name):
    """Whatever stands between its columns."""
    write(name, CSV[kind])
    assert fitted(name, "--field", "t").word_index_.words_[1:] == ["bom,", "dia"]


def test_of_a_tsv_only_tabs_part_the_columns():
    """A text with commas is one column, though no tab is there."""
    write("a.tsv", "t\nbom, dia\n")
    assert fitted("a.tsv", "--field", "t").word_index_.words_[1:] == ["bom,", "dia"]


@pytest.mark.parametrize("content", ["t,n\nbom dia,1\n", '{"t": "bom dia"}\n'])
def test_records_of_standard_input_are_known_by_their_first_line(monkeypatch, content):
    """It has no name that could tell."""
    pipe_in(monkeypatch, content.encode())
    assert fitted("-", "--field", "t").word_index_.words_[1:] == ["bom", "dia"]


def test_a_text_may_be_long():
    """Longer than the fields that Python's csv reads of its own accord: 131,072."""
    write("a.csv", f"t\n{'bom ' * 40_000}\n")
    assert fitted("a.csv", "--field", "t").n_tokens_seen_ == 40_001


def test_half_a_character_is_learned_as_no_character(capsys):
    """JSON can spell it, and no output could: it is U+FFFD; a pair is one character."""
    write("a.jsonl", r'{"t": "oi \ud83d \ud83d\ude00"}')
    words = fitted("a.jsonl", "--field", "t").word_index_.words_
    assert words[1:] == ["oi", "\ufffd", "\U0001f600"]


def test_jobs_learn_records_too(monkeypatch):
    """``--jobs`` is handed on to the model, and no part of what is saved."""
    asked = []

    class Watched(NGramTextGenerator):
        def fit(self, X, y=None):
            asked.append(self.n_jobs)
            self.__class__ = NGramTextGenerator
            return self.fit(X, y)

    monkeypatch.setattr(_fitting, "NGramTextGenerator", Watched)
    write("a.jsonl", '{"t": "bom dia"}')
    assert fitted("a.jsonl", "--field", "t", "--jobs", "2").n_jobs is None
    write("a.txt", "oi\tolá")
    assert fitted("a.txt", "--pairs", "--jobs", "2").n_jobs is None
    assert asked == [2, 2]


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "A.TSV", "a.jsonl.gz"])
def test_records_learned_as_plain_text_get_a_hint(name, capsys):
    """Who learns a file of records line by line is told of ``--field``."""
    write(name, "t\nx\n")
    fitted(name)
    assert "--field" in capsys.readouterr().err


MISTAKES = {
    "no JSON": ("{", ["--field", "t"], "a.txt, line 1: no JSON"),
    "no object": ("[1]", ["--field", "t"], "a.txt, line 1: must be a JSON object"),
    "cut off": ('n,t\n1,x\n2,"y\n3,z', ["--field", "t"], "a.txt, line 3: no CSV"),
    "not quoted": ("n,t\n1,x,y", ["--field", "t"], "line 2: more fields than"),
    "no column": (
        "um dois",
        ["--field", "t"],
        "no column 't'. The columns are 'um dois'",
    ),
    "field without name": ("x", ["--field", ""], "--field: must hold a word"),
    "model printed": ("x", ["-o", "-"], "-o/--output: must name a file, as no"),
    "no field": (
        '{"u": "x", "v": 1}',
        ["--field", "t"],
        "line 1: no field 't'. The fields are 'u', 'v'.",
    ),
    "null": ('{"t": null}', ["--field", "t"], "line 1: the field 't' has no value"),
    "short": ("s,t\n1,x\n2", ["--field", "t"], "line 3: the field 't' has no value"),
    "no text": ('{"t": [1]}', ["--field", "t"], "the field 't' must be a text"),
    "deep": ("[" * 100_000, ["--field", "t"], "line 1: no JSON"),
    "all blank": ('{"t": " "}', ["--field", "t"], "no text in a.txt"),
    "no tab": ("oi olá", ["--pairs"], "line 1: must be a message, a tab and the reply"),
    "two tabs": ("oi\tolá\t", ["--pairs"], "Got 2 tabs"),
    "label alone": ("x", ["--label", "l"], "--label: the field of the texts"),
    "classifier": (
        '{"t": "x", "l": "y"}',
        ["--field", "t", "--label", "l", "--min-count", "2"],
        "a classifier has no --min-count",
    ),
    "bad regex": ("x", ["--tokenizer", "("], "must be a regular expression"),
    "groups": ("x", ["--tokenizer", "(a)"], "a group must not capture"),
    "no encoding": ("x", ["--encoding", "klingon"], "must be an encoding"),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_mistakes_are_told_in_one_line(case, capsys):
    """With the file, the line and what must be there; nothing is written."""
    content, options, message = MISTAKES[case]
    write("a.txt", content)
    assert message in complaint(capsys, "fit", "a.txt", *options)
