"""Writes replies: new words from the engine, joined to what is repeated."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from joblib import Parallel, delayed

from ..ngrams import BOUNDARY, Controls, LanguageModel, beam_search, sample, sample_one
from ..utils import Progress
from ..words import UNKNOWN_WORD, WordIndexTransformer

LANES = 8192
"""Texts that are drawn side by side; more only cost memory."""


@dataclass(frozen=True)
class Writer:
    """How a generator writes.

    Attributes
    ----------
    model : LanguageModel
        What is drawn from.
    index : WordIndexTransformer or None
        The words of the ids; None if there are only ids.
    controls : Controls
        What may be said.
    join : callable
        Makes a text of words.
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
    progress : Progress
        Shows how far the writing has come.
    """

    model: LanguageModel
    index: WordIndexTransformer | None
    controls: Controls
    join: Callable[[list[str]], str]
    fallback: str
    whole_message: bool
    n_replies: int
    n_beams: int
    n_jobs: int | None
    progress: Progress

    def as_texts(self, messages, replies):
        """Replies as texts.

        Parameters
        ----------
        messages : Messages
        replies : iterable of sequence of list of int
            What `new_words` gave for them.

        Returns
        -------
        ndarray of shape (n_samples,) or (n_samples, n_replies), object
        """
        texts = np.full((len(messages.batch), self.n_replies), self.fallback, object)
        word = self.index._vocabulary.word_of
        for sample_, echo, several in zip(
            messages.answered.tolist(), self._echoes(messages), replies, strict=True
        ):
            texts[sample_] = [
                self.join([*echo, *map(word, reply)]) for reply in several
            ]
        return texts if self.n_replies > 1 else texts[:, 0]

    def as_rows(self, messages, replies):
        """Replies as integer rows, padded with 0.

        Returns
        -------
        ndarray of shape (n_samples, longest) or (n_samples, n_replies, longest), int32
        """
        whole = [
            [echo + reply for reply in several]
            for echo, several in zip(messages.echo_ids(), replies, strict=True)
        ]
        longest = max((len(reply) for several in whole for reply in several), default=0)
        rows = np.zeros((len(messages.batch), self.n_replies, longest), dtype=np.int32)
        for sample_, several in zip(messages.answered, whole, strict=True):
            for nth, reply in enumerate(several):
                rows[sample_, nth, : len(reply)] = reply
        return rows if self.n_replies > 1 else rows[:, 0]

    def new_words(self, messages, rng):
        """Find the new words of the replies to each message that is answered.

        Returns
        -------
        iterable of sequence of list of int
            For each answered message its replies, each without what it repeats.
        """
        lanes = self._lanes(messages)
        if self.n_beams > 1:
            found = beam_search(
                self.model,
                lanes,
                self.controls,
                self.n_beams,
                self.n_replies,
                partial(self.progress.each, description="writing", unit=" texts"),
            )
            # Where fewer were found than asked for, they come again.
            return [(several * self.n_replies)[: self.n_replies] for several in found]
        if len(lanes) == self.n_replies == 1:  # the very words that `stream` gives
            return [[list(self._words_one_by_one(lanes, rng))]]
        lanes = lanes[np.repeat(np.arange(len(lanes)), self.n_replies)]
        return zip(*[self._sample(lanes, rng)] * self.n_replies, strict=True)

    def stream(self, messages, rng):
        """Reply to the only message, word by word."""
        if not len(messages.answered):
            yield self.fallback
            return
        yield from next(self._echoes(messages))
        word = self.index._vocabulary.word_of
        yield from map(word, self._words_one_by_one(self._lanes(messages), rng))

    def _lanes(self, messages):
        """What is to be continued, with what must not be repeated."""
        if not self.controls.no_repeat_ngram_size:
            return messages.continuations
        return replace(messages.continuations, prefix=list(messages.echo_ids()))

    def _words_one_by_one(self, lanes, rng):
        if self.n_beams > 1:
            return beam_search(self.model, lanes, self.controls, self.n_beams)[0][0]
        return sample_one(self.model, lanes, self.controls, rng)

    def _echoes(self, messages):
        """Yield the words with which each answered message's reply begins.

        One after the other: thousands of lists alive make the garbage collector run.
        """
        batch = messages.batch
        if self.whole_message and batch.texts is not None:
            yield from (self.index.tokenize(batch.texts[j]) for j in messages.answered)
            return
        word = self.index._vocabulary.word_of
        for ids in messages.echo_ids():
            yield [word(j) if j >= 0 else UNKNOWN_WORD for j in ids]

    def _sample(self, lanes, rng):
        """Draw new words for all lanes, block by block, as lists of ids."""
        blocks = [lanes[at : at + LANES] for at in range(0, len(lanes), LANES)]
        # A seed for each block, so that what is drawn does not depend on n_jobs.
        seeds = (rng.random(len(blocks)) * 2**53).astype(np.int64)

        def jobs(on_progress):
            for block, seed in zip(blocks, seeds, strict=True):
                yield delayed(_sample_block)(self.model, block, self.controls, seed)
                on_progress(len(block))  # when the next one is asked for

        with self.progress.bar("writing", " texts", len(lanes)) as on_progress:
            done = Parallel(n_jobs=self.n_jobs, prefer="threads")(jobs(on_progress))
        for ids, lengths in done:
            words, end = ids.tolist(), 0
            for length in lengths.tolist():
                end += length
                yield words[end - length : end]


def _sample_block(model, lanes, controls, seed):
    """The new words of a block of texts, end to end, and how many each text has."""
    rows = sample(model, lanes, controls, np.random.default_rng(seed))
    return rows[rows != BOUNDARY], np.count_nonzero(rows, axis=1)
