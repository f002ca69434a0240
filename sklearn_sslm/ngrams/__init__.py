"""The engine: counts, scores and samples n-grams of integer ids.

It takes and returns NumPy arrays, knows no strings and no scikit-learn.
"""

from ._counts import Level, NGramCounts
from ._merging import merge
from ._sampling import sample
from ._scoring import log_probabilities, next_word_probabilities
from ._smoothed_counts import ContextStatistics, SmoothedCounts
from ._token_stream import BOUNDARY, TokenStream
from ._walk import walk

__all__ = [
    "BOUNDARY",
    "ContextStatistics",
    "Level",
    "NGramCounts",
    "SmoothedCounts",
    "TokenStream",
    "log_probabilities",
    "next_word_probabilities",
    "merge",
    "sample",
    "walk",
]
