"""Small corpora of several classes, and their counts."""

import numpy as np
from _engine import N_WORDS, stream_of, texts_of_ids
from hypothesis import strategies as st

from sklearn_sslm.ngrams import ClassCounts

N_CLASSES = 3

labelled_texts = st.lists(
    st.tuples(texts_of_ids, st.integers(0, N_CLASSES - 1), st.booleans()),
    min_size=1,
    max_size=8,
)
"""Texts of ids, their classes, and whether their ends are known."""


def count(texts, n, n_ids=N_WORDS + 1, n_classes=N_CLASSES):
    """Counts by class of some texts with labels."""
    words, labels, closed = map(list, zip(*texts, strict=True))
    closed = [ends or not text for text, ends in zip(words, closed, strict=True)]
    stream = stream_of(words, closed)
    return ClassCounts.from_stream(stream, np.array(labels), n_classes, n, n_ids)
