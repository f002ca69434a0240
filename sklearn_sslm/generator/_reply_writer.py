"""Writes replies: new words from the engine, joined to what is repeated."""

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

from ..base import Batch, FittedModel, read
from ..ngrams import (
    BOUNDARY,
    NO_WORD,
    Controls,
    LanguageModel,
    Streams,
    beam_search,
    look_ahead_of,
    next_distribution,
    sample_long_enough,
    sample_one,
)
from ..utils import Progress, as_generator, in_parallel, possible_jobs
from ..words import Vocabulary, join_simply
from ._completions import ids_starting, likeliest_of
from ._controls import controls_of, ids_of
from ._matching import matched
from ._messages import ResolvedMessages, resolve, with_words
from ._nothing_to_say import (
    NOTHING,
    ended,
    ended_one_by_one,
    warn_of_nothing,
    why_nothing,
)
from ._row_streams import streams_of_replies

Replies = Iterable[Sequence[list[int]]]
"""For each message its replies, each a list of new words."""

_BLOCK = 8192
"""Texts that are drawn side by side; more only cost memory."""


@dataclass(frozen=True)
class ReplyWriter:
    """Writes replies with a language model.

    Attributes
    ----------
    model : LanguageModel
        What is drawn from.
    has_replies : bool
        Whether it is one of replies.
    vocabulary : Vocabulary or None
        The words of the ids; None if there are only ids.
    controls : Controls
        What changes the distribution of the next word.
    stop : ndarray of int
        Words that end a reply.
    join : callable
        Makes a text of words.
    join_words : callable
        The same, as the texts that were learned would be written.
    fallback : str
        The reply to messages that are not answered.
    whole_message : bool
        Whether replies repeat the text of the message, not only known words of it.
    n_replies : int
        Replies to each message.
    n_beams : int
        Continuations that are compared; with 1, replies are drawn by chance.
    n_jobs : int or None
        Blocks of messages that are answered at the same time.
    random_state : int, RandomState, Generator or None
        As the generator has it.
    progress : Progress
        Shows how far the writing has come.
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

    @classmethod
    def of(cls, generator: Any, fitted: FittedModel) -> ReplyWriter:
        """The writer that a generator's parameters ask for."""
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
            n_replies=int(generator.num_return_sequences),
            n_beams=generator.num_beams,
            n_jobs=possible_jobs(generator.n_jobs),
            random_state=generator.random_state,
            progress=Progress(generator.verbose, type(generator).__name__),
        )

    @cached_property
    def rng(self) -> np.random.Generator:
        """Where seeds are drawn from; it takes as long to make as some words to draw."""
        return as_generator(self.random_state)

    @property
    def seed(self) -> int | None:
        """What repeats itself in every call; None draws it each time."""
        repeats = isinstance(self.random_state, Integral)
        return int(self.random_state) if repeats else None

    @property
    def _word_of(self):
        """A function that returns the word of an id."""
        assert self.vocabulary is not None  # texts are asked for
        return self.vocabulary.word_of

    def spell(self, ids: Iterable[int]) -> str:
        """The text of some ids."""
        return self.join(list(map(self._word_of, ids)))

    def write(self, messages: ResolvedMessages, as_rows: bool | None = None) -> NDArray:
        """Reply to messages; see `as_asked`."""
        return self.as_asked(messages, self.new_words(messages), as_rows)

    def as_asked(
        self, messages: ResolvedMessages, replies: Replies, as_rows: bool | None = None
    ) -> NDArray:
        """Replies as rows or as texts; None takes rows where there are no words."""
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
        word, unanswered = self._word_of, []
        for sample_, echo, several in zip(
            messages.answered.tolist(), self._echoes(messages), replies, strict=True
        ):
            for nth, reply in enumerate(several):
                if reply == NOTHING:
                    unanswered.append(sample_)
                    continue
                words = list(map(word, reply))
                texts[sample_, nth] = self._joined(echo, words, sample_, messages.batch)
        warn_of_nothing(unanswered)
        return texts if self.n_replies > 1 else texts[:, 0]

    def _joined(self, echo, words, sample_, batch):
        """A reply as a text; a message that it repeats is as it was typed."""
        reply = self.join([*echo, *words])
        if echo and self.whole_message and batch.texts is not None:
            typed, repeated = batch.texts[sample_], self.join(echo)
            if isinstance(reply, str) and reply.startswith(repeated):
                reply = typed + reply[len(repeated) :]
        if not isinstance(reply, str):
            msg = (
                "The 'detokenizer' parameter of NGramTextGenerator must return a str. "
                f"Got {reply!r:.80} for {[*echo, *words]!r:.80}."
            )
            raise TypeError(msg)
        return reply

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
        """Find the new words of the replies to each message that is answered.

        Returns
        -------
        iterable of sequence of list of int
            For each answered message its replies, each without what it repeats;
            `NOTHING` where the controls leave nothing to say.
        """
        if messages.never_empty and self.n_beams > 1:
            bare = messages.n_echoed == 0
            messages = with_words(messages, self.model, bare, self.has_replies)
        texts = self._continuations(messages)
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
        """The new words of replies as the engine gives them."""
        if self.n_beams > 1:
            found = beam_search(
                self.model,
                texts,
                self.controls,
                self.n_beams,
                self.n_replies,
                partial(self.progress.each, description="writing", unit=" texts"),
            )
            # Where fewer were found than asked for, they come again.
            return [(several * self.n_replies)[: self.n_replies] for several in found]
        streams = self._streams(messages)
        if len(texts) == self.n_replies == 1 and texts.may_end:
            # The very words that `stream` gives.
            one = streams.part(0, 1)
            words = list(sample_one(self.model, texts, self.controls, one))
            return [[words or self._of_empty(messages, np.zeros(1, int), streams)[0]]]
        words = self._sample(messages, texts, streams)
        return zip(*[words] * self.n_replies, strict=True)

    def _of_empty(self, messages, places, streams):
        """New words of replies that were drawn without any, which some may not be.

        They are drawn again given that there is one, so that most replies, which have
        words, cost nothing more.

        Parameters
        ----------
        messages : ResolvedMessages
        places : ndarray of int
            The empty ones of all replies, as `streams` has them.
        streams : Streams

        Returns
        -------
        dict of int to list of int
        """
        if not messages.never_empty:
            return {place: [] for place in places.tolist()}
        answered = messages.answered[places // self.n_replies]
        some = np.zeros(len(messages.batch), dtype=bool)
        some[answered] = messages.n_echoed[answered] == 0
        messages = with_words(messages, self.model, some, self.has_replies)
        texts = self._continuations(replace(messages, answered=answered))
        texts = replace(texts, max_new=np.where(some[answered], texts.max_new, 0))
        drawn = _sample_block(self.model, texts, self.controls, streams.others(places))
        return dict(zip(places.tolist(), _as_lists(*drawn), strict=True))

    def stream(
        self, messages: ResolvedMessages, words: Iterable[int] | None = None
    ) -> Iterator[str]:
        """Reply to the only message, word by word; with these new words, or drawn ones."""
        if words is None and len(messages.answered):
            words = self._stream_of_words(messages)
        if words is None or words == NOTHING:
            if words == NOTHING:
                warn_of_nothing([0])
            yield self.fallback
            return
        yield from self.spoken(messages, words)

    def spoken(self, messages: ResolvedMessages, words: Iterable[int]) -> Iterator[str]:
        """The reply to the only message with these new words, word by word."""
        is_echoed = self.whole_message and messages.n_echoed[messages.answered].item()
        if is_echoed and messages.batch.texts is not None:
            (typed,) = messages.batch.texts
            yield from typed.split(" ") if self.join(["", ""]) == " " else [typed]
        else:
            yield from next(self._echoes(messages))
        yield from map(self._word_of, words)

    def first_words(self, messages: ResolvedMessages) -> tuple[NDArray, NDArray]:
        """The distribution of the first new word of the reply to the only message.

        Returns
        -------
        words : ndarray of shape (n_words,), int
            Ids; 0 is a reply without new words.
        p : ndarray of shape (n_words,), float64
            The probability with which each is drawn.
        """
        if messages.never_empty:
            bare = messages.n_echoed == 0
            messages = with_words(messages, self.model, bare, self.has_replies)
        text = self._continuations(messages)
        if not text.max_new.item():
            return np.array([BOUNDARY]), np.ones(1)
        least = text.min_new.item()
        words, weights = np.zeros((2, 0))
        if least and not self.controls:
            ahead = look_ahead_of(self.model, least)
            if ahead:
                words, weights = ahead.first_words(self.model, text)
        if not weights.any():
            words, weights = next_distribution(
                self.model,
                self.controls,
                text.length.item(),
                text.row.item(),
                may_end=not least,
                text=text.prefixes()[0],
            )
        if words[0] == NO_WORD:
            if least:
                raise ValueError(why_nothing())
            words = np.array([BOUNDARY])
        return words, weights / weights.sum()

    def _stream_of_words(self, messages):
        """The new words of the reply to the only message, as they are drawn."""
        texts = self._continuations(messages)
        if self.n_beams > 1 or not texts.may_end:  # all words first
            return next(iter(replace(self, n_replies=1).new_words(messages)))[0]
        streams = self._streams(messages).part(0, 1)
        drawn = sample_one(self.model, texts, self.controls, streams)
        n_echoed = messages.n_echoed[messages.answered].item()
        words = ended_one_by_one(drawn, 0, n_echoed)
        if words == []:
            words = self._of_empty(messages, np.zeros(1, int), self._streams(messages))
            return ended(words[0], 0, n_echoed)
        return words

    def _continuations(self, messages):
        """Where the replies to the answered messages continue from."""
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
        """Random numbers for replies to some messages, as `streams_of_replies` gives them."""
        seed = self.seed
        if seed is None:
            seed = int(self.rng.integers(1 << 63))
        if batch.texts is None and batch.words is not None:  # as the texts of the rows
            batch = replace(batch, texts=self._texts_of(batch))
        return streams_of_replies(seed, batch, samples, n_replies)

    def words_of(
        self, messages: ResolvedMessages, words: Iterable[int]
    ) -> Iterator[str]:
        """The words of a reply to the only message, those that it repeats included."""
        yield from next(self._echoes(messages))
        yield from map(self._word_of, words)

    def _texts_of(self, batch):
        """The texts of rows that carry words."""
        words, ends = batch.spelled(self._word_of), np.cumsum(batch.lengths)
        begins = ends - batch.lengths
        parts = zip(begins.tolist(), ends.tolist(), strict=True)
        return [self.join_words(words[begin:end]) for begin, end in parts]

    def _echoes(self, messages):
        """Yield the words with which each answered message's reply begins.

        One after the other: thousands of lists alive make the garbage collector run.
        """
        word = self._word_of
        if not self.whole_message:  # what is echoed then are known words
            yield from (list(map(word, ids)) for ids in messages.echo_ids())
            return
        words = messages.batch.spelled(word)
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
                on_progress(len(block))  # when the next one is asked for

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


def first_words(
    generator: Any, message: str, k: int, prefix: str = ""
) -> list[tuple[str, float]]:
    """The likeliest first words of the reply to a message, under all controls.

    Parameters
    ----------
    generator : NGramTextGenerator
        A fitted one that knows words.
    message : str
        Where `predict` would answer with the fallback, known words at its end are
        taken for its context all the same.
    k : int
        How many, at most.
    prefix : str, default=""
        How the word begins; it leaves the other words out.

    Returns
    -------
    list of (str, float)
        Words with the probabilities to draw them, likeliest first; ``""`` is a reply
        without new words.

    Raises
    ------
    ValueError
        If the controls contradict each other, or leave no word.

    Examples
    --------
    >>> from sklearn_sslm import NGramTextGenerator
    >>> model = NGramTextGenerator(bad_words=["b"]).fit(["a b", "a c", "a"])
    >>> first_words(model, "a", k=2)
    [('', 0.5), ('c', 0.5)]
    """
    fitted, batch = read(generator, [message], name="message")
    batch = matched(batch, fitted, generator.match)
    messages = resolve(batch, fitted, generator, unknown="backoff")
    writer = ReplyWriter.of(generator, fitted)
    words, p = writer.first_words(replace(messages, answered=np.zeros(1, int)))
    some = ids_starting(fitted, prefix, generator.match) if prefix else words
    words, p = likeliest_of(words, p, some, k)
    return list(zip(map(writer._word_of, words.tolist()), p.tolist(), strict=True))


def _as_lists(ids, lengths):
    """Yield the words of each text of a block."""
    words, end = ids.tolist(), 0
    for length in lengths.tolist():
        end += length
        yield words[end - length : end]


def _sample_block(model, texts, controls, streams):
    """The new words of a block of texts, end to end, and how many each text has."""
    rows = sample_long_enough(model, texts, controls, streams)
    return rows[rows != BOUNDARY], np.count_nonzero(rows, axis=1)
