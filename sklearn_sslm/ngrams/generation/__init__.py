"""Random and likeliest texts, with and without controls."""

from ._beam_search import beam_search
from ._continuations import Continuations
from ._controlled import DistributionCache
from ._generation_controls import Controls
from ._sample_one import sample_one
from ._sampling import sample

__all__ = [
    "Continuations",
    "Controls",
    "DistributionCache",
    "beam_search",
    "sample",
    "sample_one",
]
