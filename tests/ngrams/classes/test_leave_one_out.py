"""Tests of `sklearn_sslm.ngrams.classes._leave_one_out`."""

import numpy as np
import pytest
from _engine import N_WORDS, stream_of, texts_of_ids
from _jelinek_mercer import JelinekMercer
from _reference import MODELS
from _slow import smoothings
from hypothesis import given, settings
from hypothesis import strategies as st

from sklearn_sslm.base import as_smoothing
from sklearn_sslm.ngrams import (
    Events,
    LanguageModel,
    NeverLearnedError,
    NGramCounts,
    leave_one_out,
    token_surprises,
)


def model_of(texts, n, smoothing, closed=None):
    """A model that knows the words of some texts, and no others."""
    stream = stream_of(texts, closed)
    counts = NGramCounts.from_stream(stream, n, N_WORDS + 1)
    known = {word for text in texts for word in text}
    unused = sorted({*range(1, N_WORDS + 1)} - known)
    events = Events(len(known), np.array(unused, dtype=np.int64))
    return LanguageModel.of_counts(counts, as_smoothing(smoothing), events), stream


@pytest.mark.parametrize("smoothing", smoothings([*MODELS, JelinekMercer(0.3)]))
@settings(max_examples=15)
@given(
    texts=st.lists(
        st.tuples(texts_of_ids, st.booleans()), min_size=2, max_size=6
    ).filter(lambda texts: sum(bool(text) for text, _ in texts) > 1),
    n=st.integers(1, 4),
)
def test_each_text_is_scored_by_the_model_of_the_others(smoothing, texts, n):
    """What is said of a text is what the model that learned all others says."""
    texts, closed = map(list, zip(*texts, strict=True))
    closed = [ends or not text for text, ends in zip(texts, closed, strict=True)]
    model, stream = model_of(texts, n, smoothing, closed)
    found = np.transpose(leave_one_out(model, stream))
    for i, (start, length) in enumerate(
        zip(stream.starts, stream.lengths, strict=True)
    ):
        others = texts[:i] + texts[i + 1 :]
        model, _ = model_of(others, n, smoothing, closed[:i] + closed[i + 1 :])
        known = {word for text in others for word in text}
        asked = [word if word in known else -1 for word in texts[i]]
        expected = token_surprises(model, stream_of([asked], closed[i : i + 1]))
        mine = found[start : start + length]
        np.testing.assert_allclose(mine, np.transpose(expected), rtol=1e-10)


@settings(max_examples=15)
@given(
    texts=st.lists(texts_of_ids.filter(bool), min_size=2, max_size=6),
    n=st.integers(1, 3),
    smoothing=st.sampled_from(["witten_bell", "kneser_ney", "lidstone"]),
)
def test_a_closed_vocabulary_stays_as_it_is(texts, n, smoothing):
    """Words stay known without the text, and the unknown word is unknown with it."""
    events = Events(N_WORDS - 1, unknown_id=N_WORDS)

    def closed(texts):
        counts = NGramCounts.from_stream(stream_of(texts), n, N_WORDS + 1)
        return LanguageModel.of_counts(counts, as_smoothing(smoothing), events)

    read = [[-1 if word == N_WORDS else word for word in text] for text in texts]
    stream = stream_of(read)
    found = np.transpose(leave_one_out(closed(texts), stream))
    for i, text in enumerate(read):
        rest = closed(texts[:i] + texts[i + 1 :])
        expected = np.transpose(token_surprises(rest, stream_of([text])))
        start = stream.starts[i]
        mine = found[start : start + len(expected)]
        np.testing.assert_allclose(mine, expected, rtol=1e-10)


def test_probabilities_by_hand():
    """Of "1", "1 2": "1 2" by the unigrams of "1" alone, by Witten–Bell.

    They are 1 and the end, once each, so that 2 tokens have 2 types; events are 1, the
    end and an unknown word, such as 2: p(1) = p(end) = 1/4 + 2/4 · 1/3, p(2) = 2/4 · 1/3.
    """
    found = leave_one_out(*model_of([[1], [1, 2]], 1, "witten_bell"))
    p = np.exp(found.log_proba[-3:])
    np.testing.assert_allclose(p, [5 / 12, 1 / 6, 5 / 12])
    assert found.is_unknown.tolist() == [False] * 5 + [True, False]


@pytest.mark.parametrize(
    ("text", "n"), [([2, 1], 3), ([1, 1, 1], 3), ([3], 1), ([2, 2], 1), ([1] * 6, 6)]
)
def test_texts_that_were_not_learned_are_refused(text, n):
    """A text can only be left out of a model that has learned it, as often."""
    model, _ = model_of([[1, 2], [1]], n, "witten_bell")
    with pytest.raises(NeverLearnedError):
        leave_one_out(model, stream_of([[1], text]))
