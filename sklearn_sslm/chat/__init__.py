"""A conversation with a model: at the terminal, in a browser, and what is kept of it."""

from ._data_set import DataSet, NotLearnedError, as_line
from ._errors import UserError, decoded, reason, telling

__all__ = [
    "DataSet",
    "NotLearnedError",
    "UserError",
    "as_line",
    "decoded",
    "reason",
    "telling",
]
