"""Fitted estimators that bad input must not harm."""

import numpy as np
import pytest
from _refusals import TEXTS

from sklearn_sslm import NGramTextGenerator, WordIndexTransformer


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
