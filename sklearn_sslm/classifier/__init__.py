"""A classifier by Bayes' rule, with a language model for each class."""

from ._classifier import NGramClassifier

__all__ = ["NGramClassifier"]
