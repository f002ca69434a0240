"""What every estimator on the engine shares: samples read, texts learned, models saved."""

from ._learning import (
    check_knows_counts,
    check_leaves_none_out,
    forgotten,
    learned,
    merged,
    up_to,
)
from ._reader import Batch, Reader, check_same_length, looks_like_rows, stream_of
from ._smoothing_parameter import are_equal, as_smoothing
from ._state import pack, unpack

__all__ = [
    "Batch",
    "Reader",
    "are_equal",
    "as_smoothing",
    "check_knows_counts",
    "check_leaves_none_out",
    "check_same_length",
    "forgotten",
    "learned",
    "looks_like_rows",
    "merged",
    "pack",
    "stream_of",
    "unpack",
    "up_to",
]
