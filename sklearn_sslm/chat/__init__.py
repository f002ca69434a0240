"""A conversation with a model: its data set, and the chat page."""

from ._data_set import DataSet, NotLearnedError
from ._room import Room
from ._server import serve

__all__ = [
    "DataSet",
    "NotLearnedError",
    "Room",
    "serve",
]
