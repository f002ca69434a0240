"""Models that learn the newest texts and forget the oldest, for a long time."""

import io
import sys
from collections import deque

import joblib
import numpy as np
import pytest
from _slow import rest_slow

from sklearn_sslm import NGramTextGenerator
from sklearn_sslm.ngrams.models import _updating

WORDS = [f"w{j}" for j in range(40)]
SIZE = 30  # texts in the window


def text(step):
    """A text of common words, and one of its own, as an address or a nick."""
    rng = np.random.default_rng(step)
    return " ".join([*rng.choice(WORDS, 4), f"nick{step}"])


class Window:
    """A model that knows the last texts of a stream."""

    def __init__(self, n=2, smoothing="kneser_ney"):
        self.texts = deque(map(text, range(SIZE)))
        self.model = NGramTextGenerator(n, smoothing=smoothing).fit(list(self.texts))
        self.step = SIZE

    def move(self, n_steps, at_once=1):
        """Learn texts, and forget as many, some of them at once."""
        for _ in range(0, n_steps, at_once):
            new = [text(self.step + j) for j in range(at_once)]
            self.texts.extend(new)
            self.model.partial_fit(new)
            self.model.partial_forget([self.texts.popleft() for _ in new])
            self.step += at_once

    def n_calls(self, n_steps):
        """How many functions are called meanwhile."""
        calls = 0

        def count(frame, event, argument):
            nonlocal calls
            calls += event == "call"

        sys.setprofile(count)
        try:
            self.move(n_steps)
        finally:
            sys.setprofile(None)
        return calls

    def size(self):
        """Ids, and bytes of the saved model."""
        file = io.BytesIO()
        joblib.dump(self.model, file)
        return len(self.model.word_index_.words_), len(file.getvalue())


@pytest.mark.parametrize("ratio", [0, _updating.REBUILD_RATIO, np.inf])
@pytest.mark.parametrize("smoothing", rest_slow(["mle", "kneser_ney"], ["kneser_ney"]))
def test_a_window_is_the_model_of_its_texts(smoothing, ratio, monkeypatch):
    """Ids of forgotten words are used again, and all is as if fitted on what is left."""
    monkeypatch.setattr(_updating, "REBUILD_RATIO", ratio)
    window = Window(3, smoothing)
    window.move(100)
    model, texts = window.model, list(window.texts)
    fresh = NGramTextGenerator(3, smoothing=smoothing).fit(texts)
    assert model.score_samples(texts).tolist() == fresh.score_samples(texts).tolist()
    assert model.n_words_ == fresh.n_words_
    assert len(model.word_index_.words_) <= len(fresh.word_index_.words_) + 2
    (mine,), (theirs,) = model.next_word_proba([""]), fresh.next_word_proba([""])
    assert mine[0] == theirs[0]
    for word, number in fresh.word_index_.vocabulary_.items():
        assert mine[model.word_index_.vocabulary_[word]] == theirs[number]


def test_words_that_stay_keep_their_ids():
    """A word that is never forgotten has one id, whatever comes and goes beside it."""
    window = Window()
    window.model.partial_fit(["w0 stays"])
    number = window.model.word_index_.vocabulary_["stays"]
    for _ in range(20):
        window.move(7)
        assert window.model.word_index_.vocabulary_["stays"] == number


@pytest.mark.slow
def test_a_long_life_costs_what_its_texts_cost():
    """100 000 steps: no more calls a step at the end, no more ids, no larger files."""
    window = Window()
    window.move(1000)
    calls, (ids, n_bytes) = window.n_calls(1000), window.size()
    window.move(97_000, at_once=10)
    later, (ids_later, n_bytes_later) = window.n_calls(1000), window.size()
    assert window.step == 100_000 + SIZE
    assert later < 1.1 * calls
    assert ids_later <= ids + 2
    assert n_bytes_later < 1.1 * n_bytes
