"""A conversation with a model: its data set, and the chat page."""

from ._data_set import DataSet, NotLearnedError
from ._page import serve
from ._room import Room

__all__ = [
    "DataSet",
    "NotLearnedError",
    "Room",
    "serve",
]
