"""Tests of `sklearn_sslm.words._beginnings`, and of vocabularies that use it."""

from hypothesis import given
from hypothesis import strategies as st

from sklearn_sslm.words import Vocabulary, fold
from sklearn_sslm.words._beginnings import SortedWords

words = st.text("aAáb!\U0001f600\uffff", max_size=4)
some_word = st.text("aAáb!\U0001f600\uffff", min_size=1, max_size=4)


@given(st.lists(words, max_size=12), words)
def test_words_that_begin_alike_are_found(known, prefix):
    """All words with a prefix are found, whatever their characters, and no others."""
    found = SortedWords(known, range(len(known))).starting(prefix)
    expected = [j for j, word in enumerate(known) if word and word.startswith(prefix)]
    assert sorted(found) == expected


@given(
    st.sets(some_word, min_size=4, max_size=12),
    st.integers(0, 4),
    some_word,
    st.booleans(),
)
def test_a_vocabulary_that_changed_finds_its_words(known, n_old, prefix, folded):
    """Words that were learned or forgotten later, and ids used again, make no odds."""
    known = sorted(known)
    old, new = known[: n_old + 2], known[n_old + 2 :]
    vocabulary = Vocabulary(["", *old])
    vocabulary.starting(prefix, folded)  # made before the changes
    vocabulary = vocabulary.without([1]).with_words(new).without([2])
    compared = [fold(word) if folded else word for word in vocabulary.words]
    begin = fold(prefix) if folded else prefix
    expected = [
        j for j, word in enumerate(compared) if begin and word.startswith(begin)
    ]
    assert vocabulary.starting(prefix, folded) == expected


def test_the_unknown_word_of_a_closed_vocabulary_is_no_completion():
    """Nobody who types "<" means the word that stands for all unknown ones."""
    assert Vocabulary(["", "<a>"]).closed().starting("<") == [1]
