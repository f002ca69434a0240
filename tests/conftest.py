"""What all tests share."""

import gc
import os
import sys

import numpy as np
import pytest
from _refusals import TEXTS
from hypothesis import settings

from sklearn_sslm import NGramTextGenerator, WordIndexTransformer

# Machines differ: a law may not fail because an example took long. Laws have 40 examples,
# unless they say otherwise, and 100 with `pytest --hypothesis-profile=thorough`.
settings.register_profile("quick", deadline=None, max_examples=40)
settings.register_profile("thorough", deadline=None, max_examples=100)
settings.load_profile("quick")

# Pictures are drawn into memory, whatever screen there is.
os.environ["MPLBACKEND"] = "agg"


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """Collect tests without looking for garbage, and never look among what they are.

    Ten thousand tests and all modules are a million objects, which stay: to look through
    them again and again takes a sixth of the time of all tests.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()


def pytest_runtest_setup(item):
    """Skip what Windows does not have."""
    if sys.platform == "win32" and item.get_closest_marker("posix"):
        pytest.skip("needs a POSIX system")


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


@pytest.fixture(params=["one fit", "several partial_fits"])
def model(request):
    """A fitted generator."""
    model = NGramTextGenerator(n=3, random_state=0)
    if request.param == "one fit":
        return model.fit(TEXTS)
    for text in TEXTS:
        model.partial_fit([text])
    return model


@pytest.fixture
def index():
    """A fitted word index."""
    return WordIndexTransformer().fit(TEXTS)


@pytest.fixture
def rows_model(index):
    """A generator fitted on plain integer rows."""
    rows = np.array(index.transform(TEXTS))
    return NGramTextGenerator(n=3, random_state=0).fit(rows)
