"""Tests of `sklearn_sslm.words._word_ids`: integer rows, with their words and without."""

import copy
import pickle

import joblib
import numpy as np
import pytest
from _greetings import GREETINGS
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline

from sklearn_sslm import NGramTextGenerator, WordIndexTransformer

ROUND_TRIPS = {
    "a slice": lambda rows: rows[2:5],
    "every other row": lambda rows: rows[::2],
    "chosen rows": lambda rows: rows[[4, 0, 4]],
    "a mask": lambda rows: rows[np.arange(len(rows)) % 3 == 0],
    "fewer columns": lambda rows: rows[:, :4],
    "a copy": lambda rows: rows.copy(),
    "a deep copy": copy.deepcopy,
    "a pickle": lambda rows: pickle.loads(pickle.dumps(rows)),
    "a pickled slice": lambda rows: pickle.loads(pickle.dumps(rows[::-1])),
    "train_test_split": lambda rows: train_test_split(rows, random_state=0)[1],
    "np.take": lambda rows: np.take(rows, [1, 2], axis=0),
}


@pytest.mark.parametrize("trip", ROUND_TRIPS)
def test_rows_keep_their_words(trip):
    """However rows are chosen and carried about, they are answered in texts."""
    pipeline = make_pipeline(
        WordIndexTransformer(), NGramTextGenerator(n=2, random_state=0)
    ).fit(GREETINGS)
    index, model = pipeline
    rows = ROUND_TRIPS[trip](index.transform(GREETINGS))
    texts = index.inverse_transform(rows)
    replies = model.predict(rows)
    assert all(isinstance(reply, str) for reply in replies)
    assert replies.tolist() == pipeline.predict(texts).tolist()
    learned = NGramTextGenerator(n=2, random_state=0).fit(rows)
    assert all(isinstance(text, str) for text in learned.sample(2))


def test_rows_keep_their_words_in_a_file(tmp_path):
    """Rows that were dumped and loaded, memory-mapped or not, are answered in texts."""
    rows = WordIndexTransformer().fit_transform(GREETINGS)
    model = NGramTextGenerator(n=2, random_state=0).fit(rows)
    joblib.dump(rows, tmp_path / "rows.joblib")
    loaded = joblib.load(tmp_path / "rows.joblib")
    np.testing.assert_array_equal(loaded, rows)
    assert model.predict(loaded).tolist() == model.predict(rows).tolist()


def test_rows_of_another_word_index_are_refused():
    """Rows that carry other words never have their ids taken for ours."""
    model = NGramTextGenerator(n=2, random_state=0).fit(["a b c", "c d"])
    before = pickle.dumps(model)
    rows = WordIndexTransformer().fit_transform(["d c b a"])  # "d" is 1, our "a"
    for method in [model.predict, model.score, model.partial_fit, model.next_words]:
        with pytest.raises(ValueError, match="another WordIndexTransformer"):
            method(rows)
    assert pickle.dumps(model) == before


def test_rows_of_a_word_index_that_has_learned_on():
    """Words that the index learned later are unknown, until the model learns them."""
    index = WordIndexTransformer()
    model = NGramTextGenerator(n=2, random_state=0).fit(index.fit_transform(["a b"]))
    later = index.partial_fit(["b c", "z"]).transform(["b c", "a"])
    assert model.predict(later).tolist() == [model.fallback_response, "a b"]
    model.partial_fit(later)
    # "b" was the end once and followed by "c" once; "a" was once followed by "b" and
    # once the end; "z" is known, though no text with it was learned.
    proba = model.next_word_proba(index.transform(["b", "a"]))
    np.testing.assert_allclose(proba, [[0.5, 0, 0, 0.5, 0], [0.5, 0, 0.5, 0, 0]])
    assert model.word_index_.words_ == ["", "a", "b", "c", "z"]
    assert index.words_ == ["", "a", "b", "c", "z"]


# Without words ------------------------------------------------------------------------


def test_plain_rows_get_plain_rows_back():
    """Rows that carry no words are answered in rows of ids, padded with 0."""
    rows = np.array([[1, 2, 3, 0], [4, 2, 5, 0]])
    model = NGramTextGenerator(n=3, random_state=0).fit(rows)
    replies = model.predict(np.array([[1, 2], [4, 0]]))
    # 1 2 is followed by 3 and the end, 4 by 2, 5 and the end.
    assert replies.dtype == np.int32
    assert [[i for i in row if i] for row in replies.tolist()] == [[1, 2, 3], [4, 2, 5]]
    assert model.sample(4).dtype == np.int32
    # One of two rows, and then each step is the only one.
    np.testing.assert_allclose(model.score_samples(rows), np.log([1 / 2, 1 / 2]))


def test_a_row_without_padding_was_cut_off():
    """A row without any 0 teaches its words but no end."""
    model = NGramTextGenerator(n=2).fit(np.array([[1, 2], [1, 0]]))
    # 1 was followed by 2 once and by the end once; 2 was followed by nothing.
    np.testing.assert_allclose(
        model.next_word_proba(np.array([[1, 0]])), [[1 / 2, 0, 1 / 2]]
    )


@pytest.mark.filterwarnings("ignore:A text has probability 0:UserWarning")
def test_a_row_ends_at_its_first_zero():
    """What stands behind a 0 is not read."""
    model = NGramTextGenerator(n=2, random_state=0)
    model.fit(np.array([[1, 2, 0, 3, 1, 2], [2, 0, 1, 1, 1, 1]]))
    short = NGramTextGenerator(n=2, random_state=0).fit(
        np.array([[1, 2, 0], [2, 0, 0]])
    )
    rows = np.array([[1, 0, 2], [2, 0, 1]])
    np.testing.assert_array_equal(
        model.score_samples(rows), short.score_samples(rows * [1, 0, 0])
    )
    np.testing.assert_array_equal(model.predict(rows), model.predict(rows * [1, 0, 0]))


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int32, np.int64, np.uint64])
def test_rows_of_any_integer_type(dtype):
    """The type of the integers does not matter."""
    rows = np.array([[1, 2, 0], [1, 3, 0]], dtype=dtype)
    model = NGramTextGenerator(n=2).fit(rows)
    np.testing.assert_allclose(model.score_samples(rows), np.log([1 / 2, 1 / 2]))


def test_rows_may_be_lists_of_lists():
    """A list of rows of ints is read as an array is."""
    model = NGramTextGenerator(n=2).fit([[1, 2, 0], [1, 3, 0]])
    np.testing.assert_allclose(model.score_samples([[1, 2, 0]]), np.log([1 / 2]))


def test_rows_whose_words_were_forgotten_are_read_and_learned_again():
    """The model forgets a word that the transformer still knows, and finds its id again."""
    index = WordIndexTransformer().fit(["a b", "c d"])
    model = NGramTextGenerator(smoothing="witten_bell", random_state=0)
    model.fit(index.transform(["a b", "c d"])).partial_forget(index.transform(["a b"]))
    assert model.word_index_.words_ == ["", "", "", "c", "d"]
    assert model.predict(index.transform(["c"]))[0].startswith("c")
    assert model.predict(index.transform(["a"])).tolist() == [model.fallback_response]
    model.partial_fit(index.transform(["b a"]))
    assert model.word_index_.vocabulary_ == {"a": 1, "b": 2, "c": 3, "d": 4}
    fresh = NGramTextGenerator(smoothing="witten_bell").fit(
        index.transform(["c d", "b a"])
    )
    np.testing.assert_array_equal(
        model.next_word_proba(["a", "c"]), fresh.next_word_proba(["a", "c"])
    )


def test_an_id_given_to_another_word_meanwhile_is_refused():
    """The word comes back with a new id; rows with the old one are of another index."""
    index = WordIndexTransformer().fit(["a b", "c d"])
    model = NGramTextGenerator(random_state=0).fit(index.transform(["a b", "c d"]))
    model.partial_forget(["a b"]).partial_fit(["e a c"])
    assert model.word_index_.vocabulary_ == {"c": 3, "d": 4, "e": 1, "a": 2}
    for ask in (model.predict, model.partial_fit, model.partial_forget):
        with pytest.raises(ValueError, match="rows from another WordIndexTransformer"):
            ask(index.transform(["a"]))


def test_plain_rows_of_a_word_that_was_forgotten():
    """Its id cannot be learned without its word, and is read as unknown."""
    model = NGramTextGenerator(smoothing="witten_bell", random_state=0)
    model.fit(["a b", "c d"]).partial_forget(["a b"])
    with pytest.raises(ValueError, match=r"Got 1 in row 1, whose word was forgotten"):
        model.partial_fit([[3, 4, 0], [3, 1, 0]])
    assert model.n_texts_seen_ == 1
    assert model.score_samples([[3, 1, 0]]) == model.score_samples(["c zebra"])
