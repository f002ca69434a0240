"""Replies in a session, each drawn after the message and the replies before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..ngrams import BOUNDARY, sample_with_memory
from ..words import Samples
from ._keyword_replies import texts_about
from ._messages import ResolvedMessages
from ._nothing_to_say import NOTHING, ended, ended_one_by_one, warn_of_nothing
from ._reply_writer import ReplyWriter
from ._session_state import Context, SessionState


def writer_in(state: SessionState) -> ReplyWriter:
    """The writer of replies in a session, which knows its new words.

    Raises
    ------
    ValueError
        If the generator has parameters that a session cannot have.
    """
    generator = state.generator
    writer = ReplyWriter.of(generator, state.model)
    if writer.n_beams > 1:
        msg = (
            "The 'num_beams' parameter of NGramTextGenerator must be 1 in a session, "
            f"whose replies are drawn at random. Got {writer.n_beams}; set num_beams=1 "
            "and start another session."
        )
        raise ValueError(msg)
    if generator.novel:
        msg = (
            "The 'novel' parameter of NGramTextGenerator must be False in a session, "
            "which observes each word as it is drawn. Got True; set novel=False and "
            "start another session."
        )
        raise ValueError(msg)
    return writer


@dataclass(frozen=True)
class SessionReplies:
    """The replies to some messages in a session.

    Attributes
    ----------
    state : SessionState
    writer : ReplyWriter
    messages : ResolvedMessages
    ids : list of list of int
        The ids of each message, in which all words are known.
    about : dict of int to list of list of int
        For messages that get replies with their keyword, these replies.
    """

    state: SessionState
    writer: ReplyWriter
    messages: ResolvedMessages
    ids: list[list[int]]
    about: dict[int, list[list[int]]]

    @classmethod
    def to(
        cls, state: SessionState, X: Samples, name: str, **changes: Any
    ) -> SessionReplies:
        """Read messages, and draw the replies with their keywords.

        These are drawn from the model without its memory, and observed like others.

        Parameters
        ----------
        state : SessionState
        X : iterable of str, or array-like of int
            Messages.
        name : str
            The parameter that the message of an error names.
        **changes
            Attributes of the `ReplyWriter` to be replaced.
        """
        known, ids = state.read_messages(X, name)
        writer = replace(writer_in(state), **changes)  # knows words of the messages
        about: dict[int, list[list[int]]] = {}
        if state.generator.reply == "keyword":
            about = texts_about(state.generator, state.fitted, writer, known)
        is_about = np.isin(np.arange(len(known)), list(about))
        messages = state.resolve(known, needs_reply=~is_about)
        messages = replace(
            messages,
            answered=np.union1d(messages.answered, np.flatnonzero(is_about)),
            n_echoed=np.where(is_about, 0, messages.n_echoed),
        )
        return cls(state, writer, messages, ids, about)

    def observe_message(self, sample: int) -> Context:
        """Observe a message; returns the context that its reply continues from."""
        return self.state.observe_message(self.ids[sample])

    def all_to(self, sample: int, context: Context) -> list[list[int]] | None:
        """Draw all replies to a message, and observe the first one.

        Parameters
        ----------
        sample : int
            The number of the message.
        context : tuple of (int, int)
            As `observe_message` returned it.

        Returns
        -------
        list of list of int, or None
            The new words of each reply; None if the reply is the fallback.
        """
        if sample in self.about:
            self._observe_about(sample, context)
            return self.about[sample]
        nth = np.flatnonzero(self.messages.answered == sample)
        if not len(nth):
            return None
        drawn = self._drawn(nth.item(), context)
        return [ended(words, *self._limits(nth.item())) for words in drawn]

    def only_words(self, context: Context) -> Iterable[int]:
        """Draw the reply to the only message.

        Parameters
        ----------
        context : tuple of (int, int)
            As `observe_message` returned it.

        Returns
        -------
        iterable of int
            Its new words, each observed as it is drawn; `NOTHING` if the reply is the
            fallback.
        """
        if self.about:
            self._observe_about(0, context)
            return self.about[0][0]
        if not len(self.messages.answered):
            return NOTHING
        words = ended_one_by_one(self._draw(0, context), *self._limits(0))
        if words == NOTHING:
            warn_of_nothing([0])
        return words

    def _observe_about(self, sample, context):
        """Observe the first reply with the keyword of a message, from its start."""
        text = [*self.about[sample][0], BOUNDARY]
        if self.state.has_replies:
            self.state.observe_after(context, text)
        else:
            self.state.observe(text)

    def _drawn(self, nth, context):
        """Draw all replies to the nth answered message; the first one is observed."""
        n_replies, memory = self.writer.n_replies, self.state.memory
        if n_replies == 1:
            return [list(self._draw(nth, context))]
        drawn: list[list[int]] = []
        for _ in range(n_replies):  # each as if it were the only one
            with memory.trial():
                before = memory.n_observed
                drawn.append(list(self._draw(nth, context)))
                if len(drawn) == 1:
                    n_observed = memory.n_observed - before
        start = self._start(nth, context)
        self.state.observe_after(start, [*drawn[0], BOUNDARY][:n_observed])
        return drawn

    def _draw(self, nth, context) -> Iterator[int]:
        """Draw the new words of a reply to the nth answered message, one by one."""
        text = self.writer.continuations(self.messages)[nth : nth + 1]
        return sample_with_memory(
            self.state.fitted.language_model,
            self.state.memory,
            self._start(nth, context),
            self.writer.controls,
            self.writer.rng,
            max_new=text.max_new.item(),
            min_new=text.min_new.item(),
            stop=frozenset(text.stop.tolist()),
            text=text.prefixes()[0],
        )

    def _start(self, nth, context):
        """The context that a reply continues from; a reply may start a text of its own."""
        sample = self.messages.answered[nth]
        if not self.messages.is_begun[sample]:
            return context
        self.state.memory.start_text()
        texts = self.messages.continuations
        return texts.length[sample].item(), texts.row[sample].item()

    def _limits(self, nth):
        """Minimum number of new words of a reply, and number of its echoed words."""
        sample, messages = self.messages.answered[nth], self.messages
        least = messages.continuations.min_new[sample].item()
        return least, messages.n_echoed[sample].item()
