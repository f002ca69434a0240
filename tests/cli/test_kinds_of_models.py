"""Each command with each kind of model: it works, or one line says why not."""

import os
import shutil
from pathlib import Path

import joblib
import pytest
import skops.io
from _commands import GREETINGS, pipe_in, write
from _slow import rest_slow

from sklearn_sslm import (
    NGramClassifier,
    NGramMixture,
    NGramOutlierDetector,
    NGramTextGenerator,
    WordIndexTransformer,
)
from sklearn_sslm.arpa import write_arpa
from sklearn_sslm.cli import _commands
from sklearn_sslm.cli._main import main

LABELS = ["a", "b"] * (len(GREETINGS) // 2)


def generator(n=3, **parameters):
    """A generator of the greetings."""
    return NGramTextGenerator(n, **parameters).fit(GREETINGS)


def pairs():
    """A generator that learned replies."""
    return NGramTextGenerator(3).fit(GREETINGS[:-1], GREETINGS[1:])


def classifier():
    """A classifier of the greetings."""
    return NGramClassifier(2).fit(GREETINGS, LABELS)


def mapped():
    """A generator whose arrays are mapped into memory."""
    joblib.dump(generator(), "mapped.joblib")
    return joblib.load("mapped.joblib", mmap_mode="r")


def characters():
    """A generator of characters."""
    return generator(word_index=WordIndexTransformer(analyzer="char"))


MODELS = {
    "plain": generator,
    "kneser_ney": lambda: generator(smoothing="kneser_ney"),
    "lidstone": lambda: generator(smoothing="lidstone"),
    "stupid_backoff": lambda: generator(smoothing="stupid_backoff"),
    "pruned": lambda: generator(smoothing="kneser_ney", min_count=2),
    "unigrams": lambda: generator(1),
    "characters": characters,
    "memory": lambda: generator(smoothing="kneser_ney", memory="recent"),
    "novel": lambda: generator(novel=True).set_params(novel=False),
    "unknown words are errors": lambda: generator(unknown="error"),
    "was mapped": mapped,
    "skops": generator,
    "ARPA": lambda: generator(smoothing="kneser_ney"),
    "pairs": pairs,
    "compact": lambda: generator().compact(),
    "compact pairs": lambda: pairs().compact(),
    "classifier": classifier,
    "classifier of skops": classifier,
    "compact classifier": lambda: classifier().compact(),
    "mixture": lambda: NGramMixture([generator()]),
    "detector": lambda: NGramOutlierDetector().fit(GREETINGS),
    "never fitted": NGramTextGenerator,
    "of numbers": lambda: NGramTextGenerator().fit([[1, 2, 0]]),
}
QUICK = ["plain", "ARPA", "pairs", "compact", "classifier", "mixture"]

OTHERS = {"mixture", "detector", "never fitted", "of numbers"}
CLASSIFIERS = {"classifier", "classifier of skops", "compact classifier"}
GENERATORS = MODELS.keys() - CLASSIFIERS - OTHERS
BOTH = GENERATORS | CLASSIFIERS
FIXED = {"ARPA", "compact", "compact pairs", "compact classifier"}
LIKE_PLAIN = GENERATORS - FIXED - {"pairs", "characters", "unigrams"}
WITHOUT_ARPA = {"lidstone", "stupid_backoff", "characters", "pairs", "compact pairs"}

WORKS = {
    "generate -m MODEL -k 2 --seed 0": GENERATORS,
    "generate -m MODEL -k 2 --start Bom": GENERATORS,
    "generate -m MODEL -k 2 --contains dia! --max-length 30": GENERATORS,
    "generate -m MODEL -k 1 --beams 2 --json": GENERATORS,
    "generate -m MODEL -k 1 --novel": {"novel"},
    "chat -m MODEL": GENERATORS,
    "chat -m MODEL --reply keyword --candidates 2": GENERATORS,
    "chat -m MODEL --memory --json": GENERATORS,
    "chat -m MODEL --learn d.txt": GENERATORS - FIXED - {"pairs"},
    "score -m MODEL a.txt": GENERATORS,
    "score -m MODEL a.txt --tokens --json": GENERATORS,
    "score -m MODEL a.txt --memory --tsv": GENERATORS,
    "next -m MODEL Bom": GENERATORS,
    "explain -m MODEL Bom": BOTH,
    "classify -m MODEL a.txt": CLASSIFIERS,
    "info MODEL": BOTH,
    "convert MODEL x.joblib": BOTH,
    "convert MODEL x.skops": BOTH,
    "convert MODEL x.arpa": GENERATORS - WITHOUT_ARPA,
    "convert MODEL x.joblib --compact": BOTH - {"ARPA", "pruned"},
    "merge MODEL MODEL -o x.joblib": BOTH - FIXED,
    "merge plain.joblib MODEL -o x.joblib": LIKE_PLAIN,
}
"""For command lines, the kinds of models with which they work."""


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    """A function from a kind of model to the path of a file with it."""
    folder, paths = tmp_path_factory.mktemp("models"), {}

    def path_of(kind):
        if kind not in paths:
            paths[kind] = folder / f"{kind}{_ending(kind)}"
            _save(MODELS[kind](), paths[kind])
        return paths[kind]

    return path_of


def _ending(kind):
    if kind == "ARPA":
        return ".arpa"
    return ".skops" if "skops" in kind else ".joblib"


def _save(model, path):
    dump = {".arpa": write_arpa, ".skops": skops.io.dump}.get(path.suffix, joblib.dump)
    dump(model, path)


def files():
    """The content of each file of the current folder."""
    return {name: Path(name).read_bytes() for name in os.listdir()}


@pytest.fixture
def run(stored, monkeypatch, capsys):
    """A function that runs a command line on a kind of model."""

    def on(line, kind, message="Bom dia!"):
        model = f"m{_ending(kind)}"
        shutil.copy(stored(kind), model)
        shutil.copy(stored("plain"), "plain.joblib")
        write("a.txt", "Bom dia!\nxis\n")
        pipe_in(monkeypatch, f"{message}\n".encode())
        before = files()
        code = main([model if word == "MODEL" else word for word in line.split()])
        return code, *capsys.readouterr(), before

    return on


@pytest.mark.parametrize("kind", rest_slow(MODELS, QUICK))
@pytest.mark.parametrize("line", WORKS)
def test_a_command_works_or_tells_why_not(line, kind, run):
    """Exit code 0 and the file that was asked for, or 2, one line and no file."""
    code, out, err, before = run(line, kind)
    if kind in WORKS[line]:
        assert code == 0, err
        assert out
        assert "error" not in err
        assert before.items() <= files().items()
        new = files().keys() - before.keys() - {"d.txt.lock"}
        assert new == {"x.joblib", "x.skops", "x.arpa", "d.txt"}.intersection(
            line.split()
        )
        assert all(main(["info", name]) == 0 for name in new - {"d.txt"})
    else:
        assert (code, out, files()) == (2, "", before)
        assert err.startswith("sslm: error: ")
        assert err.count("\n") == 1
        assert f"m{_ending(kind)}" in err or "x.arpa" in err or "--novel" in err


def test_all_commands_that_read_models_are_meant():
    """A new command has its line in the table, if it reads a model."""
    commands = {line.split()[0] for line in WORKS}
    assert commands == _commands._COMMANDS.keys() - {"fit", "forget"}


@pytest.mark.parametrize("options", ["", " --memory", " --learn d.txt"])
def test_unknown_words_that_a_model_refuses_are_told_of_in_terms_of_the_shell(
    options, run
):
    """The error names the word and what to type instead, and no method of Python."""
    kind = "unknown words are errors"
    code, _, err, _ = run(f"chat -m MODEL{options}", kind, "Bom xis")
    assert code == 2
    assert err == (
        "sslm: error: the model does not know the word 'xis', and refuses such words, by "
        "its parameter unknown='error'. End the message with words of the texts that "
        "were learned.\n"
    )
