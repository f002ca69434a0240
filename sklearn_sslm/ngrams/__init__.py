"""The engine: counts, scores and samples n-grams of integer ids.

It takes and returns NumPy arrays, knows no strings and no scikit-learn.
"""

from .conditions import ConditionalSampler, WordAutomaton
from .counting import (
    BOUNDARY,
    Level,
    NeverLearnedError,
    NGramCounts,
    TokenStream,
    merge,
    renumber,
    subtract,
)
from .generation import Controls, Lanes, beam_search, sample, walk
from .models import (
    BackoffModel,
    ContextStatistics,
    CountModel,
    FrozenModel,
    OnlineModel,
    PackedIntegers,
    RisingIntegers,
    SmoothedCounts,
    StoredCounts,
    changed,
    counted,
    is_worn,
)
from .scoring import (
    Explanation,
    explain,
    explain_texts,
    known_contexts,
    log_probabilities,
    next_word_probabilities,
)

__all__ = [
    "BOUNDARY",
    "BackoffModel",
    "ConditionalSampler",
    "ContextStatistics",
    "Controls",
    "CountModel",
    "Explanation",
    "FrozenModel",
    "Lanes",
    "Level",
    "NGramCounts",
    "NeverLearnedError",
    "OnlineModel",
    "PackedIntegers",
    "RisingIntegers",
    "SmoothedCounts",
    "StoredCounts",
    "TokenStream",
    "WordAutomaton",
    "beam_search",
    "changed",
    "counted",
    "explain",
    "explain_texts",
    "is_worn",
    "known_contexts",
    "log_probabilities",
    "merge",
    "next_word_probabilities",
    "renumber",
    "sample",
    "subtract",
    "walk",
]
