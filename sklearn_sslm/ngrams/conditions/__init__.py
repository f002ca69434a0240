"""Random texts given constraints."""

from ._automaton import ConstraintAutomaton
from ._proposals import Start
from ._sampler import ConditionalSampler
from ._texts_given import Constraints, TextsGiven, no_text_fits, texts_given

__all__ = [
    "ConditionalSampler",
    "ConstraintAutomaton",
    "Constraints",
    "Start",
    "TextsGiven",
    "no_text_fits",
    "texts_given",
]
