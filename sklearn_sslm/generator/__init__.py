"""The text generator: replies, conditions and explanations on top of a fitted model."""

from ._answering import reply_and_words
from ._completions import checked_prefixes, ids_starting, likeliest_of
from ._explanations import explain_words
from ._first_words import first_words
from ._matching import matched
from ._messages import UnknownWordError, contexts, resolve
from ._reply_writer import ReplyWriter
from ._scores import TokenScores, check_unknown, scores_of_texts
from ._session import Session
from ._session_views import (
    NextWordShares,
    first_words_in_session,
    next_word_shares,
    reply_in_session,
    surprises_in_session,
)
from ._session_words import NewWords
from ._text_generator import NGramTextGenerator
from ._text_table import summed_by_text
from ._word_scorer import WordScorer

__all__ = [
    "NGramTextGenerator",
    "NewWords",
    "NextWordShares",
    "ReplyWriter",
    "Session",
    "TokenScores",
    "UnknownWordError",
    "WordScorer",
    "check_unknown",
    "checked_prefixes",
    "contexts",
    "explain_words",
    "first_words",
    "first_words_in_session",
    "ids_starting",
    "likeliest_of",
    "matched",
    "next_word_shares",
    "reply_and_words",
    "reply_in_session",
    "resolve",
    "scores_of_texts",
    "summed_by_text",
    "surprises_in_session",
]
