"""Fitted models as plain arrays and numbers, in a checked envelope."""

from ._arrays import (
    is_mapped,
    pack_backoff,
    pack_compact,
    pack_counts,
    unpack_backoff,
    unpack_compact,
    unpack_counts,
)
from ._class_arrays import (
    pack_class_counts,
    pack_compact_classes,
    unpack_class_counts,
    unpack_compact_classes,
)
from ._envelope import LAYOUT, StateError, check_names, seal, unseal, version_of
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
