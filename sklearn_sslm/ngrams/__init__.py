"""The engine: counts, scores and samples n-grams of integer ids.

It takes and returns NumPy arrays, knows no strings and no scikit-learn.
"""

from ._backoff_form import BackoffForm, backoff_forms, unknown_probability
from ._backoff_levels import StoredNGramError, StoredNGrams, backoff_model
from ._backoff_model import BackoffModel
from ._beam_search import beam_search
from ._conditional import ConditionalSampler
from ._controls import Controls
from ._count_model import CountModel
from ._counts import Level, NGramCounts
from ._explaining import Explanation, explain, explain_texts, known_contexts
from ._frozen_model import FrozenModel, StoredCounts
from ._key_table import KeyTable
from ._lanes import Lanes
from ._learning import changed, counted, is_worn
from ._merging import NeverLearnedError, merge, subtract
from ._online_model import OnlineModel
from ._packed_integers import PackedIntegers
from ._packing import (
    is_mapped,
    pack_backoff,
    pack_compact,
    pack_counts,
    unpack_backoff,
    unpack_compact,
    unpack_counts,
)
from ._renumbering import renumber
from ._rising_integers import RisingIntegers
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
    "Explanation",
    "FrozenModel",
    "KeyTable",
    "Lanes",
    "Level",
    "NGramCounts",
    "NeverLearnedError",
    "OnlineModel",
    "PackedIntegers",
    "RisingIntegers",
    "SmoothedCounts",
    "StoredCounts",
    "StoredNGramError",
    "StoredNGrams",
    "TokenStream",
    "WordAutomaton",
    "backoff_forms",
    "backoff_model",
    "beam_search",
    "changed",
    "counted",
    "explain",
    "explain_texts",
    "is_mapped",
    "is_worn",
    "known_contexts",
    "log_probabilities",
    "merge",
    "next_word_probabilities",
    "pack_backoff",
    "pack_compact",
    "pack_counts",
    "renumber",
    "sample",
    "subtract",
    "unknown_probability",
    "unpack_backoff",
    "unpack_compact",
    "unpack_counts",
    "walk",
]
