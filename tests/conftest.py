"""What all tests share; it also lets tests in folders import the helpers beside it."""

import os
import sys

import pytest
from hypothesis import settings

# Machines differ: a law may not fail because an example took long.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# Pictures are drawn into memory, whatever screen there is.
os.environ["MPLBACKEND"] = "agg"


@pytest.fixture(autouse=True)
def _close_figures():
    """A test leaves no figure behind: matplotlib warns of many open ones."""
    yield
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")


@pytest.fixture
def in_an_empty_folder(tmp_path, monkeypatch):
    """Be in a folder of one's own, in which files may be made."""
    monkeypatch.chdir(tmp_path)
