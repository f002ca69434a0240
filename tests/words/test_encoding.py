"""Tests of `sklearn_sslm.words._batch_vocabulary` and `_encoding`."""

import contextlib
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sklearn_sslm import WordIndexTransformer
from sklearn_sslm.words import (
    BatchVocabulary,
    Tokenizer,
    Vocabulary,
    _batch_vocabulary,
    _encoding,
    encode,
    learn_texts,
)

parts = st.sampled_from([*"aab\0é\u2003\ud800 \n\t", "b" * 70])
texts_of_any_kind = st.lists(st.lists(parts, max_size=12).map("".join), max_size=6)


@contextlib.contextmanager
def split_as(how, *, piece=1 << 20):
    """Have texts split as str, or as arrays of bytes of so many at a time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_batch_vocabulary, "_FEW", 0 if how == "bytes" else 1 << 30)
        patch.setattr(_batch_vocabulary, "_MIN_PIECE", piece)
        patch.setattr(_batch_vocabulary, "_PIECE", piece)
        yield


def one_by_one(texts, known, next_id):
    """Ids by the definition: each word in turn, a new one getting the next id."""
    known = dict(known)
    ids = []
    for text in texts:
        for word in text.split():
            ids.append(known.setdefault(word, next_id + max(len(known), 0)))
    return ids, [len(text.split()) for text in texts]


@pytest.mark.parametrize("how", ["str", "bytes"])
@given(texts=texts_of_any_kind)
def test_ids_are_those_of_one_word_after_the_other(how, texts):
    """However texts are split, words get the ids that they get one by one."""
    vocabulary = BatchVocabulary({}, next_id=0)
    with split_as(how):
        ids, lengths = vocabulary.encode(texts)
    expected_ids, expected_lengths = one_by_one(texts, {}, 0)
    assert ids.tolist() == expected_ids
    assert lengths.tolist() == expected_lengths
    assert vocabulary.new_words == list(
        dict.fromkeys(word for text in texts for word in text.split())
    )


@pytest.mark.parametrize("how", ["str", "bytes"])
@given(texts=texts_of_any_kind)
def test_words_not_known_are_unknown_where_no_ids_are_given(how, texts):
    """Without a next id what is not in the vocabulary is −1."""
    with split_as(how):
        ids, _ = BatchVocabulary({"a": 1}).encode(texts)
    words = [word for text in texts for word in text.split()]
    assert ids.tolist() == [1 if word == "a" else -1 for word in words]


@pytest.mark.parametrize("how", ["str", "bytes"])
@given(texts=st.lists(st.text("aAbB \n", max_size=9), max_size=6))
def test_words_are_looked_up_after_preprocessing(how, texts):
    """However texts are split, ids and unknown words are those of the tokenizer's words."""
    with split_as(how):
        ids, lengths, unknown = encode(
            texts, Vocabulary(["", "a", "ab"]), Tokenizer(lowercase=True)
        )
    words = [word for text in texts for word in text.lower().split()]
    assert ids.tolist() == [{"a": 1, "ab": 2}.get(word, -1) for word in words]
    assert lengths.tolist() == [len(text.split()) for text in texts]
    assert unknown == [word for word in words if word not in ("a", "ab")]


@given(texts_of_any_kind, st.integers(1, 3), st.integers(1, 20))
def test_chunks_do_not_show(texts, size, piece):
    """However few texts or bytes are read at a time, ids and lengths are the same."""
    whole = BatchVocabulary({}, next_id=0).encode(texts)
    with pytest.MonkeyPatch.context() as patch, split_as("bytes", piece=piece):
        patch.setattr(_batch_vocabulary, "_CHUNK", size)
        chunked = BatchVocabulary({}, next_id=0).encode(texts)
    for one, other in zip(whole, chunked, strict=True):
        np.testing.assert_array_equal(one, other)


@given(st.lists(st.text("aÁ \r", max_size=9), max_size=6), st.booleans(), st.booleans())
def test_lines_are_texts_that_are_not_blank(texts, lowercase, ended):
    """Lines of UTF-8 have the ids of the same texts, but for those without a word."""
    lines, expected = BatchVocabulary({}, next_id=0), BatchVocabulary({}, next_id=0)
    data = "\n".join(texts).encode() + b"\n" * ended
    tokenizer = Tokenizer(lowercase=lowercase)
    ids, lengths = lines.encode_lines(io.BytesIO(data).readlines(), tokenizer)
    their_ids, their_lengths = expected.encode(texts, tokenizer)
    np.testing.assert_array_equal(ids, their_ids)
    np.testing.assert_array_equal(lengths, their_lengths[their_lengths > 0])
    assert lines.new_words == expected.new_words


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


@given(texts_of_any_kind, texts_of_any_kind)
def test_later_calls_give_the_same_ids(texts, more):
    """Ids that a vocabulary keeps of texts before are those that it gives without them."""
    before = Vocabulary(["", "a", "aa", "b" * 70])
    with split_as("bytes"):
        for vocabulary in (before, before.with_words(["é"]).without([1]), before):
            for some in (texts, more, texts):
                ids, _, unknown = encode(some, vocabulary)
                words = [word for text in some for word in text.split()]
                assert ids.tolist() == [vocabulary.get(word, -1) for word in words]
                assert unknown == [
                    word for word in words if vocabulary.get(word) is None
                ]
