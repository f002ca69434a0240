"""Tests of `sklearn_sslm.words._tokenizer`."""

import pickle
import re

import pytest

from sklearn_sslm import WordIndexTransformer
from sklearn_sslm.words import Tokenizer, tokenizer_of


def test_it_splits_as_the_index_does():
    """The tokenizer of an index has its parameters, as they are now."""
    index = WordIndexTransformer(tokenizer=re.compile(r"\w+").findall, lowercase=True)
    assert tokenizer_of(index)("Olá, você!") == index.tokenize("Olá, você!")
    assert tokenizer_of(index.set_params(lowercase=False))("Olá") == ["Olá"]


def test_equal_ones_are_equal():
    """Tokenizers of the same function and case are equal, also after pickling."""
    tokenizer = Tokenizer(str.split, lowercase=True)
    assert pickle.loads(pickle.dumps(tokenizer)) == tokenizer
    assert tokenizer != Tokenizer(str.split) != Tokenizer()
    assert str(Tokenizer()) == "tokenizer=None and lowercase=False"


def test_empty_words_are_left_out():
    """What stands between two separators in a row is no word."""
    assert Tokenizer(lambda text: text.split(","))("a,,b,") == ["a", "b"]


def test_what_is_no_iterable_is_refused():
    """An error shows what the function returned."""
    with pytest.raises(TypeError, match=r"must return words, .* It returned 7"):
        Tokenizer(lambda _: 7)("a")
