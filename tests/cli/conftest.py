"""What all tests of the command line share."""

import shutil

import joblib
import pytest
from _commands import GREETINGS

from sklearn_sslm import NGramTextGenerator


@pytest.fixture(autouse=True)
def _in_an_empty_folder(in_an_empty_folder):
    """Commands write into the current folder."""


@pytest.fixture(autouse=True)
def _in_english(monkeypatch):
    """Whoever runs the tests, the language is that of a plain locale."""
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")


@pytest.fixture(scope="session")
def _model_of_greetings(tmp_path_factory):
    """The file that `model_file` is a copy of."""
    path = tmp_path_factory.mktemp("models") / "m.joblib"
    joblib.dump(NGramTextGenerator(n=3).fit(GREETINGS), path)
    return path


@pytest.fixture
def model_file(_model_of_greetings):
    """A model of the greetings, n=3, in a file of the current folder."""
    return shutil.copy(_model_of_greetings, "m.joblib")
