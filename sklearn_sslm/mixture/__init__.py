"""Mixtures: several fitted models interpolated linearly, over the words of all."""

from ._mixture import NGramMixture

__all__ = ["NGramMixture"]
