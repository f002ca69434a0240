"""Tokenization of texts, and ids of words."""

from ._batch_vocabulary import UNKNOWN, BatchVocabulary
from ._checks import Samples, check_paths, check_texts, shown
from ._detokenizer import join_simply
from ._encoding import encode, learn_texts, learn_words
from ._folding import fold, unstretched
from ._index_parameters import check_index, choice_of, tokenizer_of
from ._known_words import (
    initial_vocabulary,
    vocabulary_of,
    with_tokenizer,
    with_vocabulary,
)
from ._pairing import is_balanced
from ._subword import SubwordTokenizer
from ._text_files import (
    FilePair,
    FilePart,
    NoTextError,
    NotUtf8Error,
    TextFileError,
    decoded,
    not_wide,
    open_texts,
    raw_lines,
    split,
    split_pairs,
)
from ._tokenizer import Tokenizer
from ._vocabulary import UNKNOWN_WORD, Vocabulary
from ._word_choice import WordChoice
from ._word_ids import WordIds
from ._word_index import WordIndexTransformer

__all__ = [
    "UNKNOWN",
    "UNKNOWN_WORD",
    "BatchVocabulary",
    "FilePair",
    "FilePart",
    "NoTextError",
    "NotUtf8Error",
    "Samples",
    "SubwordTokenizer",
    "TextFileError",
    "Tokenizer",
    "Vocabulary",
    "WordChoice",
    "WordIds",
    "WordIndexTransformer",
    "check_index",
    "check_paths",
    "check_texts",
    "choice_of",
    "decoded",
    "encode",
    "fold",
    "initial_vocabulary",
    "is_balanced",
    "join_simply",
    "learn_texts",
    "learn_words",
    "not_wide",
    "open_texts",
    "raw_lines",
    "shown",
    "split",
    "split_pairs",
    "tokenizer_of",
    "unstretched",
    "vocabulary_of",
    "with_tokenizer",
    "with_vocabulary",
]
