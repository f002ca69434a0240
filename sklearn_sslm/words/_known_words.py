"""Functions to get and set the vocabulary of a word index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._tokenizer import Tokenizer
from ._vocabulary import Vocabulary
from ._word_choice import given_vocabulary

if TYPE_CHECKING:
    from ._word_index import WordIndexTransformer


def vocabulary_of(index: WordIndexTransformer) -> Vocabulary:
    """The vocabulary of a fitted index."""
    return index._vocabulary


def vocabulary_in_use(index: WordIndexTransformer) -> Vocabulary:
    """The vocabulary of a fitted index, closed if the index is frozen."""
    if index.frozen and not index._vocabulary.is_closed:
        index._know(index._vocabulary.closed())
    return index._vocabulary


def initial_vocabulary(index: WordIndexTransformer) -> Vocabulary:
    """The vocabulary of an index before it learns words."""
    if index._is_settled:
        return vocabulary_in_use(index)
    if index.vocabulary is not None:
        return given_vocabulary(index.vocabulary)
    return Vocabulary()


def with_vocabulary(
    index: WordIndexTransformer, vocabulary: Vocabulary
) -> WordIndexTransformer:
    """An index with the same parameters and another vocabulary.

    Parameters
    ----------
    index : WordIndexTransformer
        It is not changed.
    vocabulary : Vocabulary

    Returns
    -------
    WordIndexTransformer
    """
    other: WordIndexTransformer = object.__new__(type(index))
    other.__dict__.update(index.__dict__)
    other._know(vocabulary)
    return other


def with_tokenizer(
    index: WordIndexTransformer, tokenizer: Tokenizer
) -> WordIndexTransformer:
    """An index with the same vocabulary and another tokenizer."""
    other = with_vocabulary(index, index._vocabulary)
    other.__dict__.update(vars(tokenizer))
    return other
