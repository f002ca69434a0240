"""Smoothed language models, and the forms in which their n-grams are stored."""

from ._children import Children
from ._columns import PackedIntegers, RisingIntegers
from ._compact_level import CompactLevel
from ._context_statistics import ContextStatistics
from ._distinct_statistics import DistinctStatistics
from ._event_space import Events
from ._language_model import LanguageModel
from ._online_model import OnlineModel
from ._updating import count, needs_rebuild, update

__all__ = [
    "Children",
    "CompactLevel",
    "ContextStatistics",
    "DistinctStatistics",
    "Events",
    "LanguageModel",
    "OnlineModel",
    "PackedIntegers",
    "RisingIntegers",
    "count",
    "needs_rebuild",
    "update",
]
