"""A memory of recent words, which makes likely again what was just heard."""

from ._memory_rules import MemoryRules
from ._mixing import mix_with_memory
from ._recent_memory import Memory

__all__ = ["Memory", "MemoryRules", "mix_with_memory"]
