"""In a web browser nothing starts a thread or a process; here the platform is patched."""

import concurrent.futures
import multiprocessing.process
import re
import subprocess
import sys
import threading
import tomllib
from pathlib import Path

import joblib
import numpy as np
import pytest
from sklearn.base import clone

from sklearn_sslm import (
    NGramClassifier,
    NGramMixture,
    NGramOutlierDetector,
    NGramTextGenerator,
    SurpriseFeatures,
)
from sklearn_sslm.base import _shards
from sklearn_sslm.cli import main
from sklearn_sslm.utils import possible_jobs
from sklearn_sslm.words import _encoding

TEXTS = [f"um dois {number % 7} três" for number in range(9000)]


class Started(Exception):
    """Something was started that cannot be started in a browser."""


@pytest.fixture
def _nothing_starts(monkeypatch):
    # Any text is long enough to be shared out, were there anyone to share with.
    monkeypatch.setattr(_encoding, "_MIN_PARALLEL_LENGTH", 0)
    monkeypatch.setattr(_shards, "_MIN_PARALLEL_BYTES", 0)

    def refuse(*_, **__):
        raise Started

    monkeypatch.setattr(threading.Thread, "start", refuse)
    monkeypatch.setattr(concurrent.futures.ThreadPoolExecutor, "submit", refuse)
    monkeypatch.setattr(concurrent.futures.ThreadPoolExecutor, "map", refuse)
    monkeypatch.setattr(multiprocessing.process.BaseProcess, "start", refuse)
    monkeypatch.setattr(subprocess.Popen, "__init__", refuse)


@pytest.fixture
def _browser(monkeypatch):
    monkeypatch.setattr(sys, "platform", "emscripten")


def generator(**parameters):
    """A model that may use two threads or processes."""
    return NGramTextGenerator(n=3, n_jobs=2, random_state=0, **parameters)


def mixture():
    """Two models, with weights that are fitted."""
    smoothed = generator(smoothing="witten_bell")
    models = [clone(smoothed).fit(TEXTS), clone(smoothed).fit(["um dois"])]
    return NGramMixture(models).fit_weights(TEXTS)


def commands(path):
    """A command that fits, one that scores and one that draws."""
    model = str(path.with_suffix(".joblib"))
    assert main(["fit", str(path), "--jobs", "2", "-o", model]) == 0
    assert main(["score", "-m", model, str(path)]) == 0
    assert main(["generate", "-m", model, "-k", "20000"]) == 0


WORK = {
    "texts": lambda path: generator().fit(TEXTS),
    "files": lambda path: generator(input="filename").fit([path, path]),
    "replies": lambda path: generator().fit(TEXTS, TEXTS).predict(TEXTS),
    "drawing": lambda path: generator().fit(TEXTS).sample(20_000),
    "merging": lambda path: generator().fit(TEXTS).merge(generator().fit(TEXTS)),
    "scoring": lambda path: generator().fit(TEXTS).score_texts(TEXTS),
    "classes": lambda path: NGramClassifier(n_jobs=2).fit(TEXTS, ["a", "b"] * 4500),
    "outliers": lambda path: NGramOutlierDetector(n_jobs=2).fit(TEXTS).predict(TEXTS),
    "mixtures": lambda path: mixture().score_texts(TEXTS),
    "commands": commands,
    "features": lambda path: SurpriseFeatures(n_jobs=2).fit_transform(TEXTS),
}


@pytest.mark.parametrize("name", WORK)
@pytest.mark.usefixtures("_browser", "_nothing_starts")
def test_nothing_is_started_in_a_browser(name, tmp_path):
    """With `n_jobs=2`, and joblib told to use two, all is done by the one thread there is."""
    path = tmp_path / "texts.txt"
    path.write_text("\n".join(TEXTS), encoding="utf-8")
    with joblib.parallel_config(n_jobs=2):
        WORK[name](path)


@pytest.mark.parametrize("name", ["texts", "files", "drawing"])
@pytest.mark.usefixtures("_nothing_starts")
def test_elsewhere_threads_or_processes_are_started(name, tmp_path):
    """On other platforms the same work is shared: the test above would notice."""
    path = tmp_path / "texts.txt"
    path.write_text("\n".join(TEXTS), encoding="utf-8")
    with pytest.raises(Started):
        WORK[name](path)


def test_what_is_learned_does_not_depend_on_the_platform(monkeypatch):
    """In a browser as anywhere a text has the same probability, and chance the same end."""
    here = generator().fit(TEXTS)
    expected = here.score_samples(TEXTS[:9]), here.sample(5)
    monkeypatch.setattr(sys, "platform", "emscripten")
    there = generator().fit(TEXTS)
    np.testing.assert_array_equal(there.score_samples(TEXTS[:9]), expected[0])
    np.testing.assert_array_equal(there.sample(5), expected[1])


def test_jobs_that_are_possible(monkeypatch):
    """Elsewhere `n_jobs` is what was asked for; in a browser it is 1, even by default."""
    asked = [None, 1, 2, -1]
    assert [possible_jobs(n) for n in asked] == asked
    monkeypatch.setattr(sys, "platform", "emscripten")
    assert [possible_jobs(n) for n in asked] == [1] * 4


@pytest.mark.posix
@pytest.mark.usefixtures("_browser")
def test_bars_need_no_thread(monkeypatch):
    """The thread with which tqdm watches its bars is not started in a browser."""
    from _terminal import watched_terminal
    from tqdm.auto import tqdm

    monkeypatch.setattr(tqdm, "monitor", None)
    monkeypatch.setattr(tqdm, "monitor_interval", 10)
    with watched_terminal() as shown:
        generator(verbose=1).fit(TEXTS)
    assert "reading" in shown()
    assert tqdm.monitor is None


@pytest.mark.slow
def test_all_is_imported_in_a_browser():
    """Nothing that is imported asks for threads, or for what the platform does not have."""
    script = """
import pkgutil, sys
import numpy, scipy.sparse, sklearn, joblib
sys.platform = "emscripten"
import sklearn_sslm
for module in pkgutil.walk_packages(sklearn_sslm.__path__, "sklearn_sslm."):
    if not module.name.endswith("__main__"):
        __import__(module.name)
import threading
print(threading.active_count())
"""
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "1\n"


def test_what_is_needed_is_there_in_a_browser():
    """The package needs no others than these, which Pyodide has."""
    path = Path(__file__).parents[2] / "pyproject.toml"
    needed = tomllib.loads(path.read_text(encoding="utf-8"))["project"]["dependencies"]
    names = {re.match(r"[\w-]+", each)[0] for each in needed}
    assert names == {"joblib", "numpy", "scikit-learn", "scipy"}
