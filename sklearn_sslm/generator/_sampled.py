"""Sampled texts, under conditions and requirements on their form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..base import FittedModel
from ..utils import as_generator
from ..words import is_balanced
from ._choosing import FirstOccurrence, choose
from ._conditions import Conditions
from ._controls import phrases_of
from ._messages import beginnings
from ._nothing_to_say import ended_texts
from ._reply_writer import ReplyWriter


@dataclass(frozen=True)
class Form:
    """Requirements by which texts are accepted or rejected after they are drawn.

    Attributes
    ----------
    unique : bool
        Whether all texts must differ from each other.
    balanced : bool
        Whether quotes and brackets must be in pairs.
    is_novel : callable or None
        Whether a text of ids differs from all learned ones; None accepts all texts.
    """

    unique: bool
    balanced: bool
    is_novel: Callable[[Sequence[int]], bool] | None = None

    def __bool__(self) -> bool:
        """Whether there is a requirement."""
        return bool(self.unique or self.balanced or self.is_novel)

    @property
    def wanted(self) -> str:
        """What texts must be, in words."""
        named = {
            "unlike each other": self.unique,
            "balanced": self.balanced,
            "not learned word for word": self.is_novel,
        }
        return " and ".join(name for name, is_required in named.items() if is_required)

    def test(self, spelled):
        """Make a function that returns whether a text is accepted.

        Parameters
        ----------
        spelled : callable or None
            Makes a text from ids; None if the model has no words.

        Returns
        -------
        callable
            It takes the ids of a text, and remembers the texts that it has accepted.
        """
        is_first = FirstOccurrence()

        def is_accepted(ids):
            if self.is_novel and not self.is_novel(ids):
                return False
            text: Any = tuple(ids) if spelled is None else spelled(ids)
            return (not self.balanced or is_balanced(text)) and (
                not self.unique or is_first(text)
            )

        return is_accepted


def sample_texts(
    generator: Any,
    fitted: FittedModel,
    n_samples: int,
    conditions: Conditions,
    form: Form,
) -> Any:
    """Draw texts from their start; see `NGramTextGenerator.sample`.

    Parameters
    ----------
    generator : NGramTextGenerator
    fitted : FittedModel
    n_samples : int
    conditions : Conditions
    form : Form

    Returns
    -------
    ndarray
        As `ReplyWriter.as_array` returns them.
    """
    writer = ReplyWriter.of(generator, fitted)
    messages = beginnings(n_samples, conditions.starts_with, fitted, generator)
    if conditions.only_start:
        if not form:
            least = int(messages.continuations.min_new[0])
            return writer.as_array(
                messages, ended_texts(writer.new_words(messages), least)
            )
        draw = _free_draws(generator, fitted, conditions, writer)
    else:
        draw = _draws_given(generator, fitted, conditions, messages.continuations)
    n_replies = int(generator.num_return_sequences)
    n_texts = n_samples * n_replies
    if form:
        _check_form(generator, fitted, form)
        prefix = list(conditions.starts_with)
        is_accepted = form.test(None if fitted.vocabulary is None else writer.spell)
        texts = choose(
            n_texts, draw, lambda words: is_accepted(prefix + words), form.wanted
        )
    else:
        texts = draw(n_texts)
    replies = [texts[j : j + n_replies] for j in range(0, n_texts, n_replies)]
    return writer.as_array(messages, replies)


def _free_draws(generator, fitted, conditions, writer):
    """Make a function that draws texts under the generator's controls."""
    single = replace(writer, n_replies=1)

    def draw(size):
        messages = beginnings(size, conditions.starts_with, fitted, generator)
        least = int(messages.continuations.min_new[0])
        texts = ended_texts(single.new_words(messages), least)
        return [words for (words,) in texts]

    return draw


def _draws_given(generator, fitted, conditions, begin):
    """Make a function that draws texts under conditions."""
    rng = as_generator(generator.random_state)
    forbidden = phrases_of(generator, fitted, "bad_words")
    conditions = conditions.without(tuple(forbidden))
    context = begin.length[0].item(), begin.row[0].item()

    def draw(size):
        return conditions.sample(fitted.language_model, size, *context, rng)

    return draw


def _check_form(generator, fitted, form):
    """Raise a ValueError if texts cannot be chosen by their form."""
    if form.balanced and fitted.vocabulary is None:
        msg = (
            "The 'balanced' parameter of NGramTextGenerator.sample must be False for "
            "models of integer rows, which have no quotes and brackets. Got True; leave "
            "it out, or fit the model on texts."
        )
        raise ValueError(msg)
    if generator.num_beams > 1:
        msg = (
            "The 'num_beams' parameter of NGramTextGenerator must be 1 to sample texts "
            f"that are {form.wanted}: a beam search finds the same ones again. Got "
            f"{generator.num_beams}; set num_beams=1."
        )
        raise ValueError(msg)
