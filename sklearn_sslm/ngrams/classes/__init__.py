"""Language models of several classes that share one trie of n-grams."""

from ._by_class import are_entries, rows_of
from ._class_counts import ClassCounts
from ._class_model import ClassModel
from ._class_scoring import class_log_probabilities, class_token_log_probabilities
from ._compact_class_model import CompactClassModel, CompactEntries
from ._leave_one_out import leave_one_out

__all__ = [
    "ClassCounts",
    "ClassModel",
    "CompactClassModel",
    "CompactEntries",
    "are_entries",
    "class_log_probabilities",
    "class_token_log_probabilities",
    "leave_one_out",
    "rows_of",
]
