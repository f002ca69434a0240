"""Tests of `sklearn_sslm.ngrams.classes._class_counts`."""

import numpy as np
import pytest
from _counts import assert_same_counts
from _engine import N_WORDS, stream_of
from _labelled import N_CLASSES, count, labelled_texts
from hypothesis import given, settings
from hypothesis import strategies as st

from sklearn_sslm.ngrams import ClassCounts, NeverLearnedError, NGramCounts, TokenStream


def assert_same(counts, other):
    """The same n-grams, and the same entries by class, types and all."""
    assert_same_counts(counts.counts, other.counts)
    np.testing.assert_array_equal(counts.n_texts, other.n_texts)
    for mine, theirs in zip(counts.by_class, other.by_class, strict=True):
        assert mine.shape == theirs.shape
        for name in ("data", "indices", "indptr"):
            one, two = getattr(mine, name), getattr(theirs, name)
            np.testing.assert_array_equal(one, two, err_msg=name)
            assert one.dtype == two.dtype == np.int32, name


def test_each_ngram_is_counted_in_each_class():
    """Of "1 2", "1" in class 0 and "1 2 2" in class 2, 2-grams and words by class."""
    texts = [([1, 2], 0, True), ([1], 0, True), ([1, 2, 2], 2, True)]
    counts = count(texts, n=2, n_ids=3)
    # ends of texts, word 1, word 2
    expected = [[2, 0, 1], [2, 0, 1], [1, 0, 2]]
    assert counts.by_class[0].toarray().tolist() == expected
    # 2-grams: start 1, 1 end, 1 2, 2 end, 2 2
    expected = [[2, 0, 1], [1, 0, 0], [1, 0, 1], [1, 0, 1], [0, 0, 1]]
    assert counts.by_class[1].toarray().tolist() == expected
    assert counts.n_texts.tolist() == [2, 0, 1]


@settings(max_examples=15)
@given(texts=labelled_texts, n=st.integers(1, 4))
def test_the_counts_of_a_class_are_those_of_its_texts(texts, n):
    """A column of counts is what counting the texts of this class alone gives."""
    counts = count(texts, n)
    for label in range(N_CLASSES):
        own = [text for text in texts if text[1] == label]
        expected = count(own, n).counts if own else None
        for k, part in enumerate(counts.by_class, start=1):
            column = part.toarray()[:, label]
            if expected is None or k > len(expected.levels):
                assert not column.any()
            else:
                level = expected.levels[k - 1]
                kept = slice(None) if k == 1 else column > 0
                np.testing.assert_array_equal(column[kept], level.count)


@settings(max_examples=15)
@given(texts=labelled_texts, n=st.integers(1, 4), random=st.randoms())
def test_texts_may_come_in_any_order(texts, n, random):
    """Counts are those of the same texts in another order."""
    shuffled = random.sample(texts, len(texts))
    assert_same(count(texts, n), count(shuffled, n))


@settings(max_examples=15)
@given(texts=labelled_texts, others=labelled_texts, n=st.integers(1, 4))
def test_counts_add_up_and_are_taken_away(texts, others, n):
    """Merging is counting all texts; subtracting what was merged is never having."""
    counts, part = count(texts, n), count(others, n)
    both = counts.merge(part)
    assert_same(both, count([*texts, *others], n))
    assert_same(both.subtract(part), counts)


@settings(max_examples=15)
@given(texts=labelled_texts, n=st.integers(1, 4), seed=st.integers(0, 9))
def test_words_get_other_ids(texts, n, seed):
    """Renumbering counts is counting texts of other ids; so are ids without words."""
    ids = np.append(0, 1 + np.random.default_rng(seed).permutation(N_WORDS + 2))
    ids = ids[: N_WORDS + 1]
    moved = [(ids[text].tolist(), *rest) for text, *rest in texts]
    renumbered = count(texts, n).renumber(ids, N_WORDS + 3)
    assert_same(renumbered, count(moved, n, N_WORDS + 3))
    assert_same(count(texts, n).with_ids(N_WORDS + 3), count(texts, n, N_WORDS + 3))
    assert_same(count(texts, n, N_WORDS + 3).with_ids(N_WORDS + 1), count(texts, n))


@settings(max_examples=15)
@given(texts=labelled_texts, n=st.integers(1, 3))
def test_classes_get_other_numbers(texts, n):
    """Numbers of classes may rise, as when there are new ones between them."""
    places = np.array([1, 2, 4])
    moved = [(text, int(places[label]), ends) for text, label, ends in texts]
    expected = count(moved, n, n_classes=5)
    assert_same(count(texts, n).with_classes(places, 5), expected)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (([1, 2], 1, True), "it was learned in class 0"),
        (([2, 1], 0, True), "its n-grams were not"),
        (([1], 0, False), "it was learned with more words"),
    ],
)
def test_what_a_class_never_learned_is_not_taken_away(text, why):
    """A count of a class never falls below zero, nor below those of what follows."""
    counts = count([([1, 2], 0, True), ([1, 2], 0, True), ([2, 2], 1, True)], 2)
    with pytest.raises(NeverLearnedError):
        counts.subtract(count([text], 2))


def test_a_text_without_end_of_one_class_is_no_other_classes():
    """Class 1 learned "1 …" without an end; class 0, with one, cannot forget that."""
    counts = count([([1, 2], 0, True), ([1], 1, False)], 2)
    with pytest.raises(NeverLearnedError):
        counts.subtract(count([([1], 0, False)], 2))
    rest = counts.subtract(count([([1], 1, False)], 2))
    assert_same(rest, count([([1, 2], 0, True)], 2))


def test_all_texts_together_are_counted_as_ever():
    """The trie below is that of `NGramCounts`."""
    texts = [([1, 2], 0, True), ([1, 2, 2], 2, True)]
    expected = NGramCounts.from_stream(stream_of([[1, 2], [1, 2, 2]]), 3, N_WORDS + 1)
    assert_same_counts(count(texts, 3).counts, expected)


def test_a_class_forgets_no_more_texts_than_it_has():
    """A text that has no n-gram, as it was cut off at once, counts as a text."""
    words, none = np.array([1, 2]), np.zeros(0, dtype=np.int64)
    learned = TokenStream.from_texts(words, np.array([2]))
    empty = TokenStream.from_texts(none, np.array([0]), closed=np.array([False]))
    counts = ClassCounts.from_stream(learned, np.array([0]), 2, 2, n_ids=3)
    other = ClassCounts.from_stream(empty, np.array([1]), 2, 2, n_ids=3)
    with pytest.raises(NeverLearnedError):
        counts.subtract(other)
