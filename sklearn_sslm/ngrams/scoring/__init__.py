"""Probabilities of texts and of next words, and explanations of these."""

from ._array_scorer import precomputed_scorer, scorer_for, scorer_of
from ._explaining import (
    Explanation,
    Origins,
    explain_texts,
    known_contexts,
    order_shares,
    origins,
)
from ._likeliest import likeliest_words, unigram_probabilities
from ._looking_up import look_up_ngrams
from ._scorer import Scorer
from ._scoring import (
    StreamScores,
    log_probabilities,
    next_word_candidates,
    next_word_probabilities,
    score_stream,
)
from ._surprises import TokenSurprises, token_surprises

__all__ = [
    "Explanation",
    "Origins",
    "Scorer",
    "StreamScores",
    "TokenSurprises",
    "explain_texts",
    "known_contexts",
    "likeliest_words",
    "log_probabilities",
    "look_up_ngrams",
    "next_word_candidates",
    "next_word_probabilities",
    "order_shares",
    "origins",
    "precomputed_scorer",
    "score_stream",
    "scorer_for",
    "scorer_of",
    "token_surprises",
    "unigram_probabilities",
]
