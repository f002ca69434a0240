"""The surprise of texts: a detector of unusual texts, and features for estimators."""

from ._detector import NGramOutlierDetector
from ._features import SurpriseFeatures

__all__ = ["NGramOutlierDetector", "SurpriseFeatures"]
