"""Random and likeliest texts, with and without controls."""

from ._beam_search import beam_search
from ._continuations import Continuations
from ._controlled import NO_WORD, next_distribution
from ._distribution_cache import DistributionCache, cumulative, draw_from
from ._draws import DeadEndError
from ._generation_controls import CONTROLS, Controls
from ._sample_one import sample_one
from ._sampling import next_contexts, sample
from ._streams import Streams, mixed, mixed_one
from ._word_sampler import draws_words, word_sampler_of

__all__ = [
    "CONTROLS",
    "NO_WORD",
    "Continuations",
    "Controls",
    "DeadEndError",
    "DistributionCache",
    "Streams",
    "beam_search",
    "cumulative",
    "draw_from",
    "draws_words",
    "mixed",
    "mixed_one",
    "next_contexts",
    "next_distribution",
    "sample",
    "sample_one",
    "word_sampler_of",
]
