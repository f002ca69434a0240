"""Random and likeliest texts, with and without controls."""

from ._beam_search import beam_search
from ._continuations import Continuations
from ._controlled import DistributionCache, next_distribution
from ._generation_controls import CONTROLS, Controls
from ._sample_one import sample_one
from ._sampling import sample

__all__ = [
    "CONTROLS",
    "Continuations",
    "Controls",
    "DistributionCache",
    "beam_search",
    "next_distribution",
    "sample",
    "sample_one",
]
