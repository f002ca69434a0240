"""The text generator: replies, conditions and explanations on top of a fitted model."""

from ._answering import replies_in_blocks, reply_and_words
from ._completions import checked_prefixes, ids_starting, likeliest_of
from ._explanations import explain_words
from ._first_words import first_words
from ._messages import UnknownWordError, contexts
from ._sampled import sample_in_blocks
from ._scores import TokenScores, check_unknown
from ._session import Session
from ._session_views import (
    first_words_in_session,
    next_word_shares,
    reply_in_session,
    surprises_in_session,
)
from ._session_words import NewWords
from ._stateful_scorer import StatefulScorer
from ._text_generator import NGramTextGenerator
from ._text_table import summed_by_text
from ._word_scorer import WordScorer

__all__ = [
    "NGramTextGenerator",
    "NewWords",
    "Session",
    "StatefulScorer",
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
    "next_word_shares",
    "replies_in_blocks",
    "reply_and_words",
    "reply_in_session",
    "sample_in_blocks",
    "summed_by_text",
    "surprises_in_session",
]
