"""What all tests of the command line share."""

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


@pytest.fixture
def model_file():
    """A model of the greetings, n=3, in a file of the current folder."""
    joblib.dump(NGramTextGenerator(n=3).fit(GREETINGS), "m.joblib")
    return "m.joblib"
