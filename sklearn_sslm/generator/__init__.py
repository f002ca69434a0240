"""The text generator: replies, conditions and explanations on top of a fitted model."""

from ._answering import reply_and_words
from ._explanations import explain_words
from ._matching import matched
from ._messages import contexts, resolve
from ._reply_writer import ReplyWriter, first_words
from ._scores import check_unknown, scores_of_texts
from ._session import Session
from ._session_views import (
    NextWordShares,
    first_words_heard,
    next_word_shares,
    reply_heard,
    surprises_heard,
)
from ._text_generator import NGramTextGenerator
from ._word_scorer import WordScorer

__all__ = [
    "NGramTextGenerator",
    "NextWordShares",
    "ReplyWriter",
    "Session",
    "WordScorer",
    "check_unknown",
    "contexts",
    "explain_words",
    "first_words",
    "first_words_heard",
    "matched",
    "next_word_shares",
    "reply_and_words",
    "reply_heard",
    "resolve",
    "scores_of_texts",
    "surprises_heard",
]
