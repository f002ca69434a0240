"""Conversion of fitted models to plain arrays and numbers, for saving, and back."""

from ._checked_arrays import is_mapped
from ._class_arrays import (
    pack_class_counts,
    pack_compact_classes,
    unpack_class_counts,
    unpack_compact_classes,
)
from ._compact_arrays import pack_compact, unpack_compact
from ._count_arrays import pack_counts, unpack_counts
from ._envelope import LAYOUT, StateError, check_names, seal, unseal, version_of
from ._probability_arrays import pack_backoff, unpack_backoff
from ._word_list import pack_words, unpack_words

__all__ = [
    "LAYOUT",
    "StateError",
    "check_names",
    "is_mapped",
    "pack_backoff",
    "pack_class_counts",
    "pack_compact",
    "pack_compact_classes",
    "pack_counts",
    "pack_words",
    "seal",
    "unpack_backoff",
    "unpack_class_counts",
    "unpack_compact",
    "unpack_compact_classes",
    "unpack_counts",
    "unpack_words",
    "unseal",
    "version_of",
]
