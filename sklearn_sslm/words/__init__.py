"""Texts become words, and words become ids."""

from ._checks import Samples, check_paths, check_texts, shown
from ._detokenizer import join_simply
from ._encoding import UNKNOWN, BatchVocabulary
from ._text_files import (
    FilePair,
    FilePart,
    NoTextError,
    TextFileError,
    decoded,
    open_texts,
    raw_lines,
    split,
    split_pairs,
)
from ._vocabulary import Vocabulary
from ._word_ids import WordIds
from ._word_index import UNKNOWN_WORD, WordIndexTransformer

__all__ = [
    "UNKNOWN",
    "UNKNOWN_WORD",
    "BatchVocabulary",
    "FilePair",
    "FilePart",
    "NoTextError",
    "Samples",
    "TextFileError",
    "Vocabulary",
    "WordIds",
    "WordIndexTransformer",
    "check_paths",
    "check_texts",
    "decoded",
    "join_simply",
    "open_texts",
    "raw_lines",
    "shown",
    "split",
    "split_pairs",
]
