"""The engine: counts, scores and samples n-grams of integer ids.

It takes and returns NumPy arrays, knows no strings and no scikit-learn.
"""

from .classes import (
    ClassCounts,
    ClassModel,
    class_log_probabilities,
    class_token_log_probabilities,
)
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
from .generation import (
    CONTROLS,
    Continuations,
    Controls,
    beam_search,
    next_distribution,
    sample,
    sample_one,
)
from .memory import (
    Memory,
    MemoryRules,
    heard_distribution,
    likeliest_heard,
    mix_with_memory,
    speak,
)
from .models import (
    BackoffForm,
    Children,
    ContextStatistics,
    Events,
    LanguageModel,
    OnlineModel,
    PackedIntegers,
    RisingIntegers,
    backoff_forms,
    count,
    needs_rebuild,
    stored_form,
    unknown_probability,
    update,
)
from .scoring import (
    Explanation,
    Scorer,
    StreamScores,
    explain_texts,
    known_contexts,
    likeliest_words,
    log_probabilities,
    next_word_probabilities,
    order_shares,
    score_stream,
    scorer_of,
)

__all__ = [
    "BOUNDARY",
    "CONTROLS",
    "BackoffForm",
    "Children",
    "ClassCounts",
    "ClassModel",
    "ConditionalSampler",
    "ConstraintAutomaton",
    "ContextStatistics",
    "Continuations",
    "Controls",
    "Events",
    "Explanation",
    "LanguageModel",
    "Level",
    "Memory",
    "MemoryRules",
    "NGramCounts",
    "NeverLearnedError",
    "OnlineModel",
    "PackedIntegers",
    "RisingIntegers",
    "Scorer",
    "StreamScores",
    "TokenStream",
    "backoff_forms",
    "beam_search",
    "class_log_probabilities",
    "class_token_log_probabilities",
    "count",
    "explain_texts",
    "heard_distribution",
    "known_contexts",
    "likeliest_heard",
    "likeliest_words",
    "log_probabilities",
    "merge",
    "mix_with_memory",
    "needs_rebuild",
    "next_distribution",
    "next_word_probabilities",
    "order_shares",
    "renumber",
    "sample",
    "sample_one",
    "score_stream",
    "scorer_of",
    "speak",
    "stored_form",
    "subtract",
    "unknown_probability",
    "update",
]

for _name in __all__:  # pickles, such as those of `counts_`, name this module alone
    if isinstance(globals()[_name], type):
        globals()[_name].__module__ = __name__
