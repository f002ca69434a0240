"""The base of all estimators: reading samples, learning texts, saving models."""

from ._batch import Batch, check_same_length, stream_of
from ._estimator import NGramEstimator
from ._fitted import FittedModel
from ._fitted_classes import FittedClasses
from ._learned_model import (
    checked_model,
    fitted_model,
    learning,
    read,
    rebuilt_model,
    set_fitted,
    truncated,
    written_by,
)
from ._one_sample import as_sample, words_of
from ._routing import RoutingRequest
from ._smoothing_parameter import as_smoothing
from ._training import Training, constraints_on

__all__ = [
    "Batch",
    "FittedClasses",
    "FittedModel",
    "NGramEstimator",
    "RoutingRequest",
    "Training",
    "as_sample",
    "as_smoothing",
    "check_same_length",
    "checked_model",
    "constraints_on",
    "fitted_model",
    "learning",
    "read",
    "rebuilt_model",
    "set_fitted",
    "stream_of",
    "truncated",
    "words_of",
    "written_by",
]
