"""Counts seen through a smoothing: the language model, and how it is stored."""

from ._backoff_model import HIGHEST_SUM, BackoffModel
from ._compact_level import CompactLevel
from ._count_model import CountModel
from ._frozen_model import FrozenModel, StoredCounts
from ._online_learning import changed, counted, is_worn
from ._online_model import OnlineModel
from ._packed_integers import PackedIntegers
from ._rising_integers import RisingIntegers
from ._smoothed_counts import ContextStatistics, SmoothedCounts, SmoothedLevel

__all__ = [
    "HIGHEST_SUM",
    "BackoffModel",
    "CompactLevel",
    "ContextStatistics",
    "CountModel",
    "FrozenModel",
    "OnlineModel",
    "PackedIntegers",
    "RisingIntegers",
    "SmoothedCounts",
    "SmoothedLevel",
    "StoredCounts",
    "changed",
    "counted",
    "is_worn",
]
