"""Random and likeliest texts, with and without controls."""

from ._beam_search import beam_search
from ._continuations import Lanes
from ._controlled import ChoiceCache
from ._generation_controls import Controls
from ._sample_one import walk
from ._sampling import sample

__all__ = [
    "ChoiceCache",
    "Controls",
    "Lanes",
    "beam_search",
    "sample",
    "walk",
]
