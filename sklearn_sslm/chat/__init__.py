"""A conversation with a model: at the terminal, in a browser, and what is kept of it."""

from ._data_set import DataSet, NotLearnedError, as_line
from ._errors import UserError, as_user_error, decoded, message_of

__all__ = [
    "DataSet",
    "NotLearnedError",
    "UserError",
    "as_line",
    "as_user_error",
    "decoded",
    "message_of",
]
