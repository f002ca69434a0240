"""The classifier: a language model for each class, and Bayes' rule."""

from ._classifier import NGramClassifier

__all__ = ["NGramClassifier"]
