"""Random texts given conditions."""

from ._automaton import WordAutomaton
from ._sampler import ConditionalSampler

__all__ = [
    "ConditionalSampler",
    "WordAutomaton",
]
