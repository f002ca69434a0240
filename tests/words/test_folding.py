"""Tests of `sklearn_sslm.words._folding` and of what vocabularies do with it."""

import os
import pickle
import subprocess
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sklearn_sslm.words import Vocabulary, _folding, fold


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        ("Olá!", "ola"),
        ("O\u0301i?", "oi"),
        ("\u00bfQUÉ?", "que"),
        ("Straße", "strasse"),
        ("ﬁm", "fim"),
        ("d'água.", "d'agua"),
        ("oi😊", "oi"),
        ("?!", ""),
        ("123,", "123"),
        ("की", "की"),
    ],
)
def test_folding_by_hand(word, folded):
    """Case, accents, punctuation at the ends and compatible forms of letters are gone."""
    assert fold(word) == folded


@given(st.text(max_size=12))
def test_forms_of_unicode_are_folded_alike(word):
    """A word folds like its decomposed form, its capitals, and itself folded."""
    decomposed = unicodedata.normalize("NFD", word)
    assert fold(decomposed) == fold(unicodedata.normalize("NFC", word))
    assert fold(fold(word)) == fold(word)
    assert fold(f"({word})!") == fold(word)


def test_words_of_equal_hashes_are_told_apart(monkeypatch):
    """Hashes only say where to look: words that fold unlike each other are not alike."""
    monkeypatch.setattr(_folding, "hash", len, raising=False)
    assert Vocabulary(["", "ab", "AB!", "ba"]).alike("Ab") == [1, 2]


@given(
    st.lists(st.sampled_from(["a", "A", "á", "a!", "b", "B?", "!"]), unique=True),
    st.lists(st.sampled_from(["A.", "(a)", "ß", "b."]), unique=True),
    st.lists(st.integers(1, 12), unique=True),
)
def test_vocabularies_know_which_words_are_alike(words, more, gone):
    """Words learned and forgotten are found among those that fold alike, and no others."""
    vocabulary = Vocabulary(["", *words]).with_words(more)
    vocabulary.alike("a")
    vocabulary = vocabulary.without([j for j in gone if j < vocabulary.n_ids])
    vocabulary = vocabulary.with_words(["Á"] if "Á" not in vocabulary.ids else [])
    for asked in ("a", "B", "SS", "!", "x"):
        expected = [
            number
            for number, word in enumerate(vocabulary.words)
            if word and fold(word) and fold(word) == fold(asked)
        ]
        assert vocabulary.alike(asked) == expected


def test_copies_are_read_with_other_hashes(monkeypatch):
    """A pickle holds no hashes, which are those of a process."""
    with monkeypatch.context() as other:
        other.setattr(_folding, "hash", lambda word: hash((word, 1)), raising=False)
        folded = pickle.dumps(_folding.FoldedWords(["Olá!", "ola", "!"], ids=[1, 2, 3]))
    assert pickle.loads(folded).get("OLA") == [1, 2]


@pytest.mark.slow
@pytest.mark.parametrize("seed", ["1", "2"])
def test_copies_in_other_processes_find_words(seed):
    """Hashes of str are those of a process; a pickle is read with the hashes of another."""
    folded = _folding.FoldedWords(["Olá!", "ola", "!"], ids=[1, 2, 3])
    code = "import pickle, sys; print(pickle.load(sys.stdin.buffer).get('OLA'))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=pickle.dumps(folded),
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        check=True,
    )
    assert done.stdout.split() == [b"[1,", b"2]"]
