"""Tests of `sklearn_sslm.words._word_index` and of the rows that it makes."""

import copy
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.base import clone

from sklearn_sslm import NGramTextGenerator, WordIndexTransformer

words = st.sampled_from("a b c D Ä ü! «é» 你好 🙂 1 <unk> -1".split())
texts = st.lists(words, max_size=6).map(" ".join)
some_texts = st.lists(texts, min_size=1, max_size=6)
with_words = some_texts.filter(any)


def fit(*texts, **parameters):
    """An index of the words of some texts."""
    return WordIndexTransformer(**parameters).fit(list(texts))


@given(with_words)
def test_the_first_word_seen_is_word_1(texts):
    """Ids go by first appearance, without gaps; 0 is the empty string of the boundary."""
    index = fit(*texts)
    in_order = list(dict.fromkeys(word for text in texts for word in text.split()))
    assert index.words_ == ["", *in_order]
    assert index.vocabulary_ == {word: i for i, word in enumerate(in_order, start=1)}
    assert index.n_words_ == len(in_order)


@given(with_words)
def test_inverse_transform_gives_the_texts_back(texts):
    """Texts of known words survive the way there and back, white space aside."""
    index = fit(*texts)
    back = index.inverse_transform(index.transform(texts))
    assert back.tolist() == texts
    assert back.dtype == object


@given(
    with_words, st.sampled_from(["post", "pre"]), st.sampled_from([(0, -1), (-7, 0)])
)
def test_any_padding_can_be_read_back(texts, side, values):
    """Neither the side nor the value of the padding is lost on the way back."""
    padding, unknown = values
    index = WordIndexTransformer(
        padding=side, padding_value=padding, unknown_value=unknown
    )
    rows = index.fit_transform(texts)
    assert index.inverse_transform(rows).tolist() == texts


@given(with_words, some_texts)
def test_unknown_words_are_all_alike(known, asked):
    """A word without id becomes ``unknown_value``, and ``<unk>`` on the way back."""
    index = fit(*known, unknown_value=-9)
    rows = index.transform(asked)
    expected = [[index.vocabulary_.get(w, -9) for w in text.split()] for text in asked]
    assert [[j for j in row if j] for row in rows.tolist()] == expected
    back = [
        " ".join(w if w in index.vocabulary_ else "<unk>" for w in text.split())
        for text in asked
    ]
    assert index.inverse_transform(rows).tolist() == back


@pytest.mark.parametrize(
    ("padding", "truncating", "rows"),
    [
        ("post", "post", [[1, 2, 3], [1, 2, 3], [1, 0, 0], [0, 0, 0]]),
        ("post", "pre", [[1, 2, 3], [2, 3, 4], [1, 0, 0], [0, 0, 0]]),
        ("pre", "post", [[1, 2, 3], [1, 2, 3], [0, 0, 1], [0, 0, 0]]),
        ("pre", "pre", [[1, 2, 3], [2, 3, 4], [0, 0, 1], [0, 0, 0]]),
    ],
)
def test_padding_and_truncating_by_hand(padding, truncating, rows):
    """With ``max_length=3``, three words fit, four are cut and one is padded on a side."""
    index = fit("a b c d", max_length=3, padding=padding, truncating=truncating)
    texts = ["a b c", "a b c d", "a", ""]
    assert index.transform(texts).tolist() == rows


@given(
    with_words,
    some_texts,
    st.sampled_from(["post", "pre"]),
    st.sampled_from(["post", "pre"]),
    st.none() | st.integers(1, 8),
)
def test_padding_and_truncating(known, asked, padding, truncating, max_length):
    """Rows are what slicing and padding lists gives."""
    index = fit(*known, padding=padding, truncating=truncating, max_length=max_length)
    ids = [[index.vocabulary_.get(w, -1) for w in text.split()] for text in asked]
    width = max_length or max(map(len, ids)) + 1
    cut = [i[:width] if truncating == "post" else i[-width:] for i in ids]
    expected = [
        row + [0] * (width - len(row))
        if padding == "post"
        else [0] * (width - len(row)) + row
        for row in cut
    ]
    rows = index.transform(asked)
    assert rows.tolist() == expected
    assert rows.dtype == np.int32


def test_padding_value_fills_the_rows():
    """What is not a word is ``padding_value``; 0 is then no word either."""
    index = fit("a b", padding_value=-5)
    assert index.transform(["b a", "zebra"]).tolist() == [[2, 1, -5], [-1, -5, -5]]


def test_an_id_whose_word_was_forgotten_is_none():
    """Rows with such an id cannot be turned into texts, as any id that no word has."""
    model = NGramTextGenerator().fit(["a b", "x", "b c"]).partial_forget(["x"])
    index = model.word_index_
    assert index.inverse_transform([[1, 2], [4, 0]]).tolist() == ["a b", "c"]
    with pytest.raises(ValueError, match=r"must hold ids .* Got 3 in row 1"):
        index.inverse_transform([[1, 2], [3, 0]])


def test_lowercase():
    """With ``lowercase=True`` words that differ only in case are one, unknown or not."""
    index = fit("Olá OLÁ ÉÜ", lowercase=True)
    assert index.words_ == ["", "olá", "éü"]
    assert index.transform(["oLÁ éÜ X"]).tolist() == [[1, 2, -1, 0]]
    assert fit("Olá OLÁ").n_words_ == 2


def test_a_tokenizer_splits_texts():
    """``tokenizer`` says what the words of a text are; texts are lower-cased before it."""
    index = fit("A-b-A", tokenizer=lambda text: text.split("-"))
    assert index.words_ == ["", "A", "b"]
    lower = fit("A-b-A", tokenizer=lambda text: text.split("-"), lowercase=True)
    assert lower.words_ == ["", "a", "b"]
    # Any iterable of words will do.
    assert fit("abca", tokenizer=iter).words_ == ["", "a", "b", "c"]


def test_empty_words_of_a_tokenizer_are_left_out():
    """The empty string is the boundary, so it is never a word of a text."""
    index = fit("a  b ", tokenizer=lambda text: text.split(" "))
    assert index.words_ == ["", "a", "b"]
    assert index.tokenize(" a  b ") == ["a", "b"]
    assert index.transform(["", " a"]).tolist() == [[0, 0], [1, 0]]


@pytest.mark.parametrize("word", [None, 3, b"a", 1.5], ids=repr)
def test_words_of_a_tokenizer_are_str(word):
    """What a tokenizer returns beside words is named, and nothing is learned."""
    index = WordIndexTransformer(tokenizer=lambda text: ["a", word])
    message = f"The 'tokenizer' parameter .* It returned {word!r}"
    with pytest.raises(TypeError, match=message):
        index.fit(["x"])
    assert not hasattr(index, "vocabulary_")


@given(with_words, with_words)
def test_partial_fit_keeps_ids(first, more):
    """What was known keeps its id; new words get the next, as if all came at once."""
    index = fit(*first)
    before = dict(index.vocabulary_)
    index.partial_fit(more)
    assert before.items() <= index.vocabulary_.items()
    assert index.words_ == fit(*first, *more).words_
    assert index.n_words_ == len(index.words_) - 1


def test_partial_fit_begins_and_fit_forgets():
    """The first ``partial_fit`` is a ``fit``; a later ``fit`` begins anew."""
    index = WordIndexTransformer().partial_fit(["a b"])
    assert index.words_ == ["", "a", "b"]
    assert index.fit(["c"]).words_ == ["", "c"]


def test_partial_fit_may_bring_no_word():
    """Texts without words teach nothing where something is known already."""
    assert fit("a").partial_fit(["", " "]).words_ == ["", "a"]


@given(with_words, with_words)
def test_rows_keep_the_words_they_were_made_with(first, more):
    """A refit changes neither the words of rows made before nor those of a copy."""
    index = fit(*first)
    rows, shallow = index.transform(first), copy.copy(index)
    words, vocabulary = list(index.words_), dict(index.vocabulary_)
    index.partial_fit(more)
    index.fit(more)
    assert rows.words == words
    assert shallow.words_ == words
    assert shallow.vocabulary_ == vocabulary
    back = [
        " ".join(rows.words[j] for j in row.tolist() if j) for row in np.asarray(rows)
    ]
    assert back == first


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: rows[1:],
        lambda rows: rows[:, ::-1],
        lambda rows: rows[[0, 0]],
        lambda rows: rows.copy(),
        lambda rows: copy.deepcopy(rows),
        lambda rows: pickle.loads(pickle.dumps(rows)),
        lambda rows: rows.astype(np.int64),
    ],
    ids=["slice", "columns", "index", "copy", "deepcopy", "pickle", "astype"],
)
def test_what_is_made_of_rows_carries_their_words(change):
    """Slices, copies and pickles of rows know words, padding and values."""
    index = WordIndexTransformer(padding="pre", padding_value=-3, unknown_value=-2)
    changed = change(index.fit_transform(["a b", "b"]))
    assert changed.words == ["", "a", "b"]
    assert (changed.padding, changed.padding_value, changed.unknown_value) == (
        "pre",
        -3,
        -2,
    )


def test_fit_transform_is_fit_then_transform():
    """Both give the same rows, with the same words."""
    texts = ["b a", "c", ""]
    at_once, index = WordIndexTransformer().fit_transform(texts), fit(*texts)
    np.testing.assert_array_equal(at_once, index.transform(texts))
    assert at_once.words == index.words_


def test_a_clone_knows_no_words():
    """Parameters are cloned, knowledge is not."""
    index = clone(fit("a", max_length=3, lowercase=True))
    assert index.get_params()["max_length"] == 3
    assert index.get_params()["lowercase"] is True
    assert not hasattr(index, "vocabulary_")


@pytest.mark.parametrize("value", [0, -1, -4])
def test_padding_and_unknown_must_differ(value):
    """One value cannot mean both; the error says which it is."""
    index = WordIndexTransformer(padding_value=value, unknown_value=value)
    with pytest.raises(ValueError, match=f"must differ .* Got {value} for both"):
        index.fit(["a"])


def test_more_texts_than_are_read_at_a_time():
    """Words are numbered across the chunks in which many texts are read."""
    texts = [f"w{i} w{i // 2}" for i in range(20_000)]
    index = fit(*texts)
    expected = dict.fromkeys(word for text in texts for word in text.split())
    assert index.words_[1:] == list(expected)
    assert index.inverse_transform(index.transform(texts)).tolist() == texts


@pytest.mark.slow
def test_two_hundred_thousand_words():
    """A vocabulary of 200 000 words has no gaps, in one text or in as many texts."""
    words = [f"w{i}" for i in range(200_000)]
    assert fit(" ".join(words)).words_ == ["", *words]
    assert fit(*words).words_ == ["", *words]


@given(st.lists(st.text(min_size=1, max_size=5), min_size=1, max_size=8))
def test_a_pickled_index_knows_the_same_words(words):
    """Pickled, copied or not yet fitted, an index has the ids and words that it had."""
    index = WordIndexTransformer(tokenizer=_one_word).fit(words)
    for again in (pickle.loads(pickle.dumps(index)), copy.deepcopy(index)):
        assert again.vocabulary_ == index.vocabulary_
        assert again.words_ == index.words_
        assert again.n_words_ == index.n_words_
    unfitted = pickle.loads(pickle.dumps(WordIndexTransformer()))
    assert not hasattr(unfitted, "vocabulary_")


def _one_word(text):
    """A tokenizer to which a whole text is one word."""
    return [text]
