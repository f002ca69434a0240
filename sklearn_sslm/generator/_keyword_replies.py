"""Replies with the keyword of a message, its rarest known word."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
from ._controls import check_undistorted
from ._messages import ResolvedMessages, ids_of_each, resolve
from ._novelty import novel_replies, novelty_of
from ._reply_writer import Replies, ReplyWriter

_TRIES = 1, 8, 64
"""Texts drawn for each one wanted, in rounds until enough of them are novel."""

_MAX_KEYWORDS = 8
"""The rarest words of a message that are tried as keywords."""


def keyword_replies(
    generator: Any, fitted: FittedModel, writer: ReplyWriter, batch: Batch
) -> tuple[ResolvedMessages, Replies]:
    """Reply to each message with a text that contains its keyword.

    If the model has no text with any word of a message, the reply continues from the
    context of the message.

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
        As `ReplyWriter.new_words` returns them.
    """
    found = texts_about(generator, fitted, writer, batch)
    is_about = np.isin(np.arange(len(batch)), list(found))
    messages = resolve(batch, fitted, generator, needs_reply=~is_about)
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
        found[sample_] = list(replies)
    answered = np.array(sorted(found), dtype=np.int64)
    messages = replace(messages, answered=answered)
    return messages, [found[sample_] for sample_ in answered.tolist()]


def texts_about(
    generator: Any, fitted: FittedModel, writer: ReplyWriter, batch: Batch
) -> dict[int, list[list[int]]]:
    """Draw texts with the keyword of each message.

    Parameters
    ----------
    generator, fitted, writer, batch
        As `keyword_replies` takes them.

    Returns
    -------
    dict of int to list of list of int
        By the number of a message, the ids of its replies. Messages without a word that
        a text of the model contains are missing.

    Raises
    ------
    ValueError
        If a parameter other than `bad_words` changes the distribution of texts.
    """
    check_undistorted(
        generator,
        fitted,
        "with reply='keyword', whose texts are",
        except_for="min_length",
    )
    sampler = _KeywordSampler.of(generator, fitted, writer)
    found: dict[int, list[list[int]]] = {}
    words = _words_by_rarity(fitted.language_model, batch)
    n_texts = generator.n_candidates * writer.n_replies
    seeds = writer.streams(batch, np.arange(len(batch)), 1).random()
    seeds = (seeds * (1 << 53)).astype(np.int64).tolist()
    for nth in range(_MAX_KEYWORDS):
        pairs = sorted(
            (several[nth], sample_)
            for sample_, several in enumerate(words)
            if nth < len(several) and sample_ not in found
        )  # messages with the same keyword together, as its sampler is made once
        for word, same in groupby(pairs, key=itemgetter(0)):
            given = sampler.given(word)
            for _, sample_ in same:
                rng = np.random.default_rng([seeds[sample_], nth])
                texts = sampler.texts(given, n_texts, rng)
                if texts:
                    found[sample_] = sampler.most_surprising(texts, writer.n_replies)
    return found


@dataclass(frozen=True)
class _KeywordSampler:
    """Draws texts that contain keywords, and chooses among candidates.

    Attributes
    ----------
    model : LanguageModel
    constraints : Constraints
        The constraints on all texts.
    is_novel : callable or None
        Whether a text differs from all learned ones; None accepts all texts.
    """

    model: LanguageModel
    constraints: Constraints
    is_novel: Callable[[Sequence[int]], bool] | None

    @classmethod
    def of(cls, generator, fitted, writer):
        constraints = Constraints(
            forbidden=tuple(writer.controls.values.get("bad_words", ())),
            min_length=generator.min_length,
            max_length=generator.max_length,
        )
        is_novel = novelty_of(generator, fitted) if generator.novel else None
        return cls(fitted.language_model, constraints, is_novel)

    def given(self, word):
        """The sampler of texts given that they contain a word."""
        constraints = replace(self.constraints, contained=((word,),))
        return texts_given(self.model, constraints)

    def texts(self, given, n_texts, rng):
        """Draw `n_texts` texts; [] if there is none.

        Fewer novel ones than that are repeated.
        """
        counts = self.model.counts
        start = Start(*counts.back_off(min(len(counts.levels) - 1, 1), BOUNDARY))
        texts: list[list[int]] = []
        for n_tries in _TRIES if self.is_novel else _TRIES[:1]:
            try:
                drawn = given.sample(n_tries * n_texts, start, rng)
            except ValueError:  # there is none, or they would take too much memory
                return []
            texts += [
                text for text in drawn if self.is_novel is None or self.is_novel(text)
            ]
            if len(texts) >= n_texts:
                break
        return (texts * n_texts)[:n_texts]

    def most_surprising(self, texts, n_replies):
        """The candidate for each reply with the highest mean surprise per token.

        Candidates of one reply are next to each other. Of equal ones the first is taken.
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
    """The words of each message that occur in texts of the model, the rarest first."""
    ids = np.unique(batch.ids[batch.ids > 0])
    ids = ids[ids < model.counts.n_ids]
    ids = ids[~np.isin(ids, model.undrawn_ids)]
    common = {word: model.commonness(word) for word in ids.tolist()}
    return [
        sorted(
            {word: None for word in words if common.get(word)},  # each once, in order
            key=common.__getitem__,
        )
        for words in ids_of_each(batch)
    ]
