"""Texts become n-gram counts, in a trie of sorted arrays."""

from ._key_table import KeyTable
from ._level import Level, LevelBase, LookUps, pack
from ._merging import (
    NeverLearnedError,
    merge,
    merged_levels,
    remaining_levels,
    subtract,
)
from ._renumbering import renumber, renumbered_levels
from ._sorting import WORD_BITS, blocks, first_children, for_each
from ._token_stream import BOUNDARY, TokenStream
from ._trie import NGramCounts, index_stream

__all__ = [
    "BOUNDARY",
    "WORD_BITS",
    "KeyTable",
    "Level",
    "LevelBase",
    "LookUps",
    "NGramCounts",
    "NeverLearnedError",
    "TokenStream",
    "blocks",
    "first_children",
    "for_each",
    "index_stream",
    "merge",
    "merged_levels",
    "pack",
    "remaining_levels",
    "renumber",
    "renumbered_levels",
    "subtract",
]
