"""A memory of recent words, which makes likely again what was just heard."""

from ._likeliest_heard import likeliest_heard
from ._memory_rules import MemoryRules
from ._mixing import mix_with_memory
from ._recent_memory import Memory
from ._speaking import heard_distribution, next_heard, speak

__all__ = [
    "Memory",
    "MemoryRules",
    "heard_distribution",
    "likeliest_heard",
    "mix_with_memory",
    "next_heard",
    "speak",
]
