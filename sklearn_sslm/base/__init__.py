"""What every estimator on the engine shares: samples read, texts learned, models saved."""

from ._batch import Batch, check_same_length, stream_of
from ._estimator import (
    NGramEstimator,
    fitted_model,
    note_use,
    read,
    rebuilt_model,
    set_fitted,
    truncated,
)
from ._fitted import FittedModel
from ._fitted_checks import check_knows_counts
from ._reader import Reader
from ._rows import looks_like_rows
from ._smoothing_parameter import are_equal, as_smoothing

__all__ = [
    "Batch",
    "FittedModel",
    "NGramEstimator",
    "Reader",
    "are_equal",
    "as_smoothing",
    "check_knows_counts",
    "check_same_length",
    "fitted_model",
    "looks_like_rows",
    "note_use",
    "read",
    "rebuilt_model",
    "set_fitted",
    "stream_of",
    "truncated",
]
