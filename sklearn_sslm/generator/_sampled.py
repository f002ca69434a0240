"""Sampled texts, under conditions and requirements on their form."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, islice
from typing import Any

from numpy.typing import NDArray

from ..base import checked_model
from ..utils import as_generator, check_count, check_flag
from ..words import is_balanced
from ._choosing import FirstOccurrence, choose
from ._conditions import Conditions
from ._controls import check_undistorted, phrases_of
from ._messages import beginnings
from ._nothing_to_say import ended_texts
from ._novelty import novelty_of
from ._reply_writer import WORDS_PER_REPLY, ReplyWriter


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

    def test(self, beginning, writer):
        """Make a function that returns whether a text is accepted.

        Parameters
        ----------
        beginning : list of int
            The first words of all texts.
        writer : ReplyWriter

        Returns
        -------
        callable
            It takes the other words of a text, and remembers the texts that it has
            accepted.
        """
        is_first = FirstOccurrence()
        spelled: Any = tuple if writer.vocabulary is None else writer.spell

        def is_accepted(words):
            ids = beginning + words
            if self.is_novel and not self.is_novel(ids):
                return False
            text = spelled(ids)
            return (not self.balanced or is_balanced(text)) and (
                not self.unique or is_first(text)
            )

        return is_accepted


def sample_in_blocks(
    generator: Any,
    n_samples: int,
    block: int | None = None,
    *,
    unique: bool = False,
    balanced: bool = False,
    **conditions: Any,
) -> Iterator[NDArray[Any]]:
    """Draw texts from their start, without keeping all of them.

    Parameters
    ----------
    generator : NGramTextGenerator
    n_samples : int
        Number of texts in all.
    block : int, default=None
        Maximum number of texts in a block; None draws all in one.
    unique, balanced, **conditions
        Those of `NGramTextGenerator.sample`.

    Returns
    -------
    iterator of ndarray
        Each is a block as `NGramTextGenerator.sample` returns it. Without conditions
        other than `starts_with`, the texts do not depend on `block`.

    Raises
    ------
    ValueError
        As `NGramTextGenerator.sample`. That there are too few texts is seen only when
        they are drawn.

    Examples
    --------
    >>> from sklearn_sslm import NGramTextGenerator
    >>> model = NGramTextGenerator(random_state=3).fit(["a b", "a c b", "a d"])
    >>> [list(texts) for texts in sample_in_blocks(model, 3, block=2)]
    [['a b', 'a b'], ['a b']]
    """
    fitted = checked_model(generator)
    owner = type(generator).__name__ + ".sample"
    n_samples = check_count(n_samples, "n_samples", owner)
    check_flag(unique, "unique", owner)
    check_flag(balanced, "balanced", owner)
    asked = Conditions.read(fitted, **conditions)
    if asked.only_start:
        asked.check_start(fitted.language_model)
        fitted = fitted.after_use(WORDS_PER_REPLY * n_samples)
    else:
        check_undistorted(generator, fitted, "to sample under conditions, which are")
    is_novel = novelty_of(generator, fitted) if generator.novel else None
    form = Form(unique, balanced, is_novel)
    if form:
        _check_form(generator, fitted, form)
    writer = ReplyWriter.of(generator, fitted)
    begun = partial(
        beginnings, words=asked.starts_with, fitted=fitted, generator=generator
    )
    if asked.only_start:
        draw = _free_draws(replace(writer, n_replies=1) if form else writer, begun)
    else:
        draw = _draws_given(generator, fitted, asked, begun(1).continuations)
    if form:
        is_accepted = form.test(list(asked.starts_with), writer)
        n_texts = n_samples * writer.n_replies
        draw = partial(islice, choose(n_texts, draw, is_accepted, form.wanted))
    return _blocks(writer, n_samples, block or n_samples, begun, draw)


def _blocks(writer, n_samples, block, begun, draw):
    """Yield the texts that `draw` returns as arrays."""
    for at in range(0, n_samples, block):
        messages = begun(min(block, n_samples - at))
        texts = iter(draw(len(messages.answered) * writer.n_replies))
        replies = zip(*[texts] * writer.n_replies, strict=True)
        yield writer.as_array(messages, replies)


def _free_draws(writer, begun):
    """Make a function that draws texts under the generator's controls, others each time."""
    writer = writer.seeded()

    def draw(n_texts):
        nonlocal writer
        size = n_texts // writer.n_replies
        messages = begun(size)
        least = int(messages.continuations.min_new[0])
        replies = ended_texts(writer.new_words(messages), least)
        writer = replace(writer, n_before=writer.n_before + size)
        return chain.from_iterable(replies)

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
