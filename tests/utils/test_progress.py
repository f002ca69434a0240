"""Bars at a terminal: what shows them, and that nothing else does."""

import io
import sys

import numpy as np
import pytest
from _terminal import watched_terminal

from sklearn_sslm import NGramTextGenerator, WordIndexTransformer
from sklearn_sslm.utils import _progress

pytestmark = pytest.mark.posix

TEXTS = ["um dois três", "um três", "dois um"] * 3
MANY = TEXTS + [f"um dois {number}" for number in range(60)]


def fitted(verbose=1, texts=TEXTS, **parameters):
    """A model of a few texts, which can say words they did not."""
    model = NGramTextGenerator(n=3, random_state=0, verbose=verbose, **parameters)
    return model.fit(texts)


def work_of(shown):
    """The names of the bars on a terminal that went to their end, in order."""
    lines = shown.replace("\n", "\r").split("\r")
    done = [line.split(":")[0] for line in lines if ": 100%|" in line]
    return list(dict.fromkeys(done))


LONG_WORK = {
    "fit": (lambda m: m.fit(TEXTS), ["reading", "counting", "smoothing"]),
    "fit on rows": (lambda m: m.fit([[1, 2, 0]]), ["counting", "smoothing"]),
    "partial_fit": (
        lambda m: m.partial_fit(TEXTS),
        ["reading", "counting", "smoothing"],
    ),
    "score_samples": (lambda m: m.score_samples(MANY), ["reading", "scoring"]),
    "score": (lambda m: m.score(MANY), ["reading", "scoring"]),
    "sample": (lambda m: m.sample(20), ["writing"]),
    "predict": (lambda m: m.predict(TEXTS), ["reading", "writing"]),
    "beams": (
        lambda m: m.set_params(num_beams=2).predict(TEXTS),
        ["reading", "writing"],
    ),
    "threads": (lambda m: m.set_params(n_jobs=2).sample(20), ["writing"]),
}


@pytest.mark.parametrize("name", LONG_WORK)
def test_long_work_shows_itself(name):
    """With ``verbose=1`` each part of it has a bar at the terminal, which ends at 100 %."""
    work, bars = LONG_WORK[name]
    model = fitted(verbose=0, texts=MANY).set_params(verbose=1)
    with watched_terminal() as shown:
        work(model)
    assert work_of(shown()) == bars


def test_a_bar_tells_how_many_how_fast_and_how_long():
    """At its end a bar has all texts, or the orders there are, and a rate."""
    with watched_terminal() as shown:
        fitted(n_jobs=1).set_params(n=9).fit(TEXTS)  # texts have up to 5 tokens
    lines = shown().replace("\n", "\r").split("\r")
    reading = [line for line in lines if line.startswith("reading: 100%")][-1]
    assert " 9.00/9.00 [00:00<00:00, " in reading
    assert reading.endswith("texts/s]")
    counting = [line for line in lines if line.startswith("counting: 100%")][-1]
    assert " 5/5 [00:00<00:00, " in counting
    assert counting.endswith("orders/s]")


@pytest.mark.parametrize("name", LONG_WORK)
def test_silent_unless_asked(name):
    """With ``verbose=0`` nothing is shown at a terminal."""
    with watched_terminal() as shown:
        LONG_WORK[name][0](fitted(verbose=0, texts=MANY))
    assert shown() == ""


@pytest.mark.parametrize("stderr", [io.StringIO(), None])
def test_silent_where_no_one_watches(monkeypatch, capsys, stderr):
    """Where standard error is no terminal nothing is shown, and tqdm is not needed."""
    monkeypatch.setattr(_progress, "_DELAY", 0)
    monkeypatch.setattr(sys, "stderr", stderr)
    monkeypatch.setitem(sys.modules, "tqdm", None)
    model = fitted()
    model.score_samples(TEXTS)
    model.sample(20)
    assert stderr is None or stderr.getvalue() == ""
    assert capsys.readouterr() == ("", "")


def test_bars_change_nothing():
    """What is learned, said and scored is the same with bars."""
    with watched_terminal():
        model = fitted()
        said, scores = model.sample(20), model.score_samples(TEXTS)
    silent = fitted(verbose=0)
    np.testing.assert_array_equal(silent.sample(20), said)
    np.testing.assert_array_equal(silent.score_samples(TEXTS), scores)


def test_short_work_shows_nothing(monkeypatch):
    """A bar that would be gone at once does not appear."""
    with watched_terminal() as shown:
        monkeypatch.setattr(_progress, "_DELAY", 1000)
        fitted()
    assert shown() == ""


def test_missing_tqdm_is_told(monkeypatch):
    """Where there would be bars, the error names what to install; nothing is learned."""
    monkeypatch.setitem(sys.modules, "tqdm", None)
    with watched_terminal(), pytest.raises(ImportError) as error:
        fitted()
    assert str(error.value) == (
        "The 'verbose' parameter of NGramTextGenerator must be 0 where the package "
        "tqdm, which draws the progress bars, is not installed. Install it with "
        "pip install 'sklearn-sslm[progress]'."
    )


def test_an_error_ends_the_bar():
    """A bar that was under way ends its line, so that what is told next begins a new one."""

    def fail(text):
        raise RuntimeError("the tokenizer broke")

    with watched_terminal() as shown, pytest.raises(RuntimeError):
        fitted(word_index=WordIndexTransformer(tokenizer=fail))
    assert shown().endswith("\n")
