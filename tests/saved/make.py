"""Writes the files beside it: one small model in each form, as this layout has it.

They are kept, and load for ever: run it only where ``LAYOUT`` was raised, which gives new
names. ``python tests/saved/make.py`` in a checkout.
"""

import zipfile
from pathlib import Path

import joblib
import skops.io

from sklearn_sslm import NGramTextGenerator, WordIndexTransformer
from sklearn_sslm.saving import LAYOUT

TEXTS = ["o gato dorme", "a gata dorme e o gato come", "é só"]
REPLIES = ["boa noite", "que bom", "não"]


def models():
    """A model of each form, by name."""
    index = WordIndexTransformer(lowercase=True)
    generator = NGramTextGenerator(3, smoothing="kneser_ney", word_index=index)
    yield "counts", generator.fit(TEXTS)
    yield "compact", generator.compact()
    yield "replies", NGramTextGenerator(2, smoothing="witten_bell").fit(TEXTS, REPLIES)
    yield "words", index.fit(TEXTS)


if __name__ == "__main__":
    here = Path(__file__).parent
    for name, model in models():
        joblib.dump(model, here / f"{name}.layout{LAYOUT}.model", protocol=4)
        path = here / f"{name}.layout{LAYOUT}.skops"
        skops.io.dump(model, path, compression=zipfile.ZIP_DEFLATED)
