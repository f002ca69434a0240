"""``sslm score``, ``next``, ``explain``: numbers beside texts."""

import json

import joblib
import numpy as np
import pytest
from _commands import GREETINGS, complaint, write

from sklearn_sslm import NGramClassifier, NGramTextGenerator
from sklearn_sslm.cli import _files
from sklearn_sslm.cli._main import main

TEXTS = ["Bom dia! Como vai?", "zebra", "Oi! Tudo bem com você?"]


@pytest.fixture
def model(capsys):
    """The model in k.joblib, and the file t.txt."""
    write("g.txt", "\n".join(GREETINGS))
    write("t.txt", "\n".join(TEXTS))
    argv = ["fit", "g.txt", "-o", "k.joblib", "--smoothing", "kneser_ney"]
    assert main(argv) == 0
    capsys.readouterr()
    return NGramTextGenerator(3, smoothing="kneser_ney").fit(GREETINGS)


def told(capsys, *argv):
    """The lines that a command prints."""
    assert main(list(argv)) == 0
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("unknown", ["include", "exclude"])
def test_scores_come_with_their_texts(model, unknown, capsys):
    """JSON and TSV hold the numbers of `score_texts` and the text."""
    table = model.score_texts(TEXTS, unknown=unknown)
    rows = told(
        capsys, "score", "-m", "k.joblib", "--json", "--unknown", unknown, "t.txt"
    )
    for row, expected, text in zip(map(json.loads, rows), table, TEXTS, strict=True):
        assert row.pop("text") == text
        assert row == pytest.approx(
            dict(zip(table.dtype.names, expected.tolist(), strict=True))
        )
    head, *rows = told(
        capsys, "score", "-m", "k.joblib", "--tsv", "--unknown", unknown, "t.txt"
    )
    assert head.split("\t") == [*table.dtype.names, "text"]
    assert [row.split("\t")[-1] for row in rows] == TEXTS


def test_several_files_are_scored_in_turn(model, capsys):
    """Files are read one after the other, standard input where a name is -."""
    write("u.txt", "Oi!")
    rows = told(capsys, "score", "-m", "k.joblib", "t.txt", "u.txt")
    np.testing.assert_allclose(
        list(map(float, rows)), model.score_samples([*TEXTS, "Oi!"]), atol=1e-6
    )


def test_fields_and_encodings_are_scored_as_they_are_learned(model, capsys):
    """``--field`` and ``--encoding`` read what ``sslm fit`` reads with them."""
    expected = told(capsys, "score", "-m", "k.joblib", "t.txt")
    write("t.jsonl", "\n".join(json.dumps({"t": text}) for text in TEXTS))
    assert (
        told(capsys, "score", "-m", "k.joblib", "t.jsonl", "--field", "t") == expected
    )
    write("latin.txt", "\n".join(TEXTS).encode("latin-1"))
    argv = ["score", "-m", "k.joblib", "latin.txt", "--encoding", "latin-1"]
    assert told(capsys, *argv) == expected


OF_BLOCKS = [
    [],
    ["--tsv"],
    ["--json"],
    ["--tokens"],
    ["--tokens", "--json"],
    ["--sort", "log_proba"],
    ["--memory"],
    ["--unknown", "exclude"],
    ["--unknown", "exclude", "--tokens"],
]


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize("options", OF_BLOCKS, ids=str)
def test_scores_do_not_depend_on_blocks(options, monkeypatch, capsys):
    """Long input is read, scored and printed block by block, with one summary."""
    argv = ["score", "-m", "k.joblib", *options, "t.txt", "g.txt"]
    assert main(argv) == 0
    at_once = capsys.readouterr()
    monkeypatch.setattr(_files, "_BLOCK", 2)
    assert main(argv) == 0
    assert capsys.readouterr() == at_once


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize("options", [[], ["--tsv"], ["--json"]], ids=str)
def test_classes_do_not_depend_on_blocks(options, monkeypatch, capsys):
    """Long input is read, classified and printed block by block."""
    joblib.dump(NGramClassifier().fit(["a b", "c d"], ["x", "y"]), "c.joblib")
    write("u.txt", "a\nd\nc d\na b\nb\n")
    argv = ["classify", "-m", "c.joblib", *options, "u.txt"]
    at_once = told(capsys, *argv)
    assert len(at_once) == 5 + ("--tsv" in options)
    monkeypatch.setattr(_files, "_BLOCK", 2)
    assert told(capsys, *argv) == at_once


@pytest.mark.usefixtures("model")
def test_scores_are_printed_before_all_is_read(monkeypatch, capsys):
    """What was read before a line that is no text is scored."""
    write("u.txt", b"Oi!\nBom dia!\n\xff\n")
    argv = ["score", "-m", "k.joblib", "u.txt"]
    assert main(argv) == 2
    assert capsys.readouterr().out == ""
    monkeypatch.setattr(_files, "_BLOCK", 2)
    assert main(argv) == 2
    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 2
    assert err.startswith("sslm: error: u.txt, line 3: ")


@pytest.mark.usefixtures("model")
def test_records_scored_as_plain_text_get_a_hint(capsys):
    """Who scores a file of records line by line is told of ``--field``."""
    write("t.csv", "t\nBom dia!\n")
    assert main(["score", "-m", "k.joblib", "t.csv"]) == 0
    assert "--field NAME" in capsys.readouterr().err


@pytest.mark.filterwarnings("default")
def test_warnings_are_one_line(capsys):
    """What the estimators warn of is told as errors are, without a line of source."""
    classifier = NGramClassifier(n=1, smoothing="mle").fit(["a", "b"], ["x", "y"])
    joblib.dump(classifier, "c.joblib")
    write("t.txt", "c")
    assert told(capsys, "classify", "-m", "c.joblib", "t.txt") == ["x"]
    assert main(["classify", "-m", "c.joblib", "t.txt"]) == 0
    err = capsys.readouterr().err
    assert err.startswith("sslm: warning: A text has probability 0 in every class")
    assert err.count("\n") == 1


def test_texts_are_sorted(model, capsys):
    """``--sort`` puts the lowest first, with ``--reverse`` the highest."""
    argv = ["score", "-m", "k.joblib", "--json", "--sort", "mean_surprise"]
    order = np.argsort(model.score_texts(TEXTS)["mean_surprise"])
    for options, expected in (([], order), (["--reverse"], order[::-1])):
        rows = told(capsys, *argv, *options, "t.txt")
        assert [json.loads(row)["text"] for row in rows] == [TEXTS[j] for j in expected]


def test_texts_that_are_alike_stay_in_their_order(model, capsys):
    """Where the number is the same, texts are as in the file, the highest first or last."""
    write("t.txt", "Oi! Tudo\nBom dia!\nzebra")  # 3, 3 and 2 tokens with their ends
    argv = ["score", "-m", "k.joblib", "--json", "--sort", "n_tokens", "t.txt"]
    for options, expected in (([], "zO B"), (["--reverse"], "OB z")):
        rows = told(capsys, *argv, *options)
        firsts = [json.loads(row)["text"][0] for row in rows]
        assert firsts == list(expected.replace(" ", ""))


def test_tokens_are_scored(model, capsys):
    """``--tokens`` prints the rows of `score_tokens`."""
    table = model.score_tokens(TEXTS)
    rows = told(capsys, "score", "-m", "k.joblib", "--tokens", "--json", "t.txt")
    assert [json.loads(row)["word"] for row in rows] == table["word"].tolist()
    _, *rows = told(capsys, "score", "-m", "k.joblib", "--tokens", "t.txt")
    assert [row.split("\t")[2] for row in rows] == table["word"].tolist()


def test_infinity_is_null_in_json(model_file, capsys):
    """JSON has no word for what is not finite."""
    write("t.txt", "zebra")
    [row] = told(capsys, "score", "-m", model_file, "--json", "t.txt")
    assert json.loads(row)["log_proba"] is None


def test_next_words_are_told(model, capsys):
    """The likeliest words, with their probabilities."""
    [expected] = model.next_words(["Bom dia!"], k=3)
    rows = told(capsys, "next", "-m", "k.joblib", "-k", "3", "--json", "Bom dia!")
    found = [(row["word"], row["p"]) for row in map(json.loads, rows)]
    assert found == [(word, pytest.approx(p)) for word, p in expected]
    rows = told(capsys, "next", "-m", "k.joblib", "-k", "3", "Bom dia!")
    assert rows == [f"{p:.6f}\t{word}" for word, p in expected]


def test_next_words_that_begin_so_are_told(model, capsys):
    """With a prefix only words that begin with it."""
    [expected] = model.next_words(["Bom dia!"], prefix="C")
    assert expected
    rows = told(capsys, "next", "-m", "k.joblib", "--prefix", "C", "Bom dia!")
    assert rows == [f"{p:.6f}\t{word}" for word, p in expected]


def test_a_text_is_explained(model, capsys):
    """The words of `explain` with their surprises."""
    table = model.explain(TEXTS[0])
    _, *rows = told(capsys, "explain", "-m", "k.joblib", TEXTS[0])
    assert [row.split("\t")[0] for row in rows] == table["word"].tolist()
    rows = told(capsys, "explain", "-m", "k.joblib", "--json", TEXTS[0])
    surprises = [json.loads(row)["surprise"] for row in rows]
    assert surprises == pytest.approx(table["surprise"].tolist())


def test_a_class_is_explained(capsys):
    """A column of bits for each class: those of the table that `explain` returns."""
    classifier = NGramClassifier(n=1).fit(["bom dia", "good day"], ["pt", "en"])
    joblib.dump(classifier, "c.joblib")
    rows = told(capsys, "explain", "-m", "c.joblib", "bom day")
    head, *rows = [row.split("\t") for row in rows]
    table = classifier.explain("bom day")
    assert head == ["word", "speaks_for", "en", "pt"]
    assert [row[0] for row in rows] == ["bom", "day", ""]
    evidence = [list(map(float, row[2:])) for row in rows]
    assert evidence == pytest.approx(table["evidence"].round(2))


MISTAKES = {
    "reverse alone": (["--reverse", "t.txt"], "--reverse: there is no order"),
    "sorted tokens": (["--tokens", "--sort", "n_tokens", "t.txt"], "argument --sort"),
    "two formats": (["--tsv", "--json", "t.txt"], "either TSV or JSON"),
    "no number": (["--sort", "length", "t.txt"], "--sort"),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_mistakes_are_told_in_one_line(case, model, capsys):
    """Options that contradict each other are named."""
    options, message = MISTAKES[case]
    assert message in complaint(capsys, "score", "-m", "k.joblib", *options)
