"""What all tests of the classifier share."""

import pytest
from _classes import LABELS, TEXTS

from sklearn_sslm import NGramClassifier


@pytest.fixture
def model():
    """A fitted classifier of three classes."""
    return NGramClassifier(2).fit(TEXTS, LABELS)
