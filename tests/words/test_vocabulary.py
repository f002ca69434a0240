"""Tests of `sklearn_sslm.words._vocabulary`."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sklearn_sslm.words import Vocabulary
from sklearn_sslm.words import _vocabulary as module
from sklearn_sslm.words._byte_words import ByteWords
from sklearn_sslm.words._word_cache import NOT_CACHED, WordCache

WORDS = [f"w{number}" for number in range(8)]


def keep(vocabulary, words):
    """Let a vocabulary keep the ids that were found of words."""
    found, words_of = WordCache(), ByteWords.of(" ".join(words).encode())
    found.add(words_of, np.arange(len(words)), vocabulary.ids_of(words))
    vocabulary.keep(found)


def kept(vocabulary, words):
    """The ids that a vocabulary has kept of words, `NOT_CACHED` for others."""
    ids = vocabulary.cached_ids(ByteWords.of(" ".join(words).encode()))
    return [NOT_CACHED] * len(words) if ids is None else ids.tolist()


def assert_same(vocabulary, words):
    """A vocabulary answers as a list of words does, whatever it was made of."""
    # What takes all words at once comes last: it makes the list and the dict.
    for word in [*WORDS, "new"]:
        assert vocabulary.get(word, -1) == (words.index(word) if word in words else -1)
    asked = [*WORDS, "new"]
    assert vocabulary.ids_of(asked).tolist() == [vocabulary.get(w, -1) for w in asked]
    for word, number in zip(asked, kept(vocabulary, asked), strict=True):
        assert number in (NOT_CACHED, vocabulary.get(word))
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
            keep(vocabulary, WORDS)
    assert_same(vocabulary, words)


def test_ids_that_were_found_are_kept_while_they_hold():
    """Known words keep their ids in vocabularies made from one, forgotten words have none."""
    before = Vocabulary(["", "w0", "w1", "w2"])
    keep(before, WORDS[:4])
    after = before.with_words(["w3"]).without([1, 3])
    assert kept(before, WORDS[:4]) == [1, 2, 3, NOT_CACHED]
    assert kept(after, WORDS[:4]) == [NOT_CACHED, 2, NOT_CACHED, NOT_CACHED]
    again = after.with_words(["w0"])
    assert kept(again, WORDS[:2]) == [NOT_CACHED, 2]


def test_few_words_are_not_kept_beside_many(monkeypatch):
    """What is kept is copied only to become larger by an eighth."""
    monkeypatch.setattr(module, "_COPIED", 2)
    vocabulary = Vocabulary(["", *WORDS])
    keep(vocabulary, WORDS[:4])
    keep(vocabulary, WORDS[4:6])
    assert kept(vocabulary, WORDS[4:6]) == [NOT_CACHED] * 2
    keep(vocabulary, WORDS[4:7])
    assert kept(vocabulary, WORDS) == [*range(1, 8), NOT_CACHED]


@pytest.mark.parametrize("few", [0, module._FEW])
def test_what_a_vocabulary_was_made_of_stays(monkeypatch, few):
    """Words learned and forgotten later do not come into the vocabulary before."""
    monkeypatch.setattr(module, "_FEW", few)
    vocabulary = Vocabulary(["", "w0", "w1"])
    vocabulary.with_words(["w2"]).without([1])
    vocabulary.without([2]).with_words(["w3"])
    assert_same(vocabulary, ["", "w0", "w1"])
