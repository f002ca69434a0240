"""Tests of `sklearn_sslm.words._vocabulary`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sklearn_sslm.words import Vocabulary
from sklearn_sslm.words import _vocabulary as module

WORDS = [f"w{number}" for number in range(8)]


def assert_same(vocabulary, words):
    """A vocabulary answers as a list of words does, whatever it was made of."""
    # What takes all words at once comes last: it makes the list and the dict.
    for word in [*WORDS, "new"]:
        assert vocabulary.get(word, -1) == (words.index(word) if word in words else -1)
    asked = [*WORDS, "new"]
    assert vocabulary.ids_of(asked).tolist() == [vocabulary.get(w, -1) for w in asked]
    assert [vocabulary.word_of(number) for number in range(len(words))] == words
    assert vocabulary.n_ids == len(words)
    holes = [number for number, word in enumerate(words) if number and not word]
    assert vocabulary.unused_ids.tolist() == holes
    assert vocabulary.n_words == len(words) - 1 - len(holes)
    assert vocabulary.words == words
    assert vocabulary.ids == {word: j for j, word in enumerate(words) if word}


changes = st.lists(st.tuples(st.booleans(), st.sets(st.sampled_from(WORDS))))


@pytest.mark.parametrize("few", [0, module._FEW])
@given(st.lists(st.sampled_from(WORDS), unique=True), changes)
def test_words_come_and_go(few, words, steps):
    """New words get the ids that are free and then the next; the highest can be free."""
    words = ["", *words]
    vocabulary = Vocabulary(list(words))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_FEW", few)
        for learns, some in steps:
            if learns:
                new = sorted(some.difference(words))
                vocabulary, words = vocabulary.with_words(new), words.copy()
                free = [j for j, word in enumerate(words) if j and not word]
                for j, word in zip(free, new, strict=False):
                    words[j] = word
                words += new[len(free) :]
            else:
                gone = {words.index(word) for word in some.intersection(words)}
                vocabulary = vocabulary.without(gone)
                words = ["" if j in gone else word for j, word in enumerate(words)]
                while len(words) > 1 and not words[-1]:
                    words.pop()
    assert_same(vocabulary, words)


def test_what_a_vocabulary_was_made_of_stays():
    """Words learned and forgotten later do not come into the vocabulary before."""
    vocabulary = Vocabulary(["", "w0", "w1"])
    vocabulary.with_words(["w2"]).without([1])
    vocabulary.without([2]).with_words(["w3"])
    assert_same(vocabulary, ["", "w0", "w1"])
