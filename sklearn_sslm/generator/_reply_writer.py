"""Replies as arrays and streams: new words from the engine after the echoed ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import chain
from numbers import Integral
from typing import Any

import numpy as np
from joblib import delayed
from numpy.typing import NDArray

from ..base import Batch, FittedModel
from ..ngrams import (
    BOUNDARY,
    Continuations,
    Controls,
    LanguageModel,
    Streams,
    beam_search,
    sample_long_enough,
    sample_one,
)
from ..utils import Progress, as_generator, in_parallel, possible_jobs
from ..words import Vocabulary, join_simply
from ._controls import controls_of, ids_of
from ._messages import ResolvedMessages, with_words
from ._nothing_to_say import NOTHING, ended, ended_one_by_one, warn_of_nothing
from ._row_streams import streams_of_replies

Replies = Iterable[Sequence[list[int]]]
"""For each message its replies, each a list of new words."""

WORDS_PER_REPLY = 16
"""Assumed length of replies not yet generated; `read` rebuilds a changed model by it."""

_BLOCK = 8192
"""Texts that are drawn at the same time; more would only take more memory."""

_FEW = 16
"""Up to so many texts are drawn one by one."""


@dataclass(frozen=True)
class ReplyWriter:
    """Writes the replies to messages with a language model.

    Attributes
    ----------
    model : LanguageModel
        The model that words are drawn from.
    has_replies : bool
        Whether it is a model of messages and replies.
    vocabulary : Vocabulary or None
        The words of the ids; None if the model has no words.
    controls : Controls
        The controls of the distribution of the next word.
    stop : ndarray of int
        Words that end a reply.
    join : callable
        Makes a text from a list of words; the detokenizer.
    join_words : callable
        Makes a text from a list of words as the word index does.
    fallback : str
        The reply to messages that are not answered.
    whole_message : bool
        Whether replies begin with the text of the message, unknown words included.
    n_replies : int
        Number of replies to each message.
    n_beams : int
        Width of the beam search; with 1, replies are drawn at random.
    n_jobs : int or None
        Number of blocks of messages that are answered in parallel.
    random_state : int, RandomState, Generator or None
        That of the generator.
    progress : Progress
        Shows the progress of writing.
    n_before : int, default=0
        Number of messages, equal to each one, that were answered before with this seed.
    """

    model: LanguageModel
    has_replies: bool
    vocabulary: Vocabulary | None
    controls: Controls
    stop: np.ndarray
    join: Callable[[list[str]], str]
    join_words: Callable[[list[str]], str]
    fallback: str
    whole_message: bool
    n_replies: int
    n_beams: int
    n_jobs: int | None
    random_state: Any
    progress: Progress
    n_before: int = 0

    @classmethod
    def of(
        cls, generator: Any, fitted: FittedModel, n_replies: int | None = None
    ) -> ReplyWriter:
        """The writer with the parameters of a generator, or another number of replies."""
        join_words = fitted.join
        join = generator.detokenizer or join_words
        return cls(
            model=fitted.language_model,
            has_replies=fitted.has_replies,
            vocabulary=fitted.vocabulary,
            controls=controls_of(generator, fitted),
            stop=ids_of(generator, fitted, "stop"),
            join=join_simply if join == "simple" else join,
            join_words=join_words,
            fallback=generator.fallback_response,
            whole_message=generator.echo == "message",
            n_replies=n_replies or int(generator.num_return_sequences),
            n_beams=generator.num_beams,
            n_jobs=possible_jobs(generator.n_jobs),
            random_state=generator.random_state,
            progress=Progress(generator.verbose, type(generator).__name__),
        )

    @cached_property
    def rng(self) -> np.random.Generator:
        """The generator of seeds, made when it is first used: that takes some time."""
        return as_generator(self.random_state)

    @property
    def seed(self) -> int | None:
        """The seed of every call; None if each call draws another one."""
        repeats = isinstance(self.random_state, Integral)
        return int(self.random_state) if repeats else None

    def seeded(self) -> ReplyWriter:
        """The same writer with a seed, which is drawn if it has none and needs one."""
        if self.n_beams > 1 or self.seed is not None:
            return self
        return replace(self, random_state=self._drawn_seed())

    def _drawn_seed(self):
        return int(self.rng.integers(1 << 63))

    @property
    def _word_of(self):
        """A function that returns the word of an id."""
        assert self.vocabulary is not None  # else replies are rows
        return self.vocabulary.word_of

    def spell(self, ids: Iterable[int]) -> str:
        """The text of some ids."""
        return self.join(list(map(self._word_of, ids)))

    def as_array(
        self, messages: ResolvedMessages, replies: Replies, as_rows: bool | None = None
    ) -> NDArray:
        """Replies as texts or as rows; None is rows if the model has no words."""
        if self.vocabulary is None if as_rows is None else as_rows:
            return self.as_rows(messages, replies)
        return self.as_texts(messages, replies)

    def as_texts(
        self, messages: ResolvedMessages, replies: Replies
    ) -> NDArray[np.object_]:
        """Replies as texts.

        Parameters
        ----------
        messages : ResolvedMessages
        replies : iterable of sequence of list of int
            What `new_words` gave for them.

        Returns
        -------
        ndarray of shape (n_samples,) or (n_samples, n_replies), object
        """
        texts = np.full((len(messages.batch), self.n_replies), self.fallback, object)
        join, word, unanswered = self.join, self._word_of, []
        typed = messages.batch.texts if self.whole_message else None
        for sample_, echo, several in zip(
            messages.answered.tolist(), self._echoes(messages), replies, strict=True
        ):
            for nth, reply in enumerate(several):
                if reply == NOTHING:
                    unanswered.append(sample_)
                    continue
                words = [*echo, *map(word, reply)]
                text = join(words)
                if not isinstance(text, str):
                    raise TypeError(_no_text(text, words))
                if echo and typed is not None:
                    repeated = join(echo)
                    if text.startswith(repeated):
                        text = typed[sample_] + text[len(repeated) :]
                texts[sample_, nth] = text
        warn_of_nothing(unanswered)
        return texts if self.n_replies > 1 else texts[:, 0]

    def as_rows(
        self, messages: ResolvedMessages, replies: Replies
    ) -> NDArray[np.int32]:
        """Replies as integer rows, padded with 0.

        Returns
        -------
        ndarray of shape (n_samples, longest) or (n_samples, n_replies, longest), int32
        """
        replies = list(replies)
        whole = [
            [[] if reply == NOTHING else echo + reply for reply in several]
            for echo, several in zip(messages.echo_ids(), replies, strict=True)
        ]
        answered = zip(messages.answered.tolist(), replies, strict=True)
        warn_of_nothing(
            [sample_ for sample_, several in answered if NOTHING in several]
        )
        longest = max((len(reply) for several in whole for reply in several), default=0)
        rows = np.zeros((len(messages.batch), self.n_replies, longest), dtype=np.int32)
        for sample_, several in zip(messages.answered, whole, strict=True):
            for nth, reply in enumerate(several):
                rows[sample_, nth, : len(reply)] = reply
        return rows if self.n_replies > 1 else rows[:, 0]

    def new_words(self, messages: ResolvedMessages) -> Replies:
        """Find the new words of the replies to the answered messages.

        Returns
        -------
        iterable of sequence of list of int
            For each answered message its replies without their echoed words; `NOTHING`
            if the controls exclude every word.
        """
        if self.n_beams > 1:
            messages = self.without_empty(messages)
        texts = self.continuations(messages)
        replies = self._drawn_words(messages, texts)
        if not self.controls and texts.may_end:
            return replies
        least = texts.min_new.tolist()
        echoed = messages.n_echoed[messages.answered].tolist()
        return (
            [ended(reply, *limits) for reply in several]
            for several, *limits in zip(replies, least, echoed, strict=True)
        )

    def _drawn_words(self, messages, texts):
        """The new words of replies as the engine returns them."""
        if self.n_beams > 1:
            found = beam_search(
                self.model,
                texts,
                self.controls,
                self.n_beams,
                self.n_replies,
                partial(self.progress.each, description="writing", unit=" texts"),
            )
            # If fewer than n_replies were found, they are repeated.
            return [(several * self.n_replies)[: self.n_replies] for several in found]
        streams = self._streams(messages)
        if len(texts) == self.n_replies == 1 and texts.may_end:
            # The same random numbers, and so the same words, as for `stream`.
            one = streams.part(0, 1)
            words = list(sample_one(self.model, texts, self.controls, one))
            return [[words or self._of_empty(messages, np.zeros(1, int), streams)[0]]]
        words = self._sample(messages, texts, streams)
        return zip(*[words] * self.n_replies, strict=True)

    def _of_empty(self, messages, places, streams):
        """Draw again the new words of empty replies, where these must not be empty.

        Only these are drawn from the model given that there is a new word, which takes
        longer than drawing the others.

        Parameters
        ----------
        messages : ResolvedMessages
        places : ndarray of int
            Places of the empty replies among all replies to the answered messages.
        streams : Streams
            The random numbers of all replies.

        Returns
        -------
        dict of int to list of int
            The new words by place.
        """
        if not messages.never_empty:
            return {place: [] for place in places.tolist()}
        answered = messages.answered[places // self.n_replies]
        some = np.zeros(len(messages.batch), dtype=bool)
        some[answered] = messages.n_echoed[answered] == 0
        messages = with_words(messages, self.model, some, self.has_replies)
        texts = self.continuations(replace(messages, answered=answered))
        texts = replace(texts, max_new=np.where(some[answered], texts.max_new, 0))
        drawn = _sample_block(self.model, texts, self.controls, streams.others(places))
        return dict(zip(places.tolist(), _as_lists(*drawn), strict=True))

    def stream(
        self, messages: ResolvedMessages, words: Iterable[int] | None = None
    ) -> Iterator[str]:
        """Yield the words of the reply to the only message.

        Parameters
        ----------
        messages : ResolvedMessages
        words : iterable of int, default=None
            The new words of the reply. None draws them.
        """
        if words is None and len(messages.answered):
            words = self._stream_of_words(messages)
        if words is None or words == NOTHING:
            if words == NOTHING:
                warn_of_nothing([0])
            yield self.fallback
            return
        yield from self.streamed(messages, words)

    def streamed(
        self, messages: ResolvedMessages, words: Iterable[int]
    ) -> Iterator[str]:
        """Yield the echo of the only message, as it was typed, and new words."""
        is_echoed = self.whole_message and messages.n_echoed[messages.answered].item()
        if is_echoed and messages.batch.texts is not None:
            (typed,) = messages.batch.texts
            yield from typed.split(" ") if self.join(["", ""]) == " " else [typed]
        else:
            yield from next(self._echoes(messages))
        yield from map(self._word_of, words)

    def _stream_of_words(self, messages):
        """The new words of the reply to the only message, drawn one by one if possible."""
        texts = self.continuations(messages)
        if self.n_beams > 1 or not texts.may_end:  # no word is final before the last
            return next(iter(replace(self, n_replies=1).new_words(messages)))[0]
        streams = self._streams(messages).part(0, 1)
        drawn = sample_one(self.model, texts, self.controls, streams)
        n_echoed = messages.n_echoed[messages.answered].item()
        words = ended_one_by_one(drawn, 0, n_echoed)
        if words == []:
            words = self._of_empty(messages, np.zeros(1, int), self._streams(messages))
            return ended(words[0], 0, n_echoed)
        return words

    def without_empty(self, messages: ResolvedMessages) -> ResolvedMessages:
        """Messages whose replies have a new word, where `never_empty` demands one."""
        if not messages.never_empty:
            return messages
        bare = messages.n_echoed == 0
        return with_words(messages, self.model, bare, self.has_replies)

    def continuations(self, messages: ResolvedMessages) -> Continuations:
        """The contexts that the replies to the answered messages continue from."""
        texts = messages.continuations
        if not messages.is_one:
            texts = texts[messages.answered]
        if len(self.stop):
            texts = replace(texts, stop=self.stop)
        if self.controls.needs_text:
            texts = replace(texts, prefix=list(messages.echo_ids()))
        return texts

    def _streams(self, messages):
        """Random numbers for the replies to the answered messages."""
        return self.streams(messages.batch, messages.answered, self.n_replies)

    def streams(self, batch: Batch, samples: NDArray, n_replies: int) -> Streams:
        """Random numbers for replies to some messages; see `streams_of_replies`."""
        seed = self.seed
        if seed is None:
            seed = self._drawn_seed()
        if batch.texts is None and batch.words is not None:  # the same as for texts
            batch = replace(batch, texts=self._texts_of(batch))
        return streams_of_replies(seed, batch, samples, n_replies, self.n_before)

    def words_of(
        self, messages: ResolvedMessages, words: Iterable[int]
    ) -> Iterator[str]:
        """The words of the reply to the only message: echoed words, then new ones."""
        yield from next(self._echoes(messages))
        yield from map(self._word_of, words)

    def _texts_of(self, batch):
        """The texts of rows that carry words."""
        words, ends = batch.spelled(self._word_of), np.cumsum(batch.lengths)
        begins = ends - batch.lengths
        parts = zip(begins.tolist(), ends.tolist(), strict=True)
        return [self.join_words(words[begin:end]) for begin, end in parts]

    def _echoes(self, messages):
        """Yield the echoed words of each answered message.

        They are not made all at once: thousands of lists make the garbage collector run.
        """
        word = self._word_of
        if not np.count_nonzero(messages.n_echoed):
            yield from messages.echo_ids()
            return
        if not self.whole_message:  # only known words are echoed
            yield from (list(map(word, ids)) for ids in messages.echo_ids())
            return
        words = messages.batch.spelled(word)
        if messages.is_one:
            yield words[len(words) - messages.n_echoed.item() :]
            return
        ends = np.cumsum(messages.batch.lengths)[messages.answered]
        begins = ends - messages.n_echoed[messages.answered]
        for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
            yield words[begin:end]

    def _sample(self, messages, texts, streams):
        """Draw the new words of all replies, block by block, as lists of ids."""
        texts = texts[np.repeat(np.arange(len(texts)), self.n_replies)]

        def jobs(on_progress):
            for at in range(0, len(texts), _BLOCK):
                block, part = texts[at : at + _BLOCK], streams.part(at, at + _BLOCK)
                yield delayed(_sample_block)(self.model, block, self.controls, part)
                on_progress(len(block))  # this block is being drawn

        with self.progress.bar("writing", " texts", len(texts)) as on_progress:
            done = in_parallel(jobs(on_progress), self.n_jobs, prefer="threads")
        words = chain.from_iterable(_as_lists(*drawn) for drawn in done)
        if not messages.never_empty:
            yield from words
            return
        n_words = np.concatenate([[], *(lengths for _, lengths in done)])
        empty = np.flatnonzero(n_words == 0)
        of_empty = self._of_empty(messages, empty, streams) if len(empty) else {}
        yield from (each or of_empty[place] for place, each in enumerate(words))


def _no_text(joined, words):
    """The message of the error about what a detokenizer returned in place of a text."""
    return (
        "The 'detokenizer' parameter of NGramTextGenerator must return a str. Got "
        f"{joined!r:.80} for {words!r:.80}."
    )


def _as_lists(ids, lengths):
    """Yield the words of each text of a block."""
    words, end = ids.tolist(), 0
    for length in lengths.tolist():
        end += length
        yield words[end - length : end]


def _sample_block(model, texts, controls, streams):
    """The new words of a block of texts, end to end, and how many each text has.

    A few texts are drawn one by one, which is faster, with the same words.
    """
    if len(texts) <= _FEW and not controls and texts.min_new.max(initial=0) <= 1:
        words = [
            list(sample_one(model, texts[[j]], controls, streams[[j]]))
            for j in range(len(texts))
        ]
        lengths = np.array(list(map(len, words)), dtype=np.int64)
        return np.array(list(chain.from_iterable(words)), dtype=np.int32), lengths
    rows = sample_long_enough(model, texts, controls, streams)
    return rows[rows != BOUNDARY], np.count_nonzero(rows, axis=1)
