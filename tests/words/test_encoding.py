"""Words of many texts become ids."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sklearn_sslm import WordIndexTransformer
from sklearn_sslm.words import Tokenizer, Vocabulary, _encoding, learn_texts
from sklearn_sslm.words._encoding import BatchVocabulary

texts_of_any_kind = st.lists(st.text("ab\0 \n\té", max_size=12), max_size=6)


def one_by_one(texts, known, next_id):
    """Ids by the definition: each word in turn, a new one getting the next id."""
    known = dict(known)
    ids = []
    for text in texts:
        for word in text.split():
            ids.append(known.setdefault(word, next_id + max(len(known), 0)))
    return ids, [len(text.split()) for text in texts]


@given(texts_of_any_kind)
def test_ids_are_those_of_one_word_after_the_other(texts):
    """Texts split together give the ids of texts split one by one, NUL words too."""
    vocabulary = BatchVocabulary({}, next_id=0)
    ids, lengths = vocabulary.encode(texts)
    expected_ids, expected_lengths = one_by_one(texts, {}, 0)
    assert ids.tolist() == expected_ids
    assert lengths.tolist() == expected_lengths
    assert vocabulary.new_words == list(
        dict.fromkeys(word for text in texts for word in text.split())
    )


@given(texts_of_any_kind)
def test_words_not_known_are_unknown_where_no_ids_are_given(texts):
    """Without a next id what is not in the vocabulary is −1, the separator included."""
    ids, _ = BatchVocabulary({"a": 1}).encode(texts)
    words = [word for text in texts for word in text.split()]
    assert ids.tolist() == [1 if word == "a" else -1 for word in words]


@given(texts_of_any_kind, st.integers(1, 3))
def test_chunks_do_not_show(texts, size):
    """However few texts are read at a time, ids and lengths are the same."""
    whole = BatchVocabulary({}, next_id=0).encode(texts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_encoding, "_CHUNK", size)
        chunked = BatchVocabulary({}, next_id=0).encode(texts)
    for one, other in zip(whole, chunked, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("n_jobs", [2, 3])
def test_processes_do_not_show(monkeypatch, n_jobs):
    """Read by several processes, words get the ids that one process gives them."""
    rng = np.random.default_rng(0)
    texts = [" ".join(f"w{i}" for i in rng.zipf(1.3, 9) % 500) for _ in range(200)]
    texts[3] += " \0 \0"  # a word, even if texts are joined by it
    known = Vocabulary(["", "w1", "w7"])
    alone = learn_texts(texts, known, Tokenizer(), "Model")
    monkeypatch.setattr(_encoding, "_MIN_PARALLEL_LENGTH", 0)
    together = learn_texts(texts, known, Tokenizer(), "Model", n_jobs=n_jobs)
    for one, other in zip(alone[:2], together[:2], strict=True):
        np.testing.assert_array_equal(one, other)
    assert together[2].words == alone[2].words


@pytest.mark.parametrize("returned", [None, [["a"]], [1], 7])
def test_a_tokenizer_that_gives_no_words_is_named(returned):
    """What a tokenizer returns in place of words is shown, in fit and in transform."""
    fitted = WordIndexTransformer().fit(["a"]).set_params(tokenizer=lambda _: returned)
    with pytest.raises(TypeError, match=r"'tokenizer' parameter .* It returned"):
        WordIndexTransformer(tokenizer=lambda _: returned).fit(["a"])
    with pytest.raises(TypeError, match=r"'tokenizer' parameter .* It returned"):
        fitted.transform(["a"])
