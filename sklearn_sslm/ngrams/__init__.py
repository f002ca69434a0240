"""The engine: counts, scores and samples n-grams of integer ids.

It takes and returns NumPy arrays, knows no strings and no scikit-learn.
"""

from .conditions import ConditionalSampler, ConstraintAutomaton
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
from .generation import Continuations, Controls, beam_search, sample, sample_one
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
    "ConstraintAutomaton",
    "ContextStatistics",
    "Continuations",
    "Controls",
    "CountModel",
    "Explanation",
    "FrozenModel",
    "Level",
    "NGramCounts",
    "NeverLearnedError",
    "OnlineModel",
    "PackedIntegers",
    "RisingIntegers",
    "SmoothedCounts",
    "StoredCounts",
    "TokenStream",
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
    "sample_one",
    "subtract",
]
