"""A cache language model: recent words and n-grams become likelier."""

from ._likeliest_with_memory import likeliest_with_memory
from ._memory_rules import MemoryRules
from ._mixing import mix_with_memory
from ._recent_memory import Memory
from ._sampling_with_memory import (
    distribution_with_memory,
    next_distribution_with_memory,
    sample_with_memory,
)

__all__ = [
    "Memory",
    "MemoryRules",
    "distribution_with_memory",
    "likeliest_with_memory",
    "mix_with_memory",
    "next_distribution_with_memory",
    "sample_with_memory",
]
