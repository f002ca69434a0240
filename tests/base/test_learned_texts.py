"""Tests of `sklearn_sslm.base._learned_texts`."""

from collections import Counter

import numpy as np
import pytest
from _engine import corpora, stream_of
from hypothesis import given, settings
from hypothesis import strategies as st

from sklearn_sslm.base import _learned_texts
from sklearn_sslm.base._learned_texts import LearnedTexts
from sklearn_sslm.ngrams import NeverLearnedError


def counted(texts):
    """How often each text is there, boundaries included."""
    pairs = zip(texts.distinct.texts(), texts.times.tolist(), strict=True)
    return Counter({tuple(text): times for text, times in pairs})


@settings(max_examples=30)
@given(st.lists(corpora, min_size=1, max_size=5), st.integers(1, 3))
def test_texts_are_kept_until_they_are_forgotten(parts, most):
    """What is learned and not forgotten is there, as often as that, in whatever parts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_learned_texts, "_MAX_CHANGES", most)
        texts = LearnedTexts()
        for part in parts:
            texts = texts.learn(stream_of(part))
            assert len(texts.changes) <= max(
                most, 2
            )  # else memory grows with each call
        everything = Counter((0, *text, 0) for part in parts for text in part)
        assert counted(texts) == everything
        rest = texts.forget(stream_of(parts[0]))
    assert counted(rest) == everything - Counter((0, *text, 0) for text in parts[0])
    assert counted(texts) == everything  # it is a value


def test_places_of_texts():
    """`places` has the index of each text in `distinct`, repetitions included."""
    texts = LearnedTexts()
    for part in ([[1], [2, 1], [1]], [[], [2, 1]]):
        texts = texts.learn(stream_of(part))
    distinct = list(texts.distinct.texts())
    asked = [list(distinct[place]) for place in texts.places]
    assert asked == [[0, 1, 0], [0, 2, 1, 0], [0, 1, 0], [0, 0], [0, 2, 1, 0]]


def test_a_text_is_forgotten_no_more_often_than_it_was_learned():
    """The first text that is not there is named."""
    texts = LearnedTexts().learn(stream_of([[1], [2], [1]]))
    with pytest.raises(NeverLearnedError) as error:
        texts.forget(stream_of([[1], [1], [2], [1], [3]]))
    assert error.value.text == 3
    with pytest.raises(NeverLearnedError) as error:
        texts.forget(stream_of([[2], [1]]).weighted(np.array([1, 3], dtype=np.int32)))
    assert error.value.text == 1  # it was learned twice, not three times


def test_texts_of_others_get_their_ids():
    """Merged texts are those of both, in the ids of the first."""
    texts, other = (LearnedTexts().learn(stream_of(part)) for part in ([[1]], [[1, 2]]))
    merged = texts.merge(other, np.array([0, 3, 1]))
    assert counted(merged) == Counter({(0, 1, 0): 1, (0, 3, 1, 0): 1})
