"""Models to be saved, and models as bytes."""

import copy
import io
import pickle

import joblib
import numpy as np
import skops.io

from sklearn_sslm import NGramTextGenerator, WordIndexTransformer
from sklearn_sslm.arpa import read_arpa, write_arpa

SMOOTHINGS = {
    "mle": "MaximumLikelihood",
    "lidstone": "Lidstone",
    "witten_bell": "WittenBell",
    "absolute_discounting": "AbsoluteDiscounting",
    "kneser_ney": "KneserNey",
    "stupid_backoff": "StupidBackoff",
}
TEXTS = ["o gato dorme", "a gata dorme e o gato come", "o gato e a gata", "sim", "é só"]
REPLIES = ["boa noite", "que bom", "o gato dorme", "não", "sim"]
HELD_OUT = ["o gato come", "a gata", "o peixe dorme", ""]


def texts_of_rows():
    """The texts as padded rows of ids, without their words."""
    return np.asarray(WordIndexTransformer().fit_transform(TEXTS))


def read_model(n, **params):
    """A model that was read from an ARPA file."""
    write_arpa(NGramTextGenerator(n=n, smoothing="kneser_ney").fit(TEXTS), "model.arpa")
    return read_arpa("model.arpa").set_params(**params)


def generator():
    """A model of order 3 that can learn on."""
    return NGramTextGenerator(3, smoothing="kneser_ney", random_state=0).fit(TEXTS)


def to_joblib(model, **options):
    """A model as the bytes of a file of joblib."""
    file = io.BytesIO()
    joblib.dump(model, file, **options)
    return file.getvalue()


def of_joblib(data):
    """The model in such bytes."""
    return joblib.load(io.BytesIO(data))


def of_skops(data):
    """The model in the bytes of a file of skops."""
    return skops.io.loads(data, trusted=skops.io.get_untrusted_types(data=data))


def mapped(model, folder):
    """The model in a file that is mapped into memory."""
    path = folder / "mapped.joblib"
    joblib.dump(model, path)
    model = joblib.load(path, mmap_mode="r")
    path.unlink()  # another file is written by that name, not into this one
    return model


def saved_and_copied(model, folder, smoothing):
    """The same estimator, saved and loaded in all ways, and copied.

    skops is told to trust its class, the word index and the smoothing, all by their
    public names, and nothing else.
    """
    path = folder / "model.joblib"
    joblib.dump(model, path)
    kind = type(model)
    trusted = [
        f"{kind.__module__}.{kind.__name__}",
        "sklearn_sslm.WordIndexTransformer",
        f"sklearn_sslm.smoothing.{smoothing}",
    ]
    yield pickle.loads(pickle.dumps(model))
    yield joblib.load(path)
    yield joblib.load(path, mmap_mode="r")
    yield skops.io.loads(skops.io.dumps(model), trusted=trusted)
    yield copy.copy(model)
    yield copy.deepcopy(model)
