"""Random texts given constraints."""

from ._automaton import ConstraintAutomaton
from ._constraints import Constraints
from ._long_texts import look_ahead_of, sample_long_enough
from ._proposals import Start
from ._sampler import ConditionalSampler
from ._texts_given import TextsGiven, no_text_fits, texts_given

__all__ = [
    "ConditionalSampler",
    "ConstraintAutomaton",
    "Constraints",
    "Start",
    "TextsGiven",
    "look_ahead_of",
    "no_text_fits",
    "sample_long_enough",
    "texts_given",
]
