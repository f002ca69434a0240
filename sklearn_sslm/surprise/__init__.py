"""How surprising texts are: a detector of unusual ones, and features of all."""

from ._detector import NGramOutlierDetector
from ._features import SurpriseFeatures

__all__ = ["NGramOutlierDetector", "SurpriseFeatures"]
