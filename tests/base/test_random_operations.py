"""Long sequences of random operations, beside counts in dicts."""

import copy
import pickle
import random
from collections import Counter

import numpy as np
import pytest
from _reference import MODELS, marked
from _saved import mapped

from sklearn_sslm import NGramTextGenerator
from sklearn_sslm.ngrams.models import _updating

SMOOTHINGS = sorted(set(MODELS) - {"mle"})  # these give all texts a probability
RATIOS = {"never": 0, "default": _updating.REBUILD_RATIO, "always": np.inf}
COMMON = ["o", "a", "gato", "come", "e"]


class Life:
    """A model, and the texts that it should know.

    Each method but those that begin with an underscore is an operation.
    """

    def __init__(self, n, seed, folder):
        self._random = random.Random(seed)
        self._folder = folder
        self._known = Counter()
        self._original = None  # what a copy was made of, and its answer then
        self.n = n
        self.smoothing = "witten_bell"
        self.model = NGramTextGenerator(n, smoothing=self.smoothing)
        self.fit()

    def _texts(self, most=3):
        words = [*COMMON * 3, *(f"w{self._random.randrange(40)}" for _ in range(3))]
        return [
            " ".join(self._random.choices(words, k=self._random.randrange(1, 7)))
            for _ in range(self._random.randint(1, most))
        ]

    def fit(self):
        texts = self._texts(most=8)
        self.model.fit(texts)
        self._known = Counter(texts)
        self.smoothing = self.model.smoothing

    def learn(self):
        texts = self._texts()
        self.model.partial_fit(texts)
        self._known.update(texts)
        self.smoothing = self.model.smoothing

    def forget(self):
        texts = [*self._known.elements()]
        some = self._random.sample(texts, min(len(texts) - 1, 2))
        if some:
            self.model.partial_forget(some)
            self._known -= Counter(some)
            self.smoothing = self.model.smoothing

    def forget_what_was_never_learned(self):
        known = next(iter(self._known))
        with pytest.raises(ValueError, match="learned"):
            self.model.partial_forget([known, "never seen"])

    def merge(self):
        texts = self._texts()
        other = NGramTextGenerator(self.n, smoothing="mle").fit(texts)
        self.model.merge(other)
        self._known.update(texts)
        self.smoothing = self.model.smoothing

    def set_params(self):
        self.model.set_params(smoothing=self._random.choice(SMOOTHINGS))

    def save_and_load(self):
        self.model = pickle.loads(pickle.dumps(self.model))

    def map(self):
        self.model = mapped(self.model, self._folder)

    def compact(self):
        self._check(self.model.compact())

    def copy(self):
        self._check_original()
        self._original = self.model, self.model.score(COMMON)
        self.model = copy.copy(self.model)

    def _check_original(self):
        if self._original is not None:
            original, score = self._original
            assert original.score(COMMON) == score

    def _check(self, model):
        """Scores are those of the definition, from the n-grams in dicts."""
        texts = [*self._known.elements()]
        assert model.n_texts_seen_ == len(texts)
        ids = {
            w: j for j, w in enumerate(sorted({w for t in texts for w in t.split()}), 1)
        }
        assert model.n_words_ == len(ids)
        coded = [[ids[word] for word in text.split()] for text in texts]
        reference = MODELS[self.smoothing](marked(coded), self.n, len(ids))
        asked = [texts[0], *self._texts(2)]
        for text, score in zip(asked, model.score_samples(asked), strict=True):
            (row,) = marked([[ids.get(word, -1) for word in text.split()]])
            assert score == pytest.approx(np.log(reference.ps(row)).sum(), rel=1e-9)

    def _live(self, n_steps):
        names = [name for name in vars(Life) if not name.startswith("_")]
        often = ["learn"] * 4 + ["forget"] * 4
        for _ in range(n_steps):
            getattr(self, self._random.choice(names + often))()
            self._check(self.model)
        self._check_original()


@pytest.mark.posix  # elsewhere a mapped file cannot be removed
@pytest.mark.parametrize("n", [1, 2, 4])
@pytest.mark.parametrize("ratio", RATIOS)
def test_random_operations_keep_the_definition(ratio, n, monkeypatch, tmp_path):
    """Whatever is done in whatever order, scores follow from the texts that are left."""
    monkeypatch.setattr(_updating, "REBUILD_RATIO", RATIOS[ratio])
    Life(n, f"{ratio} {n}", tmp_path)._live(30)


@pytest.mark.posix
@pytest.mark.slow
@pytest.mark.parametrize("ratio", RATIOS)
def test_many_random_operations_keep_the_definition(ratio, monkeypatch, tmp_path):
    """20 000 operations in all, without a sort, with some, and with one each time."""
    monkeypatch.setattr(_updating, "REBUILD_RATIO", RATIOS[ratio])
    for seed in range(10):
        Life(3, seed, tmp_path)._live(667)
