"""``sslm generate`` and ``chat``: conditions and controls."""

import json

import joblib
import pytest
from _commands import complaint, pipe_in, run, write

from sklearn_sslm import NGramTextGenerator
from sklearn_sslm.cli import _writing_texts
from sklearn_sslm.cli._main import main


@pytest.fixture
def model(capsys):
    """The model in m.joblib, of a few words."""
    write("t.txt", "o gato dorme\no gato come peixe\na gata dorme bem\no cão come")
    assert main(["fit", "t.txt", "-n", "2", "-o", "m.joblib"]) == 0
    capsys.readouterr()
    return joblib.load("m.joblib")


def texts(capsys, *options):
    """The texts that ``sslm generate`` writes."""
    argv = ["generate", "-m", "m.joblib", "-k", "30", "--seed", "1", "--json"]
    assert main([*argv, *options]) == 0
    return [json.loads(line)["text"] for line in capsys.readouterr().out.splitlines()]


def test_conditions_are_kept(model, capsys):
    """Each text starts, ends and contains as asked, within its lengths."""
    options = ["--starts-with", "o", "--contains", "come", "--ends-with", "peixe"]
    assert set(texts(capsys, *options)) <= {"o gato come peixe", "o cão come peixe"}
    found = texts(capsys, "--ends-with", "peixe", "--ends-with", "bem")
    assert {text.split()[-1] for text in found} == {"peixe", "bem"}
    assert main(["generate", "-m", "m.joblib", "-k", "4", "--unique"]) == 0
    assert len({*capsys.readouterr().out.splitlines()}) == 4
    found = texts(capsys, "--contains", "gato", "--max-length", "3")
    assert all("gato" in text and len(text.split()) <= 3 for text in found)


OF_BLOCKS = [[], ["--start", "o gato"], ["--json"], ["--unique"], ["--top-k", "2"]]


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize("options", OF_BLOCKS, ids=str)
def test_texts_are_printed_as_they_are_drawn(options, monkeypatch, capsys):
    """The texts of a block are there before the next is drawn, and do not depend on it."""
    argv = ["generate", "-m", "m.joblib", "-k", "4", "--seed", "1", *options]
    assert main(argv) == 0
    expected = capsys.readouterr().out.splitlines()
    assert len(expected) == 4
    monkeypatch.setattr(_writing_texts, "_BLOCK", 3)
    printed, n_blocks = [], 0

    def interrupt_the_second(*what, sep):
        nonlocal n_blocks
        printed.extend(what)
        n_blocks += 1
        if n_blocks == 1:
            assert printed == expected[:3]
        else:
            raise KeyboardInterrupt

    monkeypatch.setattr(_writing_texts, "say", interrupt_the_second)
    assert main(argv) == 130
    assert printed == expected
    told = "sslm: warning: interrupted; the output is incomplete\n"
    assert capsys.readouterr().err == told


@pytest.mark.usefixtures("model")
def test_no_words_are_repeated(capsys):
    """``--no-repeat-ngram-size`` lets no words in a row come twice."""
    write("r.txt", "um dois um três\ntrês um dois")
    assert main(["fit", "r.txt", "-n", "2", "-o", "m.joblib"]) == 0
    capsys.readouterr()
    assert any(text.split().count("um") > 1 for text in texts(capsys))
    found = texts(capsys, "--no-repeat-ngram-size", "1")
    assert all(len({*text.split()}) == len(text.split()) for text in found)


def test_controls_are_the_parameters(model, capsys):
    """Texts are those of the model with the parameters of the same names."""
    for options, parameters in (
        (["--temperature", "0"], {"temperature": 0}),
        (["--top-k", "1"], {"top_k": 1}),
        (["--top-p", "0.5"], {"top_p": 0.5}),
        (["--min-p", "0.9"], {"min_p": 0.9}),
        (["--max-length", "2"], {"max_length": 2}),
        (["--min-length", "3"], {"min_length": 3}),
        (["--bad-words", "gato"], {"bad_words": ["gato"]}),
        (["--stop", "dorme", "--stop", "come"], {"stop": ["dorme", "come"]}),
        (["--beams", "2"], {"num_beams": 2}),
    ):
        again = joblib.load("m.joblib").set_params(**parameters)
        again.set_params(random_state=1)
        assert texts(capsys, *options) == list(again.sample(30))


def test_a_chat_takes_controls(model, monkeypatch, capsys):
    """Replies are held to them as well."""
    pipe_in(monkeypatch, b"o gato\n" * 20)
    assert main(["chat", "-m", "m.joblib", "--bad-words", "dorme"]) == 0
    assert set(capsys.readouterr().out.splitlines()) == {
        "gato come",
        "gato come peixe",
    }


def test_novel_texts_were_not_learned(model, capsys):
    """``--novel`` leaves out texts of the file, if the model was fitted for that."""
    learned = {"o gato dorme", "o gato come peixe", "a gata dorme bem", "o cão come"}
    assert learned & set(texts(capsys))
    main(["fit", "t.txt", "-n", "2", "--novel", "-o", "m.joblib"])
    capsys.readouterr()
    assert learned & set(texts(capsys))
    found = texts(capsys, "--novel")
    assert found
    assert not learned & set(found)


@pytest.mark.slow
def test_half_a_character_is_printed_as_another(capsys):
    """A model made in Python may know one, which no file can hold."""
    joblib.dump(NGramTextGenerator(2).fit(["oi \ud83d"]), "m.joblib")
    code, out, _ = run("generate", "-m", "m.joblib", "-k", "1")
    assert (code, out) == (0, b"oi ?\n")


MISTAKES = {
    "top_p": (["--top-p", "2"], "--top-p: must be a number in the range (0, 1]"),
    "top_p of 0": (["--top-p", "0"], "--top-p: must be a number in the range (0, 1]"),
    "infinite": (["--temperature", "inf"], "--temperature: must be a number"),
    "byte order mark": (["--contains", "\ufeff"], "--contains: must hold a word"),
    "temperature": (["--temperature", "-1"], "--temperature: must be a number"),
    "nan": (["--temperature", "nan"], "--temperature: must be a number"),
    "start twice": (
        ["--start", "o", "--contains", "o"],
        "give the start by --starts-with",
    ),
    "impossible": (
        ["--contains", "zebra"],
        "argument --contains: must hold known words",
    ),
    "beams": (["--beams", "2", "--unique"], "argument --beams: must be 1 to sample"),
    "a learned text": (["--novel"], "argument --novel: must be True when it is fitted"),
    "no room": (
        ["--min-length", "9", "--max-length", "3", "--contains", "gato"],
        "argument --min-length: must be at most",
    ),
    "length": (["--max-length", "9" * 30], "--max-length: must be an int"),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_mistakes_are_told_in_one_line(case, model, capsys):
    """Values outside their domains are named with these."""
    options, message = MISTAKES[case]
    assert message in complaint(capsys, "generate", "-m", "m.joblib", *options)
