"""The text generator: replies, conditions and explanations on top of a fitted model."""

from ._explanations import as_sample, explain_words, words_of
from ._messages import contexts
from ._reply_writer import first_words
from ._text_generator import NGramTextGenerator

__all__ = [
    "NGramTextGenerator",
    "as_sample",
    "contexts",
    "explain_words",
    "first_words",
    "words_of",
]
