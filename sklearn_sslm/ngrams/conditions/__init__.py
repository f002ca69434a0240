"""Random texts given constraints."""

from ._automaton import ConstraintAutomaton
from ._sampler import ConditionalSampler

__all__ = [
    "ConditionalSampler",
    "ConstraintAutomaton",
]
