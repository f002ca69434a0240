"""Random operations on estimators of all kinds, beside what is fitted on all that is left."""

import copy
import pickle
import random
from collections import Counter

import numpy as np
import pytest
from _saved import mapped
from _slow import rest_slow

from sklearn_sslm import (
    NGramClassifier,
    NGramOutlierDetector,
    NGramTextGenerator,
    SurpriseFeatures,
    WordIndexTransformer,
)
from sklearn_sslm.generator._novelty import novelty_of
from sklearn_sslm.ngrams.models import _updating

WORDS = ["o", "a", "gato", "come", "e"]
ASKED = ["o gato come", "a gata w3 come", "e", "w1 w2 w3 w4", ""]


def generator(**parameters):
    """A generator that gives all texts a probability."""
    return NGramTextGenerator(3, smoothing="kneser_ney", **parameters)


KINDS = {
    "pairs": generator,
    "closed": lambda: generator(word_index=WordIndexTransformer(vocabulary=WORDS)),
    "characters": lambda: generator(word_index=WordIndexTransformer(analyzer="char")),
    "pruned": lambda: generator(min_count=[1, 2]),
    "novel": lambda: generator(novel=True),
    "loose": lambda: generator(match="loose"),
    "classifier": lambda: NGramClassifier(2),
    "detector": lambda: NGramOutlierDetector(2),
    "features": lambda: SurpriseFeatures(n=2),
}


class Life:
    """An estimator, and the samples that it should know, each as often as it was learned.

    Each method but those that begin with an underscore is an operation.
    """

    def __init__(self, kind, seed, folder):
        self._random = random.Random(seed)
        self._folder = folder
        self._kind = kind
        self._known = Counter([("o gato", "a"), ("a gata", "b"), ("e come", "a")])
        self.model = self._fresh()

    def _with(self, samples):
        """What methods that learn take: texts, and labels or replies if there are any."""
        X, y = zip(*samples, strict=True)
        has_y = self._kind in ("pairs", "classifier")
        return (list(X), list(y)) if has_y else (list(X),)

    def _fresh(self):
        return KINDS[self._kind]().fit(*self._with(self._known.elements()))

    def _samples(self, most=3):
        words = [*WORDS * 3, *(f"w{self._random.randrange(30)}" for _ in range(3))]

        def text(longest):
            size = self._random.randint(1, longest)
            return " ".join(self._random.choices(words, k=size))

        def label():
            return text(3) if self._kind == "pairs" else self._random.choice("ab")

        return [(text(6), label()) for _ in range(self._random.randint(1, most))]

    def _some(self):
        known = [*self._known.elements()]
        labels = Counter(label for _, label in known)
        some = self._random.sample(known, min(len(known) - 2, 2))
        kept = labels - Counter(label for _, label in some)
        return some if self._kind == "pairs" or len(kept) == 2 else []

    def learn(self):
        samples = self._samples()
        self.model.partial_fit(*self._with(samples))
        self._known.update(samples)

    def learn_several_times(self):
        times = {sample: self._random.randrange(4) for sample in self._samples()}
        times[self._samples()[0]] = 2
        weights = [*times.values()]
        self.model.partial_fit(*self._with(times), sample_weight=weights)
        self._known.update(times)
        self._known = +self._known

    def forget(self):
        if some := self._some():
            self.model.partial_forget(*self._with(some))
            self._known -= Counter(some)

    def forget_by_weight(self):
        if some := Counter(self._some()):
            weights = [*some.values()]
            self.model.partial_forget(*self._with(some), sample_weight=weights)
            self._known -= some

    def forget_what_was_never_learned(self):
        samples = [next(iter(self._known)), ("gato never o o o", "b")]
        with pytest.raises(ValueError, match="learned"):
            self.model.partial_forget(*self._with(samples))

    def merge(self):
        samples = [*self._samples(), ("o rato", "a"), ("come", "b")]
        if self._kind != "classifier" or {label for _, label in samples} == {*"ab"}:
            self.model.merge(KINDS[self._kind]().fit(*self._with(samples)))
            self._known.update(samples)

    def save_and_load(self):
        self.model = pickle.loads(pickle.dumps(self.model))

    def map(self):
        self.model = mapped(self.model, self._folder)

    def copy(self):
        before, answers = self.model, self._answers(self.model)
        self.model = copy.copy(before)
        samples = self._samples()
        self.model.partial_fit(*self._with(samples))
        assert self._answers(before) == answers
        self._known.update(samples)

    def _answers(self, model):
        """All that tells models apart, as a list of numbers."""
        match self._kind:
            case "classifier":
                answers = [model.predict_log_proba(ASKED).ravel()]
            case "detector":
                answers = [model.score_samples(ASKED), [model.offset_]]
            case "features":
                answers = [model.transform(ASKED).ravel()]
            case "pairs":
                answers = [[model.score(ASKED, ASKED[::-1]), model.n_words_]]
            case _:
                answers = [model.score_samples(ASKED), [model.n_words_]]
        if self._kind == "novel":
            answers.append(self._novelties(model))
        if self._kind == "loose":
            answers.append([model.predict(["GATO"])[0].startswith("gato")])
        return np.concatenate(answers).tolist()

    def _novelties(self, model):
        """Which of some texts, of known words, are new to a model."""
        fitted = model._fitted
        is_new = novelty_of(model, fitted)
        texts = [*sorted({text for text, _ in self._known}), "o o", "gato a"]
        return [
            is_new(fitted.word_index.transform([t])[0, :-1].tolist()) for t in texts
        ]

    def _live(self, n_steps):
        names = [name for name in vars(Life) if not name.startswith("_")]
        often = ["learn"] * 3 + ["forget"] * 4
        for _ in range(n_steps):
            getattr(self, self._random.choice(names + often))()
            assert self._answers(self.model) == pytest.approx(
                self._answers(self._fresh()), rel=1e-9, abs=1e-12, nan_ok=True
            )


@pytest.mark.posix  # elsewhere a mapped file cannot be removed
@pytest.mark.filterwarnings("ignore:A text has probability 0")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "ratio", rest_slow([np.inf, _updating.REBUILD_RATIO, 0], [np.inf])
)
def test_random_operations_keep_what_is_left(kind, ratio, monkeypatch, tmp_path):
    """Whatever is done in whatever order, answers are those of a fit on what is left."""
    monkeypatch.setattr(_updating, "REBUILD_RATIO", ratio)
    Life(kind, f"{kind} {ratio}", tmp_path)._live(12)


@pytest.mark.posix
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:A text has probability 0")
@pytest.mark.parametrize("kind", KINDS)
def test_many_random_operations_keep_what_is_left(kind, monkeypatch, tmp_path):
    """Without a sort, with some, and with one each time, over long lives."""
    for ratio in (np.inf, _updating.REBUILD_RATIO, 0):
        monkeypatch.setattr(_updating, "REBUILD_RATIO", ratio)
        for seed in range(3):
            Life(kind, seed, tmp_path)._live(60)
