"""Probabilities of texts and of next words, and what they are made of."""

from ._explaining import Explanation, explain, explain_texts, known_contexts
from ._scoring import log_probabilities, next_word_candidates, next_word_probabilities

__all__ = [
    "Explanation",
    "explain",
    "explain_texts",
    "known_contexts",
    "log_probabilities",
    "next_word_candidates",
    "next_word_probabilities",
]
