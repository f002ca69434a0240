"""The engine: counts, scores and samples n-grams of integer ids.

It takes and returns NumPy arrays, knows no strings and no scikit-learn.
"""

from ._backoff_form import BackoffForm, backoff_forms, unknown_probability
from ._backoff_levels import StoredNGramError, StoredNGrams, backoff_model
from ._backoff_model import BackoffModel
from ._beam_search import beam_search
from ._conditional import ConditionalSampler
from ._controls import Controls
from ._count_model import NO_IDS, CountModel
from ._counts import Level, NGramCounts
from ._key_table import KeyTable
from ._lanes import Lanes
from ._learning import changed, is_worn, settled
from ._merging import NeverLearnedError, merge, subtract
from ._online_model import OnlineModel
from ._sampling import sample
from ._scoring import log_probabilities, next_word_probabilities
from ._smoothed_counts import ContextStatistics, SmoothedCounts
from ._token_stream import BOUNDARY, TokenStream
from ._walk import walk
from ._word_automaton import WordAutomaton

__all__ = [
    "BOUNDARY",
    "BackoffForm",
    "BackoffModel",
    "ConditionalSampler",
    "ContextStatistics",
    "Controls",
    "CountModel",
    "KeyTable",
    "Lanes",
    "Level",
    "NGramCounts",
    "NO_IDS",
    "NeverLearnedError",
    "OnlineModel",
    "SmoothedCounts",
    "StoredNGramError",
    "StoredNGrams",
    "TokenStream",
    "WordAutomaton",
    "backoff_forms",
    "backoff_model",
    "beam_search",
    "changed",
    "is_worn",
    "log_probabilities",
    "merge",
    "next_word_probabilities",
    "sample",
    "settled",
    "subtract",
    "unknown_probability",
    "walk",
]
