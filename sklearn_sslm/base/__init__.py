"""What every estimator on the engine shares: samples read, texts learned, models saved."""

from ._batch import Batch, check_same_length, stream_of
from ._estimator import (
    NGramEstimator,
    checked_model,
    fitted_model,
    note_use,
    read,
    rebuilt_model,
    set_fitted,
    truncated,
)
from ._fitted import FittedModel
from ._fitted_checks import check_knows_counts
from ._smoothing_parameter import as_smoothing
from ._training import constraints_on

__all__ = [
    "Batch",
    "FittedModel",
    "NGramEstimator",
    "as_smoothing",
    "check_knows_counts",
    "check_same_length",
    "checked_model",
    "constraints_on",
    "fitted_model",
    "note_use",
    "read",
    "rebuilt_model",
    "set_fitted",
    "stream_of",
    "truncated",
]
