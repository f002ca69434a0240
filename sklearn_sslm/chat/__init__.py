"""Conversations with a model: the data set that a chat learns, and the chat page."""

from ._data_set import DataSet, NotLearnedError
from ._phrases import PHRASES, language_of_user
from ._room import Room
from ._server import serve

__all__ = [
    "PHRASES",
    "DataSet",
    "NotLearnedError",
    "Room",
    "language_of_user",
    "serve",
]
