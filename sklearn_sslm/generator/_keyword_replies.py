"""Replies about the telling word of a message."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np

from ..base import Batch, FittedModel
from ..ngrams import (
    BOUNDARY,
    Constraints,
    LanguageModel,
    Start,
    TokenStream,
    log_probabilities,
    texts_given,
)
from ._controls import check_undistorted, phrases_of
from ._messages import ResolvedMessages, resolve
from ._novelty import novel_replies, novelty_of
from ._reply_writer import Replies, ReplyWriter

_TRIES = 1, 8, 64
"""Candidates that are drawn for each one wanted, until there are enough new ones."""

_N_WORDS = 8
"""Words of a message, the rarest ones, that replies are looked for to."""


def keyword_replies(
    generator: Any, fitted: FittedModel, writer: ReplyWriter, batch: Batch
) -> tuple[ResolvedMessages, Replies]:
    """Reply to each message by a text about its rarest known word.

    A message without a word that a text of the model can be about is replied to from its
    context.

    Parameters
    ----------
    generator : NGramTextGenerator
    fitted : FittedModel
    writer : ReplyWriter
    batch : Batch
        The messages.

    Returns
    -------
    messages : ResolvedMessages
    replies : iterable of sequence of list of int
        As `ReplyWriter.new_words` gives them.
    """
    said = texts_about(generator, fitted, writer, batch)
    is_about = np.isin(np.arange(len(batch)), list(said))
    messages = resolve(batch, fitted, generator, asked=~is_about)
    others = messages.answered[~is_about[messages.answered]]
    messages = replace(messages, n_echoed=np.where(is_about, 0, messages.n_echoed))
    rest = replace(messages, answered=others)
    if generator.novel:
        from_context: Replies = novel_replies(
            writer, rest, novelty_of(generator, fitted)
        )
    else:
        from_context = writer.new_words(rest)
    for sample_, replies in zip(others.tolist(), from_context, strict=True):
        said[sample_] = list(replies)
    answered = np.array(sorted(said), dtype=np.int64)
    messages = replace(messages, answered=answered)
    return messages, [said[sample_] for sample_ in answered.tolist()]


def texts_about(
    generator: Any, fitted: FittedModel, writer: ReplyWriter, batch: Batch
) -> dict[int, list[list[int]]]:
    """Texts about the rarest known word of each message, where there are any.

    Parameters
    ----------
    generator, fitted, writer, batch
        As `keyword_replies` takes them.

    Returns
    -------
    dict of int to list of list of int
        For the number of a message its replies, in ids.

    Raises
    ------
    ValueError
        If parameters are set that change what is drawn, but for `bad_words`.
    """
    check_undistorted(
        generator,
        fitted,
        "with reply='keyword', whose texts are",
        except_for="min_length",
    )
    author = _Author.of(generator, fitted)
    found: dict[int, list[list[int]]] = {}
    words = _words_by_rarity(fitted.language_model, batch)
    n_texts = generator.n_candidates * writer.n_replies
    seeds = writer.streams(batch, np.arange(len(batch)), 1).random()
    seeds = (seeds * (1 << 53)).astype(np.int64).tolist()
    for nth in range(_N_WORDS):
        asked = sorted(
            (several[nth], sample_)
            for sample_, several in enumerate(words)
            if nth < len(several) and sample_ not in found
        )  # messages with the same word one after the other, as it is prepared once
        for word, same in groupby(asked, key=itemgetter(0)):
            given = author.given(word)
            for _, sample_ in same:
                rng = np.random.default_rng([seeds[sample_], nth])
                texts = author.texts(given, n_texts, rng)
                if texts:
                    found[sample_] = author.most_surprising(texts, writer.n_replies)
    return found


@dataclass(frozen=True)
class _Author:
    """Draws texts about words, and chooses among them.

    Attributes
    ----------
    model : LanguageModel
    constraints : Constraints
        What all texts must meet.
    is_new : callable or None
        Tells of a text whether it was not learned; None takes all.
    """

    model: LanguageModel
    constraints: Constraints
    is_new: Callable[[Sequence[int]], bool] | None

    @classmethod
    def of(cls, generator, fitted):
        constraints = Constraints(
            forbidden=tuple(phrases_of(generator, fitted, "bad_words")),
            min_length=generator.min_length,
            max_length=generator.max_length,
        )
        is_new = novelty_of(generator, fitted) if generator.novel else None
        return cls(fitted.language_model, constraints, is_new)

    def given(self, word):
        """What draws the texts of the model given that a word is in them."""
        constraints = replace(self.constraints, contained=((word,),))
        return texts_given(self.model, constraints)

    def texts(self, given, n_texts, rng):
        """So many texts; [] if there is none."""
        start = Start(*self.model.counts.back_off(*self._beginning))
        texts: list[list[int]] = []
        for n_tries in _TRIES if self.is_new else _TRIES[:1]:
            try:
                drawn = given.sample(n_tries * n_texts, start, rng)
            except ValueError:  # there is none, or they would take too much memory
                return []
            texts += [
                text for text in drawn if self.is_new is None or self.is_new(text)
            ]
            if len(texts) >= n_texts:
                break
        return (texts * n_texts)[:n_texts]

    @property
    def _beginning(self):
        """The n-gram that a text, or a reply, starts after."""
        return min(len(self.model.counts.levels) - 1, 1), BOUNDARY

    def most_surprising(self, texts, n_replies):
        """Of as many candidates for each reply the one with the most surprise a word.

        Its end counts as a word. Of equal ones the first is taken.
        """
        if len(texts) == n_replies:
            return texts
        lengths = np.array(list(map(len, texts)))
        ids = np.array([word for text in texts for word in text], dtype=np.int32)
        closed = np.ones(len(texts), dtype=bool)
        stream = TokenStream.from_texts(ids, lengths, closed)
        log_p = np.add.reduceat(log_probabilities(self.model, stream), stream.starts)
        surprise = (-log_p / (lengths + 1)).reshape(n_replies, -1)
        n_candidates = surprise.shape[1]
        best = (
            np.argmax(surprise.round(12), axis=1) + np.arange(n_replies) * n_candidates
        )
        return [texts[j] for j in best.tolist()]


def _words_by_rarity(model: LanguageModel, batch: Batch) -> list[list[int]]:
    """The words of each message that texts were learned with, the rarest first."""
    ids = np.unique(batch.ids[batch.ids > 0])
    ids = ids[ids < model.counts.n_ids]
    ids = ids[~np.isin(ids, model.undrawn_ids)]
    common = {word: model.commonness(word) for word in ids.tolist()}
    return [
        sorted(
            {word: None for word in words if common.get(word)},  # each once, in order
            key=common.__getitem__,
        )
        for words in _ids_of_each(batch)
    ]


def _ids_of_each(batch) -> Iterator[list[int]]:
    ids, end = batch.ids.tolist(), 0
    for length in batch.lengths.tolist():
        end += length
        yield ids[end - length : end]
