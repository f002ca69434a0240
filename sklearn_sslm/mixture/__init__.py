"""Mixtures: several fitted models interpolated linearly, over the words of all."""

from ._mixture import NGramMixture
from ._mixture_scorer import MixtureScorer

__all__ = ["MixtureScorer", "NGramMixture"]
