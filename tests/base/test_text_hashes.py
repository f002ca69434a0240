"""Tests of `sklearn_sslm.base._text_hashes`, and of estimators that keep them."""

import io
from collections import Counter

import joblib
import numpy as np
import pytest
from _engine import N_WORDS, corpora, corpora_with_cuts, stream_of
from hypothesis import given
from hypothesis import strategies as st

from sklearn_sslm import NGramTextGenerator
from sklearn_sslm.base import fitted_model
from sklearn_sslm.base._text_hashes import TextHashes, hashes_of
from sklearn_sslm.ngrams import TokenStream
from sklearn_sslm.saving import StateError


@given(corpora_with_cuts(), st.lists(st.integers(1, N_WORDS), max_size=4))
def test_just_the_texts_learned_are_known(corpus, other):
    """A text is known if and only if one like it was learned, cut off or not."""
    texts, closed = corpus
    learned = TextHashes().learn(stream_of(texts, closed), None)
    assert all(learned.has(text, None) for text in texts)
    assert learned.has(other, None) == (other in texts)
    assert len(learned) == len(texts)
    assert learned.hashes.nbytes == 8 * len({tuple(text) for text in texts})


@given(corpora, corpora)
def test_what_is_forgotten_is_known_as_often_as_it_is_left(texts, others):
    """After learning more and forgetting it, all is as if never learned."""
    before = TextHashes().learn(stream_of(texts), None)
    both = before.learn(stream_of(others), None)
    assert len(both) == len(texts) + len(others)
    after = both.forget(stream_of(others), None)
    np.testing.assert_array_equal(after.hashes, before.hashes)
    assert after.times == before.times
    merged = before.merge(TextHashes().learn(stream_of(others), None))
    np.testing.assert_array_equal(merged.hashes, both.hashes)
    assert merged.times == both.times
    counts = Counter(map(tuple, [*texts, *others]))
    left = both.forget(stream_of(texts), None)
    for text in counts:
        assert left.has(text, None) == (list(text) in others)


def test_of_a_pair_it_is_the_reply():
    """What is known are replies; messages are not."""
    pairs = TokenStream.from_pairs(
        (np.array([1, 2, 3]), np.array([2, 1])), (np.array([4, 5]), np.array([1, 1]))
    )
    learned = TextHashes().learn(pairs, None)
    assert learned.has([4], None)
    assert learned.has([5], None)
    assert not any(learned.has(text, None) for text in ([1, 2], [3], [1, 2, 0, 4]))


def test_words_in_another_order_are_another_text():
    """Places count, and so do words that are there twice."""
    texts = [[1, 2, 3], [3, 2, 1], [1, 1, 2], [1, 2, 2], [1, 2], [], [1]]
    assert len(set(hashes_of(stream_of(texts), None).tolist())) == len(texts)


def knows(model, text):
    """Whether a generator knows that it learned a text."""
    fitted = fitted_model(model)
    vocabulary = fitted.vocabulary
    ids = [vocabulary.get(word, -1) for word in text.split()]
    return fitted.text_hashes.has(ids, vocabulary)


def test_texts_are_kept_through_all_that_can_be_learned(tmp_path):
    """`partial_fit`, `partial_forget`, `merge`, files, saving and copies keep them."""
    model = NGramTextGenerator(novel=True).fit(["a b", "c d", "a b"])
    model.partial_fit(["e f"]).partial_forget(["c d", "a b"])
    assert [knows(model, text) for text in ("a b", "c d", "e f", "b a")] == [
        True,
        False,
        True,
        False,
    ]
    other = NGramTextGenerator(novel=True).fit(["x a", "e f"])
    model.merge(other)
    assert all(knows(model, text) for text in ("a b", "e f", "x a"))
    model.partial_forget(["e f"])
    assert knows(model, "e f")
    model.partial_forget(["e f"])
    assert not knows(model, "e f")
    data = io.BytesIO()
    joblib.dump(model, data)
    data.seek(0)
    again = joblib.load(data)
    for kept in (again, model.compact()):
        assert [knows(kept, text) for text in ("a b", "x a", "e f")] == [
            True,
            True,
            False,
        ]
    path = tmp_path / "texts.txt"
    path.write_text("a b\nc d\n", encoding="utf-8")
    of_files = NGramTextGenerator(novel=True, input="filename").fit([path])
    assert knows(of_files, "c d")
    assert fitted_model(NGramTextGenerator().fit(["a b"])).text_hashes is None


@pytest.mark.parametrize(
    "damage",
    [
        lambda arrays: arrays.pop("times"),
        lambda arrays: arrays.update(hashes=arrays["hashes"][::-1].copy()),
        lambda arrays: arrays["hashes"].fill(arrays["hashes"][0]),
        lambda arrays: arrays.update(hashes=arrays["hashes"].astype(np.int64)),
        lambda arrays: arrays.update(times=arrays["times"] * 0),
        lambda arrays: arrays.update(times=arrays["times"] + 1),
        lambda arrays: arrays.update(times=arrays["times"][1:]),
    ],
)
def test_damaged_hashes_are_refused(damage):
    """What is no set of hashes, or of other texts, is no model."""
    from sklearn_sslm.saving import seal

    state = NGramTextGenerator(novel=True).fit(["a b", "c d"]).__getstate__()
    del state["_sklearn_sslm"]  # whose checksum would refuse any change
    damage(state["text_hashes_"])
    with pytest.raises(StateError, match="hashes"):
        NGramTextGenerator().__setstate__(seal(state))
