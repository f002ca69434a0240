"""What a session has observed: tokens, and words that its model does not know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..base import Batch, FittedModel, check_same_length, checked_model, read, stream_of
from ..ngrams import (
    BOUNDARY,
    Memory,
    TokenStream,
    log_probabilities,
    scorer_of,
)
from ..words import UNKNOWN, Samples
from ._matching import matched
from ._memory_parameter import as_memory_rules
from ._messages import ResolvedMessages, contexts, ids_of_each, resolve, with_words
from ._session_words import NewWords, SessionModel, known_before

Context = tuple[int, int]

_MAX_ONE_BY_ONE = 256
"""Tokens that are scored one by one; more are scored by the model all at once."""


class SessionState:
    """A generator, and what its session has observed.

    Parameters
    ----------
    generator : NGramTextGenerator
        A fitted one.
    memory : Memory, default=None
        The tokens observed. None is an empty memory.
    new_words : NewWords, default=None
        The words observed that the model does not know. None is no word.

    Attributes
    ----------
    fitted : FittedModel
        What the generator has learned.
    """

    def __init__(
        self,
        generator: Any,
        memory: Memory | None = None,
        new_words: NewWords | None = None,
    ) -> None:
        self.generator = generator
        self.fitted = checked_model(generator)
        n_ids = self.fitted.n_ids
        rules = as_memory_rules(generator.memory or "recent")
        self.memory = Memory(rules, n_ids) if memory is None else memory
        self.new_words = NewWords(n_ids) if new_words is None else new_words

    @property
    def model(self) -> SessionModel:
        """What the generator has learned, with the new words added to its vocabulary."""
        values = {f.name: getattr(self.fitted, f.name) for f in fields(FittedModel)}
        return SessionModel(**values, new_words=self.new_words.ids)

    def words_of(self, ids: list[int]) -> list[Any]:
        """The words of some ids, or the ids themselves if the model has no words."""
        vocabulary, n_ids = self.fitted.vocabulary, self.fitted.n_ids
        if vocabulary is None:
            return ids
        known, new = vocabulary.word_of, self.new_words.word_of
        return [known(number) if number < n_ids else new(number) for number in ids]

    @contextmanager
    def trial(self) -> Iterator[None]:
        """A context in which nothing that is observed is kept after its end."""
        with self.new_words.trial(), self.memory.trial():
            yield

    def prune(self) -> None:
        """Remove new words that the memory has forgotten, from time to time."""
        self.new_words.prune(self.memory)

    # Reading

    def read(
        self, X: Samples, name: str, are_messages: bool = False
    ) -> tuple[Batch, Batch]:
        """Read samples.

        Parameters
        ----------
        X : iterable of str, or array-like of int
        name : str
            The parameter that the message of an error names.
        are_messages : bool, default=False
            Whether their words are matched as the generator's `match` says.

        Returns
        -------
        batch : Batch
            The samples as they were read.
        numbered : Batch
            The samples in which unknown words have ids, too.
        """
        _, batch = read(self.generator, X, name, fitted=self.fitted)
        if are_messages:
            match = self.generator.match
            batch = matched(batch, self.fitted, match, self.new_words.ids)
        return batch, self.new_words.number(batch)

    def read_texts(
        self, X: str | Samples, y: str | Samples | None = None
    ) -> tuple[TokenStream, list[int]]:
        """Read texts, or messages with their replies.

        Returns
        -------
        stream : TokenStream
        n_given : list of int
            For each text of the stream, how many of its tokens are its message.
        """
        _, batch = self.read([X] if isinstance(X, str) else X, "X")
        if y is None:
            return stream_of(batch), [0] * len(batch)
        _, replies = self.read([y] if isinstance(y, str) else y, "y")
        check_same_length((batch, replies), type(self.generator).__name__)
        return stream_of(batch, replies), (batch.lengths + 1).tolist()

    def read_messages(self, X: Samples, name: str) -> tuple[Batch, list[list[int]]]:
        """Read messages that get replies one after the other.

        Returns
        -------
        batch : Batch
            The messages; a new word is known in those after the message that has it
            first.
        ids : list of list of int
            The ids of each message, in which all words are known.
        """
        batch, numbered = self.read(X, name, are_messages=True)
        known = known_before(batch, numbered, self.memory.new_words)
        return known, ids_of_each(numbered)

    @contextmanager
    def beginnings(self, X: Samples) -> Iterator[list[tuple[list[int], Context]]]:
        """Read beginnings of texts; new words lose their ids at the end of the context.

        Yields
        ------
        list of (list of int, (int, int))
            For each beginning its ids, and the longest context at its end that the
            model knows.
        """
        with self.new_words.trial():
            batch, numbered = self.read(X, "X", are_messages=True)
            counts, has_replies = self.fitted.language_model.counts, self.has_replies
            pairs = (part.tolist() for part in contexts(batch, counts, has_replies))
            after = zip(*pairs, strict=True)
            yield list(zip(ids_of_each(numbered), after, strict=True))

    def resolve(
        self,
        batch: Batch,
        unknown: str | None = None,
        needs_reply: NDArray | bool = True,
    ) -> ResolvedMessages:
        """Resolve messages with the new words; see `_messages.resolve`."""
        messages = resolve(batch, self.model, self.generator, unknown, needs_reply)
        if not messages.never_empty:
            return messages
        bare = (messages.n_echoed == 0) & needs_reply
        return with_words(messages, self.fitted.language_model, bare, self.has_replies)

    @property
    def has_replies(self) -> bool:
        """Whether the model is one of messages and replies."""
        return self.fitted.has_replies

    # Observing

    def observe(
        self, text: Sequence[int], n_given: int = 0
    ) -> tuple[list[float], Context]:
        """Observe a text from its start.

        Parameters
        ----------
        text : sequence of int
            Ids, without the opening boundary.
        n_given : int, default=0
            Tokens at the beginning that are not predicted, such as those of a message.

        Returns
        -------
        p : list of float
            The probabilities of the other tokens.
        context : tuple of (int, int)
            The context after the text.
        """
        known = self._known(text)
        scorer = scorer_of(self.fitted.language_model)
        context = scorer.given([BOUNDARY, *known[:n_given]])
        self.memory.start_text()
        for word in text[:n_given]:
            self.memory.observe(word)
        return self._observe_after(context, text[n_given:], known[n_given:])

    def observe_all(
        self, stream: TokenStream, n_given: Sequence[int]
    ) -> list[list[float]]:
        """Observe texts in their order.

        Parameters
        ----------
        stream : TokenStream
        n_given : sequence of int, of length n_texts
            Tokens at the beginning of each text that are not predicted.

        Returns
        -------
        list of list of float
            The probabilities of the other tokens of each text.
        """
        memory, ids = self.memory, stream.ids
        if len(ids) <= _MAX_ONE_BY_ONE:
            texts = zip(stream.texts(), n_given, strict=True)
            return [self.observe(text[1:], n_before)[0] for text, n_before in texts]
        known = replace(stream, ids=np.where(ids < memory.n_ids, ids, UNKNOWN))
        log_p = log_probabilities(self.fitted.language_model, known)
        p, scores = iter(np.exp(log_p).tolist()), []
        for text, n_before in zip(stream.texts(), n_given, strict=True):
            memory.start_text()
            next(p)  # of the opening boundary
            of_text: list[Any] = [
                memory.observe(word, None if place < n_before else of_word)
                for place, (word, of_word) in enumerate(zip(text[1:], p, strict=False))
            ]
            scores.append(of_text[n_before:])
        return scores

    def observe_message(self, message: list[int]) -> Context:
        """Observe a message up to where its reply begins; returns the context there."""
        if self.has_replies:
            message = [*message, BOUNDARY]
            return self.observe(message, len(message))[1]
        return self.observe(message)[1]

    def observe_after(self, context: Context, words: Sequence[int]) -> None:
        """Observe words after a context, which continue the text observed last."""
        self._observe_after(context, words, self._known(words))

    def _observe_after(self, context, words, known):
        """Observe words, given their ids in the model; returns as `observe`."""
        score = scorer_of(self.fitted.language_model).score
        observe = self.memory.observe
        scores = []
        for word, in_model in zip(words, known, strict=True):
            p, context = score(context, in_model)
            scores.append(observe(word, p))
        return scores, context

    def _known(self, words):
        """Ids in the model: −1 for new words."""
        n_ids = self.memory.n_ids
        return [word if word < n_ids else UNKNOWN for word in words]

    @contextmanager
    def mixture_after(self, message: list[int]) -> Iterator[Any]:
        """What the memory adds to the next word after a message, which is not kept."""
        text = [*message, BOUNDARY] if self.has_replies else message
        mixture = self.memory.mixture_after(text)
        if mixture is not None:
            yield mixture
            return
        with self.memory.trial():
            self.observe_message(message)
            yield self.memory.mixture()
