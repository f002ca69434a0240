"""Small models, and ARPA files of them."""

import math
import warnings

import numpy as np

from sklearn_sslm import NGramTextGenerator
from sklearn_sslm.arpa import read_arpa, write_arpa
from sklearn_sslm.smoothing import Smoothing

LN10 = math.log(10)
TEXTS = [
    "o gato dorme", "o gato come peixe", "o cão come", "a gata dorme e o cão dorme",
    "o gato e a gata", "", "peixe", "olá", "a gata come o peixe que o gato come",
]  # fmt: skip
HELD_OUT = [
    *TEXTS, "o cão e o gato dorme", "peixe peixe peixe", "a vaca dorme", "vaca", "gata",
    "o o o gato e o cão come que", "<s> o </s>", "<unk> gato",
]  # fmt: skip


class Backoff(Smoothing):
    """Takes a quarter off everything, and gives it to words not seen only."""

    lower_order = "backoff"

    def discounted(self, count, context):
        return 0.75 * count / context.total

    def backoff_weight(self, context):
        return np.full(np.shape(context.total), 0.25)


PROPER = ["mle", "witten_bell", "absolute_discounting", "kneser_ney", Backoff()]


def fitted(n=3, smoothing="kneser_ney", texts=TEXTS, **parameters):
    """A model that has learned texts."""
    return NGramTextGenerator(n=n, smoothing=smoothing, **parameters).fit(texts)


def scores(model, texts=HELD_OUT):
    """log10 of texts, without the warning about impossible ones."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return model.score_samples(texts) / LN10


def written(model, path):
    """The text of a model's file."""
    write_arpa(model, path)
    return path.read_text(encoding="utf-8")


def read_text(text, path, **options):
    """Read a model from a text, without the warnings that its numbers deserve."""
    path.write_bytes(text.encode("utf-8") if isinstance(text, str) else text)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "(?s).*all words.* add up to", UserWarning)
        return read_arpa(path, **options)
