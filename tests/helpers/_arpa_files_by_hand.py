"""ARPA files written by hand, and what the definition of the format says of them."""

import pickle
from itertools import product

import _arpa
import joblib
import numpy as np
import pytest
from _arpa_files import read_text, scores, written

BY_HAND = """
\\data\\
ngram 1=5
ngram 2=3
ngram 3=2

\\1-grams:
-1.0\t<unk>
-99\t<s>\t-0.3
-0.7\t</s>
-0.4\ta\t-0.2
-0.6\tb\t-0.1

\\2-grams:
-0.2\t<s> a\t-0.25
-0.3\ta b\t0.05
-0.5\tb a\t0

\\3-grams:
-0.1\t<s> a b
-0.15\ta b </s>

\\end\\
"""

BIGRAMS = """\\data\\
ngram 1=5
ngram 2=3

\\1-grams:
-1.0\t<unk>
-99\t<s>\t-0.4
-0.7\t</s>
-0.4\ta\t-0.4
-0.6\tb\t-0.4

\\2-grams:
-0.3\t<s> a
-0.4\ta b
-0.5\tb a

\\end\\
"""

OF_LETTERS = ["a b", "b a b", "", "a a", "x", "x b", "a x y b", "x x", "b x a b x"]

MANY = [" ".join(words) for k in range(6) for words in product("abxy", repeat=k)]


def expected(text):
    """log10 of texts by the definition of the format, from the n-grams of a file."""
    ngrams = _arpa.parse(text)
    return [_arpa.score(ngrams, words) for words in OF_LETTERS]


def assert_reads(text, path, by=None, **options):
    """What is read from a text scores all texts as the n-grams of a plain file do."""
    model = read_text(text, path, **options)
    theirs = expected(by or text)
    np.testing.assert_allclose(scores(model, OF_LETTERS), theirs, rtol=0, atol=1e-9)
    one_by_one = [scores(model, [text])[0] for text in OF_LETTERS]
    np.testing.assert_allclose(one_by_one, theirs, rtol=0, atol=1e-9)
    many = scores(model, MANY)
    of_texts = many[[MANY.index(text) for text in OF_LETTERS]]
    np.testing.assert_allclose(of_texts, theirs, rtol=0, atol=1e-9)
    return model


def variants(model, folder):
    """The same model, saved and loaded in all ways, and written and read again."""
    yield model
    yield pickle.loads(pickle.dumps(model))
    joblib.dump(model, folder / "model.joblib")
    yield joblib.load(folder / "model.joblib")
    yield joblib.load(folder / "model.joblib", mmap_mode="r")
    text = written(model, folder / "again.arpa")
    again = read_text(text, folder / "again.arpa")
    assert written(again, folder / "once_more.arpa") == text
    yield again


def of_kenlm(path, texts):
    """log10 of texts by KenLM, which has to be installed."""
    kenlm = pytest.importorskip("kenlm")
    config = kenlm.Config()
    config.arpa_complain = kenlm.ARPALoadComplain.NONE
    config.show_progress = False
    model = kenlm.Model(str(path), config)
    return [model.score(text) for text in texts]
